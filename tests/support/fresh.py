"""Fresh databases and virtual hosts on the engines that the tests are given."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import quote, urlsplit

import psycopg2

from chassis import clock
from chassis.broker_admin import BrokerAdmin


def rabbit_api() -> tuple[str, str, str]:
    """Return address, user and password of the broker's management interface."""
    parts = urlsplit(os.environ["TEST_RABBIT_API"])
    address = f"{parts.scheme}://{parts.hostname}:{parts.port}"
    return address, parts.username or "guest", parts.password or "guest"


@contextmanager
def fresh_database() -> Iterator[str]:
    """Make a database and drop it afterwards; yields its address."""
    server = os.environ["TEST_DATABASE_URL"]
    name = f"test_{clock.new_id().hex}"
    _execute(server, f'CREATE DATABASE "{name}"')
    try:
        yield urlsplit(server)._replace(path=f"/{name}").geturl()
    finally:
        _execute(server, f'DROP DATABASE "{name}" WITH (FORCE)')


@contextmanager
def fresh_vhost() -> Iterator[str]:
    """Make a virtual host and delete it afterwards; yields its address."""
    server = urlsplit(os.environ["TEST_AMQP_URI"])
    name = f"test-{clock.new_id().hex}"
    admin = BrokerAdmin(*rabbit_api())
    admin.put_vhost(name)
    admin.permit(server.username or "guest", name, configure=".*", write=".*", read=".*")
    try:
        yield server._replace(path=f"/{quote(name, safe='')}").geturl()
    finally:
        admin.delete_vhost(name)
        admin.close()


def _execute(server: str, statement: str) -> None:
    connection = psycopg2.connect(server)
    try:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(statement)
    finally:
        connection.close()
