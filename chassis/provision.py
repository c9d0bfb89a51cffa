"""Roles and databases of one server: ``python -m chassis.provision NAME...``.

``DATABASE_URL`` is the address of an administrator. For each name, ``<NAME>_DATABASE_URL`` is the
address that the process of that name will use: its role is made with its password, and its
database, which no other role can enter. With ``MONITOR_PASSWORD`` there is also a role ``monitor``,
which may see the server's figures but no data. All of these may come from files. A second run
changes nothing but the passwords, to what they are now.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterable
from contextlib import closing
from typing import Any, Final

import psycopg2
import sqlalchemy as sa
from psycopg2 import sql
from psycopg2.extensions import ISOLATION_LEVEL_AUTOCOMMIT, connection, encrypt_password

from chassis.settings import SettingMissing, secret

MONITOR: Final = "monitor"


def connect(server: str, *, patience: float = 0.0) -> connection:
    """Connect without a transaction, waiting for the server to come up.

    Raises:
        psycopg2.OperationalError: it did not come up in time.

    """
    deadline = time.monotonic() + patience
    while True:
        try:
            opened = psycopg2.connect(server, connect_timeout=5)
            break
        except psycopg2.OperationalError:
            if time.monotonic() >= deadline:
                raise
            time.sleep(1)
    opened.set_isolation_level(ISOLATION_LEVEL_AUTOCOMMIT)
    return opened


def provide(
    server: str, addresses: Iterable[sa.URL], *, monitor: str | None = None, patience: float = 0.0
) -> None:
    """Make the role and the database of each address, where they are missing.

    Raises:
        psycopg2.Error: the server cannot be reached, or refuses.

    """
    with closing(connect(server, patience=patience)) as administrator:
        _close_shared_doors(administrator)
        for address in addresses:
            role, database = str(address.username), str(address.database)
            _provide_role(administrator, role, str(address.password))
            _provide_database(administrator, database, owner=role)
        if monitor is not None:
            set_password(administrator, MONITOR, monitor)
            role_name = sql.Identifier(MONITOR)
            _run(administrator, sql.SQL("grant pg_monitor to {}").format(role_name))
            _run(
                administrator,
                sql.SQL("grant connect on database postgres to {}").format(role_name),
            )


def _run(administrator: connection, statement: sql.Composable | str, *values: object) -> Any:
    """Run one statement and return its first value, if it has one."""
    with administrator.cursor() as cursor:
        cursor.execute(statement, values)
        row = cursor.fetchone() if cursor.description else None
    return row[0] if row else None


def _close_shared_doors(administrator: connection) -> None:
    if _run(administrator, "select rolsuper from pg_roles where rolname = current_user"):
        _run(administrator, "revoke connect on database postgres, template1 from public")


def is_role(administrator: connection, name: str) -> bool:
    """Tell whether the server knows a role."""
    return bool(_run(administrator, "select true from pg_roles where rolname = %s", name))


def set_password(administrator: connection, name: str, password: str) -> None:
    """Make a role that may sign in with a password, or give it this one."""
    role, known = sql.Identifier(name), is_role(administrator, name)
    # The server is told what it keeps and never the password, which its log might repeat.
    verifier = encrypt_password(password, name, administrator, "scram-sha-256")
    command = sql.SQL("{} role {} login password {}").format(
        sql.SQL("alter" if known else "create"), role, sql.Literal(verifier)
    )
    _run(administrator, command)


def _provide_role(administrator: connection, name: str, password: str) -> None:
    set_password(administrator, name, password)
    # An administrator that is no superuser must belong to a role to give it a database.
    if not _run(administrator, "select pg_has_role(%s, 'member')", name):
        role = sql.Identifier(name)
        _run(administrator, sql.SQL("grant {} to current_user").format(role))


def _provide_database(administrator: connection, name: str, *, owner: str) -> None:
    database, role = sql.Identifier(name), sql.Identifier(owner)
    if not _run(administrator, "select true from pg_database where datname = %s", name):
        _run(administrator, sql.SQL("create database {} owner {}").format(database, role))
    _run(administrator, sql.SQL("revoke all on database {} from public").format(database))


def _monitor_password() -> str | None:
    try:
        return secret(os.environ, f"{MONITOR.upper()}_PASSWORD")
    except SettingMissing:
        return None


def main(names: list[str]) -> None:
    """Provide what the names' addresses tell, at ``DATABASE_URL``."""
    addresses = [sa.make_url(secret(os.environ, f"{name.upper()}_DATABASE_URL")) for name in names]
    administrator = secret(os.environ, "DATABASE_URL")
    provide(administrator, addresses, monitor=_monitor_password(), patience=60.0)
    sys.stdout.write(f"roles and databases: {', '.join(names)}\n")


if __name__ == "__main__":
    main(sys.argv[1:])
