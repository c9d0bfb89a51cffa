"""The only place that asks for the time and for new ids; rules are told both."""

from datetime import UTC, datetime
from uuid import UUID

import uuid_utils.compat


def now() -> datetime:
    """Return the present instant in UTC."""
    return datetime.now(UTC)  # noqa: TID251 - the one call that the rest of the code is sent to


def new_id() -> UUID:
    """Return a new UUIDv7: unique without asking anybody, and sorted by time of birth."""
    return uuid_utils.compat.uuid7()
