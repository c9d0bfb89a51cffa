"""Roles and databases of a stack: one of each per service, none able to enter another's."""

from collections.abc import Mapping
from contextlib import closing

import psycopg2
import sqlalchemy as sa

from chassis import provision
from chassis.provision import connect, provide
from launcher.failures import EngineFailure


def database_is_ready(url: str) -> bool:
    """Tell whether a server answers a query."""
    try:
        with closing(connect(url)) as open_connection, open_connection.cursor() as statement:
            statement.execute("select 1")
            return True
    except psycopg2.OperationalError:
        return False


def provide_databases(server: str, passwords: Mapping[str, str]) -> None:
    """Make a role and a database of the same name for each password, where they are missing."""
    try:
        provide(server, [_address(name, password) for name, password in passwords.items()])
    except psycopg2.Error as error:
        reason = str(error).strip().splitlines()[0]
        raise EngineFailure(f"The databases could not be set up: {reason}.") from error


def set_password(server: str, role: str, password: str) -> None:
    """Give a role a new password, if the server knows it; connections that it has stay open."""
    try:
        with closing(connect(server)) as administrator:
            if provision.is_role(administrator, role):
                provision.set_password(administrator, role, password)
    except psycopg2.Error as error:
        reason = str(error).strip().splitlines()[0]
        raise EngineFailure(f"The password of {role} could not be changed: {reason}.") from error


def _address(name: str, password: str) -> sa.URL:
    return sa.URL.create("postgresql", username=name, password=password, database=name)
