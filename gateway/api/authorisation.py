"""Who may do what to whose records: the matrix that follows from contracts and services' rules.

The services decide, each by its own rows; here the outcome is said once more, by role and by what
the caller's agency has to do with the record. The page of documentation is made from it, and a test
puts every cell of it to the running system.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from enum import StrEnum
from typing import Final

from contracts.access import CLIENT_ROLES, PERMISSIONS, Role, Scope
from contracts.language import Request
from gateway.api.operation import Operation
from gateway.api.operations import OPERATIONS

Grants = Mapping[str, Scope]


class Relation(StrEnum):
    """What the caller has to do with a record: through the agency and, in it, the case's team."""

    OWN = "own"
    RECEIVING = "receiving"
    OTHER = "other"
    SAFETY = "safety"
    OUTSIDE = "outside"


class Verdict(StrEnum):
    """How a caller is answered."""

    YES = "yes"
    HIDDEN = "hidden"
    NO = "no"


Rule = Callable[[Grants, frozenset[str], Relation], Verdict]
"""Decides by a role's grants, the permissions that an operation needs, and the relation."""


def _anywhere(_grants: Grants, _needed: frozenset[str], _relation: Relation) -> Verdict:
    """Allow: the record belongs to everybody, or there is none."""
    return Verdict.YES


def _of_agency(grants: Grants, needed: frozenset[str], relation: Relation) -> Verdict:
    """Show an agency's record to that agency, and to whoever reaches the network."""
    network = all(grants[each] is Scope.NETWORK for each in needed)
    return Verdict.YES if network or relation in _HOME else Verdict.HIDDEN


def _led(grants: Grants, needed: frozenset[str], relation: Relation) -> Verdict:
    """Let the lead of a case change its team, who is none of these callers, or a coordinator."""
    seen = _of_agency(grants, needed, relation)
    return _if_side(seen, holds=grants["team:change"].covers(Scope.AGENCY))


def _conducted(grants: Grants, needed: frozenset[str], relation: Relation) -> Verdict:
    """Let nobody change a colleague's interview who may not see the answers about safety."""
    return _if_side(_of_agency(grants, needed, relation), holds=_sees_safety(grants, relation))


def _sees_safety(grants: Grants, relation: Relation) -> bool:
    """Tell whether the permission reaches a colleague's record: within the team, or outside."""
    scope = grants.get("safety:read")
    needed = Scope.AGENCY if relation is Relation.OUTSIDE else Scope.CASE_TEAM
    return scope is not None and scope.covers(needed)


def _published_by_agency(grants: Grants, needed: frozenset[str], relation: Relation) -> Verdict:
    """Let its agency or the network's staff change what everybody sees."""
    seen = _of_agency(grants, needed, relation)
    return Verdict.NO if seen is Verdict.HIDDEN else seen


def _guarded(grants: Grants, needed: frozenset[str], relation: Relation) -> Verdict:
    """Show an agency's record; what is about safety takes a permission of its own."""
    if relation in _ABOUT_SAFETY:
        return Verdict.YES if _sees_safety(grants, relation) else Verdict.HIDDEN
    return _of_agency(grants, needed, relation)


def _need(grants: Grants, _needed: frozenset[str], relation: Relation) -> Verdict:
    """Show a need to its agency, and to whoever reads referrals in the network."""
    return _guarded(grants, frozenset({_REFERRALS}), relation)


def _own_need(grants: Grants, needed: frozenset[str], relation: Relation) -> Verdict:
    """Let only the agency that found a need decide about it."""
    seen = _need(grants, needed, relation)
    return _if_side(seen, holds=relation in _HOME)


def _referral(grants: Grants, needed: frozenset[str], relation: Relation) -> Verdict:
    """Show a referral to both its agencies."""
    if relation is Relation.RECEIVING:
        return Verdict.YES
    return _need(grants, needed, relation)


def _named(grants: Grants, needed: frozenset[str], relation: Relation) -> Verdict:
    """Name a person to the own agency, and to one with which a referral shares the identity."""
    if relation is Relation.RECEIVING and _REFERRALS in grants:
        return Verdict.YES
    return _of_agency(grants, needed, relation)


def _opened(_grants: Grants, _needed: frozenset[str], relation: Relation) -> Verdict:
    """Show what an emergency opened to whoever opened it, which is done from another agency."""
    return Verdict.YES if relation is Relation.OTHER else Verdict.HIDDEN


def _senders(grants: Grants, needed: frozenset[str], relation: Relation) -> Verdict:
    """Let only the sender make the move."""
    return _if_side(_referral(grants, needed, relation), holds=relation in _HOME)


