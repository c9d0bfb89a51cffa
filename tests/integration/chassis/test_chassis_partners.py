"""A partner receives what it chose, and its user can do nothing but read its own queue."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import quote, urlsplit

import amqp
import pytest

from chassis import clock
from chassis.broker import BrokerGone, Line
from chassis.broker_admin import BrokerAdmin
from chassis.envelope import CONTENT_TYPE
from chassis.partners import Subscription, is_fed, subscribe, unsubscribe
from chassis.testing import eventually
from tests.support.fresh import fresh_vhost
from tests.support.greetings.language import Greeted

PASSWORD = "a-long-secret"  # noqa: S105 - of a user that lives as long as the test
OPEN, RESTRICTED = Greeted.type, f"restricted.{Greeted.type}"


class Partner:
    """A subscription, and both sides of it."""

    def __init__(self, admin: BrokerAdmin, uri: str, vhost: str) -> None:
        """Subscribe."""
        self.admin, self.uri, self.vhost = admin, uri, vhost
        self.subscription = Subscription.of(f"p{clock.new_id().hex}", [OPEN])
        self.name = self.subscription.name
        subscribe(admin, uri, self.subscription, PASSWORD, vhost=vhost)

    def tell(self, routing_key: str) -> str:
        """Publish an event as the relay does, and return its id."""
        line = Line(self.uri, "tests")
        message = amqp.Message(
            json.dumps({"type": OPEN}),
            message_id=str(clock.new_id()),
            content_type=CONTENT_TYPE,
            delivery_mode=2,
        )
        channel = line.channel()
        channel.basic_publish_confirm(message, exchange="greetings.events", routing_key=routing_key)
        line.close()
        return str(message.properties["message_id"])

    def line(self, password: str = PASSWORD, vhost: str | None = None) -> Line:
        """Connect as the partner."""
        parts = urlsplit(self.uri)
        place = f"{self.name}:{password}@{parts.hostname}:{parts.port}"
        return Line(f"amqp://{place}/{quote(vhost or self.vhost, safe='')}", "partner")

    def next(self) -> Any:
        """Take the next message as the partner."""
        line = self.line()
        try:
            return line.channel().basic_get(self.name, no_ack=True)
        finally:
            line.close()


@pytest.fixture(scope="module")
def partner(admin: BrokerAdmin) -> Iterator[Partner]:
    """Give a partner with a virtual host for partners of its own."""
    with fresh_vhost() as uri, fresh_vhost() as other:
        partner = Partner(admin, uri, urlsplit(other).path[1:])
        eventually(lambda: is_fed(uri, partner.name))
        yield partner
        unsubscribe(admin, uri, partner.name, vhost=partner.vhost)


def test_chosen_event_reaches_the_partner(partner: Partner) -> None:
    """It comes with its id and its routing key."""
    message_id = partner.tell(OPEN)
    message = eventually(partner.next)
    assert (message.properties["message_id"], message.delivery_info["routing_key"]) == (
        message_id,
        OPEN,
    )


def test_restricted_event_never_reaches_the_partner(partner: Partner) -> None:
    """Of two events the open one alone arrives."""
    partner.tell(RESTRICTED)
    message_id = partner.tell(OPEN)
    assert eventually(partner.next).properties["message_id"] == message_id


def test_subscription_may_be_made_again(partner: Partner, admin: BrokerAdmin) -> None:
    """What exists stays, and events go on."""
    subscribe(admin, partner.uri, partner.subscription, PASSWORD, vhost=partner.vhost)
    partner.tell(OPEN)
    assert eventually(partner.next)


def test_rejected_event_lies_among_the_dead_letters(partner: Partner) -> None:
    """A partner that cannot read a message lays it aside for us to look at."""
    partner.tell(OPEN)
    line = partner.line()
    channel = line.channel()
    message = eventually(lambda: channel.basic_get(partner.name))
    channel.basic_reject(message.delivery_info["delivery_tag"], requeue=False)
    line.close()
    ours = Line(urlsplit(partner.uri)._replace(path=f"/{partner.vhost}").geturl(), "tests")
    dead = ours.channel()
    assert eventually(lambda: dead.basic_get(f"{partner.name}.dead", no_ack=True))
    ours.close()


REFUSED: dict[str, Callable[[Any, str], Any]] = {
    "publish to its exchange": lambda channel, name: channel.basic_publish_confirm(
        amqp.Message("x"), exchange=name, routing_key=OPEN
    ),
    "publish to its queue": lambda channel, name: channel.basic_publish_confirm(
        amqp.Message("x"), exchange="", routing_key=name
    ),
    "read its dead letters": lambda channel, name: channel.basic_get(f"{name}.dead"),
    "read a queue that starts alike": lambda channel, name: channel.basic_get(f"{name}2"),
    "declare a queue": lambda channel, name: channel.queue_declare(f"{name}.mine"),
    "declare a nameless queue": lambda channel, _name: channel.queue_declare(""),
    "bind its queue": lambda channel, name: channel.queue_bind(name, name, "#"),
    "unbind its queue": lambda channel, name: channel.queue_unbind(name, name, "#"),
    "delete its queue": lambda channel, name: channel.queue_delete(name),
    "declare an exchange": lambda channel, name: channel.exchange_declare(f"{name}.x", "topic"),
    "delete its exchange": lambda channel, name: channel.exchange_delete(name),
}


@pytest.mark.parametrize("deed", REFUSED)
def test_partner_may_do_nothing_else(partner: Partner, deed: str) -> None:
    """The broker refuses whatever is not reading the one queue."""
    line = partner.line()
    with pytest.raises((amqp.AccessRefused, amqp.NotFound)) as caught:
        REFUSED[deed](line.channel(), partner.name)
    line.drop()
    assert caught.value.reply_code in {403} | ({404} if "alike" in deed else set())


def test_partner_does_not_enter_the_virtual_host_of_the_application(partner: Partner) -> None:
    """Its user has no right there."""
    with pytest.raises(BrokerGone):
        partner.line(vhost=urlsplit(partner.uri).path[1:])


def test_partner_with_a_wrong_password_is_refused(partner: Partner) -> None:
    """A password is a password."""
    with pytest.raises(BrokerGone):
        partner.line(password="guess")  # noqa: S106 - the wrong one


def test_partner_may_hold_few_connections(partner: Partner) -> None:
    """The fifth is refused."""
    lines = [partner.line() for _ in range(4)]

    def fifth_is_refused() -> bool:
        try:
            partner.line().close()
        except BrokerGone:
            return True
        return False

    refused = eventually(fifth_is_refused)
    for line in lines:
        line.close()
    assert refused
