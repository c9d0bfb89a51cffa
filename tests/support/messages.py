"""Events as a service receives them."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from chassis.clock import new_id
from chassis.envelope import Envelope
from contracts.language import Event


def message_of(
    event: Event,
    *,
    message_id: UUID | None = None,
    time: datetime = datetime(2026, 11, 22, 9, 0, tzinfo=UTC),
    sequence: int = 1,
) -> Envelope:
    """Return the envelope that an event comes in."""
    return Envelope(
        id=message_id or new_id(),
        source=event.source,
        type=event.type,
        subject=str(event.aggregate_id),
        time=time,
        sequence=sequence,
        correlation_id=str(new_id()),
        causation_id=None,
        traceparent=None,
        data=event.dump(),
    )
