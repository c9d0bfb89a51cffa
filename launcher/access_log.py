"""`./plurali access-log`: whether what was written down about accesses is still what it was."""

from __future__ import annotations

from argparse import ArgumentParser, ArgumentTypeError, Namespace
from typing import Final

from sqlalchemy.exc import OperationalError

from chassis.db import make_engine
from gateway.access_chain import Head, Verdict, verify
from launcher.failures import EngineFailure, ExitCode
from launcher.stack import Stack

_HEAD: Final = "POSITION:DIGEST"


def register(parser: ArgumentParser) -> None:
    """Add what can be done with the access log."""
    deeds = parser.add_subparsers(dest="deed", required=True, metavar="DEED")
    check = deeds.add_parser("verify", help="follow the whole chain and name the first broken row")
    check.add_argument(
        "--through",
        type=_head,
        metavar=_HEAD,
        help="a head printed earlier and kept elsewhere, which the chain must still hold",
    )


def run(arguments: Namespace, stack: Stack) -> int:
    """Verify the chain and say what came of it."""
    engine = make_engine(stack.database_url("gateway"), name="plurali-access-log", workers=1)
    try:
        with engine.connect() as connection:
            verdict = verify(connection, through=arguments.through)
    except OperationalError as error:
        raise EngineFailure(
            "The gateway's database cannot be reached: see `./plurali status`."
        ) from error
    finally:
        engine.dispose()
    print(told(verdict))
    return ExitCode.UNMET if verdict.broken else ExitCode.FINE


def told(verdict: Verdict) -> str:
    """Return a verdict in words."""
    counts = (
        f"{verdict.rows} rows verified, {verdict.pruned} before them let go, "
        f"{verdict.waiting} waiting for their seal"
    )
    if verdict.broken:
        return (
            f"access log: BROKEN. {verdict.broken}\n{counts}; the last good head is {verdict.head}"
        )
    return f"access log: whole; {counts}\nhead {verdict.head}"


def _head(text: str) -> Head:
    try:
        return Head.read(text)
    except ValueError:
        raise ArgumentTypeError(f"write it as {_HEAD}, as it was printed") from None
