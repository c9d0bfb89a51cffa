"""The door to eventlet, which makes blocking calls give way to other work."""

from __future__ import annotations

import os
import warnings
from typing import Any

# Its own resolver costs fifteen megabytes in every process; names are looked up only while
# connecting.
os.environ.setdefault("EVENTLET_NO_GREENDNS", "yes")

with warnings.catch_warnings():
    # It announces its deprecation at every import; docs/adr tells when we leave it.
    warnings.simplefilter("ignore")
    import eventlet
    import eventlet.debug
    import eventlet.hubs
    import eventlet.wsgi


class HubBlocked(RuntimeError):
    """A database driver is loaded that would stop the whole process during each query."""


def patch() -> None:
    """Patch the standard library and psycopg2, and prove that queries will not block the hub.

    Raises:
        HubBlocked: psycopg2 was left unpatched.

    """
    eventlet.monkey_patch()
    # It would print the text of errors past the log, and with it what they quote.
    eventlet.debug.hub_exceptions(False)  # noqa: FBT003 - eventlet's own signature
    from psycopg2 import extensions  # noqa: PLC0415 - only after the patch

    if extensions.get_wait_callback() is None:
        raise HubBlocked("psycopg2 is not cooperative")
    extensions.set_wait_callback(_wait)


def _wait(connection: Any) -> None:
    """Give way to other work until the server has answered.

    libpq opens and closes its sockets unseen by the hub. Where it gets the number of a socket that
    somebody still waits for, though it was closed under them, the hub would refuse the second
    reader: it has to be told that the number means something new.
    """
    from psycopg2 import OperationalError, extensions  # noqa: PLC0415 - see patch

    made = {extensions.STATUS_READY, extensions.STATUS_BEGIN, extensions.STATUS_PREPARED}
    opened = None
    while (state := connection.poll()) != extensions.POLL_OK:
        number = connection.fileno()
        if connection.status not in made and number != opened:
            eventlet.hubs.notify_opened(number)
            opened = number
        if state not in {extensions.POLL_READ, extensions.POLL_WRITE}:
            raise OperationalError("the connection is in no state to wait in")
        reading = state == extensions.POLL_READ
        eventlet.hubs.trampoline(number, read=reading, write=not reading)


__all__ = ["HubBlocked", "eventlet", "patch"]
