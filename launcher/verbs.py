"""The commands of `./plurali`: one line each; a module is imported only when its command is given.

A command's module offers `register(parser)`, which adds its arguments, and `run(arguments, stack)`,
which returns the exit code.
"""

import importlib
from argparse import ArgumentParser, Namespace
from dataclasses import dataclass
from typing import Protocol, cast

from launcher.bootstrap import Needs
from launcher.stack import Stack


class Command(Protocol):
    """What the module of a command offers."""

    def register(self, parser: ArgumentParser) -> None:
        """Add the command's arguments."""

    def run(self, arguments: Namespace, stack: Stack) -> int:
        """Do the command and return its exit code."""


@dataclass(frozen=True)
class Verb:
    """A command by its name, purpose and module, with the packages that it needs."""

    name: str
    purpose: str
    module: str
    needs: Needs = Needs.RUNTIME

    def command(self) -> Command:
        """Import the module of the command."""
        return cast("Command", importlib.import_module(self.module))


_NOTHING, _TEST = Needs.NOTHING, Needs.TEST
VERBS = (
    Verb("up", "set up what is missing and start everything", "launcher.up"),
    Verb("down", "stop everything", "launcher.down", _NOTHING),
    Verb("restart", "renew every process, one by one, while people work", "launcher.restart"),
    Verb("rotate", "make passwords and keys new, while people work", "launcher.rotation"),
    Verb("status", "show every process, its readiness and memory", "launcher.status", _NOTHING),
    Verb("logs", "show or follow the logs", "launcher.logs", _NOTHING),
    Verb("migrate", "bring the databases to the newest schema", "launcher.migrate"),
    Verb("backup", "copy all databases at one instant, while they work", "launcher.backup"),
    Verb("restore", "go back to a backup, keeping what it replaces", "launcher.restore"),
    Verb("republish", "publish again what a lost broker held", "launcher.republish"),
    Verb("reset", "destroy all data, after asking", "launcher.reset", _NOTHING),
    Verb("seed", "load the demonstration network, as far as it is missing", "launcher.seed"),
    Verb("journey", "walk the main job with a vignette, check every effect", "launcher.journey"),
    Verb("user", "let members of staff in, or shut the door", "launcher.users"),
    Verb("access-log", "verify who looked at whose data", "launcher.access_log"),
    Verb("subscriber", "give other systems a queue of events", "launcher.subscriber"),
    Verb("dead-letters", "show and settle messages given up", "launcher.dead_letters"),
    Verb(
        "chaos", "kill parts of the running stack, count what that cost", "launcher.chaos.command"
    ),
    Verb("bench", "measure the chain beside a bare baseline", "launcher.bench.command"),
    Verb("bench-pages", "time the pages of the running stack", "launcher.bench.pages"),
    Verb(
        "monitoring",
        "write rules and dashboards, say what to measure",
        "launcher.monitoring.command",
        _TEST,
    ),
    Verb("assets", "build what browsers are sent, as far as it has changed", "launcher.assets"),
    Verb("docs", "write the generated documents anew", "launcher.documents"),
    Verb("check", "run what needs no engine: style, types, fast tests", "launcher.check", _TEST),
    Verb("audit", "look at licences and known holes of what is built in", "launcher.audit", _TEST),
    Verb("test", "run everything that CI runs, with its own set-up", "launcher.test", _TEST),
)


def find(name: str) -> Verb | None:
    """Return the command of a name."""
    return next((verb for verb in VERBS if verb.name == name), None)
