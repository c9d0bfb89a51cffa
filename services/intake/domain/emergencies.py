"""Emergency accesses: who is opened to whom, for how long, what is shown, and who reviews it.

In an emergency a worker sees a person of another agency whom nothing else lets them see. What
keeps that from being a way to look people up: exact data, few attempts, a short time, only what an
emergency needs, and somebody else who reviews it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final
from uuid import UUID

from contracts.access import Principal
from contracts.intake import (
    Case,
    Consent,
    ConsentState,
    DataCategory,
    EmergencyAccess,
    EmergencyAccessOpened,
    EmergencyAccessReviewed,
    EmergencyOutcome,
    EmergencyPerson,
    OpenEmergencyAccess,
    Person,
    ReviewEmergencyAccess,
    SafeContact,
)
from contracts.language import Category, DomainError, InvalidRequest, NotFound, Outcome
from services.intake.domain.configuration import EmergencyTerms

MOST_FOUND: Final = 5
"""One person may be registered with several agencies; beyond this the data name nobody."""

_SEEN_OTHERWISE: Final = "person:read"
_REVIEW: Final = "emergency:review"
_WHOLE_NAME: Final = ("given_name", "family_name", "birth_date")


class EmergencyLimitReached(
    DomainError, category=Category.FORBIDDEN, slug="emergency-limit-reached"
):
    """The account has made all the attempts that it has for now."""

    def __init__(self, terms: EmergencyTerms) -> None:
        """Say how many there are, and the way out."""
        minutes = int(terms.within.total_seconds() // 60)
        super().__init__(
            f"There are {terms.attempts} attempts in {minutes} minutes, and yours are used up. "
            "If somebody is in danger, call 112."
        )


class PersonWithinReach(DomainError, category=Category.CONFLICT, slug="person-within-reach"):
    """The caller sees the person anyway."""

    def __init__(self, person_id: UUID) -> None:
        """Name the person, whom the caller can open as ever."""
        super().__init__(f"You see this person without an emergency: {person_id}.")


class EmergencyAlreadyReviewed(
    DomainError, category=Category.CONFLICT, slug="emergency-access-already-reviewed"
):
    """Somebody has judged the emergency access before."""

    def __init__(self) -> None:
        """Say so."""
        super().__init__("This emergency access has been reviewed already; nothing was changed.")


class OwnEmergencyAccess(DomainError, category=Category.FORBIDDEN, slug="own-emergency-access"):
    """Nobody judges what they did themselves."""

    def __init__(self) -> None:
        """Say who does."""
        super().__init__("You opened this yourself: the privacy officer or a colleague reviews it.")


@dataclass(frozen=True, kw_only=True, slots=True)
class Sought:
    """By what the person is looked for; names folded, of the telephone number its end."""

    names: tuple[str, ...]
    """The whole name in either order, for desks do not agree which one comes first."""
    birth_date: date | None
    tax_code: str | None
    phone_end: str | None


def identifying(command: OpenEmergencyAccess) -> None:
    """Accept data by which exactly one person can be meant.

    Raises:
        InvalidRequest: the name is not whole, or nothing is given at all; each field is named.

    """
    given = {name for name in _WHOLE_NAME if getattr(command, name) is not None}
    if given and len(given) < len(_WHOLE_NAME):
        sentence = "Give name, family name and birth date together."
        missing = [name for name in _WHOLE_NAME if name not in given]
        raise InvalidRequest(sentence, fields={name: [sentence] for name in missing})
    if not given and command.tax_code is None and command.phone is None:
        sentence = "Give the whole name with the birth date, or a tax code, or a telephone number."
        raise InvalidRequest(sentence, fields={"family_name": [sentence]})


def demand_attempt(made: int, terms: EmergencyTerms) -> None:
    """Accept one more attempt.

    Raises:
        EmergencyLimitReached: the account has made all of them.

    """
    if made >= terms.attempts:
        raise EmergencyLimitReached(terms)


def open_access(  # noqa: PLR0913 - the facts of an opening, each by its name
    command: OpenEmergencyAccess,
    found: Sequence[Person],
    *,
    principal: Principal,
    open_already: Mapping[UUID, EmergencyAccess],
    at: datetime,
    terms: EmergencyTerms,
    new_id: Callable[[], UUID],
) -> Outcome[tuple[EmergencyAccess, ...]]:
    """Open whoever was found; the new accesses are told, and one that found nobody is not.

    Who is open already, by ``open_already``, is not opened again.

    Raises:
        PersonWithinReach: everybody who was found is the caller's to see anyway.

    """
    strangers = [each for each in found if not principal.reaches(_SEEN_OTHERWISE, each.agency_id)][
        :MOST_FOUND
    ]
    if found and not strangers:
        raise PersonWithinReach(found[0].person_id)
    attempt = EmergencyAccess(
        access_id=new_id(),
        user_id=principal.user_id,
        agency_id=principal.agency_id,
        reason=command.reason,
        note=command.note,
        opened_at=at,
    )
    if not strangers:
        return Outcome((attempt,))
    accesses = tuple(
        open_already.get(each.person_id)
        or replace(
            attempt,
            access_id=new_id(),
            person_id=each.person_id,
            registering_agency_id=each.agency_id,
            ends_at=at + terms.lasting,
        )
        for each in strangers
    )
    opened = (each for each in accesses if each.person_id not in open_already)
    return Outcome(accesses, tuple(map(_opened, opened)))


def is_open(access: EmergencyAccess, principal: Principal, now: datetime) -> bool:
    """Tell whether the caller reads by the access: who opened it, there where it was opened."""
    return (
        access.ends_at is not None
        and access.opened_at <= now < access.ends_at
        and (access.user_id, access.agency_id) == (principal.user_id, principal.agency_id)
    )


def shown(
    access: EmergencyAccess, person: Person, cases: Iterable[Case], consents: Iterable[Consent]
) -> EmergencyPerson:
    """Return what an emergency needs of a person; ``consents`` as they stand today.

    Whose contact is a danger cannot be called, and what would tell that safety was spoken of is
    left out, as it is everywhere else.
    """
    if access.ends_at is None:
        raise LookupError("an access that found nobody shows nobody")
    reachable = person.details.safe_contact is not SafeContact.NEVER
    details = replace(
        person.details,
        tax_code=None,
        phone=person.details.phone if reachable else None,
        email=person.details.email if reachable else None,
    )
    return EmergencyPerson(
        access_id=access.access_id,
        person_id=person.person_id,
        ends_at=access.ends_at,
        agency_id=person.agency_id,
        details=details,
        cases=tuple(each for each in cases if each.agency_id == person.agency_id),
        consents=tuple(
            each
            for each in consents
            if each.state is ConsentState.LIVE and DataCategory.SAFETY not in each.categories
        ),
    )


def review(
    access: EmergencyAccess | None,
    command: ReviewEmergencyAccess,
    *,
    principal: Principal,
    at: datetime,
) -> Outcome[EmergencyAccess]:
    """Judge an emergency access; one that was not justified ends at once.

    Raises:
        NotFound: there is none, or it is not the caller's to review: the same words for both.
        OwnEmergencyAccess: the caller opened it.
        EmergencyAlreadyReviewed: somebody has judged it before.

    """
    if (
        access is None
        or access.person_id is None
        or access.registering_agency_id is None
        or access.ends_at is None
        or not principal.reaches(_REVIEW, access.registering_agency_id)
    ):
        raise NotFound("There is no such emergency access to review.")
    if access.user_id == principal.user_id:
        raise OwnEmergencyAccess
    if access.outcome is not None:
        raise EmergencyAlreadyReviewed
    ends_at = access.ends_at
    if command.outcome is EmergencyOutcome.NOT_JUSTIFIED:
        ends_at = min(ends_at, at)
    reviewed = replace(
        access,
        outcome=command.outcome,
        reviewed_at=at,
        reviewed_by=principal.user_id,
        review_note=command.note,
        ends_at=ends_at,
    )
    event = EmergencyAccessReviewed(
        access_id=access.access_id,
        person_id=access.person_id,
        registering_agency_id=access.registering_agency_id,
        user_id=access.user_id,
        agency_id=access.agency_id,
        reviewed_by=principal.user_id,
        outcome=command.outcome,
        ends_at=ends_at,
    )
    return Outcome(reviewed, (event,))


def _opened(access: EmergencyAccess) -> EmergencyAccessOpened:
    if access.person_id is None or access.registering_agency_id is None or access.ends_at is None:
        raise LookupError("an access that found nobody is not told")
    return EmergencyAccessOpened(
        access_id=access.access_id,
        person_id=access.person_id,
        registering_agency_id=access.registering_agency_id,
        user_id=access.user_id,
        agency_id=access.agency_id,
        reason=access.reason,
        ends_at=access.ends_at,
    )
