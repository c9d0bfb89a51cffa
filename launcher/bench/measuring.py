"""The measurements, each of two sides in turn, so that what disturbs the machine disturbs both."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from typing import Final, Protocol

from launcher.bench import effort
from launcher.bench.figures import Pairs
from launcher.bench.ledger import Ledger
from launcher.journey.client import Client

CALLS_AT_ONCE: Final = 20


class Side(Protocol):
    """The product or the baseline."""

    ledger: Ledger

    @property
    def roots(self) -> tuple[int, ...]:
        """The processes that, with their descendants, do the side's work, the engines included."""
        ...

    def prepare(self, count: int) -> list[str]:
        """Return the ids of new drafts."""
        ...

    def client(self) -> AbstractContextManager[Client]:
        """Return one more client of the gateway."""
        ...

    def complete(self, client: Client, id_: str) -> None:
        """Complete a draft."""
        ...

    def call(self, referral_id: str) -> None:
        """Ask a service one question."""
        ...


Sides = tuple[Side, Side]


@dataclass(frozen=True)
class Round:
    """Chains at once: seconds until all effects, until the timeline, and of processor time."""

    until_effects: float
    until_timeline: float
    effort: float


@dataclass(frozen=True)
class Throughputs:
    """Chains per second until the effects and until the timeline; processor seconds per chain."""

    effects: Pairs
    timeline: Pairs
    effort: Pairs


@dataclass(frozen=True)
class Sizes:
    """How much is measured: bounded, so that a run takes about as long on any machine."""

    pairs: int = 40
    rounds: int = 3
    chains: int = 24
    clients: int = 4
    calls: int = 10
    seconds: float = 420.0


def latencies(sides: Sides, sizes: Sizes, deliveries: int, deadline: float) -> Pairs:
    """Return the seconds from a request until both effects were committed, one chain at a time."""
    drafts = [_prepared(side, sizes.pairs) for side in sides]
    taken: tuple[list[float], list[float]] = ([], [])
    with sides[0].client() as ours, sides[1].client() as other:
        for place in range(sizes.pairs):
            if taken[1] and time.monotonic() > deadline:
                break
            for side, client, ids, found in zip(sides, (ours, other), drafts, taken, strict=True):
                found.append(_one(side, client, ids[place], deliveries))
    return Pairs(tuple(taken[0]), tuple(taken[1]))


def throughputs(sides: Sides, sizes: Sizes, deliveries: int, deadline: float) -> Throughputs:
    """Let several clients complete chains at the same time, round after round."""
    rounds: tuple[list[Round], list[Round]] = ([], [])
    for _ in range(sizes.rounds):
        if rounds[1] and time.monotonic() > deadline:
            break
        for side, found in zip(sides, rounds, strict=True):
            found.append(_many(side, sizes, deliveries))
    return Throughputs(
        effects=_compared(rounds, lambda each: sizes.chains / each.until_effects),
        timeline=_compared(rounds, lambda each: sizes.chains / each.until_timeline),
        effort=_compared(rounds, lambda each: each.effort / sizes.chains),
    )


def _compared(rounds: tuple[list[Round], list[Round]], figure: Callable[[Round], float]) -> Pairs:
    ours, other = (tuple(map(figure, each)) for each in rounds)
    return Pairs(ours, other)


def calls(sides: Sides, sizes: Sizes, referral_ids: Sequence[str]) -> Pairs:
    """Return the median seconds of a round trip of one request, of some at a time."""
    taken: tuple[list[float], list[float]] = ([], [])
    for _ in range(sizes.calls):
        for side, id_, found in zip(sides, referral_ids, taken, strict=True):
            began = time.perf_counter()
            for _ in range(CALLS_AT_ONCE):
                side.call(id_)
            found.append((time.perf_counter() - began) / CALLS_AT_ONCE)
    return Pairs(tuple(taken[0]), tuple(taken[1]))


def warm(side: Side, clients: int, deliveries: int) -> str:
    """Let every part of a side work once before anything counts; return a screening."""
    ids = _prepared(side, 2 * clients)
    since = side.ledger.now()
    with _clients(side, clients) as opened:
        _spread(side, ids, opened)
    side.ledger.await_timeline(since, len(ids) * deliveries)
    return ids[0]


def _prepared(side: Side, count: int) -> list[str]:
    ids = side.prepare(count)
    side.ledger.await_calm()
    return ids


def _one(side: Side, client: Client, id_: str, deliveries: int) -> float:
    since = side.ledger.now()
    # One machine, one clock: the database notes commits by the clock that is read here.
    began = time.time()
    side.complete(client, id_)
    committed = side.ledger.await_effects([id_])[id_].timestamp()
    # What follows the effects must not be under way while the other side is measured.
    side.ledger.await_timeline(since, deliveries)
    return committed - began


def _many(side: Side, sizes: Sizes, deliveries: int) -> Round:
    ids = _prepared(side, sizes.chains)
    with _clients(side, sizes.clients) as clients:
        before = effort.snapshot(side.roots)
        since, began = side.ledger.now(), time.time()
        _spread(side, ids, clients)
        effects = max(side.ledger.await_effects(ids).values()).timestamp()
        timeline = side.ledger.await_timeline(since, len(ids) * deliveries).timestamp()
        after = effort.snapshot(side.roots)
    return Round(
        until_effects=effects - began,
        until_timeline=timeline - began,
        effort=effort.between(before, after),
    )


@contextmanager
def _clients(side: Side, count: int) -> Iterator[list[Client]]:
    """Open clients before the clock starts: signing in costs a password's hash."""
    with ExitStack() as opened:
        yield [opened.enter_context(side.client()) for _ in range(count)]


def _spread(side: Side, ids: Sequence[str], clients: Sequence[Client]) -> None:
    """Complete drafts by several clients at the same time."""

    def work(place: int) -> None:
        for id_ in ids[place :: len(clients)]:
            side.complete(clients[place], id_)

    with ThreadPoolExecutor(len(clients)) as pool:
        list(pool.map(work, range(len(clients))))
