"""`./plurali reset`: stop everything and destroy all data of the stack."""

import shutil
import sys
from argparse import ArgumentParser, Namespace

from launcher import compose, shutdown
from launcher.failures import ExitCode, UsageFailure
from launcher.progress import say, step
from launcher.stack import Stack

# Backups are kept for the day on which somebody is sorry.
# The engines unpacked in private hold no data, and fetching them again would take a minute.
_DATA = (
    "postgresql",
    "rabbitmq",
    "secrets",
    "set-aside",
    "subscribers",
    "logs",
    "demonstration.json",
    "secrets.json",
    "processes",
    "run",
)


def register(parser: ArgumentParser) -> None:
    """Add the options of `reset`."""
    parser.add_argument("--yes", action="store_true", help="do not ask")


def run(arguments: Namespace, stack: Stack) -> int:
    """Ask, stop everything, remove the data."""
    if not stack.home.exists():
        say(f"There is nothing to destroy: {stack.home} does not exist")
        return ExitCode.FINE
    if not arguments.yes and not _confirmed(stack):
        say("Nothing was changed")
        return ExitCode.UNMET
    with step("Stopping everything"), shutdown.changing(stack):
        shutdown.end(stack)
        if stack.settings.project:
            compose.stop(stack, destroy=True)
        for name in _DATA:
            path = stack.home / name
            shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
    say(f"All data under {stack.home} are destroyed; servers elsewhere were not touched")
    return ExitCode.FINE


def _confirmed(stack: Stack) -> bool:
    if not sys.stdin.isatty():
        raise UsageFailure("`reset` destroys all data: give --yes where nobody can be asked.")
    answer = input(f"Destroy all data under {stack.home}? Type `destroy`: ")
    return answer.strip() == "destroy"
