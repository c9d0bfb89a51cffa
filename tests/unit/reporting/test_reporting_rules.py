"""What an event adds to a person's story, and how the indicators count."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from chassis.clock import new_id
from contracts.events import AttendanceRecorded, GatheringKind
from contracts.intake import (
    ConsentGranted,
    DataCategory,
    EmergencyAccessOpened,
    EmergencyReason,
    Purpose,
)
from contracts.language import InvalidRequest
from contracts.referrals import (
    Mode,
    ReferralDiscarded,
    ReferralDrafted,
    ReferralFact,
    ReferralRequested,
    ReferralState,
)
from contracts.screening import Gender, Level, Profile
from services.reporting import domain
from services.reporting.domain import Attended, Participant, Period, Presences
from services.reporting.handlers import PROJECT
from tests.support.completed_screenings import a_screening

NOBODY = Presences(heads=0, sheets=0, without_sheet=0)


def a_participant(
    *,
    gender: Gender | None = Gender.FEMALE,
    migratory_background: bool | None = True,
    fragile: bool | None = True,
    participations: int = 1,
) -> Participant:
    """Return somebody who took part."""
    return Participant(
        person_id=new_id(),
        participations=participations,
        gender=gender,
        migratory_background=migratory_background,
        fragile=fragile,
    )


def attended(*participants: Participant) -> Attended:
    """Return what there is to count."""
    return Attended(participants=participants, presences=NOBODY)


def test_a_person_counts_once_however_often_they_came() -> None:
    """Persons are distinct, their participations are what the value rests on."""
    figure = domain.fragile_participants(attended(a_participant(participations=7)))

    assert (figure.value, figure.counted) == (1, 7)


@pytest.mark.parametrize(
    ("migratory_background", "fragile", "value", "unknown"),
    [
        (True, True, 1, 0),
        (True, False, 0, 0),
        (False, True, 0, 0),
        (True, None, 0, 1),
        (None, True, 0, 1),
        (None, None, 0, 1),
        (False, None, 0, 0),
        (None, False, 0, 0),
    ],
)
def test_unknown_is_only_who_might_count(
    *, migratory_background: bool | None, fragile: bool | None, value: int, unknown: int
) -> None:
    """A fact that is missing matters only where the other one does not decide."""
    person = a_participant(migratory_background=migratory_background, fragile=fragile)

    figure = domain.fragile_participants(attended(person))

    assert (figure.value, figure.unknown) == (value, unknown)


def test_the_share_of_women_leaves_out_unknown_genders_and_says_how_many() -> None:
    """Two women, one man, one of another gender and one unknown."""
    genders = (Gender.FEMALE, Gender.FEMALE, Gender.MALE, Gender.OTHER, Gender.UNKNOWN)

    figure = domain.share_of_women(attended(*(a_participant(gender=each) for each in genders)))

    assert (figure.value, figure.counted, figure.unknown) == (50, 4, 1)


def test_a_share_is_rounded_down() -> None:
    """Four of six are 66 %, not 67 %."""
    genders = [Gender.FEMALE] * 4 + [Gender.MALE] * 2

    figure = domain.share_of_women(attended(*(a_participant(gender=each) for each in genders)))

    assert figure.value == 66


def test_a_share_of_nobody_is_absent() -> None:
    """Nothing can be said of no one."""
    assert domain.share_of_women(attended()).value is None


def test_presences_are_heads_and_say_which_sheets_are_missing() -> None:
    """No estimate of persons is made of them."""
    counts = Presences(heads=48, sheets=3, without_sheet=1)

    figure = domain.presences(Attended(participants=(), presences=counts))

    assert (figure.value, figure.counted, figure.unknown) == (48, 3, 1)


@pytest.mark.parametrize(
    ("levels", "profile_without_safety", "fragile"),
    [
        ({"CAS": Level.L1}, Profile.P0, False),
        ({"CAS": Level.L2}, Profile.P0, True),
        ({"CAS": Level.L3}, Profile.P2, True),
        ({"CAS": Level.L0}, Profile.P1, True),
        ({"CAS": Level.ND, "FIG": Level.NA}, Profile.P0, False),
        ({"SIC": Level.L3}, Profile.P0, False),
    ],
)
def test_fragility_is_what_the_answers_show_without_safety(
    *, levels: dict[str, Level], profile_without_safety: Profile, fragile: bool
) -> None:
    """The safety domain alone makes nobody count: the total would tell it."""
    screening = a_screening(
        levels=levels, profile=Profile.P3, profile_without_safety=profile_without_safety
    )

    assert PROJECT.fragility.shown_by(screening) is fragile


def test_a_completed_screening_shows_the_profile_without_safety() -> None:
    """The line is for everybody, so it tells what everybody may know."""
    screening = a_screening(profile=Profile.P3, profile_without_safety=Profile.P0)

    entry = domain.entry_of(screening, entry_id=new_id(), time=screening.completed_at)

    assert entry is not None
    assert (entry.code, entry.safety) == ("P0", False)


def test_a_consent_does_not_tell_what_it_covers() -> None:
    """That safety is among the categories would be an answer."""
    consent = ConsentGranted(
        consent_id=new_id(),
        person_id=new_id(),
        agency_id=new_id(),
        purpose=Purpose.REFERRAL,
        categories=(DataCategory.SAFETY,),
        expires_on=date(2027, 1, 1),
    )

    entry = domain.entry_of(consent, entry_id=new_id(), time=datetime(2026, 11, 22, tzinfo=UTC))

    assert entry is not None
    assert (entry.code, entry.reason, entry.safety) == ("referral", None, False)


@pytest.mark.parametrize(
    ("event_class", "sent"),
    [(ReferralDrafted, False), (ReferralDiscarded, False), (ReferralRequested, True)],
)
def test_a_recipient_learns_of_a_referral_only_when_it_is_sent(
    *, event_class: type[ReferralFact], sent: bool
) -> None:
    """A draft names the recipient, who does not know yet."""
    recipient = new_id()
    referral = event_class(
        referral_id=new_id(),
        need_id=new_id(),
        person_id=new_id(),
        screening_id=new_id(),
        from_agency_id=new_id(),
        to_agency_id=recipient,
        service_id=new_id(),
        category="CAS.1",
        mode=Mode.WARM,
        state=ReferralState.DRAFT,
    )

    moment = domain.moment_of(referral)

    assert moment is not None
    assert moment.recipient_id == (recipient if sent else None)


def test_an_emergency_stands_in_the_story_for_both_agencies_as_safety_does() -> None:
    """The agency that registered the person sees which other one was there, and why."""
    opened = EmergencyAccessOpened(
        access_id=new_id(),
        person_id=new_id(),
        registering_agency_id=new_id(),
        user_id=new_id(),
        agency_id=new_id(),
        reason=EmergencyReason.MINOR_AT_RISK,
        ends_at=datetime(2026, 11, 22, tzinfo=UTC),
    )
    moment = domain.moment_of(opened)
    assert moment == domain.Moment(
        person_id=opened.person_id,
        agency_id=opened.agency_id,
        recipient_id=opened.registering_agency_id,
        reason="minor-at-risk",
        safety=True,
    )


def test_an_anonymous_headcount_is_nobodys_story() -> None:
    """It counts, but adds no line."""
    attendance = AttendanceRecorded(
        attendance_id=new_id(),
        gathering_id=new_id(),
        agency_id=new_id(),
        kind=GatheringKind.HUB_EVENT,
        municipality="001194",
        starts_at=datetime(2025, 5, 1, tzinfo=UTC),
        headcount=40,
    )

    assert domain.entry_of(attendance, entry_id=new_id(), time=attendance.starts_at) is None


def test_a_period_is_made_of_days_in_rome() -> None:
    """It begins in winter time and ends in summer time."""
    period = Period(first=date(2025, 1, 1), last=date(2025, 6, 30))

    assert period.since.astimezone(UTC) == datetime(2024, 12, 31, 23, 0, tzinfo=UTC)
    assert period.until.astimezone(UTC) == datetime(2025, 6, 30, 22, 0, tzinfo=UTC)


def test_a_period_left_open_is_the_projects_own() -> None:
    """Each end by itself."""
    assert PROJECT.period(None, date(2024, 1, 31)) == Period(
        first=date(2023, 11, 1), last=date(2024, 1, 31)
    )


def test_a_period_that_ends_before_it_begins_names_the_field() -> None:
    """Also when the beginning is the project's."""
    with pytest.raises(InvalidRequest) as refusal:
        PROJECT.period(None, date(2023, 10, 31))

    assert list(refusal.value.fields) == ["period_to"]
