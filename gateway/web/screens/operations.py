"""Keeping the system running: how the services stand, and the messages that they gave up."""

from __future__ import annotations

from typing import Final

from flask_babel import gettext as _

from chassis.roster import SERVICES
from contracts.operations import DropDeadLetters, ReplayDeadLetters
from gateway import operating
from gateway.web import forms
from gateway.web.screen import Go, Outcome, Page, Screen, Visit

_ADMINISTER: Final = "operations:administer"
_AT_ONCE: Final = 20


def show_operations(visit: Visit) -> Outcome:
    """Show how every service stands; a part of the page asks again every ten seconds."""
    found = operating.components(visit.turn)
    return Page(
        template=f"operations/standing{'_part' if visit.live else ''}.html",
        context={
            "found": {each.component: each for each in found.items},
            "unreached": {each.component: each.reason for each in found.unreached},
            "services": SERVICES,
            "now": visit.turn.now,
            "dead": sum(each.dead_letters for each in found.items),
        },
    )


def show_letters(visit: Visit) -> Outcome:
    """Show the dead letters of one service, or of all."""
    component = visit.query.get("component") or None
    return Page(
        template="operations/letters.html",
        context={
            "overview": operating.dead_letters(visit.turn, component, _AT_ONCE),
            "component": component,
            "services": SERVICES,
        },
    )


def take_replay(visit: Visit) -> Outcome:
    """Give dead letters back to their queue: one, or all of it."""
    settled = operating.settle(visit.turn, forms.read(ReplayDeadLetters, visit.form))
    said = _("Ripartiti: %(number)d. Ancora fermi in questa coda: %(left)d.")
    return Go(
        to="/operations/letters", said=said % {"number": settled.settled, "left": settled.left}
    )


def take_drop(visit: Visit) -> Outcome:
    """Throw dead letters away for good: one, or all of a queue."""
    settled = operating.settle(visit.turn, forms.read(DropDeadLetters, visit.form))
    said = _("Eliminati: %(number)d. Ancora fermi in questa coda: %(left)d.")
    return Go(
        to="/operations/letters", said=said % {"number": settled.settled, "left": settled.left}
    )


SCREENS: Final = (
    Screen(name="components", path="/operations", shows=show_operations, permission=_ADMINISTER),
    Screen(
        name="dead_letters",
        path="/operations/letters",
        shows=show_letters,
        permission=_ADMINISTER,
    ),
    Screen(
        name="dead_letters_replay",
        path="/operations/letters/replay",
        takes=take_replay,
        shown_again="dead_letters",
        permission=_ADMINISTER,
    ),
    Screen(
        name="dead_letters_removal",
        path="/operations/letters/drop",
        takes=take_drop,
        shown_again="dead_letters",
        permission=_ADMINISTER,
        fresh=True,
    ),
)
