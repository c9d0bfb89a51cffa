"""Coming in and going out."""

from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus
from typing import Final
from uuid import UUID

from flask import session as browser

from contracts.language import InvalidRequest
from gateway.identity.domain import AgencyNotChosen, Pending
from gateway.identity.language import AccessToken, Credentials, Proof
from gateway.web import forms
from gateway.web.navigation import home
from gateway.web.screen import Entered, Go, Left, Outcome, Page, Screen, Visit
from gateway.web.views import DEBTS, KEPT

_ANYBODY: Final = frozenset(Pending)


def next_of(visit: Visit) -> str:
    """Return where the person was going, which is never another site."""
    asked = visit.form.get("next") or visit.query.get("next") or ""
    inside = asked.startswith("/") and not asked.startswith(("//", "/\\")) and "\n" not in asked
    return asked if inside else ""


def waiting(visit: Visit) -> list[tuple[str, str]]:
    """Return what was typed before the session ended and waits to be sent on."""
    return [
        (name.removeprefix(KEPT), value)
        for name, values in visit.form.lists()
        if name.startswith(KEPT)
        for value in values
    ]


def onward(visit: Visit, token: AccessToken | None = None) -> Page | Go:
    """Return where somebody goes who has just come in: to a debt, to what waits, or on."""
    there, typed = next_of(visit), waiting(visit)
    if token is not None and token.pending:
        return Go(to=f"{DEBTS[token.pending[0]]}?next={there}")
    if there and typed:
        return Page(template="resume.html", context={"next": there, "kept": typed})
    return Go(to=there or "/")


def show_sign_in(visit: Visit) -> Outcome:
    """Ask who is there."""
    if visit.turn.session is not None and not visit.turn.session.pending:
        return Go(to=next_of(visit) or home(visit))
    return _sign_in_page(visit)


def _sign_in_page(
    visit: Visit, agency_ids: Sequence[UUID] = (), status: HTTPStatus = HTTPStatus.OK
) -> Page:
    return Page(
        template="sign_in.html",
        context={
            "next": next_of(visit),
            "kept": waiting(visit),
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
    return Entered(token=token.access_token, then=onward(visit, token))


def take_sign_out(visit: Visit) -> Outcome:
    """End the session and forget it in this browser."""
    session = visit.turn.session
    if session is not None:
        visit.turn.identity.end_token(session, session.token_id)
    browser.clear()
    return Left(to="/sign-in")


def show_code(visit: Visit) -> Outcome:
    """Ask for the second step."""
    return Page(
        template="sign_in_code.html", context={"next": next_of(visit), "kept": waiting(visit)}
    )


def take_code(visit: Visit) -> Outcome:
    """Take the second step."""
    proof = forms.read(Proof, visit.form)
    if proof.code is None:
        sentence = "Give a code of your authenticator, or a recovery code."
        raise InvalidRequest(sentence, fields={"code": [sentence]})
    visit.turn.identity.prove(visit.turn.caller, proof, address=visit.turn.address)
    return onward(visit)


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
