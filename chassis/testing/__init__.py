"""Tools for the tests of services: units on a real database, and waiting without sleeping."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import TypeVar

from chassis import clock
from chassis.call import Call
from chassis.db import make_engine
from chassis.envelope import Envelope
from chassis.unit import S, Unit
from contracts.access import Principal

T = TypeVar("T")


@contextmanager
def unit_for(  # noqa: PLR0913 - a test names the few it needs
    store_class: type[S],
    database_url: str,
    *,
    principal: Principal | None = None,
    call: Call | None = None,
    now: datetime | None = None,
    message: Envelope | None = None,
) -> Iterator[Unit[S]]:
    """Open a unit of work on a database; kept when the block ends well, undone when it raises.

    ``unit.published`` holds what the handler told. Like in a service, it is in the outbox after the
    block.
    """
    engine = make_engine(database_url, name="tests", workers=1)
    try:
        with engine.begin() as connection:
            unit = Unit(
                store=store_class(connection),
                call=call or Call(principal=principal, key=str(clock.new_id())),
                now=now or clock.now(),
                message=message,
            )
            yield unit
            unit.close()
    finally:
        engine.dispose()


def eventually(question: Callable[[], T], *, seconds: float = 15.0, pause: float = 0.05) -> T:
    """Ask until the answer is true and return it; an assertion that fails meanwhile is asked again.

    Raises:
        AssertionError: it did not come true in time.

    """
    deadline = time.monotonic() + seconds
    while True:
        try:
            answer = question()
            if answer or time.monotonic() > deadline:
                assert answer, "it did not come true in time"  # noqa: S101 - this is for tests
                return answer
        except AssertionError:
            if time.monotonic() > deadline:
                raise
        time.sleep(pause)
