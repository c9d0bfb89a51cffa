"""Consents: how long one holds, and how it ends."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from contracts.intake import (
    Consent,
    ConsentGranted,
    ConsentState,
    ConsentWithdrawn,
    DataCategory,
    Purpose,
    RecordConsent,
)
from contracts.language import InvalidRequest, Outcome
from services.intake.domain import consents
from services.intake.rules import rules_on
from tests.support.people import AGENCY, OTHER_AGENCY

TODAY = date(2026, 11, 22)
NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
RULES = rules_on(TODAY)
PERSON = UUID("01920000-0000-7000-8000-0000000000c1")
CONSENT = UUID("01920000-0000-7000-8000-0000000000d1")


def _grant(*, recipient_known: bool = True, **changes: Any) -> Outcome[Consent]:
    command = RecordConsent(
        person_id=PERSON,
        recipient_id=OTHER_AGENCY,
        purpose=Purpose.REFERRAL,
        categories=(DataCategory.IDENTITY, DataCategory.NEEDS),
        expires_on=date(2027, 5, 1),
    )
    return consents.grant_consent(
        replace(command, **changes),
        consent_id=CONSENT,
        agency_id=AGENCY,
        at=NOW,
        today=TODAY,
        rules=RULES,
        recipient_known=recipient_known,
    )


def test_a_consent_names_an_agency_of_the_network() -> None:
    """A mistyped id would let nobody see anything, without anybody noticing."""
    with pytest.raises(InvalidRequest) as refused:
        _grant(recipient_known=False)
    assert list(refused.value.fields) == ["recipient_id"]


def test_a_granted_consent_is_live_and_told() -> None:
    """The event holds what a recipient's right to see depends on."""
    outcome = _grant()
    assert outcome.state.state is ConsentState.LIVE
    assert outcome.events == (
        ConsentGranted(
            consent_id=CONSENT,
            person_id=PERSON,
            agency_id=AGENCY,
            recipient_id=OTHER_AGENCY,
            purpose=Purpose.REFERRAL,
            categories=(DataCategory.IDENTITY, DataCategory.NEEDS),
            expires_on=date(2027, 5, 1),
        ),
    )


@pytest.mark.parametrize("end", [TODAY, TODAY + RULES.longest_consent])
def test_the_first_and_the_last_possible_ends_are_accepted(end: date) -> None:
    """From today to the longest that is allowed."""
    assert _grant(expires_on=end).state.expires_on == end


@pytest.mark.parametrize(
    "end", [TODAY - timedelta(days=1), TODAY + RULES.longest_consent + timedelta(days=1)]
)
def test_an_end_before_today_or_too_late_is_named(end: date) -> None:
    """The refusal names the field."""
    with pytest.raises(InvalidRequest) as refused:
        _grant(expires_on=end)
    assert list(refused.value.fields) == ["expires_on"]


def test_a_repeated_category_counts_once() -> None:
    """What is covered is a set, in the order in which it was named."""
    categories = (DataCategory.NEEDS, DataCategory.SAFETY, DataCategory.NEEDS)
    assert _grant(categories=categories).state.categories == categories[:2]


def test_a_withdrawn_consent_is_told() -> None:
    """Whoever shares must learn of it."""
    outcome = consents.withdraw_consent(_grant().state, agency_id=AGENCY, at=NOW)
    assert (outcome.state.state, outcome.state.withdrawn_at) == (ConsentState.WITHDRAWN, NOW)
    assert outcome.events == (
        ConsentWithdrawn(consent_id=CONSENT, person_id=PERSON, agency_id=AGENCY),
    )


def test_a_second_withdrawal_is_a_conflict() -> None:
    """It would tell the network a second time what happened once."""
    withdrawn = consents.withdraw_consent(_grant().state, agency_id=AGENCY, at=NOW).state
    with pytest.raises(consents.ConsentAlreadyWithdrawn):
        consents.withdraw_consent(withdrawn, agency_id=AGENCY, at=NOW)


@pytest.mark.parametrize(
    ("end", "withdrawn_at", "state"),
    [
        (TODAY, None, ConsentState.LIVE),
        (TODAY - timedelta(days=1), None, ConsentState.EXPIRED),
        (TODAY, NOW, ConsentState.WITHDRAWN),
        (TODAY - timedelta(days=1), NOW, ConsentState.WITHDRAWN),
    ],
)
def test_a_consent_holds_through_its_last_day(
    end: date, withdrawn_at: datetime | None, state: ConsentState
) -> None:
    """A withdrawal is shown as such even after the end."""
    shown = consents.consent_state(expires_on=end, withdrawn_at=withdrawn_at, today=TODAY)
    assert shown is state
