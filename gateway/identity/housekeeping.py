"""What time itself does to accounts: the dormant and the expired are shut, hour by hour."""

from __future__ import annotations

import threading
from typing import Final

import structlog
from sqlalchemy.exc import SQLAlchemyError

from gateway.identity.handlers import Identity

PERIOD_SECONDS: Final = 3600.0

_log: Final = structlog.get_logger("gateway.housekeeping")


def keep_house(identity: Identity, *, period: float = PERIOD_SECONDS) -> threading.Event:
    """Shut what is over, now and every hour, from a thread; it ends when the event is set.

    Several gateways may do so at once: a row that one has locked is left to it by the others.
    """
    ended = threading.Event()

    def work() -> None:
        while True:
            tidy(identity)
            if ended.wait(period):
                return

    threading.Thread(target=work, name="housekeeping", daemon=True).start()
    return ended


def tidy(identity: Identity) -> None:
    """Shut what is over; a database that is away now will be there an hour later."""
    try:
        shut = identity.shut_what_is_over()
    except SQLAlchemyError as failure:
        _log.warning("housekeeping_failed", reason=type(failure).__name__)
        return
    if shut:
        _log.info("accounts_shut", number=shut)
