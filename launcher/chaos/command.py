"""`./plurali chaos`: screenings flow, parts of the stack are killed, and the damage is counted."""

from __future__ import annotations

import json
import time
from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any, Final

import psycopg2

from chassis.broker import BrokerGone
from contracts.access import Role
from launcher import demonstration
from launcher.chaos.audit import Books, Verdict, examine
from launcher.chaos.faults import TARGETS, Fault, Faults
from launcher.chaos.listener import Listener
from launcher.chaos.stream import Ledger, Stream
from launcher.failures import EnvironmentFailure, ExitCode
from launcher.journey.vignettes import vignettes
from launcher.progress import say
from launcher.stack import Stack

_WORKERS: Final = 3
_PATIENCE: Final = 120.0
_SETTLING: Final = 240.0
_CALM: Final = 3


def register(parser: ArgumentParser) -> None:
    """Add the options of `chaos`."""
    parser.add_argument("--seconds", type=float, default=100.0, help="how long parts are killed")
    parser.add_argument("--pause", type=float, default=5.0, help="mean seconds between two kills")
    parser.add_argument("--seed", type=int, default=1, help="decides what is killed when")
    parser.add_argument("--json", action="store_true", help="print one JSON document")


def run(arguments: Namespace, stack: Stack) -> int:
    """Let screenings flow, kill, wait until everything has settled, count."""
    if stack.supervisor.process() is None:
        raise EnvironmentFailure("Only a stack under supervision comes back: run `./plurali up`.")
    tell: Callable[[str], None] = (lambda _line: None) if arguments.json else say
    tell(f"Killing, in an order of seed {arguments.seed}: {', '.join(TARGETS)}")
    storm = disturb(
        stack, seconds=arguments.seconds, pause=arguments.pause, seed=arguments.seed, say=tell
    )
    verdict = storm.verdict(stack)
    if arguments.json:
        print(json.dumps({**storm.as_data(), **asdict(verdict)}, indent=2))
    else:
        print("\n".join((storm.sentence, *verdict.lines())))
    return ExitCode.FINE if verdict.clean else ExitCode.UNMET


@dataclass(frozen=True, kw_only=True)
class Storm:
    """What was done to a stack, and what the workers and a subscriber were told meanwhile."""

    seed: int
    faults: tuple[Fault, ...]
    ledger: Ledger
    received: tuple[dict[str, Any], ...]
    undelivered: int

    @property
    def sentence(self) -> str:
        """Say how much was done."""
        return f"{len(self.ledger.completed)} screenings completed, {len(self.faults)} kills"

    def as_data(self) -> dict[str, Any]:
        """Return it as JSON data, without the persons' ids."""
        return {
            "seed": self.seed,
            "completed": len(self.ledger.completed),
            "faults": [asdict(each) for each in self.faults],
        }

    def verdict(self, stack: Stack) -> Verdict:
        """Compare it with what the stack holds."""
        return examine(Books(stack), self.ledger, self.received, self.undelivered)


def disturb(
    stack: Stack, *, seconds: float, pause: float, seed: int, say: Callable[[str], None]
) -> Storm:
    """Let workers work and kill parts of the stack; return when everything has settled, or not."""
    accounts = demonstration.require_accounts(stack.home)
    worker = demonstration.staff_of(accounts, demonstration.REFERRER, Role.CASE_WORKER)
    stream = Stream(stack.gateway_url, [worker] * _WORKERS, list(vignettes()), patience=_PATIENCE)
    faults = Faults(stack, seed=seed, pause=pause)
    with Listener(stack) as listener:
        stream.begin()
        faults.run(seconds, say)
        stream.end()
        settle(Books(stack), listener)
        return Storm(
            seed=seed,
            faults=tuple(faults.done),
            ledger=stream.ledger,
            received=tuple(listener.events.values()),
            undelivered=listener.waiting(),
        )


def settle(books: Books, listener: Listener) -> None:
    """Wait until nothing is on its way, or until that takes too long: then it is stuck."""
    deadline = time.monotonic() + _SETTLING
    calm = 0
    while calm < _CALM and time.monotonic() < deadline:
        # Once is not enough: a message between two queues is in neither.
        calm = 0 if _is_moving(books, listener) else calm + 1
        time.sleep(1)


def _is_moving(books: Books, listener: Listener) -> bool:
    try:
        return bool(books.unsettled() or listener.waiting())
    except (BrokerGone, psycopg2.OperationalError):
        return True
