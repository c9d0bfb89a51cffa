"""What the reporting service listens to."""

from __future__ import annotations

from chassis.edge import doors_of
from contracts import events, intake, pathways, referrals, screening
from contracts.language import EVENTS
from services.reporting.service import ReportingService

TELLERS = {
    module.__name__.removeprefix("contracts.")
    for module in (events, intake, pathways, referrals, screening)
}


def test_every_event_about_persons_and_gatherings_is_heard() -> None:
    """What nobody listens to would wait in its outbox for ever."""
    heard = {event for types in doors_of(ReportingService).listens.values() for event in types}

    missing = {
        type_ for type_, event in EVENTS.items() if event.source in TELLERS and event not in heard
    }

    assert missing == set()
