"""A completed screening: what it came to, and what it set going as that arrives."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from flask import current_app

from contracts.access import Scope
from contracts.intake import Case, ListCases, ListNames
from contracts.language import NotFound
from contracts.pathways import Enrolment, EnrolmentState, ListEnrolments
from contracts.referrals import ListNeeds, Need, NeedState, Referral
from contracts.screening import (
    GetScreening,
    Screening,
    ScreeningResult,
    SuggestedArea,
    SuggestedPathway,
)
from gateway.web.interview import Voice
from gateway.web.naming import names_of
from gateway.web.printing import screening_sheet
from gateway.web.printing.sheet import printed
from gateway.web.screen import Download, Go, Outcome, Page, Screen, Visit
from gateway.web.screens.answers import is_draft
from gateway.web.screens.completion import meaning
from gateway.web.screens.sheets import PDF, imprint_of

PATIENCE: Final = timedelta(minutes=1)
"""For how long a page waits by itself for what a screening sets going; then it says so."""

_ALL: Final = 100
_ENDED: Final = frozenset({EnrolmentState.REFUSED, EnrolmentState.WITHDRAWN})


@dataclass(frozen=True, kw_only=True)
class AreaArrival:
    """A service area with the need that it became, as soon as it is there."""

    area: SuggestedArea
    need: Need | None

    @property
    def referral(self) -> Referral | None:
        """The latest attempt to have the need met."""
        return self.need.referrals[-1] if self.need and self.need.referrals else None


@dataclass(frozen=True, kw_only=True)
class PathwayArrival:
    """A pathway with the enrolment that it became, as soon as it is there."""

    pathway: SuggestedPathway
    enrolment: Enrolment | None


@dataclass(frozen=True, kw_only=True)
class Arrivals:
    """Everything that a screening sets going, and how much of it is there."""

    areas: Sequence[AreaArrival]
    pathways: Sequence[PathwayArrival]
    silent: tuple[str, ...]
    late: bool

    @property
    def awaited(self) -> int:
        """How much is to come in all."""
        return len(self.areas) + len(self.pathways)

    @property
    def there(self) -> int:
        """How much has come."""
        needs = sum(each.need is not None for each in self.areas)
        return needs + sum(each.enrolment is not None for each in self.pathways)

    @property
    def settled(self) -> bool:
        """Whether everything has come."""
        return self.there == self.awaited


def show_result(visit: Visit, screening: Screening) -> Outcome:
    """Show what a completed screening came to, with what has arrived so far."""
    result = _result(screening)
    form = visit.speaker.reference.form(screening.form_version, screening.language)
    person_id = screening.person_id
    gathered = visit.gather(
        names=ListNames(person_ids=(person_id,)),
        cases=None if result.safety_included else ListCases(person_id=person_id),
        needs=ListNeeds(person_id=person_id, limit=_ALL),
        enrolments=ListEnrolments(person_id=person_id, limit=_ALL),
    )
    return Page(
        template="screenings/result.html",
        context={
            "screening": screening,
            "voice": Voice(form=form, desk=visit.language, person=None),
            "named": gathered.names.items[0] if gathered.names and gathered.names.items else None,
            "arrivals": _arrivals(visit, screening, gathered),
            "lead": _lead(visit, screening, gathered),
            **meaning(form, result),
        },
    )


def show_arrivals(visit: Visit) -> Outcome:
    """Show what has arrived by now; without scripts, on the whole page."""
    address = f"/screenings/{visit.path['screening_id']}"
    if not visit.live:
        return Go(to=address)
    screening = visit.ask(GetScreening(screening_id=visit.path["screening_id"]))
    if is_draft(screening):
        return Go(to=address)
    person_id = screening.person_id
    gathered = visit.gather(
        needs=ListNeeds(person_id=person_id, limit=_ALL),
        enrolments=ListEnrolments(person_id=person_id, limit=_ALL),
    )
    return Page(
        template="screenings/arrivals.html",
        context={"screening": screening, "arrivals": _arrivals(visit, screening, gathered)},
    )


def _lead(visit: Visit, screening: Screening, gathered: Any) -> UUID | None:
    """Return who leads the agency's case, where being taken in on the team would show more."""
    if not visit.turn.principal.covers("safety:read", Scope.CASE_TEAM):
        return None
    cases: Iterable[Case] = gathered.cases.items if gathered.cases else ()
    own = (each.worker_id for each in cases if each.agency_id == screening.agency_id)
    return next(own, None)


def _result(screening: Screening) -> ScreeningResult:
    if screening.result is None:
        raise NotFound("This screening has no result yet.")
    return screening.result


def _arrivals(visit: Visit, screening: Screening, gathered: Any) -> Arrivals:
    """Return each suggestion with what it became: its own, or what was open already."""
    result = _result(screening)
    needs: Iterable[Need] = gathered.needs.items if gathered.needs else ()
    enrolments: Iterable[Enrolment] = gathered.enrolments.items if gathered.enrolments else ()
    own = {need.category: need for need in needs if need.screening_id == screening.screening_id}
    open_before = {need.category: need for need in needs if need.state is NeedState.ACTIVE}
    became = {
        each.pathway: each for each in enrolments if each.screening_id == screening.screening_id
    }
    stood_before = {each.pathway: each for each in enrolments if each.state not in _ENDED}
    completed = screening.completed_at or visit.turn.now
    return Arrivals(
        areas=[
            AreaArrival(area=area, need=own.get(area.category) or open_before.get(area.category))
            for area in result.areas
        ],
        pathways=[
            PathwayArrival(
                pathway=each, enrolment=became.get(each.code) or stood_before.get(each.code)
            )
            for each in result.pathways
        ],
        silent=gathered.silent,
        late=visit.turn.now - completed > PATIENCE,
    )


def show_print(visit: Visit) -> Outcome:
    """Show the filled form as a sheet; safety stands on it only for who may and asks for it."""
    screening = visit.ask(GetScreening(screening_id=visit.path["screening_id"]))
    form = visit.speaker.reference.form(screening.form_version, screening.language)
    named = names_of(visit, (screening.person_id,)).get(screening.person_id)
    reference = visit.speaker.reference
    interview = screening_sheet.Interview(
        form=form,
        screening=screening,
        person=f"{named.given_name} {named.family_name}" if named else "\u2013",
        worker=visit.speaker.colleague(screening.worker_id),
        names={
            **{code: (each.name_it, each.name_en) for code, each in reference.terms.items()},
            **{code: (each.name_it, each.name_en) for code, each in reference.offers.items()},
        },
        # Who may not take part in the interview is shown none of its marks, nor of its safety.
        safety=visit.query.get("safety") == "true" and screening.marks is not None,
    )
    voices = screening_sheet.voices_for(interview)
    sheet = screening_sheet.screening_sheet(interview, voices, imprint_of(visit))
    page = screening_sheet.render(current_app.jinja_env, sheet, voices)
    return Download(body=printed(page), media=PDF, name="scheda.pdf", inline=True)


SCREENS: Final = (
    Screen(
        name="arrivals",
        path="/screenings/{screening_id}/arrivals",
        shows=show_arrivals,
        permission=GetScreening.permission,
    ),
    Screen(
        name="screening_print",
        path="/screenings/{screening_id}/print",
        shows=show_print,
        permission=GetScreening.permission,
    ),
)
