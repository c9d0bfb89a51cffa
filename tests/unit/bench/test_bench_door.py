"""The door's benchmark asks both sides alike, and what only warms them does not count."""

from __future__ import annotations

from collections import Counter

from launcher.bench.door import compared


def test_both_sides_are_asked_alike() -> None:
    """Every caller once to warm up, then in every round as often as was said."""
    asked: Counter[str] = Counter()

    def caller(side: str) -> None:
        asked[side] += 1

    found = compared(
        "list",
        [lambda: caller("ours")] * 3,
        [lambda: caller("other")] * 3,
        rounds=2,
        each=5,
    )
    assert asked == {"ours": 3 + 2 * 3 * 5, "other": 3 + 2 * 3 * 5}
    assert (len(found.rates.ours), len(found.taken.ours), len(found.taken.other)) == (2, 30, 30)
