"""`./plurali status`: every process with its state, readiness and memory."""

import http.client
import json
from argparse import ArgumentParser, Namespace
from dataclasses import asdict, dataclass

from launcher import compose, health, ports, processes, rabbitmq
from launcher.failures import EngineFailure, ExitCode
from launcher.settings import DATABASES
from launcher.stack import Stack
from launcher.supervision import Report

_MB = 2**20
_ENGINES = {"postgresql": "postgresql", "rabbitmq": "management", "epmd": "epmd"}


@dataclass(frozen=True)
class Row:
    """One process of the stack."""

    name: str
    state: str
    pid: int
    ready: bool
    memory: int


@dataclass(frozen=True)
class Status:
    """The whole stack at one moment; memory in bytes, dead letters where the broker tells."""

    ready: bool
    processes: tuple[Row, ...]
    memory: int
    dead_letters: int | None
    gateway: str


def register(parser: ArgumentParser) -> None:
    """Add the options of `status`."""
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")


def run(arguments: Namespace, stack: Stack) -> int:
    """Print the state of the stack; 0 only when everything is ready."""
    status = of(stack)
    print(json.dumps(asdict(status), indent=2) if arguments.json else _table(status))
    return ExitCode.FINE if status.ready else ExitCode.UNMET


def of(stack: Stack) -> Status:
    """Look at every process of a stack, in containers or not."""
    return _in_containers(stack) if stack.settings.project else _supervised(stack)


def _in_containers(stack: Stack) -> Status:
    found = compose.containers(stack)
    memory = compose.memory_of(found)
    rows = tuple(
        Row(each.service, each.state, each.pid, ready=each.ready, memory=memory.get(each.id, 0))
        for each in found
    )
    return Status(
        ready=bool(rows) and all(row.ready for row in rows),
        processes=rows,
        memory=sum(memory.values()),
        dead_letters=_dead_letters(stack) if rows else None,
        gateway=stack.gateway_url,
    )


def _supervised(stack: Stack) -> Status:
    everyone = processes.everyone()
    rows = tuple(_row(stack, report, everyone) for report in stack.supervisor.reports())
    supervisor = stack.supervisor.process()
    whole = processes.family(supervisor.pid, everyone) if supervisor else ()
    return Status(
        ready=bool(rows) and all(row.ready for row in rows),
        processes=rows,
        memory=processes.memory_of(whole),
        dead_letters=_dead_letters(stack) if rows else None,
        gateway=stack.gateway_url,
    )


def _row(stack: Stack, report: Report, everyone: tuple[processes.Process, ...]) -> Row:
    kin = processes.family(report.pid, everyone) if report.pid else ()
    return Row(
        name=report.name,
        state=report.state.lower(),
        pid=report.pid,
        ready=report.up and _is_ready(stack, report.name),
        memory=processes.memory_of(kin),
    )


def _is_ready(stack: Stack, name: str) -> bool:
    if name in DATABASES:
        return health.is_ready(stack.health_url(name))
    return ports.answers(stack.settings.port(_ENGINES[name]))


def _dead_letters(stack: Stack) -> int | None:
    api = stack.rabbit_api
    try:
        return None if api is None else api.dead_letters(rabbitmq.VHOST)
    except (OSError, http.client.HTTPException, EngineFailure):
        return None


def _table(status: Status) -> str:
    if not status.processes:
        return "Nothing runs. Start everything with `./plurali up`."
    letters = "unknown" if status.dead_letters is None else status.dead_letters
    whole = Row("whole stack", "", 0, status.ready, status.memory)
    return "\n".join(
        (
            f"{'PROCESS':12} {'STATE':10} {'PID':>8}  {'READY':5} {'MEMORY':>8}",
            *(_line(row) for row in (*status.processes, whole)),
            f"Dead letters: {letters}. Gateway: {status.gateway}",
        )
    )


def _line(row: Row) -> str:
    ready = "yes" if row.ready else "no"
    return f"{row.name:12} {row.state:10} {row.pid or '':>8}  {ready:5} {row.memory / _MB:5.0f} MB"
