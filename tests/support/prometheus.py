"""A Prometheus that watches a stack while tests ask it what an operator would see."""

from __future__ import annotations

import math
import socket
import subprocess
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Any

import requests
import yaml

from chassis.testing import eventually
from launcher import ports
from launcher.monitoring import rules, scraping, tools
from launcher.settings import Settings
from launcher.stack import Stack

WINDOW = "5m"
VARIABLES = {"$__rate_interval": WINDOW, "$service": ".+"}


class Prometheus:
    """A Prometheus by its address."""

    def __init__(self, address: str) -> None:
        """Ask the one at an address."""
        self._address = address

    def is_ready(self) -> bool:
        """Tell whether it answers."""
        try:
            return requests.get(f"{self._address}/-/ready", timeout=5).ok
        except requests.RequestException:
            return False

    def ask(self, expression: str) -> list[dict[str, Any]]:
        """Return the series that an expression gives at this moment."""
        for variable, value in VARIABLES.items():
            expression = expression.replace(variable, value)
        answer = requests.get(
            f"{self._address}/api/v1/query", params={"query": expression}, timeout=30
        ).json()
        assert answer["status"] == "success", f"{expression}: {answer.get('error')}"
        series: list[dict[str, Any]] = answer["data"]["result"]
        return series

    def rule_states(self) -> Mapping[str, int]:
        """Count the rules by how their last evaluation went."""
        answer = requests.get(f"{self._address}/api/v1/rules", timeout=30).json()
        return Counter(
            rule["health"] for group in answer["data"]["groups"] for rule in group["rules"]
        )

    def fault_of(self, expression: str) -> str:
        """Return what is wrong with the answer to an expression: nothing, or not a number."""
        series = self.ask(expression)
        if not series:
            return "empty"
        if any(not math.isfinite(float(each["value"][1])) for each in series):
            return "not a number"
        return ""


@contextmanager
def watching(stack: Stack, directory: Path) -> Iterator[Prometheus]:
    """Give a Prometheus that looks at every process, the broker and the database all the time.

    The gateway's page has thousands of series, which a busy machine does not tell within a second.
    """
    programs = tools.acquire(
        Settings.from_environment(), "prometheus", "prometheus-postgres-exporter"
    )
    exporter, own = _free_port(), _free_port()
    _configure(directory, stack, f"{ports.LOOPBACK}:{exporter}")
    prometheus = Prometheus(f"http://{ports.LOOPBACK}:{own}")
    with ExitStack() as running:
        running.enter_context(
            _running(
                directory / "exporter.log",
                programs["prometheus-postgres-exporter"],
                f"--web.listen-address={ports.LOOPBACK}:{exporter}",
                DATA_SOURCE_NAME=f"{stack.database_server}?sslmode=disable",
            )
        )
        running.enter_context(
            _running(
                directory / "prometheus.log",
                programs["prometheus"],
                f"--config.file={directory / 'prometheus.yml'}",
                f"--storage.tsdb.path={directory / 'data'}",
                f"--web.listen-address={ports.LOOPBACK}:{own}",
                "--enable-feature=exemplar-storage",
            )
        )
        eventually(prometheus.is_ready, seconds=60)
        yield prometheus


def _configure(directory: Path, stack: Stack, exporter: str) -> None:
    """Write the configuration and the rules of production, hurried."""
    targets = scraping.Targets.of_machine(stack.settings, database=exporter)
    configuration = scraping.configuration(targets, interval="3s")
    (directory / "rules").mkdir()
    (directory / "prometheus.yml").write_text(yaml.safe_dump(configuration))
    for name, content in rules.files().items():
        groups = [{**group, "interval": "2s"} for group in content["groups"]]
        (directory / "rules" / name).write_text(yaml.safe_dump({"groups": groups}))


@contextmanager
def _running(log: Path, program: Path, *arguments: str, **environment: str) -> Iterator[None]:
    variables: Mapping[str, str] = {"PATH": "/usr/bin:/bin", **environment}
    with (
        log.open("w") as output,
        subprocess.Popen(  # noqa: S603 - it runs what it was given
            [program, *arguments], env=variables, stdout=output, stderr=output
        ) as process,
    ):
        try:
            yield
        finally:
            process.terminate()


def _free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind((ports.LOOPBACK, 0))
        port: int = probe.getsockname()[1]
        return port
