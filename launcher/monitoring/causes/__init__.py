"""Alerts by cause: what is broken or about to be, one row each."""

from __future__ import annotations

from typing import Final

from launcher.monitoring.causes import broker, database, events, gateway, processes, subscribers

CAUSES: Final = (
    *processes.ALERTS,
    *gateway.ALERTS,
    *events.ALERTS,
    *broker.ALERTS,
    *database.ALERTS,
    *subscribers.ALERTS,
)
