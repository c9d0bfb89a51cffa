"""What an event, a request, a resource and an error are, and how each becomes JSON and comes back.

A message is written once, as a class with typed attributes; its marshmallow schema is derived
from the annotations. All messages are frozen dataclasses with keyword-only attributes, so rules can
pass them around as plain values.
"""

from __future__ import annotations

import base64
import dataclasses
import re
import types
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from functools import partial
from typing import (
    Annotated,
    Any,
    ClassVar,
    Generic,
    Literal,
    Self,
    TypeVar,
    Union,
    dataclass_transform,
    get_args,
    get_origin,
    get_type_hints,
)
from uuid import UUID

from marshmallow import (
    EXCLUDE,
    RAISE,
    Schema,
    ValidationError,
    fields,
    post_dump,
    post_load,
    validate,
)

LARGEST_REQUEST: int = 1_000_000
"""In bytes, as JSON: more takes only a request that says so."""

CODE: str = r"^[A-Za-z0-9._:-]+$"


@dataclass(frozen=True, kw_only=True)
class Text:
    """Bounds of a text attribute, in characters; ``pattern`` is an anchored regular expression."""

    maximum: int
    minimum: int = 1
    pattern: str | None = None
    about: str = ""


@dataclass(frozen=True, kw_only=True)
class Number:
    """Inclusive bounds of a whole number."""

    minimum: int
    maximum: int
    about: str = ""


@dataclass(frozen=True, kw_only=True)
class Many:
    """Bounds of a list or of a mapping: how many members it may have."""

    maximum: int
    minimum: int = 0
    about: str = ""


@dataclass(frozen=True)
class About:
    """One sentence of explanation, for the generated documents."""

    about: str


@dataclass(frozen=True, kw_only=True)
class Size:
    """Bounds of the content of a file, in bytes; on the wire it is base64."""

    maximum: int
    minimum: int = 1
    about: str = ""


Constraint = Text | Number | Many | Size | About

Code = Annotated[str, Text(maximum=64, pattern=CODE)]
LanguageTag = Annotated[
    str, Text(minimum=2, maximum=3, pattern=r"^[a-z]{2,3}$", about="ISO 639 code")
]
Municipality = Annotated[
    str, Text(minimum=6, maximum=6, pattern=r"^\d{6}$", about="ISTAT code of the municipality")
]


Entry = TypeVar("Entry")


def _enter(register: dict[str, Entry], name: str, entry: Entry) -> None:
    """Enter a class under a name that only it may have, for a name on the wire means one thing."""
    if name in register:
        raise TypeError(f"{name} is defined twice")
    register[name] = entry


class Message:
    """Root of everything that crosses a process border."""

    @classmethod
    def load(cls, data: Mapping[str, Any], *, tolerant: bool = False) -> Self:
        """Build the message from JSON-like data; ``tolerant`` ignores fields unknown here.

        Raises:
            ValidationError: a field is missing, wrong or (unless tolerant) unknown.

        """
        if not isinstance(data, Mapping):
            raise ValidationError({"_schema": ["Expected an object."]})
        loaded: Self = schema_of(cls, tolerant=tolerant).load(data)
        return loaded

    def dump(self) -> dict[str, Any]:
        """Return the message as plain JSON data; attributes that are ``None`` are left out."""
        data: dict[str, Any] = schema_of(type(self)).dump(self)
        return data


@dataclass_transform(frozen_default=True, kw_only_default=True)
class Resource(Message):
    """A state that a service shows, or a part of one."""

    def __init_subclass__(cls, **kwargs: Any) -> None:
        """Make the subclass a frozen dataclass."""
        super().__init_subclass__(**kwargs)
        dataclass(frozen=True, kw_only=True)(cls)


