"""The second step of the own account: an authenticator, codes for paper, and giving it up."""

from __future__ import annotations

from typing import Final
from urllib.parse import quote

from flask_babel import gettext as _

from gateway.identity.language import FirstCode, RecoveryCodes
from gateway.web import forms
from gateway.web.errand import errand_of
from gateway.web.screen import Go, Outcome, Page, Screen, Visit
from gateway.web.screens.account import STEPPED
from gateway.web.screens.entrance import onward

_OVERVIEW: Final = "/account/second-step"
_AUTHENTICATOR: Final = "/account/second-step/authenticator"


def show_overview(visit: Visit) -> Outcome:
    """Show how the person stands with the second step."""
    return Page(
        template="account/second_step.html",
        context={"me": visit.turn.identity.me(visit.turn.caller), "errand": errand_of(visit)},
    )


def show_authenticator(visit: Visit) -> Outcome:
    """Show the authenticator that waits for its first code."""
    waiting = visit.turn.identity.proposed(visit.turn.caller)
    if waiting is None:
        return Go(to=_OVERVIEW)
    return Page(
        template="account/authenticator.html",
        context={
            "authenticator": waiting,
            "drawing": f"data:image/svg+xml,{quote(waiting.qr_svg)}",
            "errand": errand_of(visit),
        },
    )


def take_authenticator(visit: Visit) -> Outcome:
    """Begin with a new authenticator; the one in use works until the new one has proven itself."""
    visit.turn.identity.enrol(visit.turn.caller)
    errand = errand_of(visit)
    if errand.sends:
        return show_authenticator(visit)
    return Go(to=f"{_AUTHENTICATOR}?next={quote(errand.to)}" if errand.to else _AUTHENTICATOR)


def take_first_code(visit: Visit) -> Outcome:
    """Take the authenticator into use and show the codes for paper, this once."""
    first = forms.read(FirstCode, visit.form)
    made = visit.turn.identity.confirm_enrolment(
        visit.turn.caller, first, address=visit.turn.address
    )
    return _codes_page(visit, made)


def take_new_codes(visit: Visit) -> Outcome:
    """Make new codes for paper and show them, this once."""
    return _codes_page(visit, visit.turn.identity.renew_recovery_codes(visit.turn.caller))


def _codes_page(visit: Visit, made: RecoveryCodes) -> Page:
    return Page(
        template="account/recovery_codes.html",
        context={"codes": made.codes, "errand": errand_of(visit)},
    )


def take_saved(visit: Visit) -> Outcome:
    """Go on once the codes are on paper."""
    if errand_of(visit).to:
        return onward(visit, visit.turn.caller.pending)
    return Go(to=_OVERVIEW, said=_("La verifica in due passaggi è attiva."))


def take_end(visit: Visit) -> Outcome:
    """Give the second step up."""
    visit.turn.identity.give_up_second_step(visit.turn.caller)
    return Go(to=_OVERVIEW, said=_("La verifica in due passaggi è tolta."))


SCREENS: Final = (
    Screen(name="second_step", path=_OVERVIEW, shows=show_overview, admits=STEPPED),
    Screen(
        name="second_step_authenticator",
        path=_AUTHENTICATOR,
        shows=show_authenticator,
        takes=take_authenticator,
        admits=STEPPED,
        fresh=True,
    ),
    Screen(
        name="second_step_confirmation",
        path="/account/second-step/confirmation",
        takes=take_first_code,
        shown_again="second_step_authenticator",
        admits=STEPPED,
        fresh=True,
    ),
    Screen(
        name="recovery_codes",
        path="/account/second-step/recovery-codes",
        takes=take_new_codes,
        shown_again="second_step",
        admits=STEPPED,
        fresh=True,
    ),
    Screen(
        name="recovery_codes_saved",
        path="/account/second-step/saved",
        takes=take_saved,
        shown_again="second_step",
        admits=STEPPED,
    ),
    Screen(
        name="second_step_end",
        path="/account/second-step/end",
        takes=take_end,
        shown_again="second_step",
        admits=STEPPED,
        fresh=True,
    ),
)
