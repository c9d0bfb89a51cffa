"""Least permission at a real broker: each user does its work and nothing beside."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from typing import Any
from urllib.parse import quote, urlsplit

import amqp
import pytest

from chassis import clock, dead_letters, layout, permissions, roster, topology
from chassis.broker import Line
from chassis.broker_admin import BrokerAdmin
from chassis.clients import _ReplyLine
from chassis.layout import Binding, Topology
from chassis.partners import Subscription
from chassis.prepared import is_declared
from tests.support.fresh import fresh_vhost, rabbit_api

Address = Callable[[str], str]
UUID = "01938f2e-0000-7000-8000-000000000000"


@pytest.fixture(scope="module")
def address() -> Iterator[Address]:
    """Give the address by which a user reaches a virtual host where all have their rights."""
    admin, prefix = BrokerAdmin(*rabbit_api()), f"test-{clock.new_id().hex}"
    with fresh_vhost() as uri:
        parts = urlsplit(uri)
        vhost = parts.path[1:]
        for user in permissions.users():
            admin.put_user(f"{prefix}-{user}", prefix, most_connections=9, most_channels=99)
        for each in permissions.permissions():
            if each.vhost == permissions.VHOST:
                rights = {"configure": each.configure, "write": each.write, "read": each.read}
                admin.permit(f"{prefix}-{each.user}", vhost, **rights)
        for by_key in permissions.topic_permissions():
            body = {"exchange": by_key.exchange, "write": by_key.write, "read": by_key.read}
            admin._put("topic-permissions", vhost, f"{prefix}-{by_key.user}", body=body)
        place = f"{parts.hostname}:{parts.port}{parts.path}"
        yield lambda user: f"amqp://{quote(f'{prefix}-{user}')}:{prefix}@{place}"
        for user in permissions.users():
            admin.delete_user(f"{prefix}-{user}")
    admin.close()


@pytest.fixture(scope="module")
def declared(address: Address) -> Address:
    """Give the addresses, everything having been declared by the user whose work that is."""
    wanted = topology.whole()
    layout.apply(address(permissions.DECLARER), wanted)
    layout.apply(address(permissions.DECLARER), Topology(frozenset([layout.mark_of(wanted)])))
    return address


def attempt(uri: str, deed: Callable[[Any], object]) -> None:
    """Do something on a channel and wait until the broker has looked at it."""
    line = Line(uri, "test of rights")
    try:
        channel = line.channel()
        channel.confirm_select()
        deed(channel)
        line.connection.channel().close()
        channel.exchange_declare("amq.topic", "topic", passive=True)
    finally:
        with suppress(Exception):
            line.close()


@pytest.mark.parametrize("service", roster.SERVICES)
def test_a_service_declares_what_it_needs(service: str, declared: Address) -> None:
    """Each connection begins with it."""
    needs = layout.shared() | topology.of_service(topology.load_service(service))
    layout.apply(declared(service), needs)


@pytest.mark.parametrize("user", [*roster.SERVICES, permissions.GATEWAY])
def test_every_process_sees_whether_all_is_declared(user: str, declared: Address) -> None:
    """It may look for the mark that it cannot make."""
    assert is_declared(declared(user), topology.whole())


def test_the_gateway_may_wait_for_replies(declared: Address) -> None:
    """It declares, binds and consumes a queue of its own."""
    _ReplyLine(declared(permissions.GATEWAY), "gateway").close()


@pytest.mark.parametrize(
    ("user", "exchange", "key"),
    [
        ("gateway", layout.RPC_EXCHANGE, "referrals.accept_referral"),
        ("referrals", layout.RPC_EXCHANGE, UUID),
        ("referrals", "referrals.events", "restricted.referral.accepted.v1"),
        ("referrals", layout.retry_exchange(5), "referrals.on_screening_completed"),
        ("referrals", layout.DEAD, "referrals.on_screening_completed"),
        ("operator", "", "referrals.on_screening_completed"),
    ],
)
def test_what_a_user_says_in_its_work_is_heard(
    user: str, exchange: str, key: str, declared: Address
) -> None:
    """Requests, replies, events, second chances and dead letters are published."""
    attempt(
        declared(user), lambda channel: channel.basic_publish(amqp.Message("{}"), exchange, key)
    )


@pytest.mark.parametrize(
    ("user", "exchange", "key"),
    [
        ("referrals", "screening.events", "screening.completed.v1"),
        ("referrals", layout.RPC_EXCHANGE, "intake.get_person"),
        ("referrals", "", "rpc-intake"),
        ("gateway", "referrals.events", "referral.accepted.v1"),
        ("gateway", layout.RPC_EXCHANGE, UUID),
        ("operator", layout.RPC_EXCHANGE, "intake.get_person"),
    ],
)
def test_nobody_speaks_in_the_name_of_another(
    user: str, exchange: str, key: str, declared: Address
) -> None:
    """A service taken over can neither make requests nor tell events that are not its own."""
    with pytest.raises(amqp.AccessRefused):
        attempt(
            declared(user), lambda channel: channel.basic_publish(amqp.Message("{}"), exchange, key)
        )


@pytest.mark.parametrize(
    ("user", "queue"),
    [
        ("referrals", "rpc-intake"),
        ("referrals", "reporting.on_screening_completed"),
        ("referrals", "reporting.on_screening_completed.dead"),
        ("gateway", "rpc-intake"),
        ("gateway", "referrals.on_screening_completed.dead"),
        ("operator", "rpc-intake"),
        ("operator", "referrals.on_screening_completed"),
    ],
)
def test_nobody_takes_the_messages_of_another(user: str, queue: str, declared: Address) -> None:
    """What is addressed to one service is read by that one alone."""
    with pytest.raises(amqp.AccessRefused):
        attempt(declared(user), lambda channel: channel.basic_get(queue))


def test_a_service_looks_after_its_own_dead_letters(declared: Address) -> None:
    """It finds them, gives one back by way of a resting place, and throws one away."""
    uri, queue = declared("referrals"), "referrals.on_screening_completed"
    # Tests share the broker's queues, and one before this may have left a letter.
    dead_letters.drop(uri, queue)
    for name in ("first", "second"):
        letter = amqp.Message("{}", message_id=name)
        attempt(uri, partial(_publish, letter, layout.DEAD, queue))
    way_back = layout.retry_exchange(layout.DELAYS[0])
    assert dead_letters.counts(uri, [queue]) == {queue: 2}
    assert dead_letters.replay(uri, queue, message_id="first", by=way_back) == 1
    assert dead_letters.drop(uri, queue) == 1


def _publish(letter: amqp.Message, exchange: str, key: str, channel: Any) -> None:
    channel.basic_publish_confirm(letter, exchange, key, mandatory=True)


def test_a_service_hears_no_type_of_event_but_its_own(declared: Address) -> None:
    """A binding that its code does not have is refused, even to its own queue."""
    own = "pathways.on_screening_completed"
    more = Topology(bindings=frozenset([Binding("screening.events", own, "#")]))
    with pytest.raises(amqp.AccessRefused):
        layout.apply(declared("pathways"), more)


def test_the_carrier_sets_up_a_subscription(declared: Address) -> None:
    """It may bind a partner's queue to what partners may receive."""
    layout.apply(
        declared(permissions.CARRIER), Subscription.of("cidis", ["referral.accepted.v1"]).source()
    )


def test_the_carrier_gets_no_restricted_event(declared: Address) -> None:
    """Not even by a pattern."""
    source = Subscription.of("cidis", ["referral.accepted.v1"]).source_queue
    for key in ("restricted.referral.accepted.v1", "#", "*.referral.accepted.v1"):
        more = Topology(bindings=frozenset([Binding("referrals.events", source, key)]))
        with pytest.raises(amqp.AccessRefused):
            layout.apply(declared(permissions.CARRIER), more)
