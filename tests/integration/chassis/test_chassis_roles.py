"""Two roles of a database: one owns and migrates, the other reads and writes rows."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import psycopg2
import pytest
import sqlalchemy as sa
from psycopg2 import extensions
from psycopg2.errors import InsufficientPrivilege

from chassis import clock, provision
from chassis.db import make_engine
from chassis.migrate import migrate
from chassis.roster import SERVICES

DATABASES = [*SERVICES, "gateway"]
RIGHTS = """
SELECT relname, has_table_privilege(oid, 'SELECT'), has_table_privilege(oid, 'INSERT'),
    has_table_privilege(oid, 'UPDATE'), has_table_privilege(oid, 'DELETE')
FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')
"""


@contextmanager
def connected(url: str) -> Iterator[extensions.connection]:
    """Give a connection that commits each statement."""
    connection = psycopg2.connect(url)
    connection.autocommit = True
    try:
        yield connection
    finally:
        connection.close()


@pytest.fixture
def roles() -> Iterator[tuple[str, str, str]]:
    """Give a database's addresses for its owner and for its user, and the user's name."""
    server, id_ = os.environ["TEST_DATABASE_URL"], clock.new_id().hex
    owner, user, database = f"owner_{id_}", f"user_{id_}", f"test_{id_}"
    place = f"{urlsplit(server).hostname}:{urlsplit(server).port}/{database}"
    with connected(server) as administrator, administrator.cursor() as cursor:
        for role in (owner, user):
            cursor.execute(f"CREATE ROLE {role} LOGIN PASSWORD '{id_}'")
        cursor.execute(f"CREATE DATABASE {database} OWNER {owner}")
        yield (
            f"postgresql://{owner}:{id_}@{place}",
            f"postgresql://{user}:{id_}@{place}",
            user,
        )
        cursor.execute(f"DROP DATABASE {database} WITH (FORCE)")
        cursor.execute(f"DROP ROLE {owner}, {user}")


def test_an_engine_connects_with_the_password_of_the_moment(roles: tuple[str, str, str]) -> None:
    """The address that it was made with may hold an old one."""
    _, address, user = roles
    with connected(os.environ["TEST_DATABASE_URL"]) as administrator:
        provision.set_password(administrator, user, "another")
    renewed = sa.make_url(address).set(password="another")  # noqa: S106 - of a role that dies with the test
    text = renewed.render_as_string(hide_password=False)
    engine = make_engine(address, name="test", workers=1, now=lambda: text)
    with engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT current_user").scalar_one() == user
    engine.dispose()


@pytest.mark.parametrize("name", DATABASES)
def test_the_user_works_on_every_table(name: str, roles: tuple[str, str, str]) -> None:
    """Reading and writing are allowed on what migrations made, now and when they run again."""
    owner, user, role = roles
    migrate(name, owner, application_role=role)
    migrate(name, owner, application_role=role)
    with connected(user) as connection, connection.cursor() as cursor:
        cursor.execute(RIGHTS)
        lacking = {table for table, *rights in cursor.fetchall() if not all(rights)}
    assert lacking == {"alembic_version"}


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE mine (id int)",
        "DROP TABLE access_log",
        "TRUNCATE access_log",
        "ALTER TABLE access_log DISABLE TRIGGER ALL",
        "UPDATE alembic_version SET version_num = 'none'",
    ],
)
def test_the_user_cannot_change_the_schema(statement: str, roles: tuple[str, str, str]) -> None:
    """Whoever takes the process over can neither rebuild the database nor rewrite who saw what."""
    owner, user, role = roles
    migrate("gateway", owner, application_role=role)
    with (
        connected(user) as connection,
        connection.cursor() as cursor,
        pytest.raises(InsufficientPrivilege),
    ):
        cursor.execute(statement)


def test_nobody_else_may_enter(roles: tuple[str, str, str]) -> None:
    """The right of everybody to connect is gone once the user has been admitted."""
    owner, _, role = roles
    migrate("gateway", owner, application_role=role)
    with connected(owner) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT has_database_privilege('public', current_database(), 'CONNECT')")
        assert cursor.fetchone() == (False,)
