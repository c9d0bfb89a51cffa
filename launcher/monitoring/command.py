"""`./plurali monitoring`: rules, dashboards and targets for Prometheus and Grafana."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from typing import Final

from launcher.failures import ExitCode
from launcher.monitoring import generated, scraping
from launcher.stack import Stack


def register(parser: ArgumentParser) -> None:
    """Add what can be done."""
    deeds = parser.add_subparsers(dest="deed", required=True, metavar="DEED")
    write = deeds.add_parser("write", help="write everything below deploy/monitoring anew")
    write.add_argument("--check", action="store_true", help="only say what differs")
    targets = deeds.add_parser("config", help="print Prometheus's configuration for this stack")
    targets.add_argument(
        "--postgres-exporter",
        metavar="HOST:PORT",
        help="where an exporter measures PostgreSQL, if one does",
    )


def run(arguments: Namespace, stack: Stack) -> int:
    """Do it."""
    return _DEEDS[arguments.deed](stack, arguments)


def _write(_stack: Stack, arguments: Namespace) -> int:
    if arguments.check:
        names = generated.stale()
        print("\n".join(f"stale: deploy/monitoring/{name}" for name in names) or "true to the code")
        return ExitCode.UNMET if names else ExitCode.FINE
    print(f"{generated.write()} files written below deploy/monitoring/")
    return ExitCode.FINE


def _config(stack: Stack, arguments: Namespace) -> int:
    targets = scraping.Targets.of_machine(stack.settings, database=arguments.postgres_exporter)
    rules = generated.DIRECTORY / "prometheus/rules/*.yml"
    print(generated.as_yaml(scraping.configuration(targets, rules=str(rules))), end="")
    return ExitCode.FINE


_DEEDS: Final[dict[str, Callable[[Stack, Namespace], int]]] = {"write": _write, "config": _config}
