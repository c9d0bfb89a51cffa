"""What a referral shows of a person: by its state, the consents of the day and the safe contact."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

import pytest

from contracts.access import Role
from contracts.intake import (
    Consent,
    ConsentState,
    DataCategory,
    Person,
    Purpose,
    SafeContact,
)
from contracts.referrals import ReferralState
from services.intake.domain import sharing
from services.intake.rules import rules_on
from tests.support.people import AGENCY, OTHER_AGENCY, caller, some_details

TODAY: Final = date(2026, 11, 27)
NOW: Final = datetime(2026, 11, 27, 9, tzinfo=UTC)
AFTER_END: Final = rules_on(TODAY).seen_after_end
PERSON: Final = UUID("01920000-0000-7000-8000-0000000000c1")
REFERRAL: Final = UUID("01920000-0000-7000-8000-0000000000e1")
BOTH: Final = (DataCategory.IDENTITY, DataCategory.CONTACTS)


def _person(**changes: Any) -> Person:
    return Person(
        person_id=PERSON,
        agency_id=AGENCY,
        version=1,
        registered_at=NOW,
        details=some_details(**changes),
    )


def _sent(state: ReferralState = ReferralState.REQUESTED, **changes: Any) -> sharing.SentReferral:
    usual: dict[str, Any] = {
        "referral_id": REFERRAL,
        "person_id": PERSON,
        "to_agency_id": OTHER_AGENCY,
        "state": state,
        "changed_at": NOW,
        "safety": False,
    }
    return sharing.SentReferral(**{**usual, **changes})


def _consent(*categories: DataCategory, **changes: Any) -> Consent:
    usual: dict[str, Any] = {
        "consent_id": UUID("01920000-0000-7000-8000-0000000000d1"),
        "person_id": PERSON,
        "purpose": Purpose.REFERRAL,
        "categories": categories,
        "state": ConsentState.LIVE,
        "granted_at": NOW,
        "expires_on": date(2027, 5, 1),
    }
    return Consent(**{**usual, **changes})


def _opens(
    referral: sharing.SentReferral,
    agency_id: UUID = OTHER_AGENCY,
    role: Role = Role.CASE_WORKER,
    today: date = TODAY,
) -> bool:
    principal = caller(role, agency_id=agency_id)
    return sharing.opens(referral, principal, today=today, seen_after_end=AFTER_END)


@pytest.mark.parametrize("state", sorted(sharing.UNDER_WAY))
def test_a_referral_under_way_opens_the_person_to_its_recipient(state: ReferralState) -> None:
    """However long it takes: from the request on."""
    assert _opens(_sent(state), today=TODAY + timedelta(days=400))


@pytest.mark.parametrize(
    "state",
    [
        ReferralState.REJECTED,
        ReferralState.CANCELLED,
        ReferralState.FAILED,
        ReferralState.ENTERED_IN_ERROR,
        ReferralState.DRAFT,
    ],
)
def test_any_other_end_closes_the_person_at_once(state: ReferralState) -> None:
    """Who said no, or whose work came to nothing, has no reason left to look."""
    assert not _opens(_sent(state))


@pytest.mark.parametrize(("days", "opened"), [(0, True), (30, True), (31, False)])
def test_a_completed_referral_shows_the_person_for_some_days(days: int, *, opened: bool) -> None:
    """What was begun may have to be told to the person; the last day still counts."""
    today = TODAY + timedelta(days=days)
    assert _opens(_sent(ReferralState.COMPLETED), today=today) is opened


@pytest.mark.parametrize("agency_id", [AGENCY, UUID(int=1)])
def test_a_referral_opens_nothing_to_another_agency(agency_id: UUID) -> None:
    """Not even to the sender, who sees the person as its own."""
    assert not _opens(_sent(), agency_id)


@pytest.mark.parametrize(
    ("role", "opened"), [(Role.CASE_WORKER, True), (Role.DESK_OPERATOR, False)]
)
def test_a_referral_about_safety_opens_to_who_reads_safety(role: Role, *, opened: bool) -> None:
    """To everybody else it does not exist."""
    assert _opens(_sent(safety=True), role=role) is opened


@pytest.mark.parametrize(
    ("consents", "categories"),
    [
        ((), ()),
        ((_consent(DataCategory.NEEDS, DataCategory.SAFETY),), ()),
        ((_consent(DataCategory.CONTACTS, DataCategory.IDENTITY),), BOTH),
        (
            (
                _consent(DataCategory.IDENTITY, recipient_id=OTHER_AGENCY),
                _consent(DataCategory.CONTACTS),
            ),
            BOTH,
        ),
        ((_consent(*BOTH, recipient_id=UUID(int=1)),), ()),
        ((_consent(*BOTH, state=ConsentState.WITHDRAWN),), ()),
        ((_consent(*BOTH, state=ConsentState.EXPIRED), _consent(BOTH[0])), BOTH[:1]),
    ],
)
def test_live_consents_for_the_recipient_decide_together(
    consents: tuple[Consent, ...], categories: tuple[DataCategory, ...]
) -> None:
    """One for the whole network counts like one that names the agency."""
    assert sharing.covered(_person(), OTHER_AGENCY, consents) == categories


def test_inside_one_agency_nothing_is_held_back() -> None:
    """It sees its own person anyway."""
    assert sharing.covered(_person(), AGENCY, ()) == BOTH


@pytest.mark.parametrize("categories", [(), BOTH[:1], BOTH[1:], BOTH])
def test_what_is_not_shared_is_absent_and_not_named(
    categories: tuple[DataCategory, ...],
) -> None:
    """The desk can say what is missing, and why nothing else is there."""
    shown = sharing.shared_person(_person(), _sent(), categories)
    present = {name for name in BOTH if getattr(shown, name) is not None}
    assert (shown.shared, present) == (categories, set(categories))


def test_identity_shows_six_facts() -> None:
    """Citizenship, permit, tax code and household stay with who registered the person."""
    shown = sharing.shared_person(_person(), _sent(), BOTH).dump()
    assert shown["identity"] == {
        "given_name": "Mára Élise",
        "family_name": "D\u2019Òssola Petrova",
        "birth_date": "1988-03-12",
        "gender": "female",
        "language": "fr",
        "municipality": "001171",
    }


@pytest.mark.parametrize("rule", list(SafeContact))
def test_who_must_never_be_contacted_has_no_contacts_to_show(rule: SafeContact) -> None:
    """The rule itself is always shown with what can be reached."""
    contacts = sharing.shared_person(_person(safe_contact=rule), _sent(), BOTH).contacts
    assert contacts is not None
    reachable = (contacts.phone is not None, contacts.email is not None)
    assert (contacts.safe_contact, reachable) == (rule, (rule is not SafeContact.NEVER,) * 2)
