"""`./plurali journey`: vignettes on their way through the running stack."""

from __future__ import annotations

import json
import secrets
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from launcher import demonstration
from launcher.failures import ExitCode
from launcher.journey import report
from launcher.journey.chain import CHOICES, Journey, Network, Staff
from launcher.journey.vignettes import chosen
from launcher.progress import say
from launcher.stack import Stack
from launcher.subscriber import Mailbox, Subscribers, broker_in_reach

PATTERNS: Final = ("referral.#",)
_PATIENCE: Final = 30.0


def register(parser: ArgumentParser) -> None:
    """Add what a journey can be told."""
    parser.add_argument("--vignette", default="V1", help="V1, V2, V3, V4 or all (V1)")
    parser.add_argument(
        "--choices",
        default="agreed",
        choices=[*CHOICES],
        help="what the person says to the suggestions (agreed)",
    )
    parser.add_argument(
        "--patience",
        type=float,
        default=_PATIENCE,
        metavar="S",
        help=f"seconds to wait for each effect ({_PATIENCE:.0f})",
    )
    parser.add_argument("--json", action="store_true", help="print one JSON document")


def run(arguments: Namespace, stack: Stack) -> int:
    """Go the whole way with each vignette; fine only when everything expected arrived."""
    ways = chosen(arguments.vignette)
    agencies = demonstration.agency_names()
    with (
        broker_in_reach(),
        network_of(stack, patience=arguments.patience, quiet=arguments.json) as network,
    ):
        courses = [Journey(network, each, arguments.choices).run() for each in ways]
    ok = all(course.ok for course in courses)
    if arguments.json:
        journeys = [report.as_data(course, agencies) for course in courses]
        print(json.dumps({"ok": ok, "journeys": journeys}, indent=2, ensure_ascii=False))
    else:
        print("\n\n".join(report.as_text(course, agencies) for course in courses))
    return ExitCode.FINE if ok else ExitCode.UNMET


@contextmanager
def network_of(
    stack: Stack, *, patience: float = _PATIENCE, quiet: bool = False
) -> Iterator[Network]:
    """Return the network of a stack with a subscriber of its own, which goes when it ends."""
    accounts = demonstration.require_accounts(stack.home)
    subscribers = Subscribers(stack)
    subscriber = subscribers.add(f"journey-{secrets.token_hex(4)}", PATTERNS)
    try:
        with Mailbox(subscriber) as mailbox:
            yield Network(
                gateway=stack.gateway_url,
                staff=tuple(
                    Staff(
                        email=each.email,
                        password=each.password,
                        agency_id=each.agency_id,
                        roles=(each.role.value,),
                    )
                    for each in accounts.values()
                ),
                referrer=demonstration.agency_id(demonstration.REFERRER),
                ear=mailbox,
                patience=patience,
                say=_whisper if quiet else say,
            )
    finally:
        subscribers.remove(subscriber.name)


def _whisper(sentence: str) -> None:
    """Say it where it does not end up in the JSON document."""
    print(sentence, file=sys.stderr, flush=True)
