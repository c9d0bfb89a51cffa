"""Waits until database and broker are ready for this code: ``python -m chassis.prepared SERVICE``.

Run before the process itself, it lets migrations, declarations and processes be started at the same
time, in any order: code never meets a schema older than its own, and nothing is published before
every queue that wants it exists.
"""

from __future__ import annotations

import os
import sys
import time
from typing import Final

import amqp
from sqlalchemy.exc import DBAPIError

from chassis import layout, topology
from chassis.broker import BrokerGone, Line
from chassis.db import make_engine, revision_of
from chassis.revisions import newest_of
from chassis.settings import SettingMissing, Settings

PATIENCE_SECONDS: Final = 600.0
PAUSE_SECONDS: Final = 2.0
NO_REVISION: Final = "none"


def is_migrated(name: str, database_url: str) -> bool:
    """Tell whether the database of a service or of the gateway has the schema of this code.

    A later revision does as well: its migration leaves room for the code before it.
    """
    engine = make_engine(database_url, name=f"{name} preparation", workers=1)
    try:
        with engine.connect() as connection:
            revision = revision_of(connection)
    except DBAPIError:
        return False
    finally:
        engine.dispose()
    return revision != NO_REVISION and revision >= newest_of(name)


def is_declared(uri: str, wanted: layout.Topology) -> bool:
    """Tell whether exactly this topology was declared at the broker."""
    try:
        line = Line(uri, "preparation")
    except BrokerGone:
        return False
    mark = layout.mark_of(wanted)
    try:
        line.channel().exchange_declare(mark.name, mark.kind, passive=True)
    except amqp.NotFound:
        return False
    finally:
        line.close()
    return True


def missing(name: str, settings: Settings) -> list[str]:
    """Return what is not ready yet."""
    checks = {
        "schema": is_migrated(name, settings.database_url),
        "topology": is_declared(settings.amqp_uri, topology.whole()),
    }
    return [what for what, is_ready in checks.items() if not is_ready]


def main(arguments: list[str]) -> None:
    """Wait for the service or gateway named by the one argument, saying for what."""
    (name,) = arguments
    try:
        settings = Settings.from_environment(os.environ)
    except SettingMissing as error:
        sys.stderr.write(f"{error}\n")
        raise SystemExit(2) from None
    deadline, told = time.monotonic() + PATIENCE_SECONDS, None
    while awaited := missing(name, settings):
        if awaited != told:
            sys.stdout.write(f"{name}: waiting for {', '.join(awaited)}\n")
            sys.stdout.flush()
            told = awaited
        if time.monotonic() > deadline:
            raise SystemExit(1)
        time.sleep(PAUSE_SECONDS)
    sys.stdout.write(f"{name}: prepared\n")


if __name__ == "__main__":
    main(sys.argv[1:])
