"""Who caused a piece of work and how to find everything else that belongs to it."""

from __future__ import annotations

import json
from dataclasses import field
from typing import Annotated, Final, Self

from marshmallow import ValidationError

from chassis import clock
from contracts.access import Principal
from contracts.language import Forbidden, Resource, Text

HEADER: Final = "nameko.call"
"""AMQP header that carries a call as one JSON string; nameko hands headers with its prefix on."""

_Mark = Annotated[str, Text(maximum=255, pattern=r"^[\x21-\x7e]+$")]


def _new_mark() -> str:
    return str(clock.new_id())


class Call(Resource):
    """What travels with every request and event.

    ``key`` is the caller's own name for a command: sent again with the same key it is answered, not
    repeated.
    """

    correlation_id: _Mark = field(default_factory=_new_mark)
    causation_id: _Mark | None = None
    traceparent: _Mark | None = None
    key: _Mark | None = None
    principal: Principal | None = None

    @classmethod
    def from_header(cls, text: object) -> Self:
        """Read the header; an absent one gives a call without caller.

        Raises:
            ValueError: the header is not such a JSON object.

        """
        if text is None:
            return cls()
        if not isinstance(text, str):
            raise ValueError("the call header is not a string")  # noqa: TRY004 - wire data, not a programming error
        try:
            return cls.load(json.loads(text), tolerant=True)
        except ValidationError as error:
            raise ValueError("the call header has a wrong field") from error

    def caller(self) -> Principal:
        """Return who calls.

        Raises:
            Forbidden: nobody does.

        """
        if self.principal is None:
            raise Forbidden("This needs a caller.")
        return self.principal

    def to_header(self) -> str:
        """Return the call as the header's JSON string."""
        return json.dumps(self.dump(), separators=(",", ":"))
