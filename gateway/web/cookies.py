"""The cookies of the pages: who is at the desk, and what was chosen for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from flask import Response

from gateway.identity.federation import ATTEMPT_LIFE
from gateway.web.languages import COOKIE as LANGUAGE

SHORTCUTS: Final = "plurali_shortcuts"
DEPARTURE: Final = "plurali_oidc"
_A_YEAR: Final = timedelta(days=365)


@dataclass(frozen=True)
class Jar:
    """How cookies are set: behind TLS only for this host and never over a plain line."""

    secure: bool

    @property
    def session(self) -> str:
        """The name of the cookie that holds a session's token."""
        return "__Host-plurali" if self.secure else "plurali"

    def token(self, cookies: Mapping[str, str]) -> str | None:
        """Return the token that the browser holds."""
        return cookies.get(self.session) or None

    def keep_token(self, response: Response, token: str) -> None:
        """Give the browser a token until it is closed; Lax, so that a link in a mail leads in."""
        self._set(response, self.session, token, None)

    def drop_token(self, response: Response) -> None:
        """Take the token out of the browser."""
        self._set(response, self.session, "", timedelta(0))

    def keep_language(self, response: Response, language: str) -> None:
        """Let the browser remember the language."""
        self._set(response, LANGUAGE, language, _A_YEAR)

    def keep_shortcuts(self, response: Response, switch: str) -> None:
        """Let the browser remember whether the keyboard's shortcuts work."""
        self._set(response, SHORTCUTS, switch, _A_YEAR)

    def keep_departure(self, response: Response, secret: str) -> None:
        """Let only the browser that was sent away to an identity provider come back."""
        self._set(response, DEPARTURE, secret, ATTEMPT_LIFE, path="/oidc")

    def _set(
        self, response: Response, name: str, value: str, life: timedelta | None, *, path: str = "/"
    ) -> None:
        response.set_cookie(
            name,
            value,
            max_age=life,
            path=path,
            secure=self.secure,
            httponly=True,
            samesite="Lax",
        )
