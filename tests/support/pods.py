"""The pods of the local overlay as plain processes: same arguments, variables, secrets, order."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import cached_property
from pathlib import Path

import psycopg2
import requests

from launcher import scratch, startup
from launcher.kubernetes import secrets
from launcher.settings import DATABASES, ROOT
from launcher.stack import Stack
from tests.support.manifests import Object, containers, labels_of_pods, name_of, of_kind, pod

_MOUNT = "/run/secrets/plurali"
_TOOLS = Path(sys.executable).parent


class Pods:
    """What a cluster would run of ours, on private engines that know the roles of the Secrets."""

    def __init__(self, stack: Stack, directory: Path) -> None:
        """Prepare; nothing runs yet."""
        self._stack = stack
        self._directory = directory
        self._lock = threading.Lock()
        self._running: list[subprocess.Popen[bytes]] = []
        self._threads: list[threading.Thread] = []
        self.failures: list[str] = []

    @cached_property
    def secrets(self) -> dict[str, dict[str, str]]:
        """The Secrets, with this machine's addresses of the engines in place of the cluster's."""
        port = self._stack.settings.port
        places = {
            f"{secrets.DATABASE_HOST}:5432": f"127.0.0.1:{port('postgresql')}",
            f"{secrets.BROKER_HOST}:5672": f"127.0.0.1:{port('rabbitmq')}",
        }
        made = {}
        for each in secrets.made(by_operator=False):
            text = json.dumps(each["stringData"])
            for place, here in places.items():
                text = text.replace(place, here)
            made[each["metadata"]["name"]] = json.loads(text)
        return made

    def provide(self) -> None:
        """Give the engines what the local overlay's give themselves at their first start."""
        server = psycopg2.connect(self._stack.database_server)
        server.autocommit = True
        with server.cursor() as cursor:
            for statement in self.secrets["database-roles"]["roles.sql"].splitlines():
                cursor.execute(statement)
        server.close()
        api = self._stack.rabbit_api
        if api is None:
            raise LookupError("the engines are private, so their interface is known")
        definitions = json.loads(self.secrets["broker-definitions"]["definitions.json"])
        answer = requests.post(f"{api.address}/api/definitions", json=definitions, timeout=30)
        answer.raise_for_status()

    def start(self) -> None:
        """Start every pod at once, those first that must wait for the others."""
        workloads = [*of_kind("local", "Deployment"), *of_kind("local", "Job")]
        for workload in workloads:
            thread = threading.Thread(target=self._run, args=(workload,), daemon=True)
            self._threads.append(thread)
            thread.start()

    def stop(self) -> None:
        """End what runs."""
        with self._lock:
            for process in self._running:
                process.terminate()
        for thread in self._threads:
            thread.join(60)

    def execute(self, name: str, program: Path, *arguments: str) -> str:
        """Run a program in the surroundings of a process and return what it printed."""
        (workload,) = [
            each for each in of_kind("local", "Deployment") if each["metadata"]["name"] == name
        ]
        (container,) = pod(workload)["containers"]
        environment, _ = self._surroundings(workload, container)
        command = [sys.executable, "-", *arguments]
        with program.open("rb") as text:
            done = subprocess.run(  # noqa: S603 - our own program
                command, cwd=ROOT, env=environment, stdin=text, capture_output=True, check=True
            )
        return done.stdout.decode()

    def told(self) -> str:
        """Return the last line of every log."""
        logs = {file.stem: file.read_text().splitlines() for file in self._directory.glob("*.log")}
        return "\n".join(f"{name}: {lines[-1:]}" for name, lines in sorted(logs.items()))

    def _run(self, workload: Object) -> None:
        """Run the containers of a pod one after the other, as their order in the cluster is."""
        for container in containers(workload):
            with self._lock:
                process = self._begun(workload, container)
                self._running.append(process)
            if process.wait():
                self.failures.append(f"{name_of(workload)}: {container['name']}")
                return

    def _begun(self, workload: Object, container: Object) -> subprocess.Popen[bytes]:
        environment, given = self._surroundings(workload, container)
        arguments = [
            given[each[2:-1]] if each.startswith("$(") else each for each in container["args"]
        ]
        with (self._directory / f"{workload['metadata']['name']}.log").open("ab") as log:
            return subprocess.Popen(  # noqa: S603 - our own modules
                [sys.executable, "-m", *arguments],
                cwd=ROOT,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )

    def _surroundings(
        self, workload: Object, container: Object
    ) -> tuple[dict[str, str], dict[str, str]]:
        """Write the files of the secrets; return all variables, and those that the manifest gives.

        A variable without a value is the label that names the part.
        """
        part = labels_of_pods(workload)["app.kubernetes.io/name"]
        files = self._directory / workload["metadata"]["name"]
        files.mkdir(exist_ok=True)
        for source in pod(workload)["volumes"][0]["projected"]["sources"]:
            for item in source["secret"]["items"]:
                text = self.secrets[source["secret"]["name"]][item["key"]]
                (files / item["path"]).write_text(text)
        given: dict[str, str] = {
            each["name"]: each.get("value", part).replace(_MOUNT, str(files))
            for each in container["env"]
        }
        for name, value in dict(given).items():
            given = {key: text.replace(f"$({name})", value) for key, text in given.items()}
        return self._image(part) | given, given

    def _image(self, part: str) -> dict[str, str]:
        """Return what the image sets, on this machine's free ports."""
        health = str(self._stack.settings.port(f"{part} health")) if part in DATABASES else "0"
        return {
            "PATH": f"{_TOOLS}:{os.environ['PATH']}",
            "PYTHONWARNINGS": "ignore",
            "TZ": "UTC",
            "PORT": str(self._stack.settings.gateway_port),
            "HEALTH_PORT": health,
            # The accounts of the demonstration come in by password alone.
            **self._stack.identity_settings,
        }


@contextmanager
def running_pods(directory: Path) -> Iterator[tuple[Stack, Pods]]:
    """Yield a stack whose engines are private and whose processes are the pods'."""
    with scratch.scratch_stack() as engines:
        startup.start(engines, engines_only=True)
        pods = Pods(engines, directory)
        pods.provide()
        pods.start()
        try:
            yield _seen_by_an_operator(engines, pods), pods
        finally:
            pods.stop()


def _seen_by_an_operator(engines: Stack, pods: Pods) -> Stack:
    """Return the stack for commands: the broker as the user who sets subscriptions up."""
    api = engines.rabbit_api
    stack = Stack(
        replace(
            engines.settings,
            database_url=engines.database_server,
            amqp_uri=pods.secrets["partners-broker"]["uri"],
            rabbit_api=api.address if api else None,
        )
    )
    known = {name: pods.secrets[f"{name}-database"]["password"] for name in DATABASES}
    stack.__dict__["credentials"] = replace(engines.credentials, databases=known)
    return stack
