"""Who saw whose data."""

from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus
from typing import Final
from uuid import UUID

from flask_babel import gettext as _

from contracts.intake import GetPerson, ListEmergencyAccesses
from contracts.language import InvalidRequest
from gateway.access_log import PersonAccess
from gateway.accesses import AccessExport, AccessSearch, accesses_of, every_access
from gateway.sheets import CSV, for_spreadsheets
from gateway.web import rendering
from gateway.web.screen import Download, Go, Outcome, Page, Screen, Visit


def show_choice(visit: Visit) -> Outcome:
    """Ask whose accesses are to be shown, and lead to those that wait for a review."""
    found = visit.gather(emergencies=ListEmergencyAccesses(limit=1))
    return Page(template="accesses/choice.html", context={"emergencies": found.emergencies})


def take_choice(visit: Visit) -> Outcome:
    """Go to the accesses of the person whose code was typed."""
    try:
        person_id = UUID(visit.form.get("person_id", "").strip())
    except ValueError:
        sentence = _("Scrivi il codice della persona come sta nella richiesta: 36 segni.")
        raise InvalidRequest(sentence, fields={"person_id": [sentence]}) from None
    return Go(to=f"/people/{person_id}/accesses")


def show_accesses(visit: Visit) -> Outcome:
    """Show who looked at a person's data."""
    person_id: UUID = visit.path["person_id"]
    search = AccessSearch(person_id=person_id, cursor=visit.query.get("cursor"))
    accesses = accesses_of(visit.turn, search)
    # The privacy officer of the network sees no names of persons.
    known = visit.gather(person=GetPerson(person_id=person_id))
    return Page(
        template="accesses/accesses.html",
        context={"person_id": person_id, "person": known.person, "accesses": accesses},
    )


def show_export(visit: Visit) -> Outcome:
    """Hand the accesses out as a table."""
    accesses = every_access(visit.turn, AccessExport(person_id=visit.path["person_id"]))
    columns = (
        _("Quando"),
        _("Chi"),
        _("Ente"),
        _("Che cosa ha fatto"),
        _("Perché"),
        _("Da dove"),
    )
    table = for_spreadsheets(columns, (_row(visit, each) for each in accesses))
    return Download(body=table, media=CSV, name="accesses.csv")


def _row(visit: Visit, access: PersonAccess) -> Sequence[str]:
    refused = access.status >= HTTPStatus.BAD_REQUEST
    return (
        rendering.moment(access.at),
        access.name or _("Un programma dell'ente"),
        visit.speaker.agency(access.agency_id),
        rendering.spoken("refused-operation" if refused else "operation", access.operation),
        rendering.label(access.purpose),
        access.address,
    )


SCREENS: Final = (
    Screen(
        name="access_choice",
        path="/accesses",
        shows=show_choice,
        takes=take_choice,
        permission="accesses:read",
    ),
    Screen(
        name="accesses",
        path="/people/{person_id}/accesses",
        shows=show_accesses,
        permission="accesses:read",
    ),
    Screen(
        name="accesses_export",
        path="/people/{person_id}/accesses.csv",
        shows=show_export,
        permission="accesses:read",
    ),
)
