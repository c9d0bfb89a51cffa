"""What one journey met on its way: the answers of the network, kept as they came."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final

from launcher.journey.vignettes import Vignette

Json = dict[str, Any]
PAUSE: Final = 0.1

REFERRAL_PREFIX: Final = "referral."


@dataclass(frozen=True)
class Step:
    """One step of the way and how long it took."""

    name: str
    milliseconds: float


@dataclass(kw_only=True)
class Course:
    """Everything that a journey did and saw; ``missing`` says what did not come as it should."""

    vignette: Vignette
    decisions: dict[tuple[str, str], str] = field(default_factory=dict)
    person_id: str = ""
    case_id: str = ""
    screening: Json = field(default_factory=dict)
    directory: dict[str, list[Json]] = field(default_factory=dict)
    needs: list[Json] = field(default_factory=list)
    enrolments: list[Json] = field(default_factory=list)
    timeline: list[Json] = field(default_factory=list)
    events: list[Json] = field(default_factory=list)
    closed: Json = field(default_factory=dict)
    steps: list[Step] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        """Whether everything expected arrived, and nothing else."""
        return not self.missing

    @property
    def result(self) -> Json:
        """What the screening's answers mean."""
        result: Json = self.screening.get("result", {})
        return result

    @property
    def referrals(self) -> list[Json]:
        """The attempts to meet the needs."""
        return [attempt for need in self.needs for attempt in need["referrals"]]

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Take the time of a step."""
        began = time.monotonic()
        try:
            yield
        finally:
            self.steps.append(Step(name, round((time.monotonic() - began) * 1000, 1)))

    def lacks(self, *sentences: str) -> None:
        """Note what did not come as it should."""
        self.missing += sentences


def wait_for(
    what: str,
    lacking: Callable[[], list[str]],
    *,
    patience: float,
    say: Callable[[str], None],
) -> list[str]:
    """Look again and again until nothing lacks; at the deadline return what still does."""
    deadline = time.monotonic() + patience
    said = ""
    while (left := lacking()) and time.monotonic() < deadline:
        sentence = f"waiting for {what}: {left[0]}" + (
            f" (and {len(left) - 1} more)" if len(left) > 1 else ""
        )
        if sentence != said:
            say(sentence)
            said = sentence
        time.sleep(PAUSE)
    return left
