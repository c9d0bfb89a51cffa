"""The gateway's door at many clients, beside the bare RPC that each of its requests leads to.

    python -m launcher.bench.door

A list, a detail and a command are asked for over HTTP and, in turn, of the service itself, by as
many callers at once. The figures are ratios: what the door costs on top of what stands behind it.
"""

from __future__ import annotations

import time
from argparse import ArgumentParser
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from dataclasses import dataclass
from typing import Any, Final

from contracts.referrals import GetReferral, ListReferrals
from contracts.screening import SaveAnswers
from launcher.bench.figures import Pairs, quantile
from launcher.bench.product import Product
from launcher.journey.client import Client
from launcher.settings import Settings
from launcher.stack import Stack

_PAGE: Final = 20
_ITEM: Final = "CAS1"

Ask = Callable[[], object]


@dataclass(frozen=True)
class Compared:
    """One kind of request on both sides: requests per second by round, and seconds of each."""

    name: str
    rates: Pairs
    taken: Pairs

    def __str__(self) -> str:
        """Say both sides and their ratios."""
        ours, other = self.rates.medians
        late, early = (quantile(each, 0.99) * 1000 for each in (self.taken.ours, self.taken.other))
        return (
            f"{self.name:8}{ours:8.0f} /s{other:8.0f} /s{self.rates.ratio:8.2f}"
            f"{late:10.0f} ms{early:7.0f} ms{self.taken.ratio_at(0.99):8.2f}"
        )


class Draft:
    """A draft that one caller answers again and again, whichever way."""

    def __init__(self, product: Product, id_: str) -> None:
        """Begin where the product left it."""
        self._product, self._id = product, id_
        self._version = product.version_of(id_)
        self._answers = {_ITEM: product.answer_to(_ITEM)}

    def over_http(self, client: Client) -> None:
        """Answer through the gateway."""
        body = {"version": self._version, "answers": self._answers}
        saved = client.patch(f"/screenings/{self._id}/answers", body)
        self._version = saved["screening"]["version"]

    def over_rpc(self) -> None:
        """Answer at the service."""
        command = SaveAnswers.load(
            {"screening_id": self._id, "version": self._version, "answers": self._answers}
        )
        self._version = self._product.ask(command).screening.version


def compare(product: Product, *, clients: int, rounds: int, each: int) -> list[Compared]:
    """Ask for everything on both sides in turn, round after round."""
    with ExitStack() as opened:
        doors = [opened.enter_context(product.client()) for _ in range(clients)]
        referral_id = doors[0].get("/referrals", limit=1)["items"][0]["referral_id"]
        drafts = [Draft(product, id_) for id_ in product.prepare(clients)]
        listing = ListReferrals(limit=_PAGE)
        detail = GetReferral.load({"referral_id": referral_id})
        kinds: list[tuple[str, Callable[[int], Ask], Callable[[int], Ask]]] = [
            (
                "list",
                lambda n: lambda: doors[n].get("/referrals", limit=_PAGE),
                lambda _: lambda: product.ask(listing),
            ),
            (
                "detail",
                lambda n: lambda: doors[n].get(f"/referrals/{referral_id}"),
                lambda _: lambda: product.ask(detail),
            ),
            (
                "command",
                lambda n: lambda: drafts[n].over_http(doors[n]),
                lambda n: drafts[n].over_rpc,
            ),
        ]
        return [
            compared(
                name,
                [ours(n) for n in range(clients)],
                [other(n) for n in range(clients)],
                rounds=rounds,
                each=each,
            )
            for name, ours, other in kinds
        ]


def compared(
    name: str, ours: Sequence[Ask], other: Sequence[Ask], *, rounds: int, each: int
) -> Compared:
    """Ask both sides in turn; the first time round only warms them."""
    _round(ours, 1)
    _round(other, 1)
    rates: tuple[list[float], list[float]] = ([], [])
    taken: tuple[list[float], list[float]] = ([], [])
    for _ in range(rounds):
        for side, rate, seconds in zip((ours, other), rates, taken, strict=True):
            began = time.perf_counter()
            found = _round(side, each)
            rate.append(len(found) / (time.perf_counter() - began))
            seconds.extend(found)
    return Compared(
        name,
        Pairs(tuple(rates[0]), tuple(rates[1])),
        Pairs(tuple(taken[0]), tuple(taken[1])),
    )


def _round(callers: Sequence[Ask], each: int) -> list[float]:
    """Let every caller ask some times, all at once, and return how long each request took."""

    def work(ask: Ask) -> list[float]:
        taken = []
        for _ in range(each):
            began = time.perf_counter()
            ask()
            taken.append(time.perf_counter() - began)
        return taken

    with ThreadPoolExecutor(len(callers)) as pool:
        return [seconds for taken in pool.map(work, callers) for seconds in taken]


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure the running stack and print."""
    parser = ArgumentParser(description=__doc__)
    for name, default in (("clients", 32), ("rounds", 3), ("each", 5)):
        parser.add_argument(f"--{name}", type=int, default=default)
    sizes: dict[str, Any] = vars(parser.parse_args(arguments))
    with closing(Product(Stack(Settings.from_environment()))) as product:
        found = compare(product, **sizes)
    print(f"{sizes['clients']} callers at once, {sizes['rounds']} rounds of {sizes['each']} each")
    print(f"{'':8}{'HTTP':>11}{'RPC':>11}{'ratio':>8}{'p99 HTTP':>13}{'RPC':>10}{'ratio':>8}")
    print("\n".join(map(str, found)))


if __name__ == "__main__":
    main()
