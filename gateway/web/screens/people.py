"""Persons: finding one, registering one, and one person's page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from flask_babel import gettext as _

from contracts.intake import (
    FindPeople,
    GetPerson,
    ListCases,
    ListConsents,
    OpenCase,
    PersonPage,
)
from contracts.language import InvalidRequest
from contracts.pathways import Enrolment, EnrolmentState, ListEnrolments
from contracts.referrals import ListNeeds, Mode, Need, NeedState, ReferralState
from contracts.reporting import GetTimeline
from contracts.screening import ListScreenings
from gateway.web import forms
from gateway.web.screen import Go, Outcome, Page, Screen, Visit
from gateway.web.screens import case_teams

_STORY: Final = 5
_WHOLE_STORY: Final = 100
_FEW: Final = 5
_FOUND: Final = 20


def show_search(_visit: Visit) -> Outcome:
    """Show where persons are searched."""
    return Page(template="people/search.html")


def take_search(visit: Visit) -> Outcome:
    """Search persons; what is searched by is sent in the body, never in an address."""
    if not visit.live:
        return Page(template="people/search.html", context={"found": _found(visit)})
    try:
        found = _found(visit)
    except InvalidRequest:
        # Half a word is no mistake yet.
        found = None
    return Page(template="people/found.html", context={"found": found})


def _found(visit: Visit) -> PersonPage:
    wanted = forms.read(FindPeople, visit.form, limit=_FOUND)
    if wanted.name is None and wanted.birth_date is None and wanted.tax_code is None:
        sentence = _("Scrivi almeno un nome, una data di nascita o un codice fiscale.")
        raise InvalidRequest(sentence, fields={"name": [sentence]})
    return visit.ask(wanted)


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
        "changeable": {
            case.case_id for case in _items(found.cases) if case_teams.may_change(visit, case)
        },
        "consents": _items(found.consents),
        "screenings": _items(found.screenings),
        "needs": needs_by_turn(_items(found.needs)),
        "enrolments": sorted(_items(found.enrolments), key=_turn_of_enrolment),
        "ended_enrolments": _ENDED,
        "story_entries": _items(found.timeline),
        "more_story": bool(found.timeline and found.timeline.next_cursor),
    }


@dataclass(frozen=True)
class NeedsByTurn:
    """The needs of a person by whose turn it is, the most pressing first."""

    waiting: Sequence[Need]
    underway: Sequence[Need]
    ended: Sequence[Need]


_PRESSING: Final = {mode: place for place, mode in enumerate((Mode.PRIORITY, Mode.WARM))}
_UNDERWAY: Final = frozenset(
    {ReferralState.REQUESTED, ReferralState.ACCEPTED, ReferralState.IN_PROGRESS}
)
_ENDED: Final = (EnrolmentState.REFUSED, EnrolmentState.WITHDRAWN)
_TURNS: Final = (
    EnrolmentState.PROPOSED,
    EnrolmentState.WAITING_LIST,
    EnrolmentState.ENROLLED,
    *_ENDED,
)


def needs_by_turn(needs: Iterable[Need]) -> NeedsByTurn:
    """Return what waits for the worker and the person, what another agency has, what is over."""
    ordered = sorted(needs, key=lambda need: _PRESSING.get(need.mode, len(_PRESSING)))
    active = [need for need in ordered if need.state is NeedState.ACTIVE]
    underway = [need for need in active if any(each.state in _UNDERWAY for each in need.referrals)]
    return NeedsByTurn(
        waiting=[need for need in active if need not in underway],
        underway=underway,
        ended=[need for need in ordered if need.state is not NeedState.ACTIVE],
    )


def _turn_of_enrolment(enrolment: Enrolment) -> int:
    return _TURNS.index(enrolment.state)


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
