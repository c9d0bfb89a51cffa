"""Queries that several dashboards ask."""

from __future__ import annotations

from typing import Final

from launcher.monitoring.panels import Query
from launcher.monitoring.series import RATE

_SHARES: Final = (0.5, 0.95, 0.99)


def quantile(share: float, histogram: str, by: str = "", matching: str = "") -> str:
    """Return a quantile; where nothing was measured there is no answer instead of no number."""
    grouped = ", ".join(filter(None, ("le", by)))
    return (
        f"histogram_quantile({share}, sum by ({grouped})"
        f" (rate({histogram}_bucket{matching}{RATE}))) >= 0"
    )


def quantiles(histogram: str, matching: str = "") -> tuple[Query, ...]:
    """Return the middle and the slow end of a histogram."""
    return tuple(
        Query(quantile(share, histogram, matching=matching), f"{share:.0%}") for share in _SHARES
    )


def told(type_: str, span: str = "24h") -> Query:
    """Count the events of a type in a span of time."""
    return Query(f'sum(increase(plurali_outbox_published_total{{type="{type_}"}}[{span}]))')
