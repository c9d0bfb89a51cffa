"""The watch over pages bites: each kind of fault is seen, and a sound page has none."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.support.axe import axe
from tests.support.browsing import Watched, Width, new_context, watch
from tests.support.page_server import PageServer, a_page

SOUND = a_page("""
<main><h1>Persone</h1>
<form><label for="name">Nome</label><input id="name" name="name" autocomplete="off"></form></main>
""")


def _watched(chromium: Browser, pages: PageServer, page: str) -> Watched:
    """Open a page that is faulty on purpose, so that nobody else looks at its complaints."""
    pages.answers["/"] = page
    watched = watch(new_context(chromium, pages.site, width=Width.DESK, language="it"))
    watched.page.goto("/")
    watched.page.wait_for_load_state("networkidle")
    return watched


def test_a_sound_page_gives_nothing_to_complain_of(chromium: Browser, pages: PageServer) -> None:
    """What is watched for does not happen by itself."""
    watched = _watched(chromium, pages, SOUND)
    watched.page.context.close()
    assert watched.complaints == []


@pytest.mark.parametrize(
    ("body", "complaint"),
    [
        ("<p style='color:red'>Testo</p>", "content security policy: style-src-attr"),
        ("<script>document.title = 'x'</script>", "content security policy: script-src-elem"),
        ("<img src='http://elsewhere.invalid/x.png' alt=''>", "content security policy: img-src"),
        ("<img src='/nothing.png' alt=''>", "answer 404"),
    ],
)
def test_what_is_forbidden_or_not_found_is_complained_of(
    chromium: Browser, pages: PageServer, body: str, complaint: str
) -> None:
    """An inline style is a hole that the next page would widen."""
    watched = _watched(chromium, pages, a_page(body))
    watched.page.context.close()
    assert complaint in "\n".join(watched.complaints)


@pytest.mark.parametrize(
    ("event", "script", "complaint"),
    [
        ("console", "console.error('so not')", "console: so not"),
        ("pageerror", "setTimeout(() => { throw new Error('broken') })", "script: broken"),
    ],
)
def test_what_a_script_cries_about_is_complained_of(
    chromium: Browser, pages: PageServer, event: Any, script: str, complaint: str
) -> None:
    """Nobody has the console open at a desk."""
    watched = _watched(chromium, pages, SOUND)
    with watched.page.expect_event(event):
        watched.page.evaluate(script)
    watched.page.context.close()
    assert watched.complaints == [complaint]


def test_an_answer_that_a_test_expects_is_no_complaint(
    chromium: Browser, pages: PageServer
) -> None:
    """A refused form answers 422, and that is the state under test."""
    watched = _watched(chromium, pages, SOUND)
    pages.answers["/refused"] = (SOUND, 422)
    watched.allow(422)
    watched.page.goto("/refused")
    watched.page.context.close()
    assert watched.complaints == []


def test_a_page_that_everybody_can_use_has_no_fault(chromium: Browser, pages: PageServer) -> None:
    """The rules leave alone what is right."""
    watched = _watched(chromium, pages, SOUND)
    faults = axe(watched.page)
    watched.page.context.close()
    assert faults == []


@pytest.mark.parametrize(
    ("before", "after", "rule"),
    [
        ('<label for="name">Nome</label>', "", "label"),
        ('<html lang="it">', "<html>", "html-has-lang"),
        ("<h1>Persone</h1>", '<h1>Persone</h1><p class="pale">Testo</p>', "color-contrast"),
        ("<main>", "<div>", "landmark-one-main"),
    ],
)
def test_a_page_that_somebody_cannot_use_has_a_fault(
    chromium: Browser, pages: PageServer, before: str, after: str, rule: str
) -> None:
    """A check that never bites proves nothing."""
    watched = _watched(chromium, pages, SOUND.replace(before, after))
    watched.page.evaluate("document.querySelector('.pale')?.style.setProperty('color', '#bbb')")
    faults = axe(watched.page)
    watched.page.context.close()
    assert [fault for fault in faults if fault.startswith(f"{rule} ")] != []
