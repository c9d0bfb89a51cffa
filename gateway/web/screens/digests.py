"""The digest by e-mail: who wants one, and how it ends with one press."""

from __future__ import annotations

from typing import Final

from flask_babel import gettext as _

from gateway.identity.digest_language import DigestChoice, DigestFrequency
from gateway.web import forms
from gateway.web.digests import STOP
from gateway.web.screen import Go, Outcome, Page, Screen, Visit


def take_choice(visit: Visit) -> Outcome:
    """Keep how often the person wants to be told, and in which language."""
    choice = forms.read(DigestChoice, visit.form)
    visit.turn.identity.choose_digest(visit.turn.caller, choice)
    said = {
        DigestFrequency.NEVER: _("Non ti mandiamo più il riepilogo."),
        DigestFrequency.DAILY: _("Ti scriviamo ogni giorno di lavoro in cui qualcosa aspetta."),
        DigestFrequency.WEEKLY: _("Ti scriviamo ogni settimana in cui qualcosa aspetta."),
    }
    return Go(to="/account#digest", said=said[choice.frequency])


def show_stop(visit: Visit) -> Outcome:
    """Ask whether the mails should end; opening a link changes nothing, since programs do that."""
    return Page(
        template="account/digest_stop.html",
        context={"address": STOP.format(stop_id=visit.path["stop_id"]), "stopped": False},
    )


def take_stop(visit: Visit) -> Outcome:
    """End the mails, for a person or a mail program; whether the id was anybody's stays unsaid."""
    visit.turn.identity.stop_digest(visit.path["stop_id"])
    return Page(template="account/digest_stop.html", context={"stopped": True})


SCREENS: Final = (
    Screen(
        name="account_digest",
        path="/account/digest",
        takes=take_choice,
        shown_again="account",
    ),
    Screen(
        name="digest_stop",
        path=STOP,
        shows=show_stop,
        takes=take_stop,
        anonymous=True,
        for_mail_programs=True,
    ),
)
