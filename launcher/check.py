"""`./plurali check`: everything that needs no engine, in the order of what fails fastest."""

from argparse import ArgumentParser, Namespace

from launcher import assets, tiers
from launcher.stack import Stack


def register(_parser: ArgumentParser) -> None:
    """Add nothing: `check` has no options."""


def run(_arguments: Namespace, _stack: Stack) -> int:
    """Run style, types, import rules, unit and contract tests."""
    assets.prepare()
    return tiers.run_all([*tiers.STYLE, *tiers.FAST_TESTS], {})
