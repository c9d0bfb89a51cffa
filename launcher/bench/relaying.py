"""Events per second of the relay itself, with its window and one by one, in turn.

A process of its own, patched as a service is: ``python -m launcher.bench.relaying``.
"""

# ruff: noqa: E402 - the standard library must be patched before anything else is imported
from __future__ import annotations

from chassis import green

green.patch()

import json
import os
import sys
import threading
import time
from datetime import datetime
from functools import partial
from typing import Final

import sqlalchemy as sa

from chassis import clock, log
from chassis.broker import Publisher
from chassis.db import make_engine
from chassis.edge.database import RelayLine
from chassis.relay import WINDOW, Relay

SERVICE: Final = "reporting"
QUEUE: Final = "bench.relayed"
TYPE: Final = "bench.relayed.v1"

_FILL: Final = """
INSERT INTO outbox (message_id, type, routing_key, aggregate_id, body)
SELECT gen_random_uuid(), %(type)s, %(type)s, gen_random_uuid(), repeat('x', %(size)s)
FROM generate_series(1, %(count)s)
"""
_LEFT: Final = "SELECT count(*) FROM outbox WHERE published_at IS NULL"
_MARKED: Final = "SELECT max(published_at) FROM outbox WHERE type = %(type)s"
_PAUSE: Final = 0.05
_CLEAR: Final = "DELETE FROM outbox WHERE type = %(type)s"


def rates(count: int, size: int, rounds: int) -> dict[str, list[float]]:
    """Return the rates of each round with the window and with one message at a time."""
    found: dict[str, list[float]] = {"window": [], "single": []}
    for _ in range(rounds):
        found["window"].append(_rate(WINDOW, count, size))
        found["single"].append(_rate(1, count, size))
    return found


def _rate(window: int, count: int, size: int) -> float:
    engine = make_engine(os.environ["DATABASE_URL"], name="bench", workers=1)
    relay = Relay(
        engine,
        Publisher(partial(RelayLine, os.environ["AMQP_URI"], SERVICE)),
        SERVICE,
        window=window,
    )
    thread = threading.Thread(target=relay.run)
    thread.start()
    with engine.connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT")
        _published(connection, relay, 1, size)
        seconds = _published(connection, relay, count, size)
        connection.exec_driver_sql(_CLEAR, {"type": TYPE})
    relay.stop()
    thread.join()
    engine.dispose()
    return count / seconds


def _published(connection: sa.Connection, relay: Relay, count: int, size: int) -> float:
    """Leave events in the outbox and return how many seconds later the last one was marked."""
    connection.exec_driver_sql(_FILL, {"type": TYPE, "size": size, "count": count})
    began = clock.now()
    relay.wake()
    while connection.exec_driver_sql(_LEFT).scalar_one():
        time.sleep(_PAUSE)
    marked: datetime = connection.exec_driver_sql(_MARKED, {"type": TYPE}).scalar_one()
    return (marked - began).total_seconds()


def main(arguments: list[str]) -> None:
    """Print the rates as JSON; the arguments are number and size of the events, and the rounds."""
    log.configure("CRITICAL")
    count, size, rounds = map(int, arguments)
    sys.stdout.write(json.dumps(rates(count, size, rounds)))


if __name__ == "__main__":
    main(sys.argv[1:])
