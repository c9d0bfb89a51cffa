"""What the events tell when read together: a person's timeline and the project's indicators."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from contracts.language import About, Code, Number, Query, Resource, Text


class TimelineEntry(Resource):
    """One fact of a person's story; ``details`` holds codes and ids, never personal data."""

    entry_id: UUID
    person_id: UUID
    at: datetime
    type: str
    subject: UUID
    agency_id: UUID
    state: Code | None = None
    code: Annotated[Code | None, About("A category, a pathway or a kind of gathering")] = None
    reason: Code | None = None


class Timeline(Resource):
    """A person's story, newest first."""

    items: tuple[TimelineEntry, ...]
    next_cursor: str | None = None


class Indicator(Resource):
    """A figure that the project promised, and where it stands."""

    code: Code
    name_it: str
    name_en: str
    target: int
    unit_it: str
    unit_en: str
    note_it: Annotated[str | None, About("What the value does not say")] = None
    note_en: str | None = None
    value: Annotated[int | None, About("Absent where nothing can be said yet")] = None
    counted: Annotated[int, About("How many records the value rests on")]
    unknown: Annotated[int, About("Records left out because a fact is not known")] = 0


class IndicatorSheet(Resource):
    """The indicators over a period, and when the figures were drawn."""

    period_from: date
    period_to: date
    as_of: datetime
    source_it: str
    source_en: str
    items: tuple[Indicator, ...]


class GetTimeline(
    Query[Timeline], service="reporting", method="get_timeline", permission="timeline:read"
):
    """Show what happened with a person."""

    person_id: UUID
    cursor: Annotated[str | None, Text(maximum=200)] = None
    limit: Annotated[int, Number(minimum=1, maximum=200)] = 50


class GetIndicators(
    Query[IndicatorSheet], service="reporting", method="get_indicators", permission="indicator:read"
):
    """Show the indicators over a period; without dates over the project's own."""

    period_from: date | None = None
    period_to: date | None = None