@dataclass_transform(frozen_default=True, kw_only_default=True)
class Event(Message):
    """A fact that a service has stored and tells to whoever listens.

    ``type`` is ``<noun>.<past participle>.v<N>``, ``source`` the owning service and ``subject`` the
    attribute that names the aggregate, whose events are numbered in one sequence. Coded facts and
    opaque ids only: no names, no contacts, no free text. How long the network takes to react to an
    event that ``starts_cascade`` is measured against a promise.
    """

    type: ClassVar[str]
    source: ClassVar[str]
    subject: ClassVar[str]
    partners: ClassVar[bool]
    starts_cascade: ClassVar[bool] = False

    def __init_subclass__(
        cls,
        *,
        type: str,  # noqa: A002 - the attribute's name in CloudEvents
        source: str,
        subject: str,
        partners: bool = False,
        **kwargs: Any,
    ) -> None:
        """Make the subclass a frozen dataclass and enter it; ``partners`` may subscribe to it."""
        super().__init_subclass__(**kwargs)
        cls.type, cls.source, cls.subject, cls.partners = type, source, subject, partners
        dataclass(frozen=True, kw_only=True)(cls)
        _enter(EVENTS, type, cls)

    @property
    def aggregate_id(self) -> UUID:
        """The id of the aggregate that the fact is about."""
        value: UUID = getattr(self, self.subject)
        return value

    @property
    def restricted(self) -> bool:
        """Whether the fact can reveal a safety answer; such an event never reaches a partner."""
        return bool(getattr(self, "safety", False))


Answer = TypeVar("Answer", bound=Resource)


@dataclass_transform(frozen_default=True, kw_only_default=True)
class Request(Message, Generic[Answer]):
    """Something asked of one service over RPC; the type parameter is what answers it."""

    service: ClassVar[str]
    method: ClassVar[str]
    permission: ClassVar[str]
    answer: ClassVar[type[Resource]]
    changes_state: ClassVar[bool]
    largest: ClassVar[int]

    def __init_subclass__(
        cls,
        *,
        service: str = "",
        method: str = "",
        permission: str = "",
        largest: int = LARGEST_REQUEST,
        **kwargs: Any,
    ) -> None:
        """Make the subclass a frozen dataclass and enter it among the requests of its service."""
        super().__init_subclass__(**kwargs)
        if not service:
            return
        cls.service, cls.method, cls.permission = service, method, permission
        cls.largest = largest
        (cls.answer,) = (
            get_args(base)[0]
            for base in getattr(cls, "__orig_bases__", ())
            if get_origin(base) in {Command, Query}
        )
        dataclass(frozen=True, kw_only=True)(cls)
        _enter(REQUESTS, f"{service}.{method}", cls)

    @property
    def addressee(self) -> str:
        """The service it goes to; a request that every service answers has to tell."""
        return self.service


class Command(Request[Answer], Generic[Answer]):
    """A request to change something: done once however often it arrives, by its key."""

    changes_state: ClassVar[bool] = True


class Query(Request[Answer], Generic[Answer]):
    """A request to see something; it changes nothing."""

    changes_state: ClassVar[bool] = False


EVENTS: dict[str, type[Event]] = {}
REQUESTS: dict[str, type[Request[Any]]] = {}


class Category(StrEnum):
    """The closed list of ways in which a request can be refused."""

    NOT_FOUND = "not-found"
    CONFLICT = "conflict"
    INVALID = "invalid"
    FORBIDDEN = "forbidden"
    UNAVAILABLE = "unavailable"


class DomainError(Exception):
    """A refusal with a stable ``slug``, a sentence for a person and the fields it is about.

    The sentence never carries personal data: it crosses RPC, logs and HTTP as it is.
    """

    category: ClassVar[Category]
    slug: ClassVar[str]

    def __init_subclass__(
        cls, *, category: Category | None = None, slug: str = "", **kwargs: Any
    ) -> None:
        """Enter the subclass among the known refusals."""
        super().__init_subclass__(**kwargs)
        if category is not None:
            cls.category, cls.slug = category, slug
            _enter(ERRORS, slug, cls)

    def __init__(self, message: str, *, fields: Mapping[str, list[str]] | None = None) -> None:
        """Keep the sentence and, by field path, what is wrong with the field."""
        super().__init__(message)
        self.message = message
        self.fields: dict[str, list[str]] = dict(fields or {})


