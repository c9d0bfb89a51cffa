"""The baseline's side: its databases, its vhost and its processes, made before and gone after."""

from __future__ import annotations

import json
import os
import secrets
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from typing import Any, Final
from urllib.parse import urlsplit

import psycopg2
from psycopg2 import sql
from psycopg2.extensions import ISOLATION_LEVEL_AUTOCOMMIT, cursor

from chassis import layout
from chassis.clock import new_id
from launcher import bootstrap, ports, postgres, provisioning, startup
from launcher.bench.bare.calls import Caller
from launcher.bench.ledger import Ledger
from launcher.bench.product import CHAIN
from launcher.bench.recording import Recording
from launcher.broker_api import BrokerApi
from launcher.failures import BusyFailure, EnvironmentFailure, ProcessFailure
from launcher.journey.client import Client
from launcher.settings import ROOT
from launcher.stack import Stack

_DATABASES: Final = (*CHAIN, "gateway")
_VHOST: Final = "bench"
_ENGINES: Final = frozenset({"postgresql", "rabbitmq"})
_LOCK: Final = 7207
_RIGHTS: Final = {"configure": ".*", "write": ".*", "read": ".*"}
_ANSWERING: Final = ("screening", "referrals")
_DRAFTS: Final = """
with drafts as (
    insert into screenings select * from json_populate_recordset(null::screenings, %s)
)
insert into streams select unnest(%s::uuid[]), 1
"""


class Ground:
    """Databases and a vhost of the baseline's own, on the engines of the stack."""

    def __init__(self, stack: Stack, api: BrokerApi) -> None:
        """Name them; nothing is made yet."""
        self._stack, self._api = stack, api
        self._phrase = secrets.token_urlsafe(16)
        broker = urlsplit(stack.amqp_uri)
        self.user = broker.username or "guest"
        self.broker = broker._replace(path=f"/{_VHOST}").geturl()

    def url(self, service: str) -> str:
        """Return the address of the database that stands for a service's."""
        name = _name(service)
        return postgres.address_of(self._stack.database_server, name, name, self._phrase)

    @property
    def engines(self) -> tuple[int, ...]:
        """The processes of the stack's own engines."""
        reports = self._stack.supervisor.reports()
        return tuple(each.pid for each in reports if each.up and each.name in _ENGINES)

    def make(self) -> None:
        """Make everything, with the schema of the product's own migrations."""
        names = {_name(service): self._phrase for service in _DATABASES}
        provisioning.provide_databases(self._stack.database_server, names)
        for service in _DATABASES:
            self._migrate(service)
        self._api.put("vhosts", _VHOST)
        self._api.put("permissions", _VHOST, self.user, body=_RIGHTS)

    def destroy(self) -> None:
        """Remove everything, also what a run that was killed left behind."""
        self._api.delete("vhosts", _VHOST)
        with _administrator(self._stack) as statement:
            for service in _DATABASES:
                name = sql.Identifier(_name(service))
                statement.execute(sql.SQL("drop database if exists {} with (force)").format(name))
                statement.execute(sql.SQL("drop role if exists {}").format(name))

    def _migrate(self, service: str) -> None:
        environment = self._stack.environment(service) | {"DATABASE_URL": self.url(service)}
        attempt = subprocess.run(
            [str(bootstrap.PYTHON), "-m", "chassis.migrate", service],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            **startup.worker().as_subprocess(),
        )
        if attempt.returncode:
            raise ProcessFailure(f"The baseline's database was not migrated: {attempt.stderr}")


