"""The arithmetic of the benchmark: quantiles of one side, ratios between the two, and the aims."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Final

LATENCY_AIM: Final = 1.5
THROUGHPUT_AIM: Final = 0.5


def quantile(values: Sequence[float], share: float) -> float:
    """Return the smallest value that at least this share of the values does not exceed."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


@dataclass(frozen=True)
class Pairs:
    """What was measured in turn: the product's figures and the other side's, place by place."""

    ours: tuple[float, ...]
    other: tuple[float, ...]

    @property
    def medians(self) -> tuple[float, float]:
        """The median of each side."""
        return median(self.ours), median(self.other)

    @property
    def ratio(self) -> float:
        """The median of the ratios of the pairs: noise that lasts hits both sides of a pair."""
        return median(ours / other for ours, other in zip(self.ours, self.other, strict=True))

    def ratio_at(self, share: float) -> float:
        """Return the ratio of the two sides' quantiles."""
        return quantile(self.ours, share) / quantile(self.other, share)


@dataclass(frozen=True)
class Aim:
    """A ratio and the bound that it should keep."""

    ratio: float
    bound: float
    at_most: bool

    @property
    def met(self) -> bool:
        """Whether the ratio keeps the bound."""
        return self.ratio <= self.bound if self.at_most else self.ratio >= self.bound

    def __str__(self) -> str:
        """Say the ratio, the aim and whether it is met."""
        sign = "≤" if self.at_most else "≥"
        return f"{self.ratio:.2f} (aim {sign} {self.bound}: {'met' if self.met else 'missed'})"


@dataclass(frozen=True)
class Figures:
    """Everything that one run measured; times in seconds, rates per second."""

    latency: Pairs
    throughput: Pairs
    timeline: Pairs
    effort: Pairs
    relay: Pairs
    calls: Pairs

    @property
    def aims(self) -> dict[str, Aim]:
        """The ratios that have an aim."""
        return {
            "latency p50": Aim(self.latency.ratio_at(0.5), LATENCY_AIM, at_most=True),
            "latency p99": Aim(self.latency.ratio_at(0.99), LATENCY_AIM, at_most=True),
            "throughput": Aim(self.throughput.ratio, THROUGHPUT_AIM, at_most=False),
        }
