"""Reporting a problem, which everybody may, and the list of what was reported."""

from __future__ import annotations

from typing import Final

from flask_babel import gettext as _

from gateway.feedback import NewReport
from gateway.identity.ground import cursor_id
from gateway.web import forms
from gateway.web.screen import Go, Outcome, Page, Screen, Visit
from gateway.web.screens.administration import ADMINISTER

_AT_ONCE: Final = 50


def show_feedback(visit: Visit) -> Outcome:
    """Show the form."""
    return Page(template="about/feedback.html", context={"page": visit.query.get("page", "")})


def take_feedback(visit: Visit) -> Outcome:
    """Keep what was reported."""
    # An address is kept only as what nobody can turn back, to count how often it reports.
    origin = visit.turn.identity.seal.digest(f"feedback:{visit.turn.address}")
    visit.turn.reports.add(forms.read(NewReport, visit.form), origin=origin)
    return Page(template="about/thanks.html")


def show_reports(visit: Visit) -> Outcome:
    """Show what was reported, newest first."""
    before = cursor_id(visit.query.get("cursor"))
    found = visit.turn.reports.newest(before=before, limit=_AT_ONCE + 1)
    shown = found[:_AT_ONCE]
    return Page(
        template="administration/reports.html",
        context={
            "reports": shown,
            "cursor": shown[-1].report_id if len(found) > _AT_ONCE else None,
        },
    )


def take_settled(visit: Visit) -> Outcome:
    """Note that a report is dealt with."""
    visit.turn.reports.settle(visit.path["report_id"])
    return Go(to="/administration/reports", said=_("La segnalazione è segnata come sistemata."))


SCREENS: Final = (
    Screen(
        name="feedback",
        path="/feedback",
        shows=show_feedback,
        takes=take_feedback,
        anonymous=True,
    ),
    Screen(
        name="reports",
        path="/administration/reports",
        shows=show_reports,
        permission=ADMINISTER,
    ),
    Screen(
        name="report_settled",
        path="/administration/reports/{report_id}/settled",
        takes=take_settled,
        shown_again="reports",
        permission=ADMINISTER,
    ),
)
