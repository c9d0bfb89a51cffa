"""Round numbers along an axis."""

from __future__ import annotations

from typing import Final

MOST_LINES: Final = 10
_STEPS: Final = (1, 2, 5)


def ticks(highest: float, most: int = MOST_LINES, *, whole: bool = True) -> tuple[float, ...]:
    """Return round numbers from zero to at least the highest value, at most so many."""
    step, decade = 1.0, 1.0 if whole else 0.1
    while True:
        for base in _STEPS:
            step = base * decade
            count = -int(-highest // step)
            if count < most:
                return tuple(round(step * place, 1) for place in range(max(count, 1) + 1))
        decade *= 10
