"""A browser without a screen: it keeps cookies, finds the proof in a page and sends forms."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from typing import Any, Final

from flask.testing import FlaskClient

from tests.support.gateway import TOKEN, Gateway

ORIGIN: Final = "http://localhost"
"""From where a browser says that a form of ours comes."""

_TOKEN: Final = re.compile(r'name="csrf_token" value="([^"]+)"')
_HIDDEN: Final = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')


@dataclass
class Browser:
    """One browser profile at a gateway."""

    client: FlaskClient

    def look(self, path: str, **headers: str) -> Any:
        """Open a page."""
        return self.client.get(path, headers=_names(headers))

    def send(self, path: str, **typed: Any) -> Any:
        """Send a form of ours; its proof is taken from a page that everybody may read."""
        token = _TOKEN.search(self.look("/help").text)
        assert token is not None
        return self.client.post(
            path, data={"csrf_token": token[1], **typed}, headers={"Origin": ORIGIN}
        )

    def send_unproven(self, path: str, typed: dict[str, str], **headers: str) -> Any:
        """Send a form that is none of ours."""
        return self.client.post(path, data=typed, headers=_names(headers))

    def send_on(self, page: Any, path: str, **typed: str) -> Any:
        """Send what a page holds hidden, with what is typed into it."""
        return self.client.post(path, data={**hidden(page), **typed})


def hidden(page: Any) -> dict[str, str]:
    """Return the hidden fields of a page's last form that has any of its own."""
    forms = re.findall(r"<form.*?</form>", page.text, re.DOTALL)
    inside = [dict(_HIDDEN.findall(form)) for form in forms if "<main" not in form]
    ours = [fields for fields in inside if "key" in fields]
    return {name: html.unescape(value) for name, value in ours[-1].items()}


def at_the_desk(gateway: Gateway, token: str | None = TOKEN) -> Browser:
    """Return a new browser whose cookie holds a token."""
    browser = Browser(gateway.client.application.test_client())
    if token is not None:
        browser.client.set_cookie("plurali", token)
    return browser


def _names(headers: dict[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in headers.items()}
