"""`./plurali dead-letters`: messages that were given up, with the reason and the ways out."""

from __future__ import annotations

import json
from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from dataclasses import asdict
from typing import Final, TypeAlias

from chassis import dead_letters
from chassis.layout import dead_queue
from chassis.topology import whole
from launcher.failures import ExitCode, UsageFailure
from launcher.stack import Stack
from launcher.subscriber import Subscribers, broker_in_reach

_SHOWN: Final = 20

Places: TypeAlias = dict[str, str]


def register(parser: ArgumentParser) -> None:
    """Add what can be done with dead letters."""
    deeds = parser.add_subparsers(dest="deed", required=True, metavar="DEED")
    deeds.add_parser("list", help="count the dead letters of every work queue")
    show = deeds.add_parser("show", help="show the first dead letters of a queue; they stay")
    show.add_argument("queue", help="the work queue, such as referrals.on_screening_completed")
    show.add_argument("most", type=int, nargs="?", default=_SHOWN, metavar="N")
    replay = deeds.add_parser("replay", help="give dead letters back to their queue")
    replay.add_argument("queue")
    which = replay.add_mutually_exclusive_group(required=True)
    which.add_argument("--all", action="store_true", help="every one")
    which.add_argument("id", nargs="?", help="the one with this message id")
    drop = deeds.add_parser("drop", help="throw one dead letter away")
    drop.add_argument("queue")
    drop.add_argument("id", help="its message id")


def run(arguments: Namespace, stack: Stack) -> int:
    """Do it and print what came of it."""
    with broker_in_reach():
        return _DEEDS[arguments.deed](places(stack), arguments)


def places(stack: Stack) -> dict[str, str]:
    """Return each queue that can have dead letters, with the address of its vhost."""
    names = {queue.name for queue in whole().queues}
    subscribers = Subscribers(stack)
    return {
        **{name: stack.amqp_uri for name in sorted(names) if dead_queue(name) in names},
        **{each.queue: subscribers.partners_uri(each) for each in subscribers.all()},
    }


def _list(known: Places, _arguments: Namespace) -> int:
    counts = {
        queue: number
        for uri in dict.fromkeys(known.values())
        for queue, number in dead_letters.counts(
            uri, [queue for queue, place in known.items() if place == uri]
        ).items()
    }
    for queue, number in counts.items():
        if number:
            print(f"{number:6}  {queue}")
    print(f"{sum(counts.values())} dead letters in {len(counts)} queues")
    return ExitCode.FINE


def _show(known: Places, arguments: Namespace) -> int:
    for letter in dead_letters.show(*_chosen(known, arguments.queue), arguments.most):
        print(json.dumps(asdict(letter), indent=2, ensure_ascii=False))
    return ExitCode.FINE


def _replay(known: Places, arguments: Namespace) -> int:
    place = _chosen(known, arguments.queue)
    return _moved(dead_letters.replay(*place, message_id=arguments.id), "given back")


def _drop(known: Places, arguments: Namespace) -> int:
    place = _chosen(known, arguments.queue)
    return _moved(dead_letters.drop(*place, message_id=arguments.id), "thrown away")


_DEEDS: Final[dict[str, Callable[[Places, Namespace], int]]] = {
    "list": _list,
    "show": _show,
    "replay": _replay,
    "drop": _drop,
}


def _chosen(known: Places, queue: str) -> tuple[str, str]:
    """Return address and name of a queue; the ending of its letters may be there or not."""
    name = queue.removesuffix(dead_queue(""))
    if name not in known:
        raise UsageFailure(f"There is no queue {queue!r}. Possible are: {', '.join(known)}.")
    return known[name], name


def _moved(number: int, what: str) -> int:
    print(f"{number} {what}")
    return ExitCode.FINE if number else ExitCode.UNMET
