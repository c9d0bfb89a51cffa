"""The engines and the whole stack that tests run on: those that are given, else private ones."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

from launcher import scratch, startup
from launcher.stack import Stack

_DATABASE, _BROKER, _API = "TEST_DATABASE_URL", "TEST_AMQP_URI", "TEST_RABBIT_API"


@contextmanager
def given_or_private_engines() -> Iterator[dict[str, str]]:
    """Yield the addresses of a PostgreSQL and a RabbitMQ where tests may make what they like."""
    given = {name: os.environ[name] for name in (_DATABASE, _BROKER, _API) if name in os.environ}
    attached = scratch.attached()
    if len(given) == len((_DATABASE, _BROKER, _API)):
        yield given
    elif attached is not None:
        yield _addresses(attached) | given
    else:
        with scratch.scratch_stack(
            database_url=given.get(_DATABASE),
            amqp_uri=given.get(_BROKER),
            rabbit_api=given.get(_API),
        ) as stack:
            startup.start(stack, engines_only=True)
            yield _addresses(stack)


@contextmanager
def whole_stack() -> Iterator[Stack]:
    """Yield a running stack with the demonstration data, which no test destroys for the others."""
    attached = scratch.attached()
    if attached is not None:
        startup.start(attached)
        startup.seed_once(attached)
        yield attached
        return
    with scratch.scratch_stack() as stack:
        startup.start(stack)
        startup.seed_once(stack)
        yield stack


def _addresses(stack: Stack) -> dict[str, str]:
    api = stack.rabbit_api
    if api is None:
        raise LookupError(f"{_BROKER} is set: set {_API} too, since tests make virtual hosts.")
    return {
        _DATABASE: stack.database_server,
        _BROKER: stack.settings.amqp_uri or stack.administrator_uri(""),
        _API: api.address,
    }
