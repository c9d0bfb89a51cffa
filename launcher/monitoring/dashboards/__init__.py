"""The dashboards: the network at a glance, then everything that may be looked at closely."""

from __future__ import annotations

from typing import Final

from launcher.monitoring.dashboards import (
    broker,
    cascade,
    database,
    network,
    privacy,
    service,
    subscribers,
)

DASHBOARDS: Final = (
    network.DRAWING,
    cascade.DRAWING,
    service.DRAWING,
    broker.DRAWING,
    database.DRAWING,
    subscribers.DRAWING,
    privacy.DRAWING,
)
