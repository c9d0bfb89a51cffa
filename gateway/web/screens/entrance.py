"""Coming in and going out."""

from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus
from typing import Final
from urllib.parse import quote
from uuid import UUID

from flask import session as browser

from contracts.language import InvalidRequest
from gateway.identity.domain import AgencyNotChosen, Pending
from gateway.identity.language import AccessToken, Credentials, Proof
from gateway.web import forms
from gateway.web.errand import errand_of
from gateway.web.navigation import home
from gateway.web.screen import Entered, Go, Left, Outcome, Page, Screen, Visit
from gateway.web.views import DEBTS

_ANYBODY: Final = frozenset(Pending)


def onward(visit: Visit, pending: Sequence[Pending] = ()) -> Page | Go:
    """Return where somebody goes on: to what is still owed, to what waits to be sent, or there."""
    errand = errand_of(visit)
    if errand.sends:
        # What is owed is asked for when this is sent.
        return Page(template="resume.html", context={"errand": errand})
    if pending:
        return Go(to=f"{DEBTS[pending[0]]}?next={quote(errand.to)}")
    return Go(to=errand.to or "/")


def show_sign_in(visit: Visit) -> Outcome:
    """Ask who is there."""
    if visit.turn.session is not None and not visit.turn.session.pending:
        return Go(to=errand_of(visit).to or home(visit))
    return _sign_in_page(visit)


def _sign_in_page(
    visit: Visit, agency_ids: Sequence[UUID] = (), status: HTTPStatus = HTTPStatus.OK
) -> Page:
    return Page(
        template="sign_in.html",
        context={
            "errand": errand_of(visit),
            "agency_ids": agency_ids,
            "providers": visit.turn.identity.provider_list().items,
        },
        status=status,
    )


def take_sign_in(visit: Visit) -> Outcome:
    """Let somebody in who gives the right e-mail and password."""
    credentials = forms.read(Credentials, visit.form, grant_type="password")
    try:
        token = visit.turn.identity.sign_in(credentials, address=visit.turn.address)
    except AgencyNotChosen as choice:
        return _sign_in_page(visit, choice.agency_ids, HTTPStatus.UNPROCESSABLE_ENTITY)
    browser.clear()
    return Entered(token=token.access_token, then=_entered(visit, token))


def _entered(visit: Visit, token: AccessToken) -> Page | Go:
    """Return what follows the password: the second step keeps what waits to be sent."""
    if Pending.SECOND_STEP in token.pending and errand_of(visit).sends:
        return _code_page(visit)
    return onward(visit, token.pending)


def take_sign_out(visit: Visit) -> Outcome:
    """End the session and forget it in this browser."""
    session = visit.turn.session
    if session is not None:
        visit.turn.identity.end_token(session, session.token_id)
    browser.clear()
    return Left(to="/sign-in")


def show_code(visit: Visit) -> Outcome:
    """Ask for the second step."""
    return _code_page(visit)


def _code_page(visit: Visit) -> Page:
    return Page(template="sign_in_code.html", context={"errand": errand_of(visit)})


def take_code(visit: Visit) -> Outcome:
    """Take the second step."""
    proof = forms.read(Proof, visit.form)
    if proof.code is None:
        sentence = "Give a code of your authenticator, or a recovery code."
        raise InvalidRequest(sentence, fields={"code": [sentence]})
    state = visit.turn.identity.prove(visit.turn.caller, proof, address=visit.turn.address)
    return onward(visit, state.pending)


SCREENS: Final = (
    Screen(
        name="sign_in",
        path="/sign-in",
        shows=show_sign_in,
        takes=take_sign_in,
        anonymous=True,
    ),
    Screen(
        name="sign_in_code",
        path="/sign-in/code",
        shows=show_code,
        takes=take_code,
        admits=_ANYBODY,
    ),
    Screen(name="sign_out", path="/sign-out", takes=take_sign_out, admits=_ANYBODY),
)
