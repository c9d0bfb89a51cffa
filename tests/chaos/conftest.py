"""One storm over a whole stack, looked at by every test of the tier."""

from __future__ import annotations

import pytest

from launcher.chaos.command import Storm, disturb
from launcher.stack import Stack

SECONDS, PAUSE, SEED = 75.0, 4.0, 11


@pytest.fixture(scope="session")
def storm(stack: Stack, request: pytest.FixtureRequest) -> Storm:
    """Kill each part of the stack in the middle of a stream of screenings."""
    capture = request.config.pluginmanager.getplugin("capturemanager")
    with capture.global_and_fixture_disabled():
        storm = disturb(
            stack,
            seconds=SECONDS,
            pause=PAUSE,
            seed=SEED,
            say=lambda line: print(f"\n  {line}", end=""),  # noqa: T201 - the figures are shown
        )
        print(f"\n  {storm.sentence}: {storm.verdict(stack).lines()[0]}")  # noqa: T201
    return storm
