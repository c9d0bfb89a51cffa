"""The details of a person: entering them without entering anybody twice, and putting them right."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from datetime import date
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from flask_babel import gettext as _

from chassis.errors import ServiceError
from contracts.intake import (
    CorrectPerson,
    FindDuplicates,
    GetPerson,
    HouseholdMember,
    Person,
    PersonDetails,
    RegisterPerson,
    SafeContact,
)
from contracts.language import InvalidRequest
from contracts.screening import Gender
from gateway.web import forms, rendering, words
from gateway.web.choices import field_label
from gateway.web.languages import chosen
from gateway.web.screen import Go, Outcome, Page, Screen, Visit
from gateway.web.speaker import NO_TEXT

_FORM: Final = {"kind": PersonDetails, "genders": Gender, "safe_contacts": SafeContact}
"""What the form of a person's details is made from."""

_CONFLICT: Final = "version-mismatch"


def show_registration(_visit: Visit) -> Outcome:
    """Show an empty form."""
    return Page(template="people/registration.html", context={"known": {}, **_FORM})


def take_registration(visit: Visit) -> Outcome:
    """Register a person."""
    details = forms.read(PersonDetails, visit.form)
    person = visit.ask(RegisterPerson(details=details))
    return Go(to=f"/people/{person.person_id}", said=_("La persona è registrata."))


def take_duplicates(visit: Visit) -> Outcome:
    """Show who may be the person who is being typed; half a form is no mistake yet."""
    try:
        found = visit.gather(found=forms.read(FindDuplicates, visit.form)).found
    except (InvalidRequest, ServiceError):
        found = None
    return Page(template="people/duplicates.html", context={"found": found})


def show_edit(visit: Visit) -> Outcome:
    """Show the form with what is known; after a conflict, where it differs from what was typed."""
    person: Person = visit.ask(GetPerson(person_id=visit.path["person_id"]))
    conflict = visit.refusal is not None and visit.refusal.slug == _CONFLICT
    return Page(
        template="people/edit.html",
        context={
            "person": person,
            "known": person.details,
            "changed": list(_differences(visit, person.details)) if conflict else [],
            **_FORM,
        },
    )


def _differences(visit: Visit, now: PersonDetails) -> Iterator[tuple[str, str, str]]:
    """Yield where the details differ from what was typed: the field, its value now, and the own."""
    try:
        mine = forms.read(PersonDetails, visit.form)
    except InvalidRequest:
        return
    for each in fields(PersonDetails):
        theirs, own = getattr(now, each.name), getattr(mine, each.name)
        if theirs != own:
            kind = _CODED.get(each.name)
            yield field_label(PersonDetails, each.name), _said(theirs, kind), _said(own, kind)


_CODED: Final = {
    "birth_country": "country",
    "citizenships": "country",
    "language": "language",
    "mother_tongue": "language",
    "municipality": "municipality",
}
"""Which fields hold codes that have names, and of what kind."""


def _said(value: Any, kind: str | None) -> str:
    """Say a value of a person's details as the form says it."""
    match value:
        case bool():
            said = str(_("Sì") if value else _("No"))
        case tuple():
            said = ", ".join(_said(each, kind) for each in value)
        case StrEnum():
            said = words.label(value, chosen())
        case HouseholdMember():
            said = rendering.day(value.birth_date)
        case date():
            said = rendering.day(value)
        case str() if kind is not None:
            said = words.spoken(kind, value, chosen())
        case _:
            said = str(value or "")
    return said or NO_TEXT


def take_edit(visit: Visit) -> Outcome:
    """Put the details right."""
    person_id: UUID = visit.path["person_id"]
    details = forms.read(PersonDetails, visit.form)
    version = visit.form.get("version", "")
    visit.ask(
        CorrectPerson(
            person_id=person_id,
            version=int(version) if version.isdigit() else 0,
            details=details,
        )
    )
    return Go(to=f"/people/{person_id}", said=_("I dati sono corretti."))


SCREENS: Final = (
    Screen(
        name="person_registration",
        path="/people/new",
        shows=show_registration,
        takes=take_registration,
        permission="person:register",
    ),
    Screen(
        name="person_duplicates",
        path="/people/duplicates",
        takes=take_duplicates,
        permission="person:register",
        searches=True,
    ),
    Screen(
        name="person_edit",
        path="/people/{person_id}/edit",
        shows=show_edit,
        takes=take_edit,
        permission="person:register",
    ),
)
