"""Screenings: found in a list, begun with a person, taken up where they stand."""

from __future__ import annotations

from typing import Any, Final

from contracts.intake import GetPerson, ListCases
from contracts.screening import (
    Form,
    GetScreening,
    ListScreenings,
    ScreeningMode,
    ScreeningStatus,
    StartScreening,
)
from gateway.composition import NewScreening, start_screening
from gateway.web import forms
from gateway.web.form_texts import SOURCE
from gateway.web.interview import spoken_languages
from gateway.web.naming import names_of
from gateway.web.screen import Go, Outcome, Page, Screen, Visit
from gateway.web.screens.answers import is_draft, show_section
from gateway.web.screens.arrivals import show_result

_PAGE: Final = 25


def show_screenings(visit: Visit) -> Outcome:
    """Show the drafts, or the completed screenings, of the caller's reach."""
    completed = visit.query.get("status") == ScreeningStatus.COMPLETED
    status = ScreeningStatus.COMPLETED if completed else ScreeningStatus.DRAFT
    page = visit.ask(ListScreenings(status=status, cursor=visit.query.get("cursor"), limit=_PAGE))
    return Page(
        template="screenings/list.html",
        context={
            "page": page,
            "status": status,
            "names": names_of(visit, (each.person_id for each in page.items)),
        },
    )


def show_new_screening(visit: Visit) -> Outcome:
    """Ask how to go through the form with a person, and in which language."""
    person_id = visit.path["person_id"]
    form = visit.speaker.reference.form()
    person, drafts, cases = visit.ask_all(
        GetPerson(person_id=person_id),
        ListScreenings(person_id=person_id, status=ScreeningStatus.DRAFT),
        ListCases(person_id=person_id),
    )
    spoken = spoken_languages(form)
    own = person.details.language
    return Page(
        template="screenings/new.html",
        context={
            "person": person,
            "drafts": drafts.items,
            "cases": cases.items,
            "languages_of_form": spoken,
            "translations": {each.language: each for each in form.languages},
            "own_language": own,
            "first_language": own if own in spoken else SOURCE,
            "questions": _questions(form),
        },
    )


def _questions(form: Form) -> dict[Any, int]:
    """Return how many questions each way through the form has at most."""
    return {
        ScreeningMode.FULL: len(form.items),
        ScreeningMode.BRIEF: sum(item.brief for item in form.items),
    }


def take_new_screening(visit: Visit) -> Outcome:
    """Begin."""
    asked = forms.read(NewScreening, visit.form, person_id=visit.path["person_id"])
    screening = start_screening(visit.turn, asked)
    return Go(to=f"/screenings/{screening.screening_id}")


def show_screening(visit: Visit) -> Outcome:
    """Show a draft to be gone on with, or what a completed screening came to."""
    screening = visit.ask(GetScreening(screening_id=visit.path["screening_id"]))
    if is_draft(screening) or "section" in visit.query:
        return show_section(visit, screening)
    return show_result(visit, screening)


SCREENS: Final = (
    Screen(
        name="screenings",
        path="/screenings",
        shows=show_screenings,
        permission=ListScreenings.permission,
    ),
    Screen(
        name="new_screening",
        path="/people/{person_id}/screenings/new",
        shows=show_new_screening,
        takes=take_new_screening,
        permission=StartScreening.permission,
    ),
    Screen(
        name="screening",
        path="/screenings/{screening_id}",
        shows=show_screening,
        permission=GetScreening.permission,
    ),
)
