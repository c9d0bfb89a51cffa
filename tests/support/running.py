"""A running stack as tests look at it: its staff, its databases, its queues and its files."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import amqp
import psycopg2
from psycopg2 import sql

from chassis.broker import Confirms, Line
from chassis.broker_admin import BrokerAdmin
from chassis.clock import new_id
from contracts.access import Role
from launcher import demonstration
from launcher.broker_api import BrokerApi
from launcher.journey.client import Client
from launcher.settings import DATABASES, SERVICES
from launcher.stack import Stack

TABLES = """
    select schemaname, tablename from pg_tables
    where schemaname not in ('pg_catalog', 'information_schema')
"""


@contextmanager
def signed_in(stack: Stack, agency: str, role: Role) -> Iterator[Client]:
    """Give a client that a member of the demonstration's staff is signed in with."""
    account = demonstration.staff_of(demonstration.require_accounts(stack.home), agency, role)
    with Client(stack.gateway_url) as client:
        client.sign_in(account.email, account.password)
        yield client


def row_counts(stack: Stack) -> dict[str, int]:
    """Count the rows of every table of the seven services."""
    return {
        f"{database}.{table}": int(_one(cursor, sql.SQL("select count(*) from {}"), table))
        for database in SERVICES
        for cursor, table in _tables(stack, database)
    }


def tables_holding(stack: Stack, text: str) -> set[str]:
    """Name the tables, of every database, in which any column of any row holds a text."""
    statement = sql.SQL("select count(*) from {} as t where t::text ilike %s or t::text ilike %s")
    # Bytes are shown in hexadecimal.
    patterns = (f"%{text}%", f"%{text.encode().hex()}%")
    return {
        f"{database}.{table}"
        for database in DATABASES
        for cursor, table in _tables(stack, database)
        if _one(cursor, statement, table, *patterns)
    }


def messages_waiting(stack: Stack) -> dict[str, list[bytes]]:
    """Return the bodies and properties of everything that lies in a queue; it stays there."""
    api = broker_of(stack)
    # The interface's own counts are some seconds old, so every queue is asked.
    everything = {"count": 100_000, "ackmode": "ack_requeue_true", "encoding": "base64"}
    return {
        f"{queue['vhost']} {queue['name']}": [
            base64.b64decode(message["payload"]) + json.dumps(message["properties"]).encode()
            for message in api.post("queues", queue["vhost"], queue["name"], "get", body=everything)
        ]
        for queue in api.get("queues")
        if not queue.get("exclusive")
    }


def files_holding(directory: Path, text: str) -> set[str]:
    """Name the files below a directory that hold a text, in whatever case."""
    wanted = text.lower().encode()
    return {
        str(path.relative_to(directory))
        for path in directory.rglob("*")
        if path.is_file() and wanted in path.read_bytes().lower()
    }


def broker_of(stack: Stack) -> BrokerApi:
    """Return the management interface of the stack's broker."""
    api = stack.rabbit_api
    assert api is not None, "a scratch stack has a broker of its own"
    return api


@contextmanager
def every_event(stack: Stack) -> Iterator[list[dict[str, Any]]]:
    """Collect every event that any service publishes meanwhile, restricted ones included."""
    collected: list[dict[str, Any]] = []
    line = Line(stack.amqp_uri, "test tap")
    try:
        channel = line.channel()
        queue = channel.queue_declare(f"test-tap-{new_id()}", exclusive=True).queue
        for service in SERVICES:
            channel.queue_bind(queue, f"{service}.events", "#")
        yield collected
        while (message := channel.basic_get(queue, no_ack=True)) is not None:
            collected.append(json.loads(message.body))
    finally:
        line.close()


def publish(
    uri: str, routing_key: str, body: bytes, *, exchange: str = "", **properties: Any
) -> None:
    """Publish one message past everything that Plurali does before publishing."""
    line = Line(uri, "test publisher")
    try:
        channel = line.channel()
        channel.confirm_select()
        message = amqp.Message(body, delivery_mode=2, **properties)
        channel.basic_publish_confirm(message, exchange=exchange, routing_key=routing_key)
    finally:
        line.close()


def publish_all(uri: str, exchange: str, bodies: Iterable[bytes]) -> None:
    """Publish bodies one after the other and wait until the broker has all of them."""
    line = Confirms(uri, "test publisher")
    try:
        kept = [line.send(amqp.Message(body, delivery_mode=2), exchange, "test") for body in bodies]
        for outcome in kept:
            outcome.result(20)
    finally:
        line.close()


def cut_connections(stack: Stack, vhost: str) -> int:
    """Let the broker cut every connection of a virtual host, and count them."""
    api = broker_of(stack)
    with closing(BrokerAdmin(api.url, api.user, api.password)) as admin:
        return admin.close_connections(vhost)


def vhost_uri(stack: Stack, vhost: str) -> str:
    """Return the application's own address of another virtual host."""
    return urlsplit(stack.amqp_uri)._replace(path=f"/{vhost}").geturl()


def _tables(stack: Stack, database: str) -> Iterator[tuple[Any, str]]:
    address = urlsplit(stack.database_server)._replace(path=f"/{database}").geturl()
    with closing(psycopg2.connect(address)) as connection, connection.cursor() as cursor:
        cursor.execute(TABLES)
        for schema, table in cursor.fetchall():
            yield cursor, f"{schema}.{table}"


def _one(cursor: Any, statement: sql.SQL, table: str, *values: str) -> Any:
    cursor.execute(statement.format(sql.Identifier(*table.split("."))), values or None)
    return cursor.fetchone()[0]
