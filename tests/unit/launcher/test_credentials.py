"""Passwords and keys of a stack: made once, kept for the owner alone."""

from __future__ import annotations

import json
import stat
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from launcher.credentials import RENEWED, Credentials, keys_of, renewed
from launcher.failures import StorageFailure
from launcher.settings import DATABASES


def test_credentials_are_the_same_at_the_second_reading(tmp_path: Path) -> None:
    """Engines that were made with a password must be found with it again."""
    path = tmp_path / "secrets.json"
    assert Credentials.kept_in(path) == Credentials.kept_in(path)


def test_only_the_owner_reads_the_file(tmp_path: Path) -> None:
    """Nobody else on the machine may read a password."""
    path = tmp_path / "secrets.json"
    Credentials.kept_in(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_every_database_has_a_password_of_its_own(tmp_path: Path) -> None:
    """One service that leaks its password opens no other's database."""
    passwords = Credentials.kept_in(tmp_path / "secrets.json").databases
    assert set(passwords) == set(DATABASES)
    assert len(set(passwords.values())) == len(DATABASES)


def test_what_an_older_version_did_not_have_is_added(tmp_path: Path) -> None:
    """A stack outlives the version that made it."""
    path = tmp_path / "secrets.json"
    kept = {"broker_application": "kept", "databases": {"intake": "kept too"}, "dropped": "x"}
    path.write_text(json.dumps(kept))
    credentials = Credentials.kept_in(path)
    assert credentials.broker_application == "kept"
    assert credentials.databases["intake"] == "kept too"
    assert set(json.loads(path.read_text())["databases"]) == set(DATABASES)


def test_damaged_file_is_told_in_a_sentence(tmp_path: Path) -> None:
    """New passwords would lock the stack out of its own data."""
    path = tmp_path / "secrets.json"
    path.write_text("{")
    with pytest.raises(StorageFailure, match="damaged"):
        Credentials.kept_in(path)


def test_representation_shows_no_password(tmp_path: Path) -> None:
    """A traceback or a log line must not carry one."""
    credentials = Credentials.kept_in(tmp_path / "secrets.json")
    assert credentials.broker_administrator not in repr(credentials)


def test_everything_that_containers_are_told_at_their_start_can_be_renewed() -> None:
    """The two others are told to their servers first, by whoever administers these."""
    before = Credentials()
    old, new = asdict(before), asdict(renewed(before, RENEWED))
    assert {name for name in new if _leaves(new[name]) & _leaves(old[name])} == {
        "database_administrator",
        "dashboards_administrator",
    }


@pytest.mark.parametrize("name", ["intake-key", "identity-key"])
def test_a_new_key_stands_before_the_older_ones(name: str) -> None:
    """What these have sealed must be read."""
    kind = name.replace("-", "_")
    before = Credentials()
    newest, *older = keys_of(getattr(renewed(before, [name]), kind))
    assert older == [getattr(before, kind)]
    assert newest not in older


def _leaves(secret: Any) -> set[str]:
    return set(secret.values()) if isinstance(secret, dict) else {secret}
