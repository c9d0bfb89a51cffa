"""How a refusal crosses a process border: one class, a closed list of categories, a stable slug."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from marshmallow import ValidationError, fields

from contracts.language import Category, DomainError, Message, schema_of

INTERNAL: Final = "internal"


class ServiceError(Exception):
    """What a caller learns of a failed request; ``category`` is a ``Category`` or ``internal``."""

    def __init__(
        self,
        category: str,
        slug: str,
        message: str = "",
        fields: Mapping[str, list[str]] | None = None,
    ) -> None:
        """Keep the four parts; they are also ``args``, which is how nameko carries an exception."""
        self.category = str(category)
        self.slug = slug
        self.message = message
        self.fields: dict[str, list[str]] = dict(fields or {})
        super().__init__(self.category, slug, message, self.fields)


class ServiceTimeout(ServiceError):
    """No answer came in time; the request may have been carried out."""

    def __init__(self, message: str = "The service did not answer in time.") -> None:
        """Make the error of an expired deadline."""
        super().__init__(Category.UNAVAILABLE, "service-timeout", message)


class ServiceUnavailable(ServiceError):
    """The request did not reach the service, or the connection was lost meanwhile."""

    def __init__(self, message: str = "The service cannot be reached.") -> None:
        """Make the error of an absent service or broker."""
        super().__init__(Category.UNAVAILABLE, "service-unavailable", message)


class KeyReused(DomainError, category=Category.CONFLICT, slug="key-reused"):
    """The key of this command was used before for another one."""


def as_service_error(error: Exception, request: type[Message] | None = None) -> ServiceError:
    """Translate what a handler raised; all but a refusal becomes ``internal``, without text."""
    match error:
        case ServiceError():
            return error
        case DomainError():
            return ServiceError(error.category, error.slug, error.message, error.fields)
        case ValidationError() if request is not None:
            return ServiceError(
                Category.INVALID,
                "invalid-request",
                "The request breaks its contract.",
                field_errors(error, request),
            )
        case _:
            return ServiceError(INTERNAL, INTERNAL)


def field_errors(error: ValidationError, message: type[Message]) -> dict[str, list[str]]:
    """Flatten marshmallow's nested messages to paths such as ``answers.LIN1``."""
    flat: dict[str, list[str]] = {}
    inside = fields.Nested(schema_of(message))
    for path, sentence in _walk(_messages_of(error), inside, ()):
        flat.setdefault(".".join(path) or "_schema", []).append(sentence)
    return flat


def _messages_of(error: ValidationError) -> dict[str, Any]:
    return error.messages if isinstance(error.messages, dict) else {"_schema": error.messages}


def _walk(
    messages: Any, field: fields.Field[Any] | None, path: tuple[str, ...]
) -> Iterator[tuple[tuple[str, ...], str]]:
    """Yield each sentence with its path; a mapping's ``key`` and ``value`` are not part of it."""
    if isinstance(messages, str):
        yield path, messages
    elif isinstance(messages, list):
        for entry in messages:
            yield from _walk(entry, None, path)
    else:
        for name, inner in messages.items():
            if name == "_schema":
                yield from _walk(inner, None, path)
            elif isinstance(field, fields.Dict) and isinstance(inner, dict):
                for part, deeper in inner.items():
                    member = field.value_field if part == "value" else None
                    yield from _walk(deeper, member, (*path, str(name)))
            else:
                yield from _walk(inner, _member(field, name), (*path, str(name)))


def _member(field: fields.Field[Any] | None, name: Any) -> fields.Field[Any] | None:
    """Return the field that describes one member of a container field."""
    if isinstance(field, fields.Nested):
        return field.schema.fields.get(name)
    return field.inner if isinstance(field, fields.List) else None
