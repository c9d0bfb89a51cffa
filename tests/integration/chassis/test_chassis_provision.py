"""Roles and databases on a real server: made once, closed to one another."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import closing

import psycopg2
import pytest
import sqlalchemy as sa
from psycopg2 import sql

from chassis import clock, provision

SERVER = "TEST_DATABASE_URL"


def _ask(statement: str, *values: object) -> object:
    with closing(provision.connect(os.environ[SERVER])) as administrator:
        return provision._run(administrator, statement, *values)


def _address(name: str, password: str = "first") -> sa.URL:  # noqa: S107 - of a role that soon is gone
    here = sa.make_url(os.environ[SERVER])
    return here.set(username=name, password=password, database=name)


def _text(address: sa.URL) -> str:
    return address.render_as_string(hide_password=False)


@pytest.fixture
def names() -> Iterator[tuple[str, str]]:
    """Give the names of two roles and take away what was made of them."""
    one, other = (f"test_{clock.new_id().hex}" for _ in range(2))
    yield one, other
    with closing(provision.connect(os.environ[SERVER])) as administrator:
        for name in (one, other):
            quoted = sql.Identifier(name)
            provision._run(administrator, sql.SQL("drop database if exists {}").format(quoted))
            if provision._run(administrator, "select 1 from pg_roles where rolname = %s", name):
                provision._run(administrator, sql.SQL("drop owned by {}").format(quoted))
                provision._run(administrator, sql.SQL("drop role {}").format(quoted))


def test_each_role_enters_its_own_database(names: tuple[str, str]) -> None:
    """Migrations run as the owner, with the very address that the process will use."""
    provision.provide(os.environ[SERVER], [_address(name) for name in names])
    for name in names:
        with closing(psycopg2.connect(_text(_address(name)))) as own, own.cursor() as cursor:
            cursor.execute("create table mine (id int)")


def test_no_role_enters_the_database_of_another(names: tuple[str, str]) -> None:
    """A service that leaks its password opens nothing but its own data."""
    one, other = names
    provision.provide(os.environ[SERVER], [_address(name) for name in names])
    with pytest.raises(psycopg2.OperationalError, match="permission denied for database"):
        psycopg2.connect(_text(_address(one).set(database=other)))


def test_second_run_gives_a_role_its_new_password(names: tuple[str, str]) -> None:
    """A password is rotated by telling another one and running again."""
    verifiers = []
    for password in ("first", "second"):
        provision.provide(os.environ[SERVER], [_address(names[0], password)])
        verifiers.append(_ask("select rolpassword from pg_authid where rolname = %s", names[0]))
    assert verifiers[0] != verifiers[1]


def test_the_server_is_never_told_a_password(names: tuple[str, str]) -> None:
    """Its log may show the statement."""
    provision.provide(os.environ[SERVER], [_address(names[0])])
    verifier = _ask("select rolpassword from pg_authid where rolname = %s", names[0])
    assert str(verifier).startswith("SCRAM-SHA-256$")


def test_the_monitor_sees_figures_but_no_data(
    names: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever watches the server needs no way into a database."""
    monkeypatch.setattr(provision, "MONITOR", names[1])
    provision.provide(os.environ[SERVER], [_address(names[0])], monitor="watching")
    assert _ask("select pg_has_role(%s, 'pg_monitor', 'member')", names[1])
    assert not _ask("select has_database_privilege(%s, %s, 'connect')", names[1], names[0])
