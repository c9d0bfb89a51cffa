"""My work: what to do now."""

from __future__ import annotations

from typing import Final

from gateway.web.navigation import home
from gateway.web.screen import Go, Outcome, Page, Screen, Visit


def show_work(visit: Visit) -> Outcome:
    """Show what waits for the person at the desk."""
    if not visit.can("referral:read"):
        return Go(to=home(visit))
    return Page(template="work.html")


SCREENS: Final = (Screen(name="work", path="/", shows=show_work),)
