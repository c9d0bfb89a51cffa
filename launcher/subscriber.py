"""`./plurali subscriber`: systems of other organizations, each with a queue of its own."""

from __future__ import annotations

import importlib
import json
import secrets
import time
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Final, Self
from urllib.parse import quote, unquote, urlsplit

import amqp
import requests

from chassis.broker import BrokerGone, Line
from chassis.broker_admin import BrokerAdmin
from chassis.layout import dead_queue
from chassis.partners import VHOST, NotForPartners, Subscription, subscribe, unsubscribe
from contracts.language import EVENTS
from launcher import storage
from launcher.failures import EngineFailure, ExitCode, UsageFailure
from launcher.settings import SERVICES
from launcher.stack import Stack

_DIRECTORY: Final = "subscribers"
_PAUSE: Final = 0.1


def register(parser: ArgumentParser) -> None:
    """Add what can be done with subscribers."""
    deeds = parser.add_subparsers(dest="deed", required=True, metavar="DEED")
    add = deeds.add_parser("add", help="make a queue and a user that reads it and nothing else")
    add.add_argument("name", help="letters, digits and hyphens")
    add.add_argument(
        "--events",
        required=True,
        action="append",
        metavar="PATTERN",
        help="an event type; * stands for one word, # for any number of words",
    )
    deeds.add_parser("list", help="show every subscriber, its events and what waits for it")
    tail = deeds.add_parser("tail", help="take messages as the subscriber does, and show them")
    tail.add_argument("name")
    tail.add_argument("--count", type=int, help="end after so many messages")
    tail.add_argument("--timeout", type=float, help="end after so many seconds without one")
    deeds.add_parser("remove", help="remove its user and its queues").add_argument("name")


def run(arguments: Namespace, stack: Stack) -> int:
    """Do it."""
    with broker_in_reach():
        _DEEDS[arguments.deed](stack, arguments)
    return ExitCode.FINE


@contextmanager
def broker_in_reach() -> Iterator[None]:
    """Say in a sentence that the broker, or its management interface, does not answer."""
    try:
        yield
    except (ConnectionError, TimeoutError, requests.RequestException) as error:
        raise EngineFailure(
            f"The broker cannot be reached ({type(error).__name__}): see `./plurali status`."
        ) from error


@dataclass(frozen=True, kw_only=True)
class Subscriber:
    """What a stack keeps of a subscriber: the only copy of its password."""

    name: str
    types: tuple[str, ...]
    uri: str

    @property
    def queue(self) -> str:
        """The queue that it may read."""
        return self.name


class Subscribers:
    """The subscribers of one stack."""

    def __init__(self, stack: Stack) -> None:
        """Find them below the stack's home."""
        self._stack = stack
        self._directory = stack.home / _DIRECTORY

    def add(self, name: str, patterns: Sequence[str]) -> Subscriber:
        """Make a subscriber of every partner-visible event that fits one of the patterns."""
        types = tuple(sorted({each for pattern in patterns for each in fitting(pattern)}))
        try:
            subscription = Subscription.of(name, types)
        except NotForPartners as refusal:
            raise UsageFailure(f"No subscriber {name!r}: {refusal}.") from refusal
        self._require_free(name)
        password = secrets.token_urlsafe(24)
        broker = urlsplit(self._stack.amqp_uri)
        account = f"{quote(name)}:{quote(password)}@{broker.netloc.rpartition('@')[2]}"
        address = broker._replace(netloc=account, path=f"/{quote(VHOST, safe='')}")
        made = Subscriber(name=name, types=types, uri=address.geturl())
        # Kept first: what an interrupted set-up leaves at the broker can be removed by its name.
        storage.make_directory(self._directory, storage.PRIVATE_DIRECTORY)
        storage.write(self._path(name), json.dumps(asdict(made), indent=2))
        subscribe(self._admin(), self._stack.amqp_uri, subscription, password)
        return made

    def set_up_again(self) -> None:
        """Make user, queues and shovel of every subscriber at a broker that has lost them."""
        broker = urlsplit(self._stack.amqp_uri).netloc.rpartition("@")[2]
        possible = set(partner_types())
        for each in self.all():
            address = urlsplit(each.uri)
            account = address.netloc.rpartition("@")[0]
            moved = replace(each, uri=address._replace(netloc=f"{account}@{broker}").geturl())
            storage.write(self._path(each.name), json.dumps(asdict(moved), indent=2))
            subscription = Subscription.of(each.name, possible.intersection(each.types))
            password = unquote(address.password or "")
            subscribe(self._admin(), self._stack.amqp_uri, subscription, password)

    def remove(self, name: str) -> None:
        """Remove a subscriber with everything that waits for it."""
        self.one(name)
        unsubscribe(self._admin(), self._stack.amqp_uri, name)
        self._path(name).unlink()

    def one(self, name: str) -> Subscriber:
        """Return a subscriber by its name."""
        found = {each.name: each for each in self.all()}
        if name not in found:
            known = ", ".join(found) or "none yet"
            raise UsageFailure(f"There is no subscriber {name!r}; there is {known}.")
        return found[name]

    def all(self) -> tuple[Subscriber, ...]:
        """Return every subscriber, by name."""
        kept = [json.loads(path.read_text()) for path in sorted(self._directory.glob("*.json"))]
        return tuple(Subscriber(**{**each, "types": tuple(each["types"])}) for each in kept)

    def waiting(self, subscriber: Subscriber) -> dict[str, int]:
        """Count what lies in the queues of a subscriber, on both sides of the shovel."""
        theirs = self.partners_uri(subscriber)
        source = Subscription(subscriber.name, ()).source_queue
        places = {
            "ready": (theirs, subscriber.queue),
            "dead": (theirs, dead_queue(subscriber.queue)),
            "on the way": (self._stack.amqp_uri, source),
        }
        return {what: _count(uri, queue) for what, (uri, queue) in places.items()}

    def partners_uri(self, subscriber: Subscriber) -> str:
        """Return the application's own address of the vhost that a subscriber reads in."""
        path = urlsplit(subscriber.uri).path
        return urlsplit(self._stack.amqp_uri)._replace(path=path).geturl()

    def _admin(self) -> BrokerAdmin:
        api = self._stack.rabbit_api
        if api is None:
            raise UsageFailure("Set RABBITMQ_API to the management interface of this broker.")
        return BrokerAdmin(api.url, api.user, api.password)

    def _require_free(self, name: str) -> None:
        """Refuse a name that another user of the broker has: it would get a new password."""
        api = self._stack.rabbit_api
        if self._path(name).exists():
            raise UsageFailure(f"There is a subscriber {name!r} already; remove it first.")
        if api is not None and api.get("users", name) is not None:
            raise UsageFailure(f"The broker has another user {name!r}: choose another name.")

    def _path(self, name: str) -> Path:
        return self._directory / f"{name}.json"


