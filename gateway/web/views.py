"""The one view behind every screen: who is there, may they, whom does it touch, what is shown."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import quote

from flask import Response, flash, g, make_response, redirect, render_template, request
from flask_wtf.csrf import CSRFProtect
from werkzeug.datastructures import MultiDict

from chassis import clock
from gateway.access_log import subjects
from gateway.desk import Desk
from gateway.edge import arrival, note_failure
from gateway.identity import domain
from gateway.identity.domain import Pending, StepUpNeeded
from gateway.identity.language import Session
from gateway.problems import Answer, answer_to
from gateway.web.cookies import Jar
from gateway.web.errand import KEPT, SENDS
from gateway.web.languages import chosen
from gateway.web.screen import Download, Entered, Go, Left, Outcome, Page, Screen, Visit
from gateway.web.speaker import Speaker
from gateway.web.watching import WatchedPort

DEBTS: Final[Mapping[Pending, str]] = {
    Pending.SECOND_STEP: "/sign-in/code",
    Pending.SECOND_STEP_ENROLMENT: "/account/second-step",
    Pending.CODE_OF_CONDUCT: "/account/conduct",
}
"""Where a person settles what is still owed."""

PROOF: Final = "/account/proof"
"""Where a person proves again who is at the desk."""

SIGN_IN: Final = "/sign-in"

FORM_LIMIT: Final = 20_000_000
"""How large a form with a file may be: what is beyond its own limit is said at its field."""

_LIVE: Final = "HX-Request"
_KEY: Final = re.compile(r"[0-9a-f-]{36}")
_UNSPOKEN: Final = frozenset(
    {"csrf_token", "key", "password", "current", "code", "secret", "token"}
)
_SHOWN_AGAIN: Final = frozenset(
    {
        HTTPStatus.UNAUTHORIZED,
        HTTPStatus.CONFLICT,
        HTTPStatus.PRECONDITION_FAILED,
        HTTPStatus.UNPROCESSABLE_ENTITY,
        HTTPStatus.TOO_MANY_REQUESTS,
        HTTPStatus.FORBIDDEN,
        HTTPStatus.SERVICE_UNAVAILABLE,
    }
)


@dataclass(frozen=True, kw_only=True)
class House:
    """What every screen's view works with."""

    desk: Desk
    jar: Jar
    guard: CSRFProtect
    screens: Mapping[str, Screen]
    speaker: Speaker

    def at(self, address: str) -> Screen:
        """Return the screen at an address without parts."""
        return next(each for each in self.screens.values() if each.path == address)


