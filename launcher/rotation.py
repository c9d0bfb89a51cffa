"""`./plurali rotate`: new passwords and keys for a running stack, while people go on working.

A process reads its passwords anew for every connection, so a password may change under it: it is
written where processes look it up, and told to the engine at once; a connection that falls in
between is tried again. A key becomes known before it is used, since two processes of a service work
side by side while one relieves the other. In the end every process that was given something is
renewed, and no connection is left that the old password opened.
"""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import replace
from functools import partial
from typing import Final

from chassis.provision import MONITOR, connect
from launcher import (
    account,
    broker_users,
    interruption,
    postgres,
    provisioning,
    rabbitmq,
    restart,
    shutdown,
    startup,
)
from launcher.credentials import BROKER_USERS, Credentials, keys_of, new_key, new_password
from launcher.failures import EngineFailure, EnvironmentFailure, ExitCode, UsageFailure
from launcher.progress import say, step
from launcher.settings import DATABASES
from launcher.stack import Stack


def register(parser: ArgumentParser) -> None:
    """Add which secrets, and whether keys that nothing needs any more are to go."""
    parser.add_argument(
        "secrets",
        nargs="*",
        metavar="SECRET",
        help=f"{', '.join(SECRETS)}; all of them without any",
    )
    parser.add_argument(
        "--retire",
        action="store_true",
        help="make nothing new: forget keys of tax codes under which nothing is sealed any more",
    )


def run(arguments: Namespace, stack: Stack) -> int:
    """Rotate what is named."""
    unknown = sorted(set(arguments.secrets) - SECRETS.keys())
    if unknown:
        raise UsageFailure(f"No secret {', '.join(unknown)}; there are {', '.join(SECRETS)}.")
    if arguments.retire:
        return retire(stack)
    rotate(stack, arguments.secrets or tuple(SECRETS))
    say("Everything named is new; backups that were taken before hold what was valid then")
    return ExitCode.FINE


def rotate(stack: Stack, secrets: Iterable[str]) -> None:
    """Rotate secrets one after the other, then renew the processes that they were given to."""
    _require_running(stack)
    with shutdown.changing(stack):
        given: set[str] = set()
        for secret in secrets:
            with step(f"Rotating {secret}"):
                given.update(SECRETS[secret](stack))
        restart.renew(stack, [name for name in DATABASES if name in given])


def retire(stack: Stack) -> int:
    """Forget the older keys of tax codes, unless something is still sealed with one."""
    _require_running(stack)
    newest, *older = keys_of(stack.credentials.intake_key)
    if not older:
        say("There is no older key of tax codes")
        return ExitCode.FINE
    left = _sealed_with_older(stack, newest)
    if left:
        say(f"{left} tax codes are still sealed with an older key; some move every 5 minutes")
        return ExitCode.UNMET
    with shutdown.changing(stack):
        _give(stack, replace(stack.credentials, intake_key=newest), ["intake"])
        restart.renew(stack, ["intake"])
    say("Tax codes have one key again")
    return ExitCode.FINE


def _databases(stack: Stack) -> Iterable[str]:
    """Give each role of a database a new password."""
    for name in DATABASES:
        phrase = new_password()
        passwords = stack.credentials.databases | {name: phrase}
        following = replace(stack.credentials, databases=passwords)
        tell = partial(provisioning.set_password, stack.database_server, name, phrase)
        _change(stack, following, [name], tell)
    return DATABASES


def _database_administrator(stack: Stack) -> Iterable[str]:
    """Give the administrator of the database server a new password; only commands use it."""
    server, phrase = stack.database_server, new_password()
    following = replace(stack.credentials, database_administrator=phrase)
    role = postgres.ADMINISTRATOR
    _change(stack, following, [], lambda: provisioning.set_password(server, role, phrase))
    return ()


def _database_monitor(stack: Stack) -> Iterable[str]:
    """Give the role that measures the server a new password, where there is that role."""
    server, phrase = stack.database_server, new_password()
    following = replace(stack.credentials, database_monitor=phrase)
    _change(stack, following, [], lambda: provisioning.set_password(server, MONITOR, phrase))
    return ()


