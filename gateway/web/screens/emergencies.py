"""Emergencies: opening a person of another agency, reading them, and judging who did."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from flask_babel import gettext as _

from contracts.access import AccessPurpose
from contracts.intake import (
    EmergencyOutcome,
    EmergencyQueue,
    EmergencyReason,
    GetEmergencyPerson,
    ListEmergencyAccesses,
    ListOwnEmergencyAccesses,
    OpenEmergencyAccess,
    ReviewEmergencyAccess,
)
from gateway.web import forms
from gateway.web.naming import names_of
from gateway.web.screen import Go, Outcome, Page, Screen, Visit


def show_opening(visit: Visit) -> Outcome:
    """Show what an emergency access is, the caller's own open ones, and the form."""
    return _opening(visit)


def take_opening(visit: Visit) -> Outcome:
    """Open whoever fits exactly; what was typed stays where nobody does."""
    opened = visit.ask(forms.read(OpenEmergencyAccess, visit.form)).items
    if not opened:
        return _opening(visit, nobody=True)
    if len(opened) > 1:
        return Go(to="/emergencies", said=_("La persona è registrata da più enti: sono qui sotto."))
    return Go(to=f"/emergencies/{opened[0].access_id}")


def _opening(visit: Visit, **more: Any) -> Outcome:
    own = visit.gather(own=ListOwnEmergencyAccesses())
    return Page(
        template="emergencies/opening.html",
        context={
            "own": own.own.items if own.own else (),
            "silent_parts": own.silent,
            "asks": OpenEmergencyAccess,
            "reasons": EmergencyReason,
            **more,
        },
    )


def show_person(visit: Visit) -> Outcome:
    """Show the person of an emergency access, for reading alone."""
    access_id: UUID = visit.path["access_id"]
    person = visit.ask(GetEmergencyPerson(access_id=access_id))
    return Page(template="emergencies/person.html", context={"person": person})


def show_reviews(visit: Visit) -> Outcome:
    """Show one list of emergency accesses, with what is to be decided about each."""
    asked = forms.read(ListEmergencyAccesses, visit.query)
    page = visit.ask(asked)
    persons = (each.person_id for each in page.items if each.person_id is not None)
    return Page(
        template="emergencies/reviews.html",
        context={
            "page": page,
            "asked": asked,
            "names": names_of(visit, persons),
            "queues": EmergencyQueue,
            "outcomes": EmergencyOutcome,
            "refused_here": visit.path.get("access_id"),
        },
    )


def take_review(visit: Visit) -> Outcome:
    """Keep what the reviewer found."""
    visit.ask(forms.read(ReviewEmergencyAccess, visit.form, access_id=visit.path["access_id"]))
    return Go(to="/emergencies/reviews", said=_("Il tuo giudizio è registrato."))


SCREENS: Final = (
    Screen(
        name="emergency_opening",
        path="/emergencies",
        shows=show_opening,
        takes=take_opening,
        permission=OpenEmergencyAccess.permission,
        purpose=AccessPurpose.EMERGENCY,
        searches=True,
    ),
    Screen(
        name="emergency_reviews",
        path="/emergencies/reviews",
        shows=show_reviews,
        permission=ListEmergencyAccesses.permission,
    ),
    Screen(
        name="emergency_person",
        path="/emergencies/{access_id}",
        shows=show_person,
        permission=GetEmergencyPerson.permission,
        purpose=AccessPurpose.EMERGENCY,
    ),
    Screen(
        name="emergency_review",
        path="/emergencies/{access_id}/review",
        takes=take_review,
        shown_again="emergency_reviews",
        permission=ReviewEmergencyAccess.permission,
    ),
)
