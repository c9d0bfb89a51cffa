"""Gatherings at the community hubs, and who came."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from flask_babel import gettext as _

from contracts.calendar import day_of
from contracts.events import (
    GatheringKind,
    GetGathering,
    ListGatherings,
    RecordAttendance,
    ScheduleGathering,
)
from contracts.intake import FindPeople
from gateway.composition import record_attendance
from gateway.web import forms
from gateway.web.screen import Go, Outcome, Page, Screen, Visit
from gateway.web.screens.referrals import kept_filters

_FOUND: Final = 10


def show_list(visit: Visit) -> Outcome:
    """Show gatherings."""
    asked = forms.read(ListGatherings, visit.query)
    return Page(
        template="gatherings/list.html",
        context={
            "page": visit.ask(asked),
            "asked": asked,
            "kinds": GatheringKind,
            "kind": ListGatherings,
            "filters": kept_filters(visit),
        },
    )


def show_new(_visit: Visit) -> Outcome:
    """Show the form of a new gathering."""
    return Page(
        template="gatherings/new.html",
        context={"kinds": GatheringKind, "kind": ScheduleGathering},
    )


def take_new(visit: Visit) -> Outcome:
    """Put a gathering on the calendar."""
    gathering = visit.ask(forms.read(ScheduleGathering, visit.form))
    return Go(to=f"/gatherings/{gathering.gathering_id}", said=_("L'incontro è in calendario."))


def show_gathering(visit: Visit) -> Outcome:
    """Show one gathering, its counts, and where presences are recorded."""
    gathering = visit.ask(GetGathering(gathering_id=visit.path["gathering_id"]))
    may = visit.turn.principal.reaches("attendance:record", gathering.agency_id)
    return Page(
        template="gatherings/gathering.html",
        context={
            "each": gathering,
            "may_record": may,
            "held": day_of(gathering.starts_at) <= day_of(visit.turn.now),
            "kind": RecordAttendance,
        },
    )


def take_headcount(visit: Visit) -> Outcome:
    """Count people without names."""
    gathering_id: UUID = visit.path["gathering_id"]
    visit.ask(forms.read(RecordAttendance, visit.form, gathering_id=gathering_id))
    return Go(to=f"/gatherings/{gathering_id}", said=_("Presenze contate."))


def take_search(visit: Visit) -> Outcome:
    """Search the person who came."""
    gathering_id: UUID = visit.path["gathering_id"]
    name = visit.form.get("name", "").strip()
    found = visit.ask(FindPeople(name=name, limit=_FOUND)) if name else None
    context = {"gathering_id": gathering_id, "found": found}
    if visit.live:
        return Page(template="gatherings/found.html", context=context)
    shown = show_gathering(visit)
    if isinstance(shown, Page):
        return Page(template=shown.template, context={**shown.context, **context})
    return shown


def take_attendance(visit: Visit) -> Outcome:
    """Record that a known person came."""
    gathering_id: UUID = visit.path["gathering_id"]
    attendance = forms.read(RecordAttendance, visit.form, gathering_id=gathering_id)
    record_attendance(visit.turn, attendance)
    return Go(to=f"/gatherings/{gathering_id}", said=_("Presenza registrata."))


_ONE: Final = "/gatherings/{gathering_id}"

SCREENS: Final = (
    Screen(name="gatherings", path="/gatherings", shows=show_list, permission="gathering:read"),
    Screen(
        name="gathering_new",
        path="/gatherings/new",
        shows=show_new,
        takes=take_new,
        permission="gathering:organise",
    ),
    Screen(name="gathering", path=_ONE, shows=show_gathering, permission="gathering:read"),
    Screen(
        name="gathering_headcount",
        path=f"{_ONE}/headcount",
        takes=take_headcount,
        shown_again="gathering",
        permission="attendance:record",
    ),
    Screen(
        name="gathering_search",
        path=f"{_ONE}/people",
        takes=take_search,
        shown_again="gathering",
        permission="person:read",
        searches=True,
    ),
    Screen(
        name="gathering_attendance",
        path=f"{_ONE}/attendance",
        takes=take_attendance,
        shown_again="gathering",
        permission="attendance:record",
    ),
)
