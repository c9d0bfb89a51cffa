"""Databases for tests: made by a service's own migrations, dropped at the end."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa

from chassis.clock import new_id
from chassis.migrate import migrate


@contextmanager
def migrated_database(service: str) -> Iterator[str]:
    """Give the address of an empty, migrated database on the server at ``TEST_DATABASE_URL``."""
    server = sa.make_url(os.environ["TEST_DATABASE_URL"]).set(drivername="postgresql+psycopg2")
    name = f"test_{service}_{new_id().hex}"
    engine = sa.create_engine(server, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
    with engine.connect() as connection:
        connection.exec_driver_sql(f'CREATE DATABASE "{name}"')
    url = server.set(database=name).render_as_string(hide_password=False)
    try:
        migrate(service, url)
        yield url
    finally:
        with engine.connect() as connection:
            connection.exec_driver_sql(f'DROP DATABASE "{name}" WITH (FORCE)')
