"""The greeting service on a stage of its own: processes, a broker and a database to look into."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

import amqp
import sqlalchemy as sa

from chassis import clock, layout
from chassis.broker import Line
from chassis.call import Call
from chassis.clients import RpcClient
from chassis.envelope import CONTENT_TYPE
from chassis.testing import eventually
from contracts.access import Principal, Role
from tests.support.greetings.language import FindGreeting, Greet, Greeting

PACKAGE = "tests.support.greetings"
QUEUE = "greetings.on_greeted"
ROOT = Path(__file__).parents[2]


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def a_principal(role: Role = Role.CASE_WORKER) -> Principal:
    """Return a caller."""
    return Principal(user_id=clock.new_id(), agency_id=clock.new_id(), roles=(role,))


@dataclass
class Process:
    """One process of the greeting service."""

    database_url: str
    amqp_uri: str
    log: Path
    port: int = field(default_factory=free_port)
    popen: subprocess.Popen[bytes] = field(init=False)

    def start(self) -> None:
        """Start it."""
        environment = {
            **os.environ,
            "DATABASE_URL": self.database_url,
            "AMQP_URI": self.amqp_uri,
            "HEALTH_PORT": str(self.port),
            "GRACE_SECONDS": "15",
        }
        with self.log.open("ab") as log:
            self.popen = subprocess.Popen(  # noqa: S603 - our own command
                [sys.executable, "-m", "chassis.runtime", PACKAGE],
                env=environment,
                cwd=ROOT,
                stderr=log,
            )

    def page(self, path: str) -> tuple[int, str]:
        """Return status and text of a health page; nobody there is status 0."""
        try:
            with urllib.request.urlopen(
                f"http://127.0.0.1:{self.port}{path}", timeout=5
            ) as response:
                return response.status, response.read().decode()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read().decode()
        except OSError:
            return 0, ""

    def wait_ready(self) -> None:
        """Wait until it says that it is ready."""
        eventually(lambda: self.page("/ready")[0] == 200)

    def end(self, number: int = signal.SIGTERM) -> int:
        """Send a signal and return the exit code."""
        self.popen.send_signal(number)
        return self.popen.wait(20)

    def lines(self) -> list[dict[str, Any]]:
        """Return what it logged."""
        return [json.loads(line) for line in self.log.read_text().splitlines()]


@dataclass
class Stage:
    """A database, a virtual host and the processes on them."""

    database_url: str
    amqp_uri: str
    directory: Path
    processes: list[Process] = field(default_factory=list)
    engine: sa.Engine = field(init=False)
    client: RpcClient = field(init=False)

    def __post_init__(self) -> None:
        """Connect what looks on."""
        url = sa.make_url(self.database_url).set(drivername="postgresql+psycopg2")
        self.engine = sa.create_engine(url, poolclass=sa.NullPool)
        self.client = RpcClient(self.amqp_uri, name="tests")

    def launch(self) -> Process:
        """Start one more process and wait until it is ready."""
        log = self.directory / f"process-{len(self.processes)}.log"
        process = Process(self.database_url, self.amqp_uri, log)
        self.processes.append(process)
        process.start()
        process.wait_ready()
        return process

    @property
    def process(self) -> Process:
        """A living process, started if there is none."""
        living = [each for each in self.processes if each.popen.poll() is None]
        return living[0] if living else self.launch()

    def close(self) -> None:
        """End everything."""
        self.client.close()
        for process in self.processes:
            if process.popen.poll() is None:
                process.end(signal.SIGKILL)

    def greet(self, *, traceparent: str | None = None, **details: Any) -> UUID:
        """Have a greeting kept, and return its id."""
        greeting_id = clock.new_id()
        call = Call(principal=a_principal(), key=str(clock.new_id()), traceparent=traceparent)
        self.client.ask(Greet(greeting_id=greeting_id, word="ciao", **details), call, timeout=10)
        return greeting_id

    def find(self, greeting_id: UUID) -> Greeting:
        """Return a greeting."""
        return self.client.ask(FindGreeting(greeting_id=greeting_id), Call(), timeout=10)

    def query(self, statement: str, **values: Any) -> list[Any]:
        """Return rows of the database."""
        with self.engine.begin() as connection:
            result = connection.execute(sa.text(statement), values)
            return list(result) if result.returns_rows else []

    def effects(self, greeting_id: UUID) -> int:
        """Count how often the listener's effect was kept."""
        ((count,),) = self.query(
            "SELECT count(*) FROM effects WHERE greeting_id = :id", id=greeting_id
        )
        return int(count)

    def count(self, queue: str) -> int:
        """Count the messages that wait in a queue; -1 tells that there is no such queue."""
        line = Line(self.amqp_uri, "tests")
        try:
            declared = line.channel().queue_declare(queue, passive=True)
            return int(declared.message_count)
        except amqp.NotFound:
            return -1
        finally:
            line.close()

    def waiting(self, queue: str) -> list[bytes]:
        """Return what waits in a queue, and leave it there."""
        line = Line(self.amqp_uri, "tests")
        channel = line.channel()
        bodies = []
        while (message := channel.basic_get(queue)) is not None:
            bodies.append(message.body)
        line.close()
        return bodies

    def put(
        self,
        body: bytes | str,
        *,
        queue: str = QUEUE,
        headers: Mapping[str, Any] | None = None,
        **properties: Any,
    ) -> None:
        """Put a message on a queue, whatever it is."""
        line = Line(self.amqp_uri, "tests")
        channel = line.channel()
        message = amqp.Message(
            body,
            **{
                "content_type": CONTENT_TYPE,
                "delivery_mode": 2,
                "application_headers": dict(headers or {}),
                **properties,
            },
        )
        channel.basic_publish_confirm(message, exchange="", routing_key=queue, mandatory=True)
        line.close()

    def put_event(
        self, *, headers: Mapping[str, Any] | None = None, mood: str = "good", **changes: Any
    ) -> UUID:
        """Put an event on the listener's queue, and return the id of its greeting."""
        greeting_id, content = an_event(mood=mood, **changes)
        self.put(json.dumps(content), message_id=content["id"], headers=headers)
        return greeting_id

    def declare(self, wanted: layout.Topology) -> None:
        """Declare something."""
        layout.apply(self.amqp_uri, wanted)


def an_event(*, mood: str = "good", **changes: Any) -> tuple[UUID, dict[str, Any]]:
    """Return an event on the wire, and the id of its greeting."""
    greeting_id = clock.new_id()
    content = {
        "specversion": "1.0",
        "id": str(clock.new_id()),
        "source": "greetings",
        "type": "greeting.kept.v1",
        "subject": str(greeting_id),
        "time": clock.now().isoformat(),
        "correlationid": "a-test",
        "sequence": 1,
        "data": {"greeting_id": str(greeting_id), "mood": mood},
        **changes,
    }
    return greeting_id, content
