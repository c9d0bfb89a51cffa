"""The table of screens: from it follow routes, checks and the menu."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from gateway.web.screen import Screen
from gateway.web.screens import about, accesses, consents, entrance, people, work

SCREENS: Final[tuple[Screen, ...]] = (
    *entrance.SCREENS,
    *work.SCREENS,
    *people.SCREENS,
    *consents.SCREENS,
    *accesses.SCREENS,
    *about.SCREENS,
)

BY_NAME: Final[Mapping[str, Screen]] = {screen.name: screen for screen in SCREENS}