def _recipients(grants: Grants, needed: frozenset[str], relation: Relation) -> Verdict:
    """Let only the recipient make the move."""
    seen = _referral(grants, needed, relation)
    return _if_side(seen, holds=relation is Relation.RECEIVING)


def _shown(_grants: Grants, _needed: frozenset[str], relation: Relation) -> Verdict:
    """Show what a referral shares to the agency that received it, and to nobody else."""
    return Verdict.YES if relation is Relation.RECEIVING else Verdict.HIDDEN


def _eithers(grants: Grants, needed: frozenset[str], relation: Relation) -> Verdict:
    """Let either side end a referral, with the permission by which it acts at all."""
    seen = _referral(grants, needed, relation)
    return _if_side(seen, holds=_ACTING.get(relation, "") in grants)


def _if_side(seen: Verdict, *, holds: bool) -> Verdict:
    """Refuse who sees a record that is not theirs to move."""
    return Verdict.NO if seen is Verdict.YES and not holds else seen


_REFERRALS: Final = "referral:read"
"""How far a caller sees needs and referrals, whatever is done to them."""

_ABOUT_SAFETY: Final = frozenset({Relation.SAFETY, Relation.OUTSIDE})
_HOME: Final = frozenset({Relation.OWN, *_ABOUT_SAFETY})
"""Relations in which the record is the own agency's."""

_ACTING: Final[Mapping[Relation, str]] = {
    **dict.fromkeys(_HOME, "referral:send"),
    Relation.RECEIVING: "referral:answer",
}
_WITH_SAFETY: Final = frozenset(
    {_guarded, _need, _own_need, _referral, _senders, _recipients, _shown, _eithers}
)

RULES: Final[Mapping[str, Rule]] = {
    **dict.fromkeys(
        (
            "person_search",
            "person_duplicates",
            "person",
            "person_correction",
            "case_opening",
            "person_cases",
            "consent_record",
            "person_consents",
            "consent_withdrawal",
            "consent_sheet_record",
            "consent_sheet",
            "screening_start",
            "person_screenings",
            "person_needs",
            "person_referrals",
            "person_enrolments",
            "person_timeline",
            "person_accesses",
            "person_accesses_export",
            "screenings",
            "screening",
            "screening_preview",
            "attendance_record",
            "referral_matches",
            "emergency_accesses",
            "emergency_access_review",
        ),
        _of_agency,
    ),
    "emergency_access_opening": _anywhere,
    **dict.fromkeys(("emergency_accesses_own", "emergency_person"), _opened),
    **dict.fromkeys(("screening_answers", "screening_completion"), _conducted),
    "case_team": _led,
    **dict.fromkeys(("organization_publication", "service_publication"), _published_by_agency),
    **dict.fromkeys(("needs",), _need),
    **dict.fromkeys(("need_closure", "need_decision", "need_reroute"), _own_need),
    **dict.fromkeys(("referrals", "referral"), _referral),
    "person_names": _named,
    "referral_person": _shown,
    "referral_request": _senders,
    "referral_cancellation": _eithers,
    **dict.fromkeys(
        (
            "referral_acceptance",
            "referral_rejection",
            "referral_start",
            "referral_completion",
            "referral_failure",
        ),
        _recipients,
    ),
    **dict.fromkeys(
        ("enrolments", "enrolment_confirmation", "enrolment_refusal", "enrolment_withdrawal"),
        _guarded,
    ),
}
"""How operations upon records are decided; any other one asks for its permission and no more."""

LISTS: Final = frozenset(
    {
        "person_search",
        "person_duplicates",
        "person_names",
        "screenings",
        "referrals",
        "needs",
        "enrolments",
        "emergency_accesses",
        "emergency_accesses_own",
    }
)
"""Operations that answer whoever has the permission, and leave out what does not exist for them."""


def needed(operation: Operation) -> frozenset[str]:
    """Return every permission that the operation asks for, at the gateway or behind it."""
    asked = {each.permission for each in operation.uses if issubclass(each, Request)}
    own = {operation.permission} if operation.permission else set()
    return frozenset(asked | own | ({_REFERRALS} if operation.tag == "referrals" else set()))


def relations(operation: Operation) -> tuple[Relation, ...]:
    """Return the relations that make a difference to the operation."""
    rule = RULES.get(operation.name)
    if rule is None:
        return (Relation.OWN,)
    left_out = set() if rule in _WITH_SAFETY else {Relation.SAFETY, Relation.OUTSIDE}
    if rule is _conducted:
        left_out = {Relation.SAFETY}
    return tuple(each for each in Relation if each not in left_out)