class Mailbox:
    """A subscriber's end of its queue; what is taken is acknowledged."""

    def __init__(self, subscriber: Subscriber) -> None:
        """Connect as the subscriber itself."""
        self._queue = subscriber.queue
        self._line = Line(subscriber.uri, f"tail of {subscriber.name}")
        self._channel = self._line.channel()

    def __enter__(self) -> Self:
        """Use the connection for a while."""
        return self

    def __exit__(self, *_failure: object) -> None:
        """Give the connection back."""
        self._line.close()

    def take(self) -> list[dict[str, Any]]:
        """Take every event that waits."""
        return list(self.each())

    def each(self, most: int | None = None) -> Iterator[dict[str, Any]]:
        """Take the events that wait, or the first of them; each is acknowledged after its use."""
        taken = 0
        with self._talking():
            while taken != most:
                message = self._channel.basic_get(self._queue)
                if message is None:
                    break
                tag = message.delivery_info["delivery_tag"]
                try:
                    event = json.loads(message.body)
                except ValueError:
                    self._channel.basic_reject(tag, requeue=False)
                    continue
                yield event
                self._channel.basic_ack(tag)
                taken += 1
            self._line.connection.heartbeat_tick()

    @contextmanager
    def _talking(self) -> Iterator[None]:
        try:
            yield
        except (OSError, amqp.AMQPError) as error:
            raise BrokerGone(type(error).__name__) from error


def partner_types() -> tuple[str, ...]:
    """Return the event types that partners may receive."""
    for service in SERVICES:
        importlib.import_module(f"contracts.{service}")
    return tuple(sorted(name for name, event in EVENTS.items() if event.partners))


def fitting(pattern: str) -> tuple[str, ...]:
    """Return the partner-visible event types that a pattern fits."""
    possible = partner_types()
    found = tuple(each for each in possible if _fits(pattern.split("."), each.split(".")))
    if not found:
        raise UsageFailure(
            f"No event that partners may receive fits {pattern!r}. Possible are: "
            f"{', '.join(possible)}."
        )
    return found


def _fits(pattern: Sequence[str], words: Sequence[str]) -> bool:
    """Tell whether words fit a pattern, as a topic exchange would decide."""
    if not pattern:
        return not words
    head, *rest = pattern
    if head == "#":
        return any(_fits(rest, words[start:]) for start in range(len(words) + 1))
    return bool(words) and head in {"*", words[0]} and _fits(rest, words[1:])


def _count(uri: str, queue: str) -> int:
    line = Line(uri, "count of a queue")
    try:
        return int(line.channel().queue_declare(queue, passive=True).message_count)
    except amqp.NotFound:
        return 0
    finally:
        line.close()


def _add(stack: Stack, arguments: Namespace) -> None:
    made = Subscribers(stack).add(arguments.name, arguments.events)
    print(f"Subscriber {made.name} receives: {', '.join(made.types)}")
    print(f"  queue    {made.queue}")
    print(f"  address  {made.uri}")
    print("The address holds the password and is shown this once.")


def _list(stack: Stack, _arguments: Namespace) -> None:
    subscribers = Subscribers(stack)
    found = subscribers.all()
    for each in found:
        counts = ", ".join(f"{number} {what}" for what, number in subscribers.waiting(each).items())
        print(f"{each.name}: {counts}; {', '.join(each.types)}")
    if not found:
        print("There are no subscribers.")


def _tail(stack: Stack, arguments: Namespace) -> None:
    left: int | None = arguments.count
    quiet_since = time.monotonic()
    with Mailbox(Subscribers(stack).one(arguments.name)) as mailbox:
        while left != 0:
            for event in mailbox.each(left):
                print(json.dumps(event, ensure_ascii=False), flush=True)
                quiet_since = time.monotonic()
                left = None if left is None else left - 1
            if arguments.timeout and time.monotonic() - quiet_since > arguments.timeout:
                return
            time.sleep(_PAUSE)


def _remove(stack: Stack, arguments: Namespace) -> None:
    Subscribers(stack).remove(arguments.name)
    print(f"Subscriber {arguments.name} is gone, with its user and its queues.")


_DEEDS: Final[dict[str, Callable[[Stack, Namespace], None]]] = {
    "add": _add,
    "list": _list,
    "tail": _tail,
    "remove": _remove,
}
