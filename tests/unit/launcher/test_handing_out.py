"""What a process is told: its own secrets, in files that nobody else reads, and no others."""

from __future__ import annotations

import stat
from dataclasses import replace
from pathlib import Path

import pytest

from launcher import account, broker_users
from launcher.credentials import BROKER_USERS, new_password
from launcher.settings import DATABASES, Settings
from launcher.stack import Stack


@pytest.fixture
def stack(tmp_path: Path) -> Stack:
    """Give a stack that was never started."""
    return Stack(Settings(home=tmp_path, engines=tmp_path))


@pytest.mark.parametrize("name", DATABASES)
def test_no_secret_stands_in_an_environment(stack: Stack, name: str) -> None:
    """Whoever lists processes reads what is there."""
    text = str(stack.environment(name))
    told = (*stack.credentials.databases.values(), *stack.credentials.broker_users.values())
    assert [each for each in told if each in text] == []


@pytest.mark.parametrize("name", DATABASES)
def test_a_process_is_given_its_own_secrets_alone(stack: Stack, name: str) -> None:
    """One that leaks everything it knows opens nothing of another."""
    stack.hand_out(account.own(), [name])
    known = "".join(path.read_text() for path in (stack.home / "processes" / name).iterdir())
    passwords = {**stack.credentials.databases}, {**stack.credentials.broker_users}
    assert [{user for user, each in of.items() if each in known} for of in passwords] == [
        {name},
        {name},
    ]


def test_only_its_process_reads_a_secret(stack: Stack) -> None:
    """The directory and the files are for the owner alone."""
    stack.hand_out(account.own(), ["intake"])
    directory = stack.home / "processes" / "intake"
    modes = {stat.S_IMODE(path.stat().st_mode) for path in directory.iterdir()}
    assert (stat.S_IMODE(directory.stat().st_mode), modes) == (0o700, {0o600})


def test_new_credentials_are_kept_and_handed_out(stack: Stack) -> None:
    """The next command, and the next connection, find them."""
    phrase = new_password()
    stack.adopt(
        replace(stack.credentials, databases=stack.credentials.databases | {"intake": phrase})
    )
    stack.hand_out(account.own(), ["intake"])
    handed = (stack.home / "processes" / "intake" / "DATABASE_URL").read_text()
    assert (phrase in handed, Stack(stack.settings).credentials) == (True, stack.credentials)


def test_every_process_is_a_user_of_the_broker_with_its_rights(stack: Stack) -> None:
    """The rights are those that Kubernetes gives; whoever has none could do nothing."""
    defined = broker_users.definitions(stack.credentials.broker_users)
    assert {each["name"] for each in defined["users"]} == set(BROKER_USERS)
    assert {each["user"] for each in defined["permissions"]} == set(BROKER_USERS)
    assert {each["tags"] for each in defined["users"]} == {""}
