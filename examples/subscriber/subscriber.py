"""An example of a system that follows the network's referrals and keeps what it reads in SQLite.

It needs Python 3.11 and the package `amqp`, and nothing of Plurali. See the README beside it.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import sqlite3
import sys
import time
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path
from types import FrameType
from typing import Any
from urllib.parse import unquote, urlsplit

import amqp

PREFETCH = 20
HEARTBEAT = 20
PAUSES = (1, 2, 5, 10, 30)
REFERRAL_FIELDS = ("state", "category", "service_id")
TABLES = """
    create table if not exists messages (
        message_id text primary key, type text not null, subject text not null,
        sequence integer not null, time text not null, data text not null);
    create table if not exists referrals (
        referral_id text primary key, sequence integer not null, state text not null,
        category text not null, service_id text not null, changed_at text not null);
"""
REMEMBER = """
    insert into messages values (:id, :type, :subject, :sequence, :time, :text)
    on conflict (message_id) do nothing
"""
KEEP_NEWEST = """
    insert into referrals values (:subject, :sequence, :state, :category, :service_id, :time)
    on conflict (referral_id) do update set sequence = excluded.sequence, state = excluded.state,
        category = excluded.category, service_id = excluded.service_id,
        changed_at = excluded.changed_at
    where excluded.sequence > referrals.sequence
"""


class Unreadable(Exception):
    """The message is not what the contract promises; a second look would not help."""


def read(body: str | bytes) -> dict[str, Any]:
    """Return the values of a CloudEvents envelope, checked as far as this program relies on it."""
    try:
        event = json.loads(body)
        fact = event["data"]
        is_referral = str(event["type"]).startswith("referral.")
        return {
            **{name: str(event[name]) for name in ("id", "type", "subject", "time")},
            **{name: str(fact[name]) for name in REFERRAL_FIELDS if is_referral},
            "sequence": int(event["sequence"]),
            "text": json.dumps(fact),
        }
    except (ValueError, TypeError, KeyError) as error:
        raise Unreadable(f"Not an event of the contract: {error!r}") from error


def store(database: sqlite3.Connection, event: dict[str, Any]) -> bool:
    """Remember the message and apply its effect in one transaction; tell whether it was new."""
    with database:
        new = database.execute(REMEMBER, event).rowcount == 1
        if new and "state" in event:
            database.execute(KEEP_NEWEST, event)
    return new


def receive(database: sqlite3.Connection, message: amqp.Message) -> None:
    """Acknowledge a message once its effect is on disk; give up what cannot be read."""
    try:
        event = read(message.body)
    except Unreadable as error:
        message.channel.basic_reject(message.delivery_tag, requeue=False)
        print(error, file=sys.stderr, flush=True)
        return
    new = store(database, event)
    message.channel.basic_ack(message.delivery_tag)
    print("stored" if new else "known", event["type"], event["subject"], flush=True)


def connection_to(uri: str) -> amqp.Connection:
    """Prepare a connection from an `amqp://user:password@host:port/vhost` address."""
    address = urlsplit(uri)
    return amqp.Connection(
        host=f"{address.hostname}:{address.port or (5671 if address.scheme == 'amqps' else 5672)}",
        userid=unquote(address.username or ""),
        password=unquote(address.password or ""),
        virtual_host=unquote(address.path[1:]) or "/",
        ssl={"server_hostname": address.hostname} if address.scheme == "amqps" else False,
        connect_timeout=5,
        heartbeat=HEARTBEAT,
    )


def follow(
    connection: amqp.Connection,
    queue: str,
    on_message: Callable[[amqp.Message], None],
    stopped: Callable[[], bool],
) -> None:
    """Handle what arrives until told to stop, and keep the connection alive while nothing does."""
    with connection:
        channel = connection.channel()
        channel.basic_qos(0, PREFETCH, a_global=False)
        channel.basic_consume(queue, callback=on_message)
        while not stopped():
            connection.heartbeat_tick()
            with suppress(TimeoutError):
                connection.drain_events(timeout=1)


def main() -> None:
    """Run until SIGTERM or Ctrl-C; after a lost connection, wait and connect again."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("queue", help="the queue named by `./plurali subscriber add`")
    arguments.add_argument("--database", type=Path, default=Path("referrals.sqlite3"))
    chosen = arguments.parse_args()
    # The address holds a password: as an argument, every user of the machine could read it.
    uri = os.environ["PLURALI_AMQP_URI"]
    stopping = False

    def stop(_number: int, _frame: FrameType | None) -> None:
        nonlocal stopping
        stopping = True

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    failures = 0
    with closing(sqlite3.connect(chosen.database)) as database:
        database.executescript(TABLES)

        def on_message(message: amqp.Message) -> None:
            nonlocal failures
            failures = 0
            receive(database, message)

        while not stopping:
            try:
                follow(connection_to(uri), chosen.queue, on_message, lambda: stopping)
            except (OSError, amqp.AMQPError) as error:
                pause = PAUSES[min(failures, len(PAUSES) - 1)]
                failures += 1
                print(f"{error!r}; trying again in {pause} s", file=sys.stderr, flush=True)
                time.sleep(pause)


if __name__ == "__main__":
    main()
