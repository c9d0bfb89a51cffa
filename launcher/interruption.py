"""A rotation that was ended in the middle of a change, and how everything agrees again.

A password changes here and at the engine, never at one instant. Until both have it, the other of
the two possible states is kept in a file: whichever the engine took, this stack still knows it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from chassis.provision import MONITOR
from launcher import account, broker_users, provisioning, rabbitmq
from launcher.account import Account
from launcher.credentials import Credentials
from launcher.failures import EngineFailure
from launcher.progress import step
from launcher.stack import Stack

_OTHER: Final = "secrets.other.json"


def keep(stack: Stack, other: Credentials) -> None:
    """Keep what the engines may hold instead of what this stack goes by."""
    other.keep_in(stack.home / _OTHER)


def forget(stack: Stack) -> None:
    """Say that the engines hold what this stack goes by."""
    (stack.home / _OTHER).unlink(missing_ok=True)


def is_left(stack: Stack) -> bool:
    """Tell whether a change was begun and not brought to its end."""
    return (stack.home / _OTHER).exists()


def database_opens(stack: Stack) -> bool:
    """Tell whether the server takes the administrator's password, or took the other one."""
    return _opens(stack, "database_administrator", _database_is_ready)


def broker_opens(stack: Stack) -> bool:
    """Tell whether the broker takes the administrator's password, or took the other one."""
    return _opens(stack, "broker_administrator", _broker_is_ready)


def settle(stack: Stack, owner: Account) -> None:
    """Tell running engines and processes the passwords that this stack goes by."""
    if not is_left(stack):
        return
    with step("Bringing to its end what an interrupted rotation began"):
        if not (database_opens(stack) and broker_opens(stack)):
            raise EngineFailure("An engine takes neither password of its administrator.")
        credentials, server = stack.credentials, stack.database_server
        provisioning.provide_databases(server, credentials.databases)
        provisioning.set_password(server, MONITOR, credentials.database_monitor)
        if stack.rabbit_api is not None:
            broker_users.provide(stack.rabbit_api, credentials.broker_users)
            broker_users.set_password(
                stack.rabbit_api, rabbitmq.APPLICATION, credentials.broker_application
            )
            rabbitmq.define(stack.home / "rabbitmq", credentials, account.for_engines())
        stack.hand_out(owner)
        forget(stack)


def _opens(stack: Stack, secret: str, answers: Callable[[Stack], bool]) -> bool:
    """Try what this stack goes by, then the other state, and go by what opens."""
    if answers(stack):
        return True
    if not is_left(stack):
        return False
    other = Credentials.kept_in(stack.home / _OTHER)
    trial = Stack(stack.settings)
    trial.credentials = replace(stack.credentials, **{secret: getattr(other, secret)})
    found = answers(trial)
    if found:
        stack.adopt(trial.credentials)
    return found


def _database_is_ready(stack: Stack) -> bool:
    return provisioning.database_is_ready(stack.database_server)


def _broker_is_ready(stack: Stack) -> bool:
    return stack.rabbit_api is None or stack.rabbit_api.is_ready()
