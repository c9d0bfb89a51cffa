"""The door to eventlet, which makes blocking calls give way to other work."""

import os
import warnings

# Its own resolver costs fifteen megabytes in every process; names are looked up only while
# connecting.
os.environ.setdefault("EVENTLET_NO_GREENDNS", "yes")

with warnings.catch_warnings():
    # It announces its deprecation at every import; docs/adr tells when we leave it.
    warnings.simplefilter("ignore")
    import eventlet
    import eventlet.debug
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
    from psycopg2.extensions import get_wait_callback  # noqa: PLC0415 - only after the patch

    if get_wait_callback() is None:
        raise HubBlocked("psycopg2 is not cooperative")


__all__ = ["HubBlocked", "eventlet", "patch"]
