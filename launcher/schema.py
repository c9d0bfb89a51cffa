"""Brings the databases and the broker to the state that the code expects."""

import hashlib
import json
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from launcher import bootstrap, storage
from launcher.account import Account
from launcher.credentials import DECLARER
from launcher.failures import ProcessFailure
from launcher.progress import step
from launcher.settings import DATABASES, ROOT
from launcher.stack import Stack

_AT_ONCE = 3
_LAST_LINES = 8


def migrate_once(stack: Stack, user: Account) -> None:
    """Migrate the databases unless they saw these migrations already."""
    seen, digest = stack.home / "run" / "schema.json", _digest(stack)
    if _read(seen) == digest:
        return
    with step("Bringing the databases to the newest schema"):
        _run(stack, user, [("chassis.migrate", name) for name in DATABASES])
    storage.write(seen, json.dumps(digest))


def declare_topology(stack: Stack, user: Account) -> None:
    """Declare every exchange, queue and binding before anybody publishes."""
    uri = {"AMQP_URI": stack.broker_uri(DECLARER)}
    with step("Declaring exchanges and queues"):
        _run_one(user, ("chassis.topology",), stack.environment("gateway") | uri)


def migrate(stack: Stack, user: Account, names: Iterable[str]) -> None:
    """Migrate databases, whether or not they saw these migrations already."""
    for name in names:
        with step(f"Migrating the database {name}"):
            _run(stack, user, [("chassis.migrate", name)])


def _run(stack: Stack, user: Account, jobs: Sequence[tuple[str, str]]) -> None:
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        list(pool.map(lambda job: _run_one(user, job, stack.environment(job[-1])), jobs))


def _run_one(user: Account, command: Sequence[str], environment: Mapping[str, str]) -> None:
    attempt = subprocess.run(
        [str(bootstrap.PYTHON), "-m", *command],
        cwd=ROOT,
        env=dict(environment),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        **user.as_subprocess(),
    )
    if attempt.returncode:
        text = (attempt.stderr or attempt.stdout).strip()
        last = "\n".join(text.splitlines()[-_LAST_LINES:])
        raise ProcessFailure(f"`python -m {' '.join(command)}` failed:\n{last}")


def _digest(stack: Stack) -> str:
    """Return what tells one set of migrations on one server from any other."""
    sources = [
        *ROOT.glob("services/*/migrations/**/*.py"),
        *ROOT.glob("gateway/migrations/**/*.py"),
    ]
    total = hashlib.sha256(stack.database_server.encode())
    for source in sorted(sources):
        total.update(bytes(source.relative_to(ROOT)))
        total.update(source.read_bytes())
    return total.hexdigest()


def _read(path: Path) -> object:
    try:
        return json.loads(path.read_text())
    except (OSError, ValueError):
        return None
