"""Further gateways beside the one of the running stack: real processes over the same database."""

from __future__ import annotations

import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random
from types import MappingProxyType
from typing import Any, Final

import requests

from launcher import account, ports, processes, roster
from launcher.stack import Stack

PATIENCE: Final = 120.0
_SECONDS: Final = 30.0
_NO_PROXIES: Final = MappingProxyType({"http": ""})


@dataclass(frozen=True, kw_only=True)
class Door:
    """One gateway's address, as a proxy in front of it calls it for somebody far away."""

    url: str
    health: str

    def ask(
        self,
        method: str,
        path: str,
        *,
        source: str,
        token: str = "",
        **content: Any,
    ) -> requests.Response:
        """Pass on one request from an address, over TLS as the proxy says."""
        headers = {"X-Forwarded-For": source, "X-Forwarded-Proto": "https"}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        headers.update(content.pop("headers", {}))
        with requests.Session() as session:
            # A proxy or a password file of the machine is not meant for this conversation.
            session.trust_env = False
            return session.request(
                method,
                self.url + path,
                headers=headers,
                timeout=_SECONDS,
                allow_redirects=False,
                **content,
            )


def an_address(chance: Random) -> str:
    """Return an address that nobody has: what was counted for another test is not counted here."""
    return f"2001:db8:{chance.getrandbits(16):x}:{chance.getrandbits(16):x}::1"


@contextmanager
def doors(
    stack: Stack, logs: Path, count: int, changes: dict[str, str] | None = None
) -> Iterator[tuple[Door, ...]]:
    """Start gateways with the stack's settings and some changes, each on a port of its own."""
    with ExitStack() as exits:
        started = [
            exits.enter_context(_process(stack, logs / f"gateway-{place}.log", changes or {}))
            for place in range(count)
        ]
        for door, process in started:
            _await(door, process)
        yield tuple(door for door, _ in started)


@contextmanager
def _process(
    stack: Stack, log: Path, changes: dict[str, str]
) -> Iterator[tuple[Door, subprocess.Popen[bytes]]]:
    user = account.own()
    (gateway,) = (each for each in roster.own_programs(stack, user) if each.name == "gateway")
    port, health = _free_ports(2)
    environment = {
        **gateway.environment,
        "PORT": str(port),
        "HEALTH_PORT": str(health),
        "TRUSTED_PROXIES": "1",
        **changes,
    }
    with log.open("wb") as written:
        process = subprocess.Popen(  # noqa: S603 - the command of our own roster
            gateway.command,
            cwd=gateway.directory,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=written,
            stderr=subprocess.STDOUT,
            **user.as_subprocess(),
        )
    try:
        yield (
            Door(
                url=f"http://{ports.LOOPBACK}:{port}",
                health=f"http://{ports.LOOPBACK}:{health}/live",
            ),
            process,
        )
    finally:
        # Nothing of it outlives the test, so nobody has to wait for a polite goodbye.
        family = processes.family(process.pid)
        processes.end(family, gently=signal.SIGKILL, patience=_SECONDS)
        process.wait(_SECONDS)


def _await(door: Door, process: subprocess.Popen[bytes]) -> None:
    """Wait until the gateway serves; its health is asked, which is counted for nobody."""
    deadline = time.monotonic() + PATIENCE
    while True:
        assert process.poll() is None, "a further gateway did not start; see its log"
        try:
            if requests.get(door.health, timeout=_SECONDS, proxies=dict(_NO_PROXIES)).ok:
                return
        except requests.RequestException:
            assert time.monotonic() < deadline, "a further gateway does not come up"
        time.sleep(0.1)


def _free_ports(count: int) -> list[int]:
    """Return ports that nobody holds now."""
    with ExitStack() as held:
        sockets = [
            held.enter_context(closing(socket.socket(socket.AF_INET, socket.SOCK_STREAM)))
            for _ in range(count)
        ]
        for each in sockets:
            each.bind((ports.LOOPBACK, 0))
        return [each.getsockname()[1] for each in sockets]