ERRORS: dict[str, type[DomainError]] = {}


class NotFound(DomainError, category=Category.NOT_FOUND, slug="not-found"):
    """The thing does not exist, or not for this caller: the two are never told apart."""


class Forbidden(DomainError, category=Category.FORBIDDEN, slug="forbidden"):
    """The caller sees the thing but may not do this to it."""


class InvalidRequest(DomainError, category=Category.INVALID, slug="invalid-request"):
    """The request breaks its contract; ``fields`` names each wrong field."""


class VersionMismatch(DomainError, category=Category.CONFLICT, slug="version-mismatch"):
    """The thing is no longer at the version that the caller saw."""


State = TypeVar("State")


@dataclass(frozen=True)
class Outcome(Generic[State]):
    """What a rule decided: the new state and the facts to tell."""

    state: State
    events: tuple[Event, ...] = ()


class _Instant(fields.AwareDateTime):
    """A point in time: any offset is read, UTC with ``Z`` is written (RFC 3339)."""

    def _serialize(self, value: datetime | None, *_args: Any, **_kwargs: Any) -> str | None:
        return None if value is None else value.astimezone(UTC).isoformat().replace("+00:00", "Z")


class _Tuple(fields.List[Any]):
    """A list on the wire, a tuple in Python: messages are values and must not change."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        return tuple(super()._deserialize(value, attr, data, **kwargs))


class _Text(fields.String):
    """Text without control characters and lone surrogates: no database or terminal takes them."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        text = super()._deserialize(value, attr, data, **kwargs)
        if any(unicodedata.category(sign) in {"Cc", "Cs"} for sign in text if sign not in "\n\r\t"):
            raise ValidationError("Must not hold control characters.")
        return text


class _Bytes(fields.Field[bytes]):
    """The content of a file: bytes in Python, base64 on the wire, without a walk sign by sign."""

    def _serialize(self, value: bytes | None, *_args: Any, **_kwargs: Any) -> str | None:
        return None if value is None else base64.b64encode(value).decode()

    def _deserialize(self, value: Any, *_args: Any, **_kwargs: Any) -> bytes:
        try:
            return base64.b64decode(value, validate=True)
        except (TypeError, ValueError) as error:
            raise ValidationError("Not valid base64.") from error


_SCHEMAS: dict[tuple[type[Message], bool], Schema] = {}


def schema_of(cls: type[Message], *, tolerant: bool = False) -> Schema:
    """Return the schema of a message class, made once; its ``load`` gives an instance."""
    if (cls, tolerant) not in _SCHEMAS:
        _SCHEMAS[cls, tolerant] = _make_schema(cls, tolerant=tolerant)
    return _SCHEMAS[cls, tolerant]


def _make_schema(cls: type[Message], *, tolerant: bool) -> Schema:
    """Derive the schema from the annotations of the class."""

    @post_load
    def build(_schema: Schema, data: dict[str, Any], **_kwargs: Any) -> Message:
        return cls(**data)

    @post_dump
    def prune(_schema: Schema, data: dict[str, Any], **_kwargs: Any) -> dict[str, Any]:
        return {name: value for name, value in data.items() if value is not None}

    hints = get_type_hints(cls, include_extras=True)
    members: dict[str, Any] = {
        field.name: _field_of(hints[field.name], field, tolerant=tolerant)
        for field in dataclasses.fields(cls)  # type: ignore[arg-type]  # every Message is made a dataclass at birth
    }
    meta = type("Meta", (), {"unknown": EXCLUDE if tolerant else RAISE})
    schema = type(
        cls.__name__, (Schema,), {**members, "build": build, "prune": prune, "Meta": meta}
    )
    built: Schema = schema()
    return built


_PLAIN: dict[Any, Callable[..., fields.Field[Any]]] = {
    str: _Text,
    bool: partial(fields.Boolean, truthy={True}, falsy={False}),
    int: partial(fields.Integer, strict=True),
    bytes: _Bytes,
    UUID: fields.UUID,
    date: fields.Date,
    datetime: _Instant,
    Any: partial(fields.Raw, allow_none=True),
}


