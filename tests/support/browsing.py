"""Pages as a member of staff has them before the eyes, watched for everything that goes wrong."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from enum import Enum
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final, Protocol

from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Playwright,
    Request,
    Response,
    ViewportSize,
)

from contracts.access import Role
from launcher import browser as chromium
from launcher.settings import Settings

ARGUMENTS: Final = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PATIENCE: Final = 15_000
"""Milliseconds that a page may take on a busy machine before a test gives it up."""

_LOCALES: Final = {"it": "it-IT", "en": "en-GB"}
_TELL_VIOLATIONS: Final = """
document.addEventListener("securitypolicyviolation", (event) => {
  const { effectiveDirective, blockedURI, sourceFile, lineNumber } = event;
  window.pluraliViolation(
    `${effectiveDirective} forbids ${blockedURI} (${sourceFile}:${lineNumber})`
  );
});
"""
_OF_A_RESOURCE: Final = re.compile(r"Failed to load resource: ")
_ABANDONED: Final = "net::ERR_ABORTED"


class Width(Enum):
    """The two screens that every page is looked at on."""

    DESK = (1280, 900)
    PHONE = (390, 844)

    @property
    def viewport(self) -> ViewportSize:
        """Return the size as the browser is told it."""
        width, height = self.value
        return ViewportSize(width=width, height=height)


@dataclass(frozen=True)
class Staff:
    """Who is at the desk: an agency of the demonstration and a role there."""

    agency: str
    role: Role


class Watched:
    """A page with a list of what went wrong on it; a test allows what it brings about itself."""

    def __init__(self, page: Page) -> None:
        """Begin to watch a page that shows nothing yet."""
        self.page = page
        self.complaints: list[str] = []
        self._statuses: set[int] = set()
        self._line_may_break = False
        page.set_default_timeout(PATIENCE)
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self._complain(f"script: {error}"))
        page.on("requestfailed", self._lose)
        page.on("response", self._answer)

    def allow(self, *statuses: int) -> None:
        """Expect answers of these statuses from now on, such as 422 where a form is refused."""
        self._statuses.update(statuses)

    def allow_lost_line(self) -> None:
        """Expect requests without an answer from now on."""
        self._line_may_break = True

    def violate(self, sentence: str) -> None:
        """Take down what the content security policy forbade."""
        self._complain(f"content security policy: {sentence}")

    def _hear(self, message: ConsoleMessage) -> None:
        # What a resource answered is heard of by its answer, with the status.
        if message.type != "error" or _OF_A_RESOURCE.match(message.text):
            return
        if self._line_may_break and "Failed to fetch" in message.text:
            return
        self._complain(f"console: {message.text}")

    def _lose(self, request: Request) -> None:
        # Whoever goes on to another page leaves requests behind.
        if not self._line_may_break and request.failure != _ABANDONED:
            self._complain(f"no answer: {request.method} {request.url}: {request.failure}")

    def _answer(self, response: Response) -> None:
        if response.status >= HTTPStatus.BAD_REQUEST and response.status not in self._statuses:
            method = response.request.method
            self._complain(f"answer {response.status}: {method} {response.url}")

    def _complain(self, sentence: str) -> None:
        self.complaints.append(sentence)


class Browse(Protocol):
    """Opens a watched page for somebody; further options are those of a Playwright context."""

    def __call__(
        self,
        staff: Staff | None = None,
        *,
        width: Width = Width.DESK,
        language: str = "it",
        site: str | None = None,
        **options: Any,
    ) -> Watched:
        """Open it."""


def start_chromium(playwright: Playwright, settings: Settings) -> Browser:
    """Start the browser that the set-up of the tests brought.

    Raises:
        LookupError: there is none.

    """
    found = chromium.find(settings)
    if found is None:
        raise LookupError("there is no Chromium: `./plurali test web` brings one")
    return playwright.chromium.launch(
        executable_path=found.program,
        # As root, and in many containers, Chromium cannot make the sandbox that it has for pages.
        chromium_sandbox=False,
        args=list(ARGUMENTS),
        env={**os.environ, **found.environment},
    )


def new_context(
    browser: Browser, site: str, *, width: Width, language: str, **options: Any
) -> BrowserContext:
    """Return a browser as one person uses it: a screen, a language and nobody signed in."""
    phone = width is Width.PHONE
    return browser.new_context(
        base_url=site,
        viewport=width.viewport,
        screen=width.viewport,
        has_touch=phone,
        is_mobile=phone,
        locale=_LOCALES[language],
        timezone_id="Europe/Rome",
        reduced_motion="reduce",
        **options,
    )


def watch(context: BrowserContext) -> Watched:
    """Open a page in a context and watch it."""
    page = context.new_page()
    watched = Watched(page)
    page.expose_function("pluraliViolation", watched.violate)
    page.add_init_script(_TELL_VIOLATIONS)
    return watched


def sign_in(page: Page, email: str, password: str) -> None:
    """Sign in as somebody does it."""
    page.goto("/sign-in")
    page.locator("[name=email]").fill(email)
    page.locator("[name=password]").fill(password)
    page.locator("form:has([name=password]) [type=submit]").click()
    page.wait_for_url(lambda url: not url.split("?")[0].endswith("/sign-in"))


def photograph(page: Page, name: str) -> None:
    """Keep a picture of the whole page, where a directory for pictures is named."""
    directory = os.environ.get("TEST_SCREENSHOTS")
    if directory:
        page.screenshot(path=Path(directory) / f"{name}.png", full_page=True)
