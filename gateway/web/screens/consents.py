"""Consents of a person: what may be shared, with whom, until when."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final
from uuid import UUID

from flask_babel import gettext as _

from contracts.calendar import day_of
from contracts.intake import (
    DataCategory,
    GetPerson,
    ListConsents,
    Purpose,
    RecordConsent,
    WithdrawConsent,
)
from gateway.web import forms
from gateway.web.screen import Go, Outcome, Page, Screen, Visit

_USUAL_DAYS: Final = 365
_USUAL: Final = (DataCategory.IDENTITY, DataCategory.CONTACTS, DataCategory.NEEDS)
"""What is ticked when the form opens; about safety somebody has to decide each time."""


def show_consents(visit: Visit) -> Outcome:
    """Show every consent of a person."""
    person_id: UUID = visit.path["person_id"]
    consents = visit.ask(ListConsents(person_id=person_id))
    # The privacy officer sees consents and nobody's name.
    known = visit.gather(person=GetPerson(person_id=person_id))
    return Page(
        template="consents/consents.html",
        context={"person_id": person_id, "person": known.person, "consents": consents.items},
    )


def show_new(visit: Visit) -> Outcome:
    """Show the form of a new consent."""
    person_id: UUID = visit.path["person_id"]
    person = visit.ask(GetPerson(person_id=person_id))
    return Page(
        template="consents/new.html",
        context={
            "person": person,
            "kind": RecordConsent,
            "data_categories": DataCategory,
            "usual": [each.value for each in _USUAL],
            "until": usual_end(day_of(visit.turn.now)),
            "next": next_of(visit, f"/people/{person_id}"),
        },
    )


def usual_end(today: date) -> date:
    """Return the last day that a new consent usually holds."""
    return today + timedelta(days=_USUAL_DAYS)


def take_new(visit: Visit) -> Outcome:
    """Record a consent."""
    person_id: UUID = visit.path["person_id"]
    visit.ask(forms.read(RecordConsent, visit.form, person_id=person_id, purpose=Purpose.REFERRAL))
    return Go(to=next_of(visit, f"/people/{person_id}"), said=_("Il consenso è registrato."))


def take_withdrawal(visit: Visit) -> Outcome:
    """Record that a person takes a consent back."""
    person_id: UUID = visit.path["person_id"]
    visit.ask(WithdrawConsent(person_id=person_id, consent_id=visit.path["consent_id"]))
    return Go(
        to=f"/people/{person_id}/consents",
        said=_("Il consenso è revocato. Gli invii non ancora accettati si fermano."),
    )


def next_of(visit: Visit, otherwise: str) -> str:
    """Return the page of ours from which somebody came here, to go back to."""
    asked = visit.form.get("next") or visit.query.get("next") or ""
    return asked if asked.startswith(("/people/", "/screenings/", "/referrals/")) else otherwise


SCREENS: Final = (
    Screen(
        name="consents",
        path="/people/{person_id}/consents",
        shows=show_consents,
        permission="consent:read",
    ),
    Screen(
        name="consent_record",
        path="/people/{person_id}/consents/new",
        shows=show_new,
        takes=take_new,
        permission="consent:record",
    ),
    Screen(
        name="consent_withdrawal",
        path="/people/{person_id}/consents/{consent_id}/withdrawal",
        takes=take_withdrawal,
        shown_again="consents",
        permission="consent:record",
    ),
)
