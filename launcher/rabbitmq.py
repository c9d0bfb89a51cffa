"""A private RabbitMQ: configured for one machine, with vhosts and users of its own."""

import json
import re
import shlex
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from launcher import broker_users, storage
from launcher.account import Account
from launcher.credentials import Credentials
from launcher.ports import LOOPBACK
from launcher.program import Program, Stage
from launcher.settings import Settings

LEAST = (3, 10)
VHOST, PARTNERS = broker_users.VHOST, "partners"
APPLICATION, ADMINISTRATOR = "plurali", "plurali-admin"
_PLUGINS = ("rabbitmq_management", "rabbitmq_prometheus", "rabbitmq_shovel")
_VERSION = re.compile(r"rabbitmq_server-(\d+)\.(\d+)")
_ROOT_LINE = re.compile(r"^(\s*)ROOTDIR=.*$", re.MULTILINE)
_OPEN_FILES = 8192

_CONFIGURATION = """\
listeners.tcp.1 = {host}:{amqp}
management.tcp.ip = {host}
management.tcp.port = {management}
management.rates_mode = none
prometheus.tcp.ip = {host}
prometheus.tcp.port = {metrics}
load_definitions = {definitions}
vm_memory_high_watermark.absolute = 400MB
disk_free_limit.absolute = 100MB
raft.wal_max_size_bytes = 16777216
log.file = false
log.console = true
log.console.level = info
log.console.use_colors = off
"""
# One scheduler that never spins: many idle queues cost memory and wake-ups, not throughput.
_ERLANG = (
    "+S 1:1 +SDio 2 +A 1 +sbwt none +sbwtdcpu none +sbwtdio none "
    "-kernel inet_dist_use_interface {127,0,0,1}"
)


@dataclass(frozen=True)
class Binaries:
    """The programs of one RabbitMQ with its Erlang, and the variables that they need to run."""

    directory: Path
    erlang: Path
    environment: dict[str, str] = field(default_factory=dict)
    unpacked: Path | None = None

    def settle(self) -> None:
        """Tell a privately unpacked Erlang where it stands: its scripts name /usr/lib."""
        if self.unpacked is None:
            return
        home = f"ROOTDIR={shlex.quote(str(self.unpacked))}"
        for script in (*self.unpacked.glob("bin/erl"), *self.unpacked.glob("erts-*/bin/erl")):
            text = script.read_text()
            settled = _ROOT_LINE.sub(lambda line: line[1] + home, text)
            if settled != text:
                storage.write(script, settled, mode=script.stat().st_mode & 0o777)

    @property
    def version(self) -> tuple[int, int] | None:
        """Return the version that the installation's path tells, or nothing when it is absent."""
        server = self.directory / "rabbitmq-server"
        if not server.exists() or not (self.erlang / "erl").exists():
            return None
        found = _VERSION.search(str(server.resolve()))
        return (int(found[1]), int(found[2])) if found else None

    @property
    def epmd(self) -> Path:
        """Return Erlang's port mapper, which may stand beside `erl` or in the run-time system."""
        beside = self.erlang / "epmd"
        runtimes = sorted(self.erlang.resolve().parent.glob("erts-*/bin/epmd"))
        return beside if beside.exists() else runtimes[-1]


def candidates(
    override: str | None, private: Path, environment: dict[str, str]
) -> Iterator[Binaries]:
    """Yield the places where RabbitMQ's programs may stand, the machine's own first."""
    erlang = Path(found).resolve().parent if (found := shutil.which("erl")) else Path("/usr/bin")
    if override:
        yield Binaries(Path(override), erlang)
        return
    yield Binaries(Path("/usr/lib/rabbitmq/bin"), erlang)
    if found := shutil.which("rabbitmq-server"):
        yield Binaries(Path(found).resolve().parent, erlang)
    tree = private / "usr/lib"
    yield Binaries(tree / "rabbitmq/bin", tree / "erlang/bin", environment, tree / "erlang")


def choose(found: Iterator[Binaries]) -> Binaries | None:
    """Return the first programs that are recent enough."""
    return next((each for each in found if (each.version or (0, 0)) >= LEAST), None)


