"""A private PostgreSQL: made once, configured for one machine, asked whether it is ready."""

import re
import shutil
import signal
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote, urlsplit

from launcher import storage
from launcher.account import Account
from launcher.failures import EngineFailure
from launcher.ports import LOOPBACK
from launcher.program import Program, Stage

LEAST = 15
ADMINISTRATOR = "postgres"
_VERSION = re.compile(r"\(PostgreSQL\) (\d+)")

# Statements and details of errors carry values that people gave: they must not reach a log.
_CONFIGURATION = """\
listen_addresses = '{host}'
port = {port}
unix_socket_directories = ''
max_connections = 120
shared_buffers = 64MB
work_mem = 4MB
maintenance_work_mem = 32MB
max_parallel_workers_per_gather = 0
autovacuum_max_workers = 2
jit = off
huge_pages = off
fsync = on
synchronous_commit = on
full_page_writes = on
track_commit_timestamp = on
max_wal_size = 512MB
min_wal_size = 64MB
log_destination = 'stderr'
logging_collector = off
log_line_prefix = '%m [%p] %q%u@%d '
log_min_error_statement = panic
log_error_verbosity = terse
log_timezone = 'UTC'
timezone = 'UTC'
datestyle = 'iso, ymd'
lc_messages = 'C'
default_text_search_config = 'pg_catalog.simple'
"""
_ACCESS = """\
host all all 127.0.0.1/32 scram-sha-256
host replication postgres 127.0.0.1/32 scram-sha-256
"""


def address_of(server: str, database: str, role: str, password: str) -> str:
    """Return the address of a database on a server, for a role."""
    parts = urlsplit(server)
    host = parts.netloc.rpartition("@")[2]
    account = f"{quote(role, safe='')}:{quote(password, safe='')}"
    return parts._replace(netloc=f"{account}@{host}", path=f"/{database}").geturl()


@dataclass(frozen=True)
class Binaries:
    """The programs of one PostgreSQL and the variables that they need to run."""

    directory: Path
    environment: dict[str, str] = field(default_factory=dict)

    @property
    def major(self) -> int | None:
        """Return the major version, or nothing when these programs do not run."""
        command = [str(self.directory / "postgres"), "--version"]
        try:
            answer = subprocess.run(
                command, env=self.environment, capture_output=True, text=True, check=False
            )
        except OSError:
            return None
        found = _VERSION.search(answer.stdout)
        return int(found[1]) if found else None


def candidates(
    override: str | None, private: Path, environment: dict[str, str]
) -> Iterator[Binaries]:
    """Yield the places where PostgreSQL's programs may stand, the newest first."""
    if override:
        yield Binaries(Path(override), {})
        return
    for root, variables in ((Path("/"), {}), (private, environment)):
        places = [*root.glob("usr/lib/postgresql/*/bin"), *root.glob("usr/pgsql-*/bin")]
        for place in sorted(places, key=_major_of_place, reverse=True):
            yield Binaries(place, variables)
    if found := shutil.which("postgres"):
        yield Binaries(Path(found).resolve().parent)


def _major_of_place(place: Path) -> int:
    digits = re.search(r"(\d+)/bin$", str(place))
    return int(digits[1]) if digits else 0


@dataclass(frozen=True)
class PostgreSQL:
    """One private server with its data directory."""

    binaries: Binaries
    data: Path
    port: int
    user: Account
    password: str = field(repr=False)

    def prepare(self) -> None:
        """Make the data directory when there is none and write the configuration."""
        if not (self.data / "PG_VERSION").exists():
            self._initialise()
        text = _CONFIGURATION.format(host=LOOPBACK, port=self.port)
        storage.write(self.data / "postgresql.conf", text, owner=self.user)
        storage.write(self.data / "pg_hba.conf", _ACCESS, owner=self.user)

    def program(self, guard: tuple[str, ...], directory: Path) -> Program:
        """Return what supervision runs."""
        server = str(self.binaries.directory / "postgres")
        options = ("--user", self.user.name, "--data", str(self.data))
        return Program(
            name="postgresql",
            stage=Stage.DATABASE,
            command=(*guard, *options, "--", server, "-D", str(self.data)),
            directory=directory,
            environment={"LC_ALL": "C.UTF-8", **self.binaries.environment},
            # SIGINT ends sessions at once; SIGTERM would wait for clients that stay connected.
            stop_signal=signal.SIGINT,
            stop_seconds=60,
        )

    def _initialise(self) -> None:
        """Make the data directory beside its place and move it there whole."""
        draft = self.data.with_name(f"{self.data.name}.new")
        shutil.rmtree(draft, ignore_errors=True)
        storage.make_directory(draft, storage.PRIVATE_DIRECTORY, self.user)
        phrase = self.data.with_name(f"{self.data.name}.phrase")
        storage.write(phrase, self.password, owner=self.user)
        try:
            self._initdb(draft, phrase)
        finally:
            phrase.unlink(missing_ok=True)
        shutil.rmtree(self.data, ignore_errors=True)
        draft.rename(self.data)

    def _initdb(self, directory: Path, phrase: Path) -> None:
        command = [str(self.binaries.directory / "initdb"), "--pgdata", str(directory)]
        command += ["--username", ADMINISTRATOR, "--pwfile", str(phrase), "--encoding", "UTF8"]
        command += ["--auth", "scram-sha-256", "--locale", "C.UTF-8", "--data-checksums"]
        attempt = subprocess.run(
            command,
            cwd="/",
            env={"LC_ALL": "C.UTF-8", **self.binaries.environment},
            capture_output=True,
            text=True,
            check=False,
            **self.user.as_subprocess(),
        )
        if attempt.returncode:
            last = "\n".join(attempt.stderr.strip().splitlines()[-5:])
            raise EngineFailure(f"PostgreSQL's data directory could not be made:\n{last}")


def choose(found: Iterator[Binaries], data: Path) -> Binaries | None:
    """Return the first programs that are recent enough and fit the data that exist."""
    kept = data / "PG_VERSION"
    wanted = int(kept.read_text()) if kept.exists() else None
    for binaries in found:
        major = binaries.major
        if major is not None and major >= LEAST and wanted in {None, major}:
            return binaries
    return None
