"""What one operation of the API is, for routes, checks and documentation alike."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from functools import cached_property
from http import HTTPStatus
from types import MappingProxyType
from typing import Any, Final

import marshmallow

from contracts.access import AccessPurpose
from contracts.language import Message, Request, Resource, schema_of
from gateway.desk import Turn
from gateway.identity.domain import Pending

PATH_PARAMETER: Final = re.compile(r"\{(\w+)\}")
BODY_METHODS: Final = frozenset({"POST", "PUT", "PATCH"})


Deed = Callable[[Turn, Any], Resource | None]
"""What an operation does with what was asked."""


def forward(turn: Turn, asked: Request[Resource]) -> Resource:
    """Put the request to its service as it is."""
    return turn.line.ask(asked)


def _version_path(schema: marshmallow.Schema) -> tuple[str, ...]:
    """Return where a version stands: in the resource, or in the one that is a part of it."""
    inner = {
        name: field.schema
        for name, field in schema.fields.items()
        if isinstance(field, marshmallow.fields.Nested)
    }
    if isinstance(schema.fields.get("version"), marshmallow.fields.Integer):
        return ("version",)
    for name, part in inner.items():
        if isinstance(part.fields.get("version"), marshmallow.fields.Integer):
            return (name, "version")
    return ()


@dataclass(frozen=True, kw_only=True)
class Embed:
    """What an answer may carry beside itself: asked with the attribute ``by`` of what is shown."""

    asks: type[Request[Any]]
    by: str


@dataclass(frozen=True, kw_only=True)
class Operation:
    """One method of one path.

    ``asks`` is filled from path, query and body together; where ``body`` is set, the whole body is
    that one of its attributes. ``uses`` names the contracts that a composed operation puts to
    services, ``admits`` what a caller may still owe, ``refuses`` statuses beyond the usual ones.
    ``fresh`` wants a recent proof of who is at the desk. ``purpose`` is why it looks at
    a person, whatever its caller says. Of a ``sparse`` answer a caller may want some
    fields, and beside it what ``embeds`` names. ``deprecated_from`` is the day on which
    another operation took this one's place, ``gone_from`` the day from which it will not be there.
    ``file_media`` are the media types of a file that is the whole body, or the whole answer; taken,
    it is the attribute ``content``, and ``declared`` what it is sent as.
    """

    name: str
    tag: str
    method: str
    path: str
    summary: str
    asks: type[Message]
    answers: type[Resource] | None = None
    status: int = 200
    body: str = ""
    does: Deed = forward
    uses: tuple[type[Request[Any]], ...] = ()
    requires: str | None = None
    anonymous: bool = False
    admits: frozenset[Pending] = frozenset()
    fresh: bool = False
    purpose: AccessPurpose | None = None
    refuses: frozenset[HTTPStatus] = frozenset()
    location: str = ""
    about: str = ""
    sparse: bool = False
    embeds: Mapping[str, Embed] = field(default_factory=lambda: MappingProxyType({}))
    deprecated_from: date | None = None
    gone_from: date | None = None
    file_media: tuple[str, ...] = ()

    @property
    def description(self) -> str:
        """What the operation does, in the words of its contract where it has none of its own."""
        return self.about or inspect.getdoc(self.asks) or self.summary

    @property
    def permission(self) -> str | None:
        """The permission without which nothing is asked of anybody."""
        return self.requires or getattr(self.asks, "permission", None)

    @property
    def answer(self) -> type[Resource] | None:
        """The resource that a success shows."""
        return self.answers or getattr(self.asks, "answer", None)

    @property
    def requests(self) -> tuple[type[Message], ...]:
        """The contracts that the operation reaches."""
        return self.uses or (self.asks,)

    @property
    def changes_state(self) -> bool:
        """Whether a repetition needs a key; a search is a POST that changes nothing."""
        return any(getattr(request, "changes_state", False) for request in self.requests) or (
            not issubclass(self.asks, Request) and self.method in BODY_METHODS
        )

    @property
    def reaches_services(self) -> bool:
        """Whether the operation needs the broker."""
        return any(issubclass(request, Request) for request in self.requests)

    @cached_property
    def takes_version(self) -> bool:
        """Whether what is asked names the version that the caller saw."""
        changes = self.changes_state or self.method == "DELETE"
        return changes and isinstance(
            schema_of(self.asks).fields.get("version"), marshmallow.fields.Integer
        )

    @cached_property
    def version_path(self) -> tuple[str, ...]:
        """Where the version stands in the answer, or nowhere."""
        return () if self.answer is None else _version_path(schema_of(self.answer))

    @property
    def path_names(self) -> tuple[str, ...]:
        """The attributes given in the path."""
        return tuple(PATH_PARAMETER.findall(self.path))

    @property
    def other_names(self) -> tuple[str, ...]:
        """The attributes given in the query or in the body."""
        return tuple(
            each.name
            for each in fields(self.asks)  # type: ignore[arg-type]  # every Message is made a dataclass at birth
            if each.name not in self.path_names and not self._only_in_a_header(each.name)
        )

    def _only_in_a_header(self, name: str) -> bool:
        """Tell whether a request without a body and with a condition has no other place for it."""
        return self.method == "DELETE" and name == "version"

    @property
    def takes_file(self) -> bool:
        """Whether the body is a file."""
        return bool(self.file_media) and self.method in BODY_METHODS

    @property
    def takes_body(self) -> bool:
        """Whether anything is given in the body."""
        return self.method in BODY_METHODS and bool(self.other_names)
