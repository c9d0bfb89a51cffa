"""Persons: finding one, registering one, and one person's page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from flask_babel import gettext as _

from contracts.intake import (
    FindPeople,
    GetPerson,
    ListCases,
    ListConsents,
    OpenCase,
)
from contracts.language import InvalidRequest
from contracts.pathways import ListEnrolments
from contracts.referrals import ListNeeds
from contracts.reporting import GetTimeline
from contracts.screening import ListScreenings
from gateway.web import forms
from gateway.web.screen import Go, Outcome, Page, Screen, Visit

_STORY: Final = 10
_WHOLE_STORY: Final = 100
_FEW: Final = 5
_FOUND: Final = 20


def show_search(_visit: Visit) -> Outcome:
    """Show where persons are searched."""
    return Page(template="people/search.html")


def take_search(visit: Visit) -> Outcome:
    """Search persons; what is searched by is sent in the body, never in an address."""
    wanted = forms.read(FindPeople, visit.form, limit=_FOUND)
    if wanted.name is None and wanted.birth_date is None and wanted.tax_code is None:
        sentence = _("Scrivi almeno un nome, una data di nascita o un codice fiscale.")
        raise InvalidRequest(sentence, fields={"name": [sentence]})
    found = visit.ask(wanted)
    template = "people/found.html" if visit.live else "people/search.html"
    return Page(template=template, context={"found": found})


def show_person(visit: Visit) -> Outcome:
    """Show one person's page."""
    person_id: UUID = visit.path["person_id"]
    person = visit.ask(GetPerson(person_id=person_id))
    return Page(
        template="people/person.html",
        context={"person": person, **_around(visit, person_id)},
    )


def _around(visit: Visit, person_id: UUID) -> Mapping[str, Any]:
    """Return what is known around a person, as far as it is within reach now."""
    found = visit.gather(
        cases=ListCases(person_id=person_id),
        consents=ListConsents(person_id=person_id),
        screenings=ListScreenings(person_id=person_id, limit=_FEW),
        needs=ListNeeds(person_id=person_id),
        enrolments=ListEnrolments(person_id=person_id),
        timeline=GetTimeline(person_id=person_id, limit=_STORY),
    )
    return {
        "found": found,
        "cases": _items(found.cases),
        "consents": _items(found.consents),
        "screenings": _items(found.screenings),
        "needs": _items(found.needs),
        "enrolments": _items(found.enrolments),
        "story_entries": _items(found.timeline),
        "more_story": bool(found.timeline and found.timeline.next_cursor),
    }


def _items(page: Any) -> Sequence[Any]:
    return () if page is None else page.items


def show_story(visit: Visit) -> Outcome:
    """Show everything that happened with a person."""
    person_id: UUID = visit.path["person_id"]
    person, timeline = visit.ask_all(
        GetPerson(person_id=person_id),
        GetTimeline(person_id=person_id, cursor=visit.query.get("cursor"), limit=_WHOLE_STORY),
    )
    return Page(
        template="people/story.html",
        context={"person": person, "timeline": timeline},
    )


def take_case(visit: Visit) -> Outcome:
    """Open a case for a person."""
    person_id: UUID = visit.path["person_id"]
    visit.ask(OpenCase(person_id=person_id))
    return Go(to=f"/people/{person_id}", said=_("Il caso è aperto e seguito da te."))


SCREENS: Final = (
    Screen(
        name="person_search",
        path="/people",
        shows=show_search,
        takes=take_search,
        permission="person:read",
        searches=True,
    ),
    Screen(
        name="person",
        path="/people/{person_id}",
        shows=show_person,
        permission="person:read",
    ),
    Screen(
        name="person_story",
        path="/people/{person_id}/story",
        shows=show_story,
        permission="timeline:read",
    ),
    Screen(
        name="case_opening",
        path="/people/{person_id}/cases",
        takes=take_case,
        shown_again="person",
        permission="case:open",
    ),
)
