"""`./plurali user`: who may sign in, for the administrator of the machine."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final
from uuid import UUID

from sqlalchemy.exc import OperationalError

from chassis.db import make_engine
from contracts.access import STAFF_ROLES, Principal, Role
from contracts.language import DomainError
from gateway.database import Database
from gateway.identity.domain import MACHINE
from gateway.identity.handlers import Identity
from gateway.identity.language import (
    NewLink,
    NewPassword,
    NewUser,
    User,
    UserSearch,
)
from gateway.identity.policy import Policy
from gateway.identity.sealing import Seal
from launcher import demonstration
from launcher.failures import EngineFailure, ExitCode, Failure, UsageFailure
from launcher.stack import Stack

_PAGE: Final = 100
# Whoever may run this command on the machine has no account that it could shut by mistake.
_MACHINE: Final = Principal(user_id=MACHINE, agency_id=MACHINE, roles=(Role.ADMINISTRATOR,))


def register(parser: ArgumentParser) -> None:
    """Add what can be done with users."""
    deeds = parser.add_subparsers(dest="deed", required=True, metavar="DEED")
    deeds.add_parser("list", help="show everybody who was ever let in")
    add = deeds.add_parser("add", help="let a member of staff in; the password is shown once")
    add.add_argument("email")
    add.add_argument("--name", required=True)
    add.add_argument("--agency", required=True, help="id of the agency, or its name in the demo")
    add.add_argument("--role", required=True, action="append", choices=sorted(STAFF_ROLES))
    for deed, purpose in (
        ("disable", "end every token of a user and refuse the next sign-in"),
        ("enable", "open the door again for a disabled user"),
        ("reset-password", "replace a password, end every token and show the new one once"),
        ("invite", "make a one-time link with which the user chooses a password"),
        ("sign-out", "end every token of a user"),
        ("reset-second-step", "remove the second step of a user who lost phone and paper"),
    ):
        deeds.add_parser(deed, help=purpose).add_argument("email")
    deeds.add_parser("verify-log", help="tell whether the log of administration is whole")


def run(arguments: Namespace, stack: Stack) -> int:
    """Do it, and print what only now can be seen."""
    with identity_of(stack) as identity:
        try:
            print(_DEEDS[arguments.deed](identity, arguments))
        except DomainError as refusal:
            raise Failure(refusal.message) from refusal
    return ExitCode.FINE


@contextmanager
def identity_of(stack: Stack) -> Iterator[Identity]:
    """Open the gateway's own door to its users, without any token."""
    engine = make_engine(stack.database_url("gateway"), name="plurali-user", workers=1)
    try:
        yield Identity(
            Database(engine),
            Seal(*stack.credentials.identity_keys),
            policy=Policy.from_environment(stack.identity_settings),
        )
    except OperationalError as error:
        raise EngineFailure(
            "The gateway's database cannot be reached: see `./plurali status`."
        ) from error
    finally:
        engine.dispose()


def user_with(identity: Identity, email: str) -> User | None:
    """Return the user of an address."""
    return next((each for each in everybody(identity) if each.email == email.lower()), None)


def everybody(identity: Identity) -> Iterator[User]:
    """Yield all users, newest first."""
    cursor: str | None = None
    while True:
        page = identity.users(UserSearch(cursor=cursor, limit=_PAGE))
        yield from page.items
        cursor = page.next_cursor
        if cursor is None:
            return


def _list(identity: Identity, _arguments: Namespace) -> str:
    return "\n".join(_line(each) for each in everybody(identity)) or "Nobody may sign in yet."


def _add(identity: Identity, arguments: Namespace) -> str:
    created = identity.create_user(
        NewUser(
            email=arguments.email,
            name=arguments.name,
            agency_id=_agency(arguments.agency),
            roles=tuple(Role(each) for each in arguments.role),
        )
    )
    return f"{_line(created.user)}\npassword, shown this once: {created.password}"


def _reset_password(identity: Identity, arguments: Namespace) -> str:
    user = _existing(identity, arguments.email)
    reset = identity.reset_password(NewPassword(user_id=user.user_id))
    return f"{_line(reset.user)}\npassword, shown this once: {reset.password}"


def _disable(identity: Identity, arguments: Namespace) -> str:
    user = _existing(identity, arguments.email)
    return _line(identity.disable_user(_MACHINE, user.user_id))


def _enable(identity: Identity, arguments: Namespace) -> str:
    return _line(identity.enable_user(_existing(identity, arguments.email).user_id))


def _invite(identity: Identity, arguments: Namespace) -> str:
    user = _existing(identity, arguments.email)
    link = identity.make_link(MACHINE, NewLink(user_id=user.user_id, purpose="invitation"))
    return (
        f"{_line(user)}\nlink, shown this once, until {link.expires_at:%Y-%m-%d %H:%M}: {link.url}"
    )


def _sign_out(identity: Identity, arguments: Namespace) -> str:
    user = _existing(identity, arguments.email)
    identity.end_tokens_of(MACHINE, user.user_id)
    return _line(user)


def _reset_second_step(identity: Identity, arguments: Namespace) -> str:
    user = _existing(identity, arguments.email)
    identity.take_second_step_away(MACHINE, user.user_id)
    return _line(user)


def _verify_log(identity: Identity, _arguments: Namespace) -> str:
    verdict = identity.administration_verdict()
    if not verdict.whole:
        raise Failure(f"The log of administration is broken at number {verdict.broken_at}.")
    return f"whole: {verdict.entries} entries, the last hash is {verdict.last_hash}"


_DEEDS: Final[dict[str, Callable[[Identity, Namespace], str]]] = {
    "list": _list,
    "add": _add,
    "disable": _disable,
    "enable": _enable,
    "reset-password": _reset_password,
    "invite": _invite,
    "sign-out": _sign_out,
    "reset-second-step": _reset_second_step,
    "verify-log": _verify_log,
}


def _existing(identity: Identity, email: str) -> User:
    user = user_with(identity, email)
    if user is None:
        raise UsageFailure(f"Nobody has the address {email}: see `./plurali user list`.")
    return user


def _agency(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        known = {name: id_ for id_, name in demonstration.agency_names().items()}
    if text not in known:
        raise UsageFailure(f"{text!r} is neither the id of an agency nor the name of a demo one.")
    return UUID(known[text])


def _line(user: User) -> str:
    names = demonstration.agency_names()
    held = "; ".join(
        f"{', '.join(each.roles)} at {names.get(str(each.agency_id), each.agency_id)}"
        for each in user.memberships
    )
    why = f" ({user.disabled_for})" if user.disabled_for else ""
    state = f"disabled since {user.disabled_at:%Y-%m-%d}{why}" if user.disabled_at else "enabled"
    return f"{user.email:44} {state:40} {held}"
