"""Roles and databases: one of each per service, none able to enter another's."""

from collections.abc import Mapping
from contextlib import closing

import psycopg2
from psycopg2 import sql
from psycopg2.extensions import ISOLATION_LEVEL_AUTOCOMMIT, connection, cursor

from launcher.failures import EngineFailure


def database_is_ready(url: str) -> bool:
    """Tell whether a server answers a query."""
    try:
        with closing(_connect(url)) as open_connection, open_connection.cursor() as statement:
            statement.execute("select 1")
            return True
    except psycopg2.OperationalError:
        return False


def provide_databases(server: str, passwords: Mapping[str, str]) -> None:
    """Make a role and a database of the same name for each password, where they are missing."""
    try:
        with closing(_connect(server)) as open_connection, open_connection.cursor() as statement:
            _close_shared_doors(statement)
            for name, password in passwords.items():
                _provide_role(statement, name, password)
                _provide_database(statement, name)
    except psycopg2.Error as error:
        reason = str(error).strip().splitlines()[0]
        raise EngineFailure(f"The databases could not be set up: {reason}.") from error


def _connect(url: str) -> connection:
    opened = psycopg2.connect(url, connect_timeout=5)
    opened.set_isolation_level(ISOLATION_LEVEL_AUTOCOMMIT)
    return opened


def _close_shared_doors(statement: cursor) -> None:
    statement.execute("select rolsuper from pg_roles where rolname = current_user")
    row = statement.fetchone()
    if row and row[0]:
        statement.execute("revoke connect on database postgres, template1 from public")


def _provide_role(statement: cursor, name: str, password: str) -> None:
    role, phrase = sql.Identifier(name), sql.Literal(password)
    statement.execute("select 1 from pg_roles where rolname = %s", (name,))
    verb = "alter" if statement.fetchone() else "create"
    command = sql.SQL("{} role {} login password {}").format(sql.SQL(verb), role, phrase)
    statement.execute(command)
    # An administrator that is no superuser must belong to a role to give it a database.
    statement.execute("select pg_has_role(%s, 'member')", (name,))
    row = statement.fetchone()
    if row and not row[0]:
        statement.execute(sql.SQL("grant {} to current_user").format(role))


def _provide_database(statement: cursor, name: str) -> None:
    database = sql.Identifier(name)
    statement.execute("select 1 from pg_database where datname = %s", (name,))
    if not statement.fetchone():
        statement.execute(sql.SQL("create database {} owner {}").format(database, database))
    statement.execute(sql.SQL("revoke all on database {} from public").format(database))
