"""What a partner's system can do with its user, and what it receives."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import amqp
import pytest
from jsonschema import Draft202012Validator

from chassis.broker import BrokerGone, Line
from chassis.clock import new_id
from launcher.failures import UsageFailure
from launcher.journey.chain import Journey, Network
from launcher.journey.vignettes import chosen
from launcher.settings import ROOT
from launcher.stack import Stack
from launcher.subscriber import Mailbox, Subscriber, Subscribers, fitting, partner_types
from tests.support.running import vhost_uri

PARTNERS = "partners"


@pytest.fixture(scope="module")
def subscribers(stack: Stack) -> Subscribers:
    """Give the subscribers of the stack."""
    return Subscribers(stack)


@pytest.fixture(scope="module")
def partner(subscribers: Subscribers) -> Iterator[Subscriber]:
    """Give a partner that receives referrals."""
    made = subscribers.add(f"partner-{new_id().hex[-8:]}", ["referral.#"])
    yield made
    subscribers.remove(made.name)


@pytest.fixture(scope="module")
def neighbour(subscribers: Subscribers) -> Iterator[Subscriber]:
    """Give another partner, whose queue is nobody else's business."""
    made = subscribers.add(f"neighbour-{new_id().hex[-8:]}", ["service.#"])
    yield made
    subscribers.remove(made.name)


FORBIDDEN: dict[str, Callable[[Any, Subscriber, Subscriber], object]] = {
    "publish-to-a-queue": lambda channel, own, _other: _published(channel, "", own.queue),
    "publish-to-its-exchange": lambda channel, own, _other: _published(channel, own.name, "x"),
    "read-the-neighbours-queue": lambda channel, _own, other: channel.basic_get(other.queue),
    "read-its-dead-letters": lambda channel, own, _other: channel.basic_get(f"{own.queue}.dead"),
    "declare-a-queue": lambda channel, _own, _other: channel.queue_declare("mine"),
    "declare-a-nameless-queue": lambda channel, _own, _other: channel.queue_declare(""),
    "declare-an-exchange": lambda channel, _own, _other: channel.exchange_declare("mine", "topic"),
    "bind-its-queue": lambda channel, own, other: channel.queue_bind(own.queue, other.name, "#"),
    "delete-its-queue": lambda channel, own, _other: channel.queue_delete(own.queue),
}


@pytest.mark.parametrize("deed", FORBIDDEN)
def test_a_partner_can_only_read_its_own_queue(
    partner: Subscriber, neighbour: Subscriber, deed: str
) -> None:
    """Whatever else its user tries is refused by the broker."""
    line = Line(partner.uri, "test partner")
    try:
        with pytest.raises(amqp.AccessRefused):
            FORBIDDEN[deed](line.channel(), partner, neighbour)
    finally:
        line.close()


def test_a_partner_cannot_enter_where_the_network_works(stack: Stack, partner: Subscriber) -> None:
    """Its user is not let into the application's virtual host."""
    inside = urlsplit(partner.uri)._replace(path=urlsplit(stack.amqp_uri).path).geturl()
    with pytest.raises(BrokerGone):
        Line(inside, "test intruder")


def test_a_partner_receives_events_as_they_are_described(
    network: Network, partner: Subscriber
) -> None:
    """Each message keeps to its published schema and carries its id as the message's."""
    (vignette,) = chosen("V1")
    course = Journey(network, vignette).run()
    assert course.missing == []
    with Mailbox(partner) as mailbox:
        events = mailbox.take()
    assert {"referral.requested.v1", "referral.completed.v1"} <= {each["type"] for each in events}
    faults = [
        f"{each['type']}: {error.message}"
        for each in events
        for error in Draft202012Validator(_schema(each["type"])).iter_errors(each)
    ]
    assert faults == []


def test_the_events_of_one_referral_are_counted(network: Network, partner: Subscriber) -> None:
    """A partner can tell the newest of a referral's events by its sequence."""
    Journey(network, chosen("V2")[0]).run()
    with Mailbox(partner) as mailbox:
        events = mailbox.take()
    completed = next(each for each in events if each["type"] == "referral.completed.v1")
    story = [each for each in events if each["subject"] == completed["subject"]]
    story.sort(key=lambda each: int(each["sequence"]))
    assert [each["data"]["state"] for each in story] == [
        "requested",
        "accepted",
        "in_progress",
        "completed",
    ]


def test_a_name_of_another_user_of_the_broker_is_refused(
    stack: Stack, subscribers: Subscribers
) -> None:
    """The application's own user does not get a new password by becoming a subscriber."""
    name = urlsplit(stack.amqp_uri).username or ""
    with pytest.raises(UsageFailure, match="another user"):
        subscribers.add(name, ["referral.#"])
    Line(vhost_uri(stack, PARTNERS), "test").close()


@pytest.mark.parametrize(
    ("pattern", "count"), [("referral.#", 7), ("referral.*.v1", 7), ("referral.accepted.v1", 1)]
)
def test_a_pattern_becomes_the_types_that_it_fits(pattern: str, count: int) -> None:
    """A pattern means the same as in a topic exchange."""
    assert len(fitting(pattern)) == count


def test_everything_means_what_partners_may_know() -> None:
    """The widest pattern leaves out whatever is not open to partners."""
    assert fitting("#") == partner_types()
    assert not [each for each in fitting("#") if each.startswith(("person.", "screening."))]


@pytest.mark.parametrize("pattern", ["person.#", "referral", "referral.drafted.v1", ""])
def test_a_pattern_that_fits_nothing_is_refused_with_what_there_is(pattern: str) -> None:
    """Nobody subscribes to nothing by a typing error."""
    with pytest.raises(UsageFailure, match=r"Possible are: .*referral\.requested\.v1"):
        fitting(pattern)


def _schema(type_: str) -> Any:
    return json.loads((ROOT / "docs" / "schemas" / f"{type_}.json").read_text(encoding="utf-8"))


def _published(channel: Any, exchange: str, routing_key: str) -> None:
    channel.confirm_select()
    channel.basic_publish_confirm(amqp.Message(b"{}"), exchange=exchange, routing_key=routing_key)
