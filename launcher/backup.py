"""`./plurali backup`: every database at one instant, with what is needed to use it, while it runs.

The copy is physical and of the whole cluster: the services' databases stand in it at the same
moment of the write-ahead log, so an effect is never there without its cause.
"""

from __future__ import annotations

import json
import shutil
import tomllib
from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import Final

from sqlalchemy import exc

from chassis import clock
from chassis.db import make_engine, revision_of
from launcher import archive, engines, ports, postgres, shutdown, storage
from launcher.archive import Archive
from launcher.failures import EngineFailure, EnvironmentFailure, ExitCode, UsageFailure
from launcher.postgres import Binaries
from launcher.progress import say, step
from launcher.settings import DATABASES, ROOT
from launcher.stack import Stack

STAMP: Final = "%Y-%m-%dT%H-%M-%SZ"
_MARGIN: Final = 128 * 2**20


def register(parser: ArgumentParser) -> None:
    """Add where the backup goes."""
    parser.add_argument(
        "directory",
        nargs="?",
        type=Path,
        help="a directory that does not exist yet (backups/<time> below PLURALI_HOME)",
    )


def run(arguments: Namespace, stack: Stack) -> int:
    """Write a backup, verify it, and say what it holds."""
    place = arguments.directory or stack.home / "backups" / clock.now().strftime(STAMP)
    kept = make(stack, place.resolve())
    manifest = kept.manifest()
    say(f"The backup is whole and verified: {kept.directory} ({manifest.size >> 20} MB)")
    print(
        f"\nIt holds everything that was acknowledged before {manifest.began_at}.\n"
        "It also holds personal data and the keys to read them: keep it encrypted, on another\n"
        "machine, for its owner alone, and delete it when your retention period is over."
    )
    return ExitCode.FINE


def make(stack: Stack, directory: Path) -> Archive:
    """Write a verified backup of a running stack; a failed one leaves nothing behind."""
    require_own_engines(stack, "backed up")
    if directory.exists():
        raise UsageFailure(f"{directory} exists already: name a directory that does not.")
    if stack.supervisor.process() is None:
        raise EnvironmentFailure("The stack does not run: start it with `./plurali up` first.")
    binaries = engines.postgresql_for(stack.settings, stack.home / "postgresql")
    needed = archive.size_of([stack.home / "postgresql"]) + _MARGIN
    storage.require_room(directory.parent, needed, "the backup")
    draft = Archive(directory.with_name(f".{directory.name}.unfinished"))
    with shutdown.changing(stack):
        shutil.rmtree(draft.directory, ignore_errors=True)
        try:
            storage.make_directory(draft.directory, storage.PRIVATE_DIRECTORY)
            _write(stack, draft, binaries)
            with step("Verifying every file and the write-ahead log"):
                draft.verify(binaries)
            draft.directory.rename(directory)
        except BaseException:
            shutil.rmtree(draft.directory, ignore_errors=True)
            raise
    return Archive(directory)


def require_own_engines(stack: Stack, deed: str) -> None:
    """Refuse a stack whose servers are somebody else's, and say what to do instead."""
    settings = stack.settings
    if settings.project:
        raise UsageFailure(
            f"A stack in containers cannot be {deed} like this: copy its volumes as "
            "docs/operating.md describes under `Backup and restore`."
        )
    if settings.database_url or settings.amqp_uri:
        raise UsageFailure(
            f"Servers that existed before Plurali (DATABASE_URL or AMQP_URI) cannot be {deed} like "
            "this: take a physical backup of the whole PostgreSQL server (all databases at one "
            "instant), keep secrets.json and subscribers/ of PLURALI_HOME with it, and after "
            "restoring both run `./plurali republish`. See docs/operating.md."
        )


def _write(stack: Stack, draft: Archive, binaries: Binaries) -> None:
    schema = {name: _revision(stack, name) for name in DATABASES}
    began_at = clock.now().isoformat()
    with step("Copying every database while the stack goes on working"):
        _copy_cluster(stack, draft.cluster, binaries)
    for name in archive.FILES:
        _copy(stack.home / name, draft.directory / name)
    api = stack.rabbit_api
    if api is not None:
        definitions = json.dumps(api.get("definitions"), indent=2)
        storage.write(draft.directory / archive.DEFINITIONS, definitions)
    draft.seal(
        version=tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"],
        began_at=began_at,
        postgresql=binaries.major or 0,
        schema=schema,
    )


def _copy_cluster(stack: Stack, cluster: Path, binaries: Binaries) -> None:
    attempt = archive.run_program(
        binaries,
        "pg_basebackup",
        *("--host", ports.LOOPBACK, "--port", str(stack.settings.port("postgresql"))),
        *("--username", postgres.ADMINISTRATOR, "--no-password", "--pgdata", str(cluster)),
        *("--format=plain", "--wal-method=stream", "--checkpoint=fast"),
        "--manifest-checksums=SHA256",
        password=stack.credentials.database_administrator,
    )
    if attempt.returncode:
        raise EngineFailure(
            f"PostgreSQL could not be copied:\n{archive.last_lines(attempt.stderr)}"
        )


def _revision(stack: Stack, name: str) -> str:
    engine = make_engine(stack.database_url(name), name="backup", workers=1)
    try:
        with engine.connect() as connection:
            return revision_of(connection)
    except exc.OperationalError as error:
        raise EngineFailure("The database does not answer: see `./plurali status`.") from error
    finally:
        engine.dispose()


def _copy(source: Path, target: Path) -> None:
    """Copy a file or a directory of files for the owner alone, if it is there."""
    if source.is_dir():
        for each in source.iterdir():
            _copy(each, target / each.name)
    elif source.exists():
        storage.make_directory(target.parent, storage.PRIVATE_DIRECTORY)
        storage.write(target, source.read_text())
