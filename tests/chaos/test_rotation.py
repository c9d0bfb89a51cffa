"""Every secret is made new at noon, and nobody who works notices."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from dataclasses import asdict, dataclass, field
from typing import Any

import psycopg2
import pytest

from chassis.broker import BrokerGone, Line
from chassis.provision import connect
from launcher import rotation
from launcher.credentials import BROKER_USERS, Credentials, keys_of
from launcher.failures import ExitCode
from launcher.settings import DATABASES
from launcher.stack import Stack
from tests.support.noon import WRITERS, Noon, at_work

pytestmark = pytest.mark.timeout(1500)

ELSEWHERE = {"dashboards_administrator"}
"""Grafana runs in containers alone."""


@dataclass
class Rotated:
    """The work that went on, what was valid before, and where."""

    noon: Noon
    before: Credentials
    addresses: dict[str, str] = field(repr=False)


@pytest.fixture(scope="module")
def rotated(stack: Stack) -> Rotated:
    """Rotate everything while several clients ask and write without ever asking twice."""
    before = stack.credentials
    addresses = {name: stack.database_url(name) for name in DATABASES} | {
        "administrator": stack.database_server,
        "commands": stack.amqp_uri,
        **{f"broker {name}": stack.broker_uri(name) for name in BROKER_USERS},
    }
    with at_work(stack) as noon:
        rotation.rotate(stack, rotation.SECRETS)
    return Rotated(noon, before, addresses)


def test_no_request_fails_while_every_secret_changes(rotated: Rotated) -> None:
    """Neither an error nor a connection that was cut: a client without retries sees nothing."""
    assert rotated.noon.failed == []


def test_the_work_went_on_meanwhile(rotated: Rotated) -> None:
    """The stream was no trickle."""
    assert rotated.noon.answered > 100
    assert rotated.noon.completed > WRITERS


def test_no_connection_is_left_that_an_old_password_opened(rotated: Rotated) -> None:
    """Every process is another one now."""
    assert rotated.noon.renewed == set(DATABASES)


def test_every_secret_is_another_one(stack: Stack, rotated: Rotated) -> None:
    """None was forgotten, whatever credentials a later version adds."""
    before, after = asdict(rotated.before), asdict(stack.credentials)
    kept = {name for name in after if _leaves(after[name]) & _leaves(before[name])}
    assert kept == ELSEWHERE


def test_no_old_password_opens_anything(rotated: Rotated) -> None:
    """Neither a database nor the broker."""
    opened = {
        name
        for name, address in rotated.addresses.items()
        if _opens(_to_broker if address.startswith("amqp") else _to_database, address)
    }
    assert opened == set()


def test_new_keys_come_first_and_older_ones_still_open(stack: Stack, rotated: Rotated) -> None:
    """What was sealed before must be read."""
    for name in ("intake_key", "identity_key"):
        newest, *older = keys_of(getattr(stack.credentials, name))
        assert newest not in older
        assert tuple(older) == keys_of(getattr(rotated.before, name))


def test_a_key_under_which_something_is_sealed_is_not_forgotten(
    stack: Stack, rotated: Rotated
) -> None:
    """The tax codes of the people that were there before move in the course of time."""
    assert rotated.before
    assert rotation.retire(stack) == ExitCode.UNMET
    assert len(keys_of(stack.credentials.intake_key)) > 1


def _leaves(secret: Any) -> set[str]:
    return set(secret.values()) if isinstance(secret, dict) else {secret}


def _opens(door: Callable[[str], Any], address: str) -> bool:
    try:
        with closing(door(address)):
            return True
    except (psycopg2.OperationalError, BrokerGone):
        return False


def _to_database(address: str) -> Any:
    return connect(address)


def _to_broker(address: str) -> Any:
    return Line(address, "test")
