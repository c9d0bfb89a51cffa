"""What the greeting service understands and tells."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from contracts.language import (
    Category,
    Command,
    DomainError,
    Event,
    Many,
    Query,
    Resource,
    Text,
)

Word = Annotated[str, Text(maximum=200)]


class Greeting(Resource):
    """A greeting that was kept."""

    greeting_id: UUID
    word: Word
    heard: int = 0


class Greet(Command[Greeting], service="greetings", method="greet", permission="person:register"):
    """Keep a greeting and tell it; ``mood`` says what the handlers should suffer from."""

    greeting_id: UUID
    word: Word
    mood: Word = "good"
    restricted: bool = False
    times: int = 1
    extras: Annotated[dict[str, Word], Many(maximum=3)] | None = None


class FindGreeting(Query[Greeting], service="greetings", method="find_greeting", permission=""):
    """Look a greeting up."""

    greeting_id: UUID


class Nap(Query[Greeting], service="greetings", method="nap", permission=""):
    """Sleep in the database."""

    greeting_id: UUID
    milliseconds: int


class Greeted(
    Event, type="greeting.kept.v1", source="greetings", subject="greeting_id", partners=True
):
    """A greeting was kept."""

    starts_cascade = True

    greeting_id: UUID
    mood: Word
    safety: bool = False


class Answered(Event, type="greeting.answered.v1", source="greetings", subject="greeting_id"):
    """Nobody listens to this one."""

    greeting_id: UUID


class Grumpy(DomainError, category=Category.CONFLICT, slug="grumpy"):
    """The greeting was refused."""


class Asleep(DomainError, category=Category.UNAVAILABLE, slug="asleep"):
    """The listener is not there at the moment."""
