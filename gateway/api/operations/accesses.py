"""Operations that tell who looked at a person's data; they are accesses themselves."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from typing import Annotated, Any, Final
from uuid import UUID

from contracts.intake import GetRegistration
from contracts.language import InvalidRequest, Number, Resource, Text
from gateway.access_log import PersonAccess
from gateway.api.operation import Operation
from gateway.desk import Turn
from gateway.sheets import Sheet, sheet

_TAG: Final = "accesses"
_AT_ONCE: Final = 1000
_COLUMNS: Final = tuple(each.name for each in fields(PersonAccess))


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


def _accesses(turn: Turn, asked: AccessSearch) -> AccessPage:
    turn.line.ask(GetRegistration(person_id=asked.person_id))
    found = turn.access_log.of_person(
        asked.person_id, before=_position(asked.cursor), limit=asked.limit + 1
    )
    page = found[: asked.limit]
    return AccessPage(
        items=page, next_cursor=str(page[-1].access_id) if len(found) > len(page) else None
    )


def _export(turn: Turn, asked: AccessExport) -> Sheet:
    turn.line.ask(GetRegistration(person_id=asked.person_id))
    turn.headers["Content-Disposition"] = 'attachment; filename="accesses.csv"'
    shown = (each.dump() for each in _every(turn, asked.person_id))
    return sheet(_COLUMNS, ([each.get(name) for name in _COLUMNS] for each in shown))


def _every(turn: Turn, person_id: UUID) -> Iterator[PersonAccess]:
    """Yield all accesses to a person's data, newest first."""
    before: UUID | None = None
    while page := turn.access_log.of_person(person_id, before=before, limit=_AT_ONCE):
        yield from page
        before = page[-1].access_id


def _position(cursor: str | None) -> UUID | None:
    """Return the access behind which a page begins."""
    try:
        return None if cursor is None else UUID(cursor)
    except ValueError:
        raise InvalidRequest(
            "The cursor is none of ours.",
            fields={"cursor": ["Send back next_cursor as it came, or leave it out."]},
        ) from None


def _of_person(path: str, **given: Any) -> Operation:
    """Return an operation for whoever may know who looked at a person."""
    return Operation(
        tag=_TAG,
        method="GET",
        path=f"/people/{{person_id}}/accesses{path}",
        uses=(GetRegistration,),
        requires=GetRegistration.permission,
        **given,
    )


OPERATIONS: Final = (
    _of_person(
        "",
        name="person_accesses",
        summary="Who looked at a person's data",
        about=(
            "Show every access to a person's data, newest first, refused ones too: who, for which "
            "agency, when, what, why and from where."
        ),
        asks=AccessSearch,
        answers=AccessPage,
        does=_accesses,
    ),
    _of_person(
        "/export",
        name="person_accesses_export",
        summary="Who looked at a person's data, as a table",
        about="Show every access to a person's data, newest first, as a table to hand out.",
        asks=AccessExport,
        answers=Sheet,
        does=_export,
    ),
)
