"""Every secret is made new at noon, and nobody who works notices."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import asdict, dataclass, field
from typing import Any

import psycopg2
import pytest

from chassis.broker import BrokerGone, Line
from chassis.db import make_engine
from chassis.provision import connect
from contracts.access import Role
from launcher import demonstration, rotation
from launcher.credentials import BROKER_USERS, Credentials, keys_of
from launcher.failures import ExitCode
from launcher.journey.client import Client
from launcher.settings import DATABASES
from launcher.stack import Stack
from services.intake.sealing import Seal
from services.intake.store import IntakeStore
from tests.support.killed_rotation import WHENS, When, kill_a_rotation
from tests.support.noon import WRITERS, Noon, at_work

pytestmark = pytest.mark.timeout(1500)

ELSEWHERE = {"dashboards_administrator"}
"""Grafana runs in containers alone."""

_EVERYBODY = 1_000_000


@dataclass
class Rotated:
    """The work that went on, what was valid before, and where."""

    noon: Noon
    before: Credentials
    after: Credentials
    addresses: dict[str, str] = field(repr=False)


@dataclass(frozen=True)
class Retired:
    """What the attempts to forget older keys came to, with how many keys there were then."""

    too_early: tuple[int, int]
    in_time: tuple[int, int]


@pytest.fixture(scope="module")
def rotated(stack: Stack) -> Rotated:
    """Rotate everything while several clients ask and write without ever asking twice."""
    before, addresses = stack.credentials, _addresses(stack)
    with at_work(stack) as noon:
        rotation.rotate(stack, rotation.SECRETS)
    return Rotated(noon, before, stack.credentials, addresses)


@pytest.fixture(scope="module")
def retired(stack: Stack, rotated: Rotated) -> Retired:
    """Forget older keys while tax codes are sealed with them, and again when none is."""
    assert rotated.after
    too_early = rotation.retire(stack), len(keys_of(stack.credentials.intake_key))
    engine = make_engine(stack.database_url("intake"), name="tests", workers=1)
    with engine.begin() as connection:
        # What the service does every five minutes, in one go.
        IntakeStore(connection, seal=Seal(*keys_of(stack.credentials.intake_key))).reseal(
            _EVERYBODY
        )
    engine.dispose()
    in_time = rotation.retire(stack), len(keys_of(stack.credentials.intake_key))
    return Retired(too_early, in_time)


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


def test_every_secret_is_another_one(rotated: Rotated) -> None:
    """None was forgotten, whatever credentials a later version adds."""
    before, after = asdict(rotated.before), asdict(rotated.after)
    kept = {name for name in after if _leaves(after[name]) & _leaves(before[name])}
    assert kept == ELSEWHERE


def test_no_old_password_opens_anything(rotated: Rotated) -> None:
    """Neither a database nor the broker."""
    assert _open_doors(rotated.addresses) == set()


def test_new_keys_come_first_and_older_ones_still_open(rotated: Rotated) -> None:
    """What was sealed before must be read."""
    for name in ("intake_key", "identity_key"):
        newest, *older = keys_of(getattr(rotated.after, name))
        assert newest not in older
        assert tuple(older) == keys_of(getattr(rotated.before, name))


def test_a_key_under_which_something_is_sealed_is_not_forgotten(retired: Retired) -> None:
    """The tax codes of the people that were there before move in the course of time."""
    code, keys = retired.too_early
    assert (code, keys > 1) == (ExitCode.UNMET, True)


def test_a_key_under_which_nothing_is_sealed_is_forgotten(retired: Retired) -> None:
    """Whoever finds it afterwards reads nothing with it."""
    assert retired.in_time == (ExitCode.FINE, 1)


def test_a_tax_code_is_read_when_its_former_key_is_forgotten(
    stack: Stack, retired: Retired
) -> None:
    """By the process that was renewed without it."""
    assert retired.in_time
    accounts = demonstration.require_accounts(stack.home)
    worker = demonstration.staff_of(accounts, demonstration.REFERRER, Role.CASE_WORKER)
    with Client(stack.gateway_url) as client:
        client.sign_in(worker.email, worker.password)
        known = client.post("/people/searches", {"limit": 20})["items"]
        found = [client.get(f"/people/{each['person_id']}") for each in known]
    assert any(each["details"]["tax_code"] for each in found)


@pytest.mark.parametrize("when", WHENS)
@pytest.mark.parametrize(
    "secret", ["databases", "database-administrator", "broker", "broker-administrator"]
)
def test_a_rotation_that_was_killed_is_brought_to_its_end(
    stack: Stack, secret: str, when: When
) -> None:
    """By the next one, whichever of the two passwords an engine had taken."""
    kill_a_rotation(stack, secret, when)
    following = Stack(stack.settings)
    rotation.rotate(following, ())
    stack.adopt(following.credentials)
    doors = _addresses(following)
    assert _open_doors(doors) == doors.keys()
    assert following.rabbit_api is not None
    assert following.rabbit_api.is_ready()


def _addresses(stack: Stack) -> dict[str, str]:
    """Return the address of every door that a password of the stack opens."""
    return {name: stack.database_url(name) for name in DATABASES} | {
        "administrator": stack.database_server,
        "commands": stack.amqp_uri,
        **{f"broker {name}": stack.broker_uri(name) for name in BROKER_USERS},
    }


def _open_doors(addresses: Mapping[str, str]) -> set[str]:
    return {
        name
        for name, address in addresses.items()
        if _opens(_to_broker if address.startswith("amqp") else _to_database, address)
    }


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
