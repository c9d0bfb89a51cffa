"""Databases of services for tests: made by their own migrations, dropped at the end."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa

from chassis.migrate import migrate
from tests.support.fresh import fresh_database


@contextmanager
def migrated_database(service: str) -> Iterator[str]:
    """Give the address of an empty, migrated database."""
    with fresh_database() as url:
        migrate(service, url)
        yield url


@contextmanager
def connected(database_url: str) -> Iterator[sa.Connection]:
    """Give a connection that goes round every unit of work."""
    url = sa.make_url(database_url).set(drivername="postgresql+psycopg2")
    with sa.create_engine(url, poolclass=sa.NullPool).connect() as connection:
        yield connection


def sweep(database_url: str, *statements: str) -> str:
    """Run statements that empty a database between tests, and return its address."""
    with connected(database_url) as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)
        connection.commit()
    return database_url