def verdict(operation: Operation, role: Role, relation: Relation) -> Verdict:
    """Return how somebody who holds one role is answered."""
    grants, permissions = PERMISSIONS[role], needed(operation)
    if not permissions <= grants.keys():
        return Verdict.NO
    return RULES.get(operation.name, _anywhere)(grants, permissions, relation)


def guarded_operations() -> tuple[Operation, ...]:
    """Return every operation that takes a permission."""
    return tuple(each for each in OPERATIONS if needed(each))


def page() -> str:
    """Return the matrix as a page of documentation."""
    staff = [role for role in Role if role not in CLIENT_ROLES]
    clients = [role for role in Role if role in CLIENT_ROLES]
    return "\n".join([_HEAD, *_table("Staff", staff), *_table("Programs", clients), *_grants()])


def _table(title: str, roles: list[Role]) -> Iterator[str]:
    """Yield the matrix of some roles."""
    names = [role.value.removeprefix("client_").replace("_", " ") for role in roles]
    yield from (f"## {title}", "")
    yield f"| Operation | Permission | {' | '.join(names)} |"
    yield "|---|---|" + "---|" * len(names)
    for operation in guarded_operations():
        cells = " | ".join(_cell(operation, role) for role in roles)
        permissions = ", ".join(f"`{each}`" for each in sorted(needed(operation)))
        yield f"| `{operation.method} {operation.path}` | {permissions} | {cells} |"
    yield ""


def _cell(operation: Operation, role: Role) -> str:
    """Return the verdicts by relation; where all are the same, once."""
    found = {each: verdict(operation, role, each) for each in relations(operation)}
    if len(set(found.values())) == 1:
        return _SIGNS[next(iter(found.values()))]
    return " ".join(_SIGNS[found[each]] if each in found else _NONE for each in Relation)


def _grants() -> Iterator[str]:
    """Yield what each role holds."""
    yield from ("## Permissions of each role", "")
    yield f"| Role | {' | '.join(_SCOPES[scope] for scope in Scope)} |"
    yield "|---|" + "---|" * len(Scope)
    for role in Role:
        held = {
            scope: ", ".join(
                f"`{name}`" for name, reach in sorted(PERMISSIONS[role].items()) if reach is scope
            )
            for scope in Scope
        }
        yield f"| `{role.value}` | {' | '.join(held[scope] for scope in Scope)} |"
    yield ""


_NONE: Final = "-"
_SCOPES: Final[Mapping[Scope, str]] = {
    Scope.OWN: "Where it is one's own",
    Scope.CASE_TEAM: "On the team of the case",
    Scope.AGENCY: "In the own agency",
    Scope.NETWORK: "In the network",
}
_SIGNS: Final[Mapping[Verdict, str]] = {Verdict.YES: "✓", Verdict.HIDDEN: "·", Verdict.NO: "✗"}
_HEAD: Final = """\
# Authorisation

Generated by `./plurali docs`; a test fails when it differs from the code, and another one puts
every cell of the staff's matrix to the running system (`tests/end_to_end/test_authorisation.py`).

A cell has up to five signs, by what the caller has to do with the record: the caller's agency
registered the person or keeps the record (**own**), is the one that a referral was sent to
(**receiving**) or any **other**; or it is the own agency and the record is about safety, the caller
being on the team of the person's case (**safety**) or not (**outside**).

| Sign | Meaning | Answer |
|---|---|---|
| ✓ | allowed | the operation's own |
| · | does not exist for the caller; a list leaves it out | 404 |
| ✗ | a role with the permission is missing, or the step belongs to another agency | 403 |
| - | makes no difference here | |

An emergency access is opened from an **other** agency, and the account that opened it reads by it
alone.

One sign stands for all five. An operation that names a second permission asks for it where its
optional part is used: a screening that begins within a case, an attendance of a known person,
services that are looked for with a person's consents in mind. Operations upon the caller's own
account take no permission and are not listed. Answers about safety inside a screening are left out
for who may not read them, and whatever is computed for them is computed without these answers; so
who may not read them changes no interview of a colleague, only an own one. What somebody conducted
is their own: they see its answers about safety and what followed from them, on the team or not.

A permission reaches to what is one's own, to the cases on whose team one is, to the own agency or
to the network; each holds those before it. A case's team is its lead, who opened it, and the
members that the lead or a coordinator named.
"""