def _broker(stack: Stack) -> Iterable[str]:
    """Give each process, and the commands, a new password at the broker."""
    for name in BROKER_USERS:
        phrase = new_password()
        users = stack.credentials.broker_users | {name: phrase}
        following = replace(stack.credentials, broker_users=users)
        _change_at_broker(stack, following, name, phrase)
    phrase = new_password()
    following = replace(stack.credentials, broker_application=phrase)
    _change_at_broker(stack, following, rabbitmq.APPLICATION, phrase)
    return DATABASES


def _broker_administrator(stack: Stack) -> Iterable[str]:
    """Give the administrator of the broker a new password; only commands use it."""
    phrase = new_password()
    following = replace(stack.credentials, broker_administrator=phrase)
    _change_at_broker(stack, following, rabbitmq.ADMINISTRATOR, phrase)
    return ()


def _intake_key(stack: Stack) -> Iterable[str]:
    """Put a new key of tax codes before the others."""

    def with_keys(text: str) -> Credentials:
        return replace(stack.credentials, intake_key=text)

    return _put_before(stack, "intake", stack.credentials.intake_key, with_keys)


def _identity_key(stack: Stack) -> Iterable[str]:
    """Put a new key of second steps before the others."""

    def with_keys(text: str) -> Credentials:
        return replace(stack.credentials, identity_key=text)

    return _put_before(stack, "gateway", stack.credentials.identity_key, with_keys)


SECRETS: Final[dict[str, Callable[[Stack], Iterable[str]]]] = {
    "databases": _databases,
    "database-administrator": _database_administrator,
    "database-monitor": _database_monitor,
    "broker": _broker,
    "broker-administrator": _broker_administrator,
    "intake-key": _intake_key,
    "identity-key": _identity_key,
}


def _put_before(
    stack: Stack, process: str, known: str, with_keys: Callable[[str], Credentials]
) -> Iterable[str]:
    """Let every process open with a new key, and only then let them seal with it.

    The process that is told last is renewed in the end, with the others.
    """
    added = new_key()
    _give(stack, with_keys(f"{known},{added}"), [process])
    restart.renew(stack, [process])
    _give(stack, with_keys(f"{added},{known}"), [process])
    return (process,)


def _change_at_broker(stack: Stack, following: Credentials, user: str, phrase: str) -> None:
    api = stack.rabbit_api
    if api is None:
        raise EngineFailure("The broker has no management interface.")
    directory = stack.home / "rabbitmq"

    def tell() -> None:
        broker_users.set_password(api, user, phrase)
        # At its next start the node loads this file, and what it says overrides what is kept.
        rabbitmq.define(directory, following, account.for_engines())

    _change(stack, following, [user] if user in DATABASES else [], tell)


def _change(
    stack: Stack, following: Credentials, names: Iterable[str], tell: Callable[[], None]
) -> None:
    """Give processes a password and tell the engine; take it back where the engine refuses.

    Whoever interrupts this leaves behind what the next command needs to make both agree.
    """
    before = stack.credentials
    interruption.keep(stack, before)
    try:
        _give(stack, following, names)
        tell()
    except Exception:
        interruption.keep(stack, following)
        _give(stack, before, names)
        raise
    interruption.forget(stack)


def _give(stack: Stack, credentials: Credentials, names: Iterable[str]) -> None:
    stack.adopt(credentials)
    stack.hand_out(startup.worker(), names)


def _sealed_with_older(stack: Stack, newest: str) -> int:
    """Count the tax codes under other keys than the newest."""
    # Needs the packages of the service, which other commands do without.
    from services.intake.sealing import Seal  # noqa: PLC0415 - see above

    with (
        closing(connect(stack.database_url("intake"))) as connection,
        connection.cursor() as cursor,
    ):
        cursor.execute(
            "select count(*) from persons where tax_code_key <> %s", (Seal(newest).newest,)
        )
        (count,) = cursor.fetchone() or (0,)
        return int(count)


def _require_running(stack: Stack) -> None:
    settings = stack.settings
    if settings.project:
        raise UsageFailure("In containers: see docs/deploying.md, Secrets.")
    if settings.database_url is not None or settings.amqp_uri is not None:
        raise UsageFailure(
            "DATABASE_URL or AMQP_URI names a server of your own: change its passwords there."
        )
    if interruption.is_left(stack):
        with shutdown.changing(stack):
            interruption.settle(stack, startup.worker())
    if not startup.runs_whole(stack):
        raise EnvironmentFailure("Not everything is ready, see `./plurali status`: `up` starts it.")