def _field_of(hint: Any, attribute: dataclasses.Field[Any], *, tolerant: bool) -> fields.Field[Any]:
    """Translate one annotated attribute into a marshmallow field."""
    options: dict[str, Any] = {}
    if attribute.default is attribute.default_factory is dataclasses.MISSING:
        options["required"] = True
    elif attribute.default not in (None, dataclasses.MISSING):
        # Absent attributes get their default from the dataclass; this one is for the documents.
        options["load_default"] = attribute.default
    return _translate(hint, options, tolerant=tolerant)


def _translate(hint: Any, options: dict[str, Any], *, tolerant: bool) -> fields.Field[Any]:
    """Translate a type hint; ``options`` are marshmallow's own keywords for the outermost field."""
    composed = _COMPOSED.get(get_origin(hint))
    if composed is not None:
        return composed(get_args(hint), options, tolerant=tolerant)
    if issubclass(hint if isinstance(hint, type) else object, StrEnum):
        return fields.Enum(hint, by_value=fields.String, **options)
    if issubclass(hint if isinstance(hint, type) else object, Message):
        return fields.Nested(schema_of(hint, tolerant=tolerant), **options)
    return _PLAIN[hint](**options)


def _annotated(arguments: Any, options: dict[str, Any], *, tolerant: bool) -> fields.Field[Any]:
    """``Annotated[T, constraint]``."""
    return _translate(arguments[0], _bounded(arguments[1], options), tolerant=tolerant)


def _optional(arguments: Any, options: dict[str, Any], *, tolerant: bool) -> fields.Field[Any]:
    """``T | None``: the attribute may be absent, an explicit null is refused."""
    (inner,) = (argument for argument in arguments if argument is not type(None))
    return _translate(inner, {**options, "allow_none": False}, tolerant=tolerant)


def _literal(arguments: Any, options: dict[str, Any], *, tolerant: bool) -> fields.Field[Any]:
    """``Literal["a", "b"]``."""
    del tolerant
    return fields.String(**_checked(validate.OneOf(arguments), options))


def _tuple(arguments: Any, options: dict[str, Any], *, tolerant: bool) -> fields.Field[Any]:
    """``tuple[T, ...]``."""
    return _Tuple(_translate(arguments[0], {}, tolerant=tolerant), **options)


def _mapping(arguments: Any, options: dict[str, Any], *, tolerant: bool) -> fields.Field[Any]:
    """``dict[K, V]``."""
    keys, values = (_translate(argument, {}, tolerant=tolerant) for argument in arguments)
    return fields.Dict(keys=keys, values=values, **options)


_COMPOSED: dict[Any, Callable[..., fields.Field[Any]]] = {
    Annotated: _annotated,
    Union: _optional,
    types.UnionType: _optional,
    Literal: _literal,
    tuple: _tuple,
    dict: _mapping,
}


def _bounded(constraint: Constraint, options: dict[str, Any]) -> dict[str, Any]:
    """Add a constraint's checks and its explanation to the options of a field."""
    checks: list[validate.Validator] = []
    match constraint:
        case Text(minimum=low, maximum=high, pattern=pattern):
            checks.append(validate.Length(min=low, max=high))
            if pattern is not None:
                # "$" would let a final line feed through, "\d" the digits of every script.
                whole = re.compile(pattern.removesuffix("$") + r"\Z", re.ASCII)
                checks.append(validate.Regexp(whole))
        case Many(minimum=low, maximum=high) | Size(minimum=low, maximum=high):
            checks.append(validate.Length(min=low, max=high))
        case Number(minimum=low, maximum=high):
            checks.append(validate.Range(min=low, max=high))
        case About():
            pass
    for check in checks:
        options = _checked(check, options)
    return (
        {**options, "metadata": {"description": constraint.about}} if constraint.about else options
    )


def _checked(check: validate.Validator, options: dict[str, Any]) -> dict[str, Any]:
    """Return the options with one more validator."""
    return {**options, "validate": [*options.get("validate", []), check]}