@dataclass(frozen=True)
class RabbitMQ:
    """One private node with its port mapper and its directory."""

    binaries: Binaries
    directory: Path
    settings: Settings
    user: Account
    credentials: Credentials = field(repr=False)

    def prepare(self) -> None:
        """Write configuration and definitions; what the node keeps stays as it is."""
        self.binaries.settle()
        for part in ("", "mnesia", "log", "generated"):
            storage.make_directory(self.directory / part, storage.PRIVATE_DIRECTORY, self.user)
        for name, text in (
            ("rabbitmq.conf", self._configuration()),
            ("advanced.config", "[].\n"),
            ("enabled_plugins", f"[{','.join(_PLUGINS)}].\n"),
        ):
            storage.write(self.directory / name, text, owner=self.user)
        define(self.directory, self.credentials, self.user)

    def programs(self, guard: tuple[str, ...], directory: Path) -> tuple[Program, Program]:
        """Return what supervision runs: the port mapper and the node."""
        port = str(self.settings.port("epmd"))
        mapper = (str(self.binaries.epmd), "-address", LOOPBACK, "-port", port)
        server = str(self.binaries.directory / "rabbitmq-server")
        user = ("--user", self.user.name)
        limits = ("--open-files", str(_OPEN_FILES), "--await-port", port)
        environment = self._environment()
        return (
            Program(
                name="epmd",
                stage=Stage.EPMD,
                command=(*guard, *user, "--", *mapper),
                directory=directory,
                environment=environment,
                stop_seconds=10,
            ),
            Program(
                name="rabbitmq",
                stage=Stage.BROKER,
                command=(*guard, *user, *limits, "--", server),
                directory=directory,
                environment=environment,
                stop_seconds=60,
            ),
        )

    def _configuration(self) -> str:
        return _CONFIGURATION.format(
            host=LOOPBACK,
            amqp=self.settings.port("rabbitmq"),
            management=self.settings.port("management"),
            metrics=self.settings.port("broker-metrics"),
            definitions=self.directory / "definitions.json",
        )

    def _environment(self) -> dict[str, str]:
        own = self.directory
        return {
            "PATH": f"{self.binaries.erlang}:/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin",
            "LANG": "C.UTF-8",
            "HOME": str(own),
            "ERL_EPMD_PORT": str(self.settings.port("epmd")),
            "ERL_EPMD_ADDRESS": LOOPBACK,
            # The node keeps its data under its name: it must not change with the machine's.
            "RABBITMQ_NODENAME": "plurali@localhost",
            "RABBITMQ_DIST_PORT": str(self.settings.port("distribution")),
            "RABBITMQ_CONF_ENV_FILE": "/dev/null",
            "RABBITMQ_CONFIG_FILE": str(own / "rabbitmq.conf"),
            "RABBITMQ_ADVANCED_CONFIG_FILE": str(own / "advanced.config"),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(own / "enabled_plugins"),
            "RABBITMQ_MNESIA_BASE": str(own / "mnesia"),
            "RABBITMQ_LOG_BASE": str(own / "log"),
            "RABBITMQ_GENERATED_CONFIG_DIR": str(own / "generated"),
            "RABBITMQ_SCHEMA_DIR": str(own / "generated"),
            "RABBITMQ_PID_FILE": str(own / "node.pid"),
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": _ERLANG,
            # Makes the start script become the node instead of waiting beside it, so that the
            # process under supervision is the broker itself.
            "RUNNING_UNDER_SYSTEMD": "yes",
            **self.binaries.environment,
        }


def define(directory: Path, credentials: Credentials, user: Account) -> None:
    """Write what the node loads at each start, which overrides what it keeps of users."""
    text = json.dumps(definitions(credentials), indent=2)
    storage.write(directory / "definitions.json", text, owner=user)


def definitions(credentials: Credentials) -> dict[str, list[Any]]:
    """Return vhosts, users and permissions in the form that a node loads at every start.

    Processes may do what they must; the commands and the administrator may do anything.
    """
    users = (
        (APPLICATION, credentials.broker_application, ""),
        (ADMINISTRATOR, credentials.broker_administrator, "administrator"),
    )
    rights = {"configure": ".*", "write": ".*", "read": ".*"}
    grants = ((APPLICATION, VHOST), (ADMINISTRATOR, VHOST), (ADMINISTRATOR, PARTNERS))
    of_processes = broker_users.definitions(credentials.broker_users)
    return {
        **of_processes,
        "vhosts": [{"name": VHOST}, {"name": PARTNERS}],
        "users": [
            *(broker_users.definition(*each) for each in users),
            *of_processes["users"],
        ],
        "permissions": [
            *({"user": user, "vhost": vhost, **rights} for user, vhost in grants),
            *of_processes["permissions"],
        ],
    }
