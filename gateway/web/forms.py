"""What was typed into a form, read as the contract that it stands for."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any, Final, TypeVar

from marshmallow import Schema, ValidationError, fields

from chassis.errors import field_errors
from contracts.language import InvalidRequest, Message, schema_of
from gateway.web.languages import ZONE
from gateway.web.screen import Form

M = TypeVar("M", bound=Message)

_ITALIAN_DAY: Final = re.compile(r"(\d{1,2})[./-](\d{1,2})[./-](\d{4})")
_INDEX: Final = re.compile(r"(\d{1,3})(?:\.|$)")


def read(kind: type[M], form: Form, *, within: str = "", **known: Any) -> M:
    """Return the message that a form stands for; ``known`` is what the page knows by itself.

    A field's name is its path in the message, below ``within`` where that is given; an empty one
    counts as absent.

    Raises:
        InvalidRequest: it breaks the contract; each field is named by its path.

    """
    typed = _object(schema_of(kind), form, f"{within}." if within else "")
    try:
        return kind.load({**typed, **{name: _plain(value) for name, value in known.items()}})
    except ValidationError as error:
        raise InvalidRequest(
            "Some of what was typed cannot be right.", fields=field_errors(error, kind)
        ) from None


def _plain(value: Any) -> Any:
    """Return a value as JSON would hold it."""
    if isinstance(value, Message):
        return value.dump()
    return value if isinstance(value, bool | int | dict | list | None) else str(value)


def _object(schema: Schema, form: Form, prefix: str) -> dict[str, Any]:
    """Return the typed parts of one object."""
    parts = {name: _value(field, form, prefix + name) for name, field in schema.fields.items()}
    return {name: value for name, value in parts.items() if value is not None}


def _value(field: fields.Field[Any], form: Form, name: str) -> Any:
    """Return what was typed for one field, or nothing."""
    if isinstance(field, fields.Nested):
        return _object(field.schema, form, f"{name}.") or None
    if isinstance(field, fields.List):
        return _list(field, form, name)
    if name not in form:
        return None
    # A box that can be ticked stands behind a hidden "false": the last value counts.
    text = form.getlist(name)[-1].strip()
    return _reader(field)(text) if text else None


def _reader(field: fields.Field[Any]) -> Callable[[str], Any]:
    return next((reader for kind, reader in _READERS if isinstance(field, kind)), str)


def _list(field: fields.List[Any], form: Form, name: str) -> list[Any] | None:
    """Return the members of a list: repeated names, or numbered objects."""
    if isinstance(field.inner, fields.Nested):
        rows = [
            _object(field.inner.schema, form, f"{name}.{index}.")
            for index in _indexes(form, f"{name}.")
        ]
        return [row for row in rows if row] or None
    if name not in form:
        return None
    return [text for text in map(str.strip, form.getlist(name)) if text]


def _indexes(form: Mapping[str, Any], prefix: str) -> Iterator[int]:
    found = (_INDEX.match(name.removeprefix(prefix)) for name in form if name.startswith(prefix))
    yield from sorted({int(match[1]) for match in found if match})


def _number(text: str) -> Any:
    return int(text) if re.fullmatch(r"-?[0-9]{1,9}", text) else text


def _truth(text: str) -> Any:
    return {"true": True, "false": False}.get(text, text)


def _day(text: str) -> str:
    """Return a day as ISO 8601 writes it; where a browser has no calendar, people type theirs."""
    italian = _ITALIAN_DAY.fullmatch(text)
    return f"{italian[3]}-{int(italian[2]):02}-{int(italian[1]):02}" if italian else text


def _moment(text: str) -> str:
    """Return a moment of the clock on the wall as one that every clock agrees on."""
    try:
        read_ = datetime.fromisoformat(text)
    except ValueError:
        return text
    return (read_ if read_.tzinfo else read_.replace(tzinfo=ZONE)).isoformat()


# A moment's field is a kind of a plain date's in marshmallow's tree: the narrower one stands first.
_READERS: Final[tuple[tuple[type[fields.Field[Any]], Callable[[str], Any]], ...]] = (
    (fields.Integer, _number),
    (fields.Boolean, _truth),
    (fields.AwareDateTime, _moment),
    (fields.Date, _day),
)
