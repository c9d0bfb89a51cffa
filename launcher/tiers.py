"""The tiers of the test suite: what each runs, how it went, what is said in the end."""

import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from launcher.failures import ExitCode
from launcher.settings import ROOT

_TOOLS = Path(sys.executable).parent


@dataclass(frozen=True)
class Tier:
    """One tier: a name and the command that runs it."""

    name: str
    command: tuple[str, ...]

    @property
    def is_tests(self) -> bool:
        """Tell whether pytest runs this tier, so that it ends with a summary."""
        return "pytest" in self.command


@dataclass(frozen=True)
class Lane:
    """Tiers that run one after another in one environment, beside those of other lanes."""

    tiers: Sequence[Tier]
    environment: Mapping[str, str]


@dataclass(frozen=True)
class Outcome:
    """How a tier went."""

    tier: Tier
    passed: bool
    seconds: float
    last_line: str


def tests(name: str) -> Tier:
    """Return the tier of the tests in a folder of tests/."""
    return Tier(name, (sys.executable, "-m", "pytest", f"tests/{name}"))


STYLE = (
    Tier("ruff check", (str(_TOOLS / "ruff"), "check")),
    Tier("ruff format", (str(_TOOLS / "ruff"), "format", "--check")),
    Tier("mypy", (str(_TOOLS / "mypy"), ".", "plurali")),
    Tier("import rules", (str(_TOOLS / "lint-imports"),)),
)
AUDIT = Tier("audit", (sys.executable, str(ROOT / "plurali"), "audit"))
FAST_TESTS = (tests("unit"), tests("contract"))
ENGINE_TESTS = (tests("integration"),)
WEB_TESTS = (tests("web"),)
STACK_TESTS = (tests("end_to_end"), *WEB_TESTS)
CHAOS_TESTS = (tests("chaos"),)


def run_all(tiers: Sequence[Tier], environment: Mapping[str, str]) -> int:
    """Run tiers to the end, whatever fails, and close with the outcome of each."""
    return conclude([run(tier, environment) for tier in tiers])


def run_lanes(lanes: Sequence[Lane]) -> list[Outcome]:
    """Run lanes beside each other; where there are several, each line names its tier."""
    several = len(lanes) > 1

    def run_lane(lane: Lane) -> list[Outcome]:
        return [run(tier, lane.environment, marked=several) for tier in lane.tiers]

    with ThreadPoolExecutor(max_workers=len(lanes) or 1) as pool:
        return [outcome for lane in pool.map(run_lane, lanes) for outcome in lane]


def run(tier: Tier, environment: Mapping[str, str], *, marked: bool = False) -> Outcome:
    """Run a tier, showing what it prints, each line marked with its name if wanted."""
    print(f"\n---- {tier.name} ----", flush=True)
    begun, last_line, mark = time.monotonic(), "", f"{tier.name}: " if marked else ""
    with subprocess.Popen(
        tier.command,
        cwd=ROOT,
        env={**os.environ, **environment},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    ) as process:
        for line in process.stdout or ():
            print(f"{mark}{line}", end="", flush=True)
            last_line = line.strip() or last_line
    return Outcome(tier, process.returncode == 0, time.monotonic() - begun, last_line)


def conclude(outcomes: Sequence[Outcome]) -> int:
    """Print the outcome of each tier, pytest's own summaries last, and return the exit code."""
    print("\n---- outcome ----")
    for outcome in outcomes:
        word = "passed" if outcome.passed else "FAILED"
        print(f"{outcome.tier.name:14} {word}  {outcome.seconds:6.1f} s")
    for outcome in outcomes:
        if outcome.tier.is_tests:
            print(f"{outcome.tier.name:14} {outcome.last_line}")
    return ExitCode.FINE if all(outcome.passed for outcome in outcomes) else ExitCode.UNMET