class ScreenView:
    """Serves one screen."""

    def __init__(self, screen: Screen, house: House) -> None:
        """Keep the screen, and the one that is shown again when something is refused."""
        self.__name__ = screen.name
        self._screen = screen
        self._house = house
        self._again = house.screens[screen.shown_again or screen.name]

    def __call__(self, **path: Any) -> Response:
        """Answer the request; what it touched is written down before anything leaves."""
        g.screen = self._screen
        if self._screen.takes_files:
            request.max_content_length = FORM_LIMIT
        # Before anything is kept or shown again: a forged form must not be sent on by its victim.
        if request.method == "POST" and not self._screen.for_mail_programs:
            self._house.guard.protect()
        session = self._session()
        first = None if self._screen.anonymous else self._first(session)
        if first is not None:
            return self._settle(first, session)
        return self._serve(session, path)

    def _serve(self, session: Session | None, path: Mapping[str, Any]) -> Response:
        """Do what was asked."""
        watched = WatchedPort(self._house.desk.rpc)
        visit = self._visit(session, path, watched)
        try:
            if self._screen.permission is not None:
                visit.turn.principal.require(self._screen.permission)
            outcome, status = self._do(visit, watched)
        except Exception as failure:
            self._write_down(visit, watched, path, answer_to(failure).status)
            raise
        self._write_down(visit, watched, path, status)
        return self._response(outcome, status)

    def _do(self, visit: Visit, watched: WatchedPort) -> tuple[Outcome, HTTPStatus]:
        """Show or take; a refused form is shown again with what was typed and why."""
        if request.method != "POST" or self._screen.takes is None:
            return _shown(self._screen, visit)
        try:
            outcome = self._screen.takes(visit)
        except Exception as failure:
            answer = answer_to(failure)
            if self._again.shows is None or answer.status not in _SHOWN_AGAIN:
                raise
            note_failure(failure, answer.slug, unforeseen=False)
            keep_key(answer)
            if "Retry-After" in answer.headers:
                g.answer_headers["Retry-After"] = answer.headers["Retry-After"]
            # What was refused may have used up the deadline.
            g.visit = self._visit(visit.turn.session, visit.path, watched).refused(answer)
            return _shown(self._again, g.visit)[0], answer.status
        return outcome, HTTPStatus.OK

    def _visit(
        self, session: Session | None, path: Mapping[str, Any], watched: WatchedPort
    ) -> Visit:
        """Begin a visit, or begin it anew."""
        turn = self._house.desk.begin(
            arrival(), session, key=_key(session), purpose=self._screen.purpose, port=watched
        )
        g.visit = Visit(
            turn=turn,
            language=chosen(),
            speaker=self._house.speaker,
            path=path,
            query=MultiDict(request.args),
            form=MultiDict(request.form),
            files=MultiDict(request.files),
            live=_LIVE in request.headers,
        )
        visit: Visit = g.visit
        return visit

    def _session(self) -> Session | None:
        """Return whom the browser's cookie speaks for."""
        token = self._house.jar.token(request.cookies)
        session = self._house.desk.identity.session(token) if token else None
        if session is not None and not session.is_client:
            g.session = session
            return session
        return None

    def _first(self, session: Session | None) -> str | None:
        """Return where the person has to go first: nobody is there, or something is owed."""
        if session is None:
            return SIGN_IN
        for debt in session.pending:
            if debt not in self._screen.admits:
                return DEBTS[debt]
        if self._screen.fresh:
            life = self._house.desk.identity.policy.step_up_life
            try:
                domain.demand_fresh(session.proved_at, clock.now(), life)
            except StepUpNeeded:
                return PROOF
        return None

    def _settle(self, address: str, session: Session | None) -> Response:
        """Let something be settled first; what was sent waits in that page and is sent on after."""
        live = _LIVE in request.headers
        if live and session is None:
            return make_response("", HTTPStatus.UNAUTHORIZED)
        if live or request.method != "POST":
            return self._go(Go(to=f"{address}?next={_here()}"))
        waiting = [("next", request.path), (SENDS, "yes")]
        waiting += [(KEPT + name, value) for name, value in kept()]
        visit = self._visit(session, {}, WatchedPort(self._house.desk.rpc))
        g.visit = replace(visit, form=MultiDict(waiting))
        outcome, _ = _shown(self._house.at(address), g.visit)
        status = HTTPStatus.UNAUTHORIZED if session is None else HTTPStatus.FORBIDDEN
        return self._response(outcome, status)

    def _write_down(
        self, visit: Visit, watched: WatchedPort, path: Mapping[str, Any], status: int
    ) -> None:
        """Log the access to every person whom the visit touched."""
        persons = (*subjects(path), *watched.met)
        if visit.turn.session is not None and (persons or self._screen.searches):
            self._house.desk.write_down(visit.turn, f"page.{self._screen.name}", status, persons)

    def _response(self, outcome: Outcome, status: HTTPStatus) -> Response:
        """Return what the browser is sent."""
        match outcome:
            case Page():
                text = render_template(outcome.template, **outcome.context)
                shown = status if status is not HTTPStatus.OK else outcome.status
                return make_response(text, shown)
            case Go():
                if outcome.said:
                    flash(outcome.said)
                return self._go(outcome)
            case Download():
                return _file(outcome)
            case Entered():
                response = self._response(outcome.then, status)
                self._house.jar.keep_token(response, outcome.token)
                return response
            case Left():
                response = self._go(Go(to=outcome.to))
                self._house.jar.drop_token(response)
                return response

    def _go(self, go: Go) -> Response:
        """Send the browser elsewhere; a part of a page takes the whole page along."""
        if _LIVE in request.headers:
            return make_response("", HTTPStatus.NO_CONTENT, {"HX-Redirect": go.to})
        response = make_response(redirect(go.to, HTTPStatus.SEE_OTHER))
        if go.language is not None:
            self._house.jar.keep_language(response, go.language)
        if go.departs is not None:
            self._house.jar.keep_departure(response, go.departs)
        if go.shortcuts is not None:
            self._house.jar.keep_shortcuts(response, go.shortcuts)
        return response


def keep_key(answer: Answer) -> None:
    """Let the form be sent again under its own key where nobody knows whether it was done."""
    given = request.form.get("key", "")
    if answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR and _KEY.fullmatch(given):
        g.unsettled_key = given


def kept() -> list[tuple[str, str]]:
    """Return what was typed, to be sent again, without what is secret."""
    return [
        (name, value)
        for name, values in request.form.lists()
        if name not in _UNSPOKEN
        for value in values
    ]


def _shown(screen: Screen, visit: Visit) -> tuple[Outcome, HTTPStatus]:
    if screen.shows is None:
        raise LookupError(f"{screen.name} shows nothing")
    return screen.shows(visit), HTTPStatus.OK


def _here() -> str:
    """Return the address under way as part of another one; it holds ids and never personal data."""
    return quote(request.path if request.method == "POST" else request.full_path.rstrip("?"))


def _key(session: Session | None) -> str | None:
    """Return the name of what is sent, by which it is done once however often it comes."""
    if session is None or request.method != "POST":
        return None
    given = request.form.get("key", "")
    key = given if _KEY.fullmatch(given) else str(clock.new_id())
    return f"{session.principal.user_id}:{key}"


def _file(download: Download) -> Response:
    """Return a file, whose name is ours and never a person's."""
    kind = "inline" if download.inline else "attachment"
    return make_response(
        download.body,
        {
            "Content-Type": download.media,
            "Content-Disposition": f'{kind}; filename="{download.name}"',
            **download.headers,
        },
    )
