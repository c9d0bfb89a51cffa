"""Events on the wire: CloudEvents 1.0 in structured JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, Self
from uuid import UUID

from chassis.call import Call
from contracts.language import Event

CONTENT_TYPE: Final = "application/cloudevents+json"
MAXIMUM_BYTES: Final = 1_000_000
LONGEST_WORD: Final = 255
RESTRICTED: Final = "restricted."


class Unreadable(Exception):
    """A message that no later try will make readable; ``reason`` is a stable slug."""

    def __init__(self, reason: str) -> None:
        """Keep the reason."""
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, kw_only=True, slots=True)
class Envelope:
    """An event and what is known of it; ``sequence`` counts the events of its subject from 1."""

    id: UUID
    source: str
    type: str
    subject: str
    time: datetime
    sequence: int
    correlation_id: str
    causation_id: str | None
    traceparent: str | None
    data: Mapping[str, Any]

    @classmethod
    def parse(cls, body: bytes) -> Self:
        """Read an envelope, ignoring attributes it does not know.

        Raises:
            Unreadable: the body is too large, not a JSON object, or lacks an attribute.

        """
        if len(body) > MAXIMUM_BYTES:
            raise Unreadable("too-large")
        try:
            content = json.loads(body)
        except (ValueError, RecursionError) as error:
            raise Unreadable("not-json") from error
        if not isinstance(content, dict):
            raise Unreadable("not-an-object")
        try:
            return cls._of(content)
        except (KeyError, ValueError, TypeError) as error:
            raise Unreadable("not-an-event") from error

    @classmethod
    def _of(cls, content: dict[str, Any]) -> Self:
        if content["specversion"] != "1.0" or not isinstance(content["data"], dict):
            raise ValueError("not a CloudEvents 1.0 event with an object inside")
        moment = datetime.fromisoformat(content["time"])
        if moment.tzinfo is None:
            raise ValueError("time without offset")
        return cls(
            id=UUID(content["id"]),
            source=_word(content["source"]),
            type=_word(content["type"]),
            subject=_word(content["subject"]),
            time=moment,
            sequence=int(content["sequence"]),
            correlation_id=_word(content["correlationid"]),
            causation_id=_word(content["causationid"]) if "causationid" in content else None,
            traceparent=_word(content["traceparent"]) if "traceparent" in content else None,
            data=content["data"],
        )

    def call(self) -> Call:
        """Return the call under which the event is handled: it is caused by this event."""
        return Call(
            correlation_id=self.correlation_id,
            causation_id=str(self.id),
            traceparent=self.traceparent,
        )


def _word(value: object) -> str:
    """Check an attribute that is a short text."""
    if not isinstance(value, str) or not value or len(value) > LONGEST_WORD:
        raise ValueError("an attribute is not a short text")
    return value


def head_of(event: Event, *, id: UUID, time: datetime, call: Call) -> str:  # noqa: A002 - CloudEvents' own name
    """Return the envelope's text up to the sequence number, which only the database can give."""
    attributes = {
        "specversion": "1.0",
        "id": str(id),
        "source": event.source,
        "type": event.type,
        "subject": str(event.aggregate_id),
        "time": time.astimezone(UTC).isoformat().replace("+00:00", "Z"),
        "datacontenttype": "application/json",
        "dataschema": f"/schemas/{event.type}.json",
        "correlationid": call.correlation_id,
        **({"causationid": call.causation_id} if call.causation_id else {}),
        **({"traceparent": call.traceparent} if call.traceparent else {}),
        "data": event.dump(),
    }
    return json.dumps(attributes, separators=(",", ":"))[:-1] + ',"sequence":'


def routing_key_of(event: Event) -> str:
    """Return the routing key; a restricted event has its own, to which partners are never bound."""
    return f"{RESTRICTED}{event.type}" if event.restricted else event.type
