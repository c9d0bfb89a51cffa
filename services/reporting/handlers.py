"""The use cases of reporting: keep what an event tells, show what the events tell together."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final, TypeAlias

from chassis import teams
from chassis.unit import Unit
from contracts.events import AttendanceRecorded, GatheringScheduled
from contracts.intake import CaseStaffed, PersonCorrected, PersonRegistered
from contracts.language import Event, NotFound
from contracts.reporting import GetIndicators, GetTimeline, IndicatorSheet, Timeline
from contracts.screening import ScreeningCompleted
from services.reporting import domain
from services.reporting.store import ReportingStore

Work: TypeAlias = Unit[ReportingStore]

PROJECT: Final = domain.Project.read(
    json.loads((Path(__file__).parent / "data" / "indicators.json").read_text(encoding="utf-8"))
)


def on_story_told(unit: Work, event: Event) -> None:
    """Add a line to a person's story."""
    message = unit.received
    entry = domain.entry_of(event, entry_id=message.id, time=message.time)
    if entry is not None:
        unit.store.add_entry(entry)


def on_person_registered(unit: Work, event: PersonRegistered) -> None:
    """Keep the coded facts about a person."""
    unit.store.keep_person(event, sequence=unit.received.sequence)
    on_story_told(unit, event)


def on_person_corrected(unit: Work, event: PersonCorrected) -> None:
    """Keep the coded facts about a person as they are now, for every figure from now on."""
    unit.store.keep_person(event, sequence=unit.received.sequence)
    on_story_told(unit, event)


def on_screening_completed(unit: Work, event: ScreeningCompleted) -> None:
    """Keep whether the person is in a fragile condition."""
    teams.keep_owner(unit, event.screening_id, event.agency_id, event.worker_id)
    unit.store.add_screening(event, fragile=PROJECT.fragility.shown_by(event))
    on_story_told(unit, event)


def on_case_staffed(unit: Work, event: CaseStaffed) -> None:
    """Keep who is on the team of a person's case."""
    teams.keep_team(unit, event.person_id, event.agency_id, event.team)


def on_gathering_scheduled(unit: Work, event: GatheringScheduled) -> None:
    """Keep that a gathering takes place, so that one without a sheet is seen."""
    unit.store.add_gathering(event)


def on_attendance_recorded(unit: Work, event: AttendanceRecorded) -> None:
    """Keep who came to a gathering."""
    unit.store.add_participation(event)
    on_story_told(unit, event)


def get_timeline(unit: Work, query: GetTimeline) -> Timeline:
    """Show what the caller may see of a person's story; who may see nothing finds nobody."""
    timeline = unit.store.timeline(query, domain.Reach.of(unit.principal))
    if not timeline.items and query.cursor is None:
        raise NotFound("No such person.")
    return timeline


def get_indicators(unit: Work, query: GetIndicators) -> IndicatorSheet:
    """Show where the project's indicators stand over a period."""
    period = PROJECT.period(query.period_from, query.period_to)
    return IndicatorSheet(
        period_from=period.first,
        period_to=period.last,
        as_of=unit.now,
        source_it=PROJECT.source_it,
        source_en=PROJECT.source_en,
        items=tuple(
            promise.kept(unit.store.attended(promise.kinds, period, now=unit.now))
            for promise in PROJECT.promises
        ),
    )
