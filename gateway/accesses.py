"""Who looked at a person's data, for whoever may know: as pages, and whole."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from typing import Annotated, Final
from uuid import UUID

from chassis.paging import position
from contracts.intake import GetRegistration
from contracts.language import Number, Resource, Text
from gateway.access_log import PersonAccess
from gateway.desk import Turn
from gateway.sheets import Sheet, sheet

_COLUMNS: Final = tuple(each.name for each in fields(PersonAccess))
_AT_ONCE: Final = 1000


class AccessSearch(Resource):
    """Which accesses to a person's data to show."""

    person_id: UUID
    cursor: Annotated[str | None, Text(maximum=200)] = None
    limit: Annotated[int, Number(minimum=1, maximum=100)] = 50


class AccessPage(Resource):
    """Accesses to a person's data, newest first."""

    items: tuple[PersonAccess, ...]
    next_cursor: str | None = None


class AccessExport(Resource):
    """All accesses to a person's data."""

    person_id: UUID


def accesses_of(turn: Turn, asked: AccessSearch) -> AccessPage:
    """Return a page of accesses."""
    turn.line.ask(GetRegistration(person_id=asked.person_id))
    found = turn.access_log.of_person(
        asked.person_id, before=position(asked.cursor), limit=asked.limit + 1
    )
    page = found[: asked.limit]
    return AccessPage(
        items=page, next_cursor=str(page[-1].access_id) if len(found) > len(page) else None
    )


def every_access(turn: Turn, asked: AccessExport) -> Iterator[PersonAccess]:
    """Return all accesses to a person's data, newest first, to whoever may know."""
    turn.line.ask(GetRegistration(person_id=asked.person_id))
    return _every(turn, asked.person_id)


def exported(turn: Turn, asked: AccessExport) -> Sheet:
    """Return all accesses as a table."""
    every = every_access(turn, asked)
    turn.headers["Content-Disposition"] = 'attachment; filename="accesses.csv"'
    shown = (each.dump() for each in every)
    return sheet(_COLUMNS, ([each.get(name) for name in _COLUMNS] for each in shown))


def _every(turn: Turn, person_id: UUID) -> Iterator[PersonAccess]:
    """Yield all accesses to a person's data, newest first."""
    before: UUID | None = None
    while page := turn.access_log.of_person(person_id, before=before, limit=_AT_ONCE):
        yield from page
        before = page[-1].access_id
