"""Asking for less or for more: some fields of what is shown, and what hangs on it beside it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final, NoReturn

import marshmallow
from flask import Request as HttpRequest

from contracts.language import Resource, schema_of
from gateway.api.operation import Operation
from gateway.desk import Turn
from gateway.problems import TYPE_PREFIX, FieldProblem, RefusedError, answer_to

FIELDS: Final = "fields"
EMBED: Final = "embed"
ITEMS: Final = "items"
EMBEDDED: Final = "embedded"
ABSENT: Final = "absent"

Tree = Mapping[str, frozenset[str] | None]
"""Names to keep, each with the names to keep of its parts; None keeps all of them."""


class AbsentPart(Resource):
    """A part that was asked for and could not be had; the rest of the answer is whole."""

    name: str
    type: str
    detail: str


@dataclass(frozen=True)
class Selection:
    """What a caller wants of an answer."""

    fields: Tree | None = None
    embed: tuple[str, ...] = ()

    def apply(self, shown: Mapping[str, Any]) -> dict[str, Any]:
        """Return what was chosen; of a page, the chosen fields of each item."""
        if self.fields is None:
            return dict(shown)
        if ITEMS in shown:
            return {**shown, ITEMS: [_picked(each, self.fields) for each in shown[ITEMS]]}
        return _picked(shown, self.fields)

    def gather(self, turn: Turn, operation: Operation, shown: Mapping[str, Any]) -> dict[str, Any]:
        """Return what hangs on what is shown; a part that fails is absent and named.

        All questions are put at the same time and share the turn's deadline.
        """
        if not self.embed:
            return {}
        chosen = [operation.embeds[name] for name in self.embed]
        outcomes = turn.line.ask_each(
            *(each.asks.load({each.by: shown[each.by]}) for each in chosen)
        )
        found = dict(zip(self.embed, outcomes, strict=True))
        absent = [
            _absent(name, each) for name, each in found.items() if isinstance(each, Exception)
        ]
        there = {name: each.dump() for name, each in found.items() if isinstance(each, Resource)}
        return {EMBEDDED: there, **({ABSENT: absent} if absent else {})}


def parameters(operation: Operation) -> Mapping[str, tuple[str, ...]]:
    """Return the names of the query by which the operation takes a choice, with what each takes."""
    choices = {
        FIELDS: tuple(_names(shown_schema(operation))) if operation.sparse else (),
        EMBED: tuple(operation.embeds),
    }
    return {name: known for name, known in choices.items() if known}


def shown_schema(operation: Operation) -> marshmallow.Schema:
    """Return the schema of what is shown: of a page, that of an item."""
    if operation.answer is None:
        raise LookupError(f"{operation.name} shows nothing")
    whole = schema_of(operation.answer)
    items = whole.fields.get(ITEMS)
    nested = items.inner if isinstance(items, marshmallow.fields.List) else None
    return nested.schema if isinstance(nested, marshmallow.fields.Nested) else whole


def selection_of(operation: Operation, request: HttpRequest) -> Selection:
    """Return what the caller chose.

    Raises:
        RefusedError: something was chosen that is not there.

    """
    chosen = {
        name: _chosen(name, request.args[name], known)
        for name, known in parameters(operation).items()
        if name in request.args
    }
    fields = chosen.get(FIELDS)
    return Selection(None if fields is None else _tree(fields), chosen.get(EMBED, ()))


def _chosen(name: str, text: str, known: Sequence[str]) -> tuple[str, ...]:
    """Read a list of names."""
    wanted = tuple(dict.fromkeys(each.strip() for each in text.split(",")))
    if not set(wanted) <= set(known):
        _refuse(name, known)
    return wanted


def _refuse(name: str, known: Sequence[str]) -> NoReturn:
    raise RefusedError(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        "invalid-request",
        "Some fields are wrong; errors names each and the way out.",
        errors=[
            FieldProblem(field=name, message=f"Takes, separated by commas: {', '.join(known)}.")
        ],
    )


def _names(schema: marshmallow.Schema) -> Iterator[str]:
    """Yield the names of a resource, and those of its parts with the part's name before them."""
    for name, field in schema.fields.items():
        yield name
        if isinstance(field, marshmallow.fields.Nested):
            yield from (f"{name}.{inner}" for inner in field.schema.fields)


def _tree(names: Sequence[str]) -> Tree:
    """Return names with what is wanted of their parts."""
    tree: dict[str, frozenset[str] | None] = {}
    for name in names:
        outer, _, inner = name.partition(".")
        before = tree.get(outer, frozenset())
        tree[outer] = None if not inner or before is None else before | {inner}
    return tree


def _picked(shown: Mapping[str, Any], fields: Tree) -> dict[str, Any]:
    picked: dict[str, Any] = {}
    for name, inner in fields.items():
        if name in shown:
            value = shown[name]
            picked[name] = (
                value
                if inner is None
                else {part: each for part, each in value.items() if part in inner}
            )
    return picked


def _absent(name: str, failure: Exception) -> dict[str, Any]:
    answer = answer_to(failure)
    return AbsentPart(name=name, type=TYPE_PREFIX + answer.slug, detail=answer.detail).dump()
