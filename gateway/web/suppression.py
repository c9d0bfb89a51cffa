"""Small figures are withheld, and with them what would give them away by arithmetic.

A count from 1 to 4 says too much about few persons, so it is shown as "<5". Whoever knows the total
could still subtract the other counts from it: then a further count is withheld, or the total is.
What is withheld as a further count is never small, and everybody may know that. The promise, which
the tests prove by trying every possibility: from all that is shown, each small count may still be
any number from 1 to 4.

It holds for one breakdown with one total. Two breakdowns of the same persons, or the same one drawn
twice while it grows, can be compared by whoever sees both; periods that are shared should be whole
months or longer.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Final

FILE: Final = Path(__file__).parent.parent / "data" / "disclosure.json"


@dataclass(frozen=True)
class Small:
    """A count that is at least one and less than what may be shown."""

    below: int

    @property
    def text(self) -> str:
        """Return what stands in place of the count."""
        return f"<{self.below}"


@dataclass(frozen=True)
class Withheld:
    """A count that would give a small one away."""

    @property
    def text(self) -> str:
        """Return what stands in place of the count."""
        return "…"


Figure = int | Small | Withheld


@dataclass(frozen=True)
class Breakdown:
    """The counts of one breakdown as they may be shown, and their total."""

    cells: tuple[Figure, ...]
    total: Figure


def least_shown(day: date) -> int:
    """Return the least count, beside zero, that may be shown by what is in force on a day."""
    versions = _versions()
    begun = [each for each in versions if date.fromisoformat(each["valid_from"]) <= day]
    return int((begun[-1] if begun else versions[0])["least"])


def shown(count: int, least: int) -> Figure:
    """Return a count that stands alone as it may be shown."""
    return Small(least) if 0 < count < least else count


def broken_down(counts: Sequence[int], least: int) -> Breakdown:
    """Return counts and their total as they may be shown beside one another."""
    cells: list[Figure] = [shown(count, least) for count in counts]
    total = sum(counts)
    if not any(isinstance(cell, Small) for cell in cells):
        return Breakdown(tuple(cells), shown(total, least))
    for place in _further(cells):
        if _is_safe(cells, total, least):
            return Breakdown(tuple(cells), total)
        cells[place] = Withheld()
    if _is_safe(cells, total, least):
        return Breakdown(tuple(cells), total)
    return Breakdown(tuple(shown(count, least) for count in counts), _of_all(counts, least))


def _further(cells: Sequence[Figure]) -> list[int]:
    """Return the counts that may be withheld, by place: an order by size would tell the size."""
    return [place for place, cell in enumerate(cells) if isinstance(cell, int) and cell]


def _is_safe(cells: Sequence[Figure], total: int, least: int) -> bool:
    """Tell whether each small count may be anything, for one who knows the total."""
    small = sum(isinstance(cell, Small) for cell in cells)
    further = sum(isinstance(cell, Withheld) for cell in cells)
    rest = total - sum(cell for cell in cells if isinstance(cell, int))
    highest = least - 1
    lowest_rest = highest + (small - 1) + least * further
    highest_rest = 1 + highest * (small - 1)
    tells_nothing = lowest_rest <= rest and (further > 0 or rest <= highest_rest)
    return tells_nothing and total >= least


def _of_all(counts: Sequence[int], least: int) -> Figure:
    """Return the total where it must not be told exactly."""
    only = [count for count in counts if count]
    return shown(only[0], least) if len(only) == 1 else Withheld()


@cache
def _versions() -> Sequence[dict[str, Any]]:
    """Read the file, the entries in the order in which they came into force."""
    kept: dict[str, list[dict[str, Any]]] = json.loads(FILE.read_text(encoding="utf-8"))
    return sorted(kept["small_cells"], key=lambda each: date.fromisoformat(each["valid_from"]))
