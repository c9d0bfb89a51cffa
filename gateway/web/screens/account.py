"""The own account: who I am here, the password, open sessions, the rules, and what suits me."""

from __future__ import annotations

from datetime import date
from typing import Final

from flask_babel import gettext as _

from contracts.access import Scope
from contracts.language import InvalidRequest
from gateway.identity.digest_language import DigestFrequency
from gateway.identity.domain import Pending
from gateway.identity.language import ChangedPassword, ConductAcceptance, ConductLanguage, Proof
from gateway.web import forms, prose
from gateway.web.choices import options
from gateway.web.errand import errand_of
from gateway.web.screen import Go, Outcome, Page, Screen, Visit
from gateway.web.screens.entrance import onward

STEPPED: Final = frozenset(Pending) - {Pending.SECOND_STEP}
"""What may still be owed on the pages of the own account: whoever has a second step took it."""


def show_account(visit: Visit) -> Outcome:
    """Show who is at the desk, what that allows, and where else they are signed in."""
    identity, caller = visit.turn.identity, visit.turn.caller
    me = identity.me(caller)
    accepted = me.user.code_of_conduct
    return Page(
        template="account/account.html",
        context={
            "me": me,
            "permissions": [(name, Scope(reach)) for name, reach in me.permissions.items()],
            "sessions": identity.tokens(caller).items,
            "digest": identity.digest(caller),
            "frequencies": options(DigestFrequency),
            "mails": identity.notifier.is_there,
            "accepted": date.fromisoformat(accepted) if accepted else None,
        },
    )


def show_password(visit: Visit) -> Outcome:
    """Show the form of a new password."""
    return Page(
        template="account/password.html",
        context={"me": visit.turn.identity.me(visit.turn.caller)},
    )


def take_password(visit: Visit) -> Outcome:
    """Replace the password."""
    changed = forms.read(ChangedPassword, visit.form)
    visit.turn.identity.change_password(visit.turn.caller, changed, address=visit.turn.address)
    said = _("La password è cambiata. Le altre sessioni aperte sono state chiuse.")
    return Go(to="/account", said=said)


def take_session_end(visit: Visit) -> Outcome:
    """End one session, such as one left open on another desk."""
    visit.turn.identity.end_token(visit.turn.caller, visit.path["token_id"])
    return Go(to="/account#sessions", said=_("La sessione è chiusa."))


def take_other_sessions_end(visit: Visit) -> Outcome:
    """End every session but this one."""
    visit.turn.identity.end_other_tokens(visit.turn.caller)
    return Go(to="/account#sessions", said=_("Tutte le altre sessioni sono chiuse."))


def show_conduct(visit: Visit) -> Outcome:
    """Show the code of conduct in force."""
    caller = visit.turn.caller
    shown = visit.turn.identity.conduct(caller, ConductLanguage(language=visit.language))
    return Page(
        template="account/conduct.html",
        context={"conduct": shown, "prose": prose.read(shown.text), "errand": errand_of(visit)},
    )


def take_conduct(visit: Visit) -> Outcome:
    """Enter that the code of conduct is accepted."""
    caller = visit.turn.caller
    visit.turn.identity.accept_conduct(caller, forms.read(ConductAcceptance, visit.form))
    owed = [each for each in caller.pending if each is not Pending.CODE_OF_CONDUCT]
    return onward(visit, owed)


def show_proof(visit: Visit) -> Outcome:
    """Ask who is at the desk before something that opens a door."""
    return Page(
        template="account/proof.html",
        context={
            "me": visit.turn.identity.me(visit.turn.caller),
            "errand": errand_of(visit),
        },
    )


def take_proof(visit: Visit) -> Outcome:
    """Take a fresh proof and go on with what it was wanted for."""
    proof = forms.read(Proof, visit.form)
    if proof.code is None and proof.password is None:
        enrolled = visit.turn.identity.me(visit.turn.caller).second_step.enrolled
        name, sentence = _ASKED[enrolled]
        raise InvalidRequest(sentence, fields={name: [sentence]})
    state = visit.turn.identity.prove(visit.turn.caller, proof, address=visit.turn.address)
    return onward(visit, [each for each in state.pending if each is Pending.SECOND_STEP])


_ASKED: Final = {
    True: ("code", "Give a code of your authenticator, or a recovery code."),
    False: ("password", "Give your password."),
}


def take_shortcuts(visit: Visit) -> Outcome:
    """Let the keyboard's shortcuts work in this browser, or not."""
    if visit.form.get("shortcuts") == "on":
        said = _("Le scorciatoie da tastiera sono attive.")
        return Go(to="/account#preferences", said=said, shortcuts="on")
    said = _("Le scorciatoie da tastiera sono spente.")
    return Go(to="/account#preferences", said=said, shortcuts="off")


SCREENS: Final = (
    Screen(name="account", path="/account", shows=show_account, admits=STEPPED),
    Screen(
        name="account_password",
        path="/account/password",
        shows=show_password,
        takes=take_password,
        admits=STEPPED,
    ),
    Screen(
        name="account_session_end",
        path="/account/sessions/{token_id}/end",
        takes=take_session_end,
        shown_again="account",
        admits=STEPPED,
    ),
    Screen(
        name="account_other_sessions_end",
        path="/account/sessions/end-others",
        takes=take_other_sessions_end,
        shown_again="account",
        admits=STEPPED,
    ),
    Screen(
        name="account_conduct",
        path="/account/conduct",
        shows=show_conduct,
        takes=take_conduct,
        admits=STEPPED,
    ),
    Screen(
        name="account_proof",
        path="/account/proof",
        shows=show_proof,
        takes=take_proof,
        admits=STEPPED,
    ),
    Screen(
        name="account_shortcuts",
        path="/account/shortcuts",
        takes=take_shortcuts,
        shown_again="account",
        admits=STEPPED,
    ),
)
