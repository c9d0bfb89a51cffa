"""`./plurali down`: stop everything, leave nothing behind."""

from argparse import ArgumentParser, Namespace

from launcher import compose, shutdown
from launcher.failures import ExitCode
from launcher.progress import say, step
from launcher.stack import Stack


def register(_parser: ArgumentParser) -> None:
    """Add nothing: `down` has no options."""


def run(_arguments: Namespace, stack: Stack) -> int:
    """Stop the services, then the engines."""
    if not stack.home.exists():
        say(f"Nothing runs: {stack.home} does not exist")
        return ExitCode.FINE
    with step("Stopping everything"):
        (compose.stop if stack.settings.project else shutdown.stop)(stack)
    say("Everything is stopped; the data are kept")
    return ExitCode.FINE
