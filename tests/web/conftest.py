"""Pages in a browser: fixtures for tests of screens.

A test of a screen asks for ``browse`` and, where it holds on every screen, for ``width`` and
``language``, which run it on both widths and in both languages:

    def test_something(browse: Browse, width: Width, language: str) -> None:
        watched = browse(CASE_WORKER, width=width, language=language)
        watched.page.goto("/people")
        assert axe(watched.page) == []

``browse`` gives a page of a new browser profile, signed in as a member of the demonstration's staff
or, with ``None``, as nobody. When the test ends, a page with anything in ``watched.complaints``
fails it: an error in the console or a script, what the content security policy forbade, a request
without an answer, an answer from 400 on. Before it brings such a thing about itself, a test says so
with ``watched.allow(422)`` or ``watched.allow_lost_line()``. A test that needs the list, or ends
with the page in a known bad state, empties it.

``photograph(page, name)`` keeps pictures in the directory that TEST_SCREENSHOTS names. Without
Chromium the tests fail; `./plurali test web` brings one.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final, NamedTuple

import pytest
from playwright.sync_api import Browser, sync_playwright

from chassis import clock
from gateway.identity.policy import Policy
from launcher import demonstration
from launcher.browser import find
from launcher.journey.chain import Journey
from launcher.journey.command import network_of
from launcher.journey.course import Course
from launcher.journey.vignettes import chosen
from launcher.settings import Settings
from launcher.stack import Stack
from tests.support.browsing import (
    Browse,
    Staff,
    Watched,
    Width,
    new_context,
    sign_in,
    start_chromium,
    watch,
)
from tests.support.page_server import PageServer, serving
from tests.support.served import Served, serve_over_fakes


class SignedIn(NamedTuple):
    """The cookies of somebody who signed in, and when."""

    cookies: Any
    since: datetime


_RENEWED_AFTER: Final = Policy().step_up_life / 2
"""What wants a fresh proof must find one, however long the tests before it took."""


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Give the browser, one process for all tests."""
    settings = Settings.from_environment()
    found = find(settings)
    with pytest.MonkeyPatch.context() as environment:
        # What drives the browser may need the libraries that were unpacked with it, alone.
        for name, value in (found.environment if found else {}).items():
            environment.setenv(name, value)
        playwright = sync_playwright().start()
    browser = start_chromium(playwright, settings)
    yield browser
    browser.close()
    playwright.stop()


@pytest.fixture(scope="session")
def signed_in_states() -> dict[Staff, SignedIn]:
    """Remember everybody who has signed in, for the tests that follow."""
    return {}


@pytest.fixture
def browse(
    chromium: Browser, signed_in_states: dict[Staff, SignedIn], request: pytest.FixtureRequest
) -> Iterator[Browse]:
    """Give a way to open watched pages, and complain in the end of what went wrong on them."""
    pages: list[Watched] = []

    def open_page(
        staff: Staff | None = None,
        *,
        width: Width = Width.DESK,
        language: str = "it",
        site: str | None = None,
        **options: Any,
    ) -> Watched:
        if site is None:
            # Only here, so that a test of made-up pages starts no stack.
            site = request.getfixturevalue("stack").gateway_url
        if staff is not None:
            options["storage_state"] = _state(
                chromium, signed_in_states, staff, request.getfixturevalue("stack")
            )
        context = new_context(chromium, site, width=width, language=language, **options)
        pages.append(watch(context))
        return pages[-1]

    yield open_page
    for watched in pages:
        watched.page.context.close()
    assert [complaint for watched in pages for complaint in watched.complaints] == []


@pytest.fixture
def over_fakes() -> Iterator[Served]:
    """Serve a gateway over fakes: asked for before ``browse``, it outlives the pages it serves."""
    with serve_over_fakes() as server:
        yield server


@pytest.fixture(scope="session")
def course(stack: Stack) -> Course:
    """Give a person for whom some referrals wait, some are under way and one is over."""
    with network_of(stack, quiet=True) as network:
        return Journey(network, chosen("V1")[0], "mixed").run()


@pytest.fixture(params=list(Width), ids=lambda width: width.name.lower())
def width(request: pytest.FixtureRequest) -> Width:
    """Run a test at the desk's width and at the phone's."""
    chosen: Width = request.param
    return chosen


@pytest.fixture(params=["it", "en"])
def language(request: pytest.FixtureRequest) -> str:
    """Run a test in both languages."""
    chosen: str = request.param
    return chosen


@pytest.fixture(scope="session")
def page_server() -> Iterator[PageServer]:
    """Serve made-up pages until the end: a page still fetching when its server ends complains."""
    with serving() as server:
        yield server


@pytest.fixture
def pages(page_server: PageServer) -> PageServer:
    """Give a server with no pages yet, for tests of what all pages share."""
    page_server.start_anew()
    return page_server


def _state(chromium: Browser, kept: dict[Staff, SignedIn], staff: Staff, stack: Stack) -> Any:
    """Return the cookies of somebody who signed in not long ago, or now."""
    if staff not in kept or clock.now() - kept[staff].since > _RENEWED_AFTER:
        accounts = demonstration.require_accounts(stack.home)
        account = demonstration.staff_of(accounts, staff.agency, staff.role)
        context = new_context(chromium, stack.gateway_url, width=Width.DESK, language="it")
        since = clock.now()
        sign_in(context.new_page(), account.email, account.password)
        kept[staff] = SignedIn(context.storage_state(), since)
        context.close()
    return kept[staff].cookies
