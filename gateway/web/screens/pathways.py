"""Pathways: what is offered, who has a place, and what a person decides."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from flask_babel import gettext as _

from contracts.intake import GetPerson
from contracts.pathways import (
    EnrolmentState,
    EnrolPerson,
    ListEnrolments,
    ListOffers,
    RefusalReason,
    RefusePathway,
    SetPlaces,
    WithdrawEnrolment,
)
from gateway.web import forms
from gateway.web.naming import names_of
from gateway.web.screen import Go, Outcome, Page, Screen, Visit

_ALL: Final = 100


def show_offers(visit: Visit) -> Outcome:
    """Show every pathway with its places."""
    return Page(template="pathways/offers.html", context={"offers": visit.ask(ListOffers()).items})


def show_offer(visit: Visit) -> Outcome:
    """Show who has a place in a pathway and who waits for one."""
    code: str = visit.path["pathway"]
    asked = forms.read(ListEnrolments, visit.query, pathway=code)
    offers, page = visit.ask_all(ListOffers(), asked)
    return Page(
        template="pathways/offer.html",
        context={
            "offer": next((each for each in offers.items if each.pathway == code), None),
            "code": code,
            "page": page,
            "asked": asked,
            "states": EnrolmentState,
            "names": names_of(visit, (each.person_id for each in page.items)),
            "kind": SetPlaces,
        },
    )


def take_places(visit: Visit) -> Outcome:
    """Change how many places a pathway has."""
    code: str = visit.path["pathway"]
    visit.ask(forms.read(SetPlaces, visit.form, pathway=code))
    return Go(to=f"/pathways/{code}", said=_("I posti sono cambiati."))


def show_person(visit: Visit) -> Outcome:
    """Show the pathways of a person, and what can be decided."""
    person_id: UUID = visit.path["person_id"]
    person, page = visit.ask_all(
        GetPerson(person_id=person_id), ListEnrolments(person_id=person_id, limit=_ALL)
    )
    return Page(
        template="pathways/person.html",
        context={"person": person, "enrolments": page.items, "reasons": RefusalReason},
    )


def take_confirmation(visit: Visit) -> Outcome:
    """Enrol a person."""
    enrolled = visit.ask(EnrolPerson(enrolment_id=visit.path["enrolment_id"]))
    waits = enrolled.state is EnrolmentState.WAITING_LIST
    said = _("Ora è in lista d'attesa.") if waits else _("Ora ha un posto.")
    return Go(to=f"/people/{visit.path['person_id']}/pathways", said=said)


def take_refusal(visit: Visit) -> Outcome:
    """Record that a person does not want a pathway."""
    visit.ask(forms.read(RefusePathway, visit.form, enrolment_id=visit.path["enrolment_id"]))
    return Go(to=f"/people/{visit.path['person_id']}/pathways", said=_("Scelta registrata."))


def take_withdrawal(visit: Visit) -> Outcome:
    """Give a place back."""
    visit.ask(WithdrawEnrolment(enrolment_id=visit.path["enrolment_id"]))
    said = _("Posto restituito: passa a chi è primo in lista.")
    return Go(to=f"/people/{visit.path['person_id']}/pathways", said=said)


_OF_PERSON: Final = "/people/{person_id}/pathways"

SCREENS: Final = (
    Screen(name="pathways", path="/pathways", shows=show_offers, permission="pathway:read"),
    Screen(
        name="pathway",
        path="/pathways/<string:pathway>",
        shows=show_offer,
        permission="pathway:read",
    ),
    Screen(
        name="pathway_places",
        path="/pathways/<string:pathway>/places",
        takes=take_places,
        shown_again="pathway",
        permission="pathway:offer",
    ),
    Screen(name="person_pathways", path=_OF_PERSON, shows=show_person, permission="pathway:read"),
    *(
        Screen(
            name=f"enrolment_{noun}",
            path=f"{_OF_PERSON}/{{enrolment_id}}/{noun}",
            takes=takes,
            shown_again="person_pathways",
            permission="pathway:decide",
        )
        for noun, takes in (
            ("confirmation", take_confirmation),
            ("refusal", take_refusal),
            ("withdrawal", take_withdrawal),
        )
    ),
)
