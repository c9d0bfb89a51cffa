"""A broker that runs already is brought to other users and rights."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from chassis import admit, clock
from chassis.broker import BrokerGone, Line
from chassis.broker_admin import BrokerAdmin
from launcher import broker_users

_PHRASES = "a first one", "a second one"


@pytest.fixture
def name() -> Iterator[str]:
    """Give a name that no user of the broker has."""
    name = f"test-{clock.new_id().hex}"
    yield name
    with closing(BrokerAdmin.at(os.environ["TEST_RABBIT_API"])) as admin:
        admin.delete_user(name)


def _admit(patch: pytest.MonkeyPatch, told: Path, name: str, phrase: str, vhost: str) -> None:
    rights = {"user": name, "vhost": vhost, "configure": "", "write": "", "read": ""}
    definitions: dict[str, Any] = {
        "users": [broker_users.definition(name, phrase)],
        "permissions": [rights],
    }
    told.write_text(json.dumps(definitions))
    patch.setenv("RABBITMQ_DEFINITIONS_FILE", str(told))
    patch.setenv("RABBITMQ_API", os.environ["TEST_RABBIT_API"])
    admit.main()


def _enters(address: str) -> bool:
    try:
        with closing(Line(address, "test")):
            return True
    except BrokerGone:
        return False


def test_who_is_admitted_enters_with_the_newest_password(
    amqp_uri: str, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A second run changes what the first has made."""
    parts, opened = urlsplit(amqp_uri), []
    for phrase in _PHRASES:
        _admit(monkeypatch, tmp_path / "definitions", name, phrase, parts.path[1:])
        places = [f"amqp://{name}:{each}@{parts.hostname}:{parts.port}" for each in _PHRASES]
        opened.append([_enters(place.replace(" ", "%20") + parts.path) for place in places])
    assert opened == [[True, False], [False, True]]


def test_who_was_admitted_is_told_and_no_password_is(
    amqp_uri: str,
    name: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The log of a container is read by many."""
    _admit(monkeypatch, tmp_path / "definitions", name, _PHRASES[0], urlsplit(amqp_uri).path[1:])
    assert capsys.readouterr().out == f"users of the broker: {name}\n"