class Baseline:
    """The bare processes at work."""

    def __init__(
        self, ground: Ground, recording: Recording, choices: Sequence[Mapping[str, str]]
    ) -> None:
        """Declare what the recorded chain passes through and start the processes."""
        self._ground, self._recording = ground, recording
        self._completion = {"version": recording.screening["version"], "choices": list(choices)}
        self._processes: list[subprocess.Popen[str]] = []
        self.ledger = Ledger({name: ground.url(name) for name in CHAIN})
        _declare(ground.broker, recording)
        for service in CHAIN:
            self._start(self._settings(service))
        port = self._start(
            {"role": "gateway", "access": recording.entry(), **self._addresses("gateway")}
        )
        self._gateway = f"http://{ports.LOOPBACK}:{port}"
        self._caller = Caller(ground.broker)

    @property
    def roots(self) -> tuple[int, ...]:
        """The bare processes and the engines, which both sides share."""
        return (*(each.pid for each in self._processes), *self._ground.engines)

    def prepare(self, count: int) -> list[str]:
        """Return the ids of new drafts."""
        ids = [str(new_id()) for _ in range(count)]
        drafts = json.dumps([self._recording.draft(id_) for id_ in ids])
        with closing(psycopg2.connect(self._ground.url("screening"))) as connection, connection:
            statement = connection.cursor()
            statement.execute(_DRAFTS, (drafts, ids))
        return ids

    def client(self) -> Client:
        """Return one more client of the bare gateway."""
        return Client(self._gateway)

    def complete(self, client: Client, id_: str) -> None:
        """Complete a draft with a body like the product's."""
        client.post(f"/screenings/{id_}/completion", self._completion)

    def call(self, referral_id: str) -> None:
        """Ask the bare referrals one question."""
        self._caller.ask("referrals.get_referral", {"referral_id": referral_id})

    def close(self) -> None:
        """End the processes: they end with their standard input."""
        self._caller.close()
        self.ledger.close()
        for process in self._processes:
            process.communicate()

    def _settings(self, service: str) -> dict[str, Any]:
        settings = {
            "role": "service",
            "exchange": layout.events_exchange(service),
            "handles": self._recording.handles(service),
            **self._addresses(service),
        }
        if service in _ANSWERING:
            settings["requests"] = layout.rpc_queue(service)
        if service == "screening":
            settings["completion"] = self._recording.completion()
        return settings

    def _addresses(self, service: str) -> dict[str, str]:
        return {"broker": self._ground.broker, "database": self._ground.url(service)}

    def _start(self, settings: Mapping[str, Any]) -> int:
        """Start a process and return the port that it says it listens on."""
        process = subprocess.Popen(
            [str(bootstrap.PYTHON), "-m", "launcher.bench.bare"],
            cwd=ROOT,
            env={"PATH": os.defpath, "LANG": "C.UTF-8", "TZ": "UTC", "MALLOC_ARENA_MAX": "2"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            **startup.worker().as_subprocess(),
        )
        self._processes.append(process)
        if process.stdin is None or process.stdout is None:
            raise ProcessFailure("A process of the baseline has no pipes.")
        process.stdin.write(json.dumps(settings) + "\n")
        process.stdin.flush()
        port = process.stdout.readline().strip()
        if not port:
            raise ProcessFailure("A process of the baseline did not start.")
        return int(port)


@contextmanager
def ground_of(stack: Stack) -> Iterator[Ground]:
    """Make the baseline's ground, alone on this stack, and remove it in the end."""
    api = stack.rabbit_api
    if api is None:
        raise EnvironmentFailure(
            "The baseline needs a vhost of its own: name the broker's management interface in "
            "RABBITMQ_API."
        )
    ground = Ground(stack, api)
    with _administrator(stack) as statement:
        statement.execute("select pg_try_advisory_lock(%s)", (_LOCK,))
        if statement.fetchone() != (True,):
            raise BusyFailure("Another benchmark is running on this stack.")
        ground.destroy()
        try:
            ground.make()
            yield ground
        finally:
            ground.destroy()


@contextmanager
def _administrator(stack: Stack) -> Iterator[cursor]:
    with closing(psycopg2.connect(stack.database_server)) as connection:
        connection.set_isolation_level(ISOLATION_LEVEL_AUTOCOMMIT)
        yield connection.cursor()


def _name(service: str) -> str:
    return f"bench_{service}"


def _declare(uri: str, recording: Recording) -> None:
    """Declare the queues that the recorded chain went through, with the product's arguments."""
    wanted: dict[str, set[tuple[str, str]]] = {}
    for told in recording.told:
        for queue in told.queues:
            wanted.setdefault(queue, set()).add((told.source, told.row["type"]))
    whole = layout.shared()
    for service in _ANSWERING:
        whole |= layout.rpc(service)
    for service in CHAIN:
        exchange = layout.Exchange(layout.events_exchange(service), "topic")
        whole |= layout.Topology(exchanges=frozenset([exchange]))
    for queue, sources in wanted.items():
        whole |= layout.subscription(queue, sources)
    layout.apply(uri, whole)
