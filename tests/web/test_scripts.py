"""What the scripts of every page do, on pages made up for it."""

from __future__ import annotations

import re
from threading import Event

import pytest
from playwright.sync_api import Page, expect

from tests.support.browsing import Browse, Watched
from tests.support.page_server import PageServer, a_page

CONFIRMING = """
<form method="post" action="/sent"><button data-confirm="Davvero?">Elimina</button></form>
<dialog id="confirm-dialog"><p data-confirm-question></p>
<form method="dialog"><button value="no">No</button><button value="yes">Sì</button></form></dialog>
"""
EXPIRED = """
<form hx-post="/save" hx-swap="none" hx-trigger="change, retry-save" data-saves="#state">
<input name="csrf_token" type="hidden" value="token-1"><input name="note" aria-label="Nota"></form>
<p id="state" data-save-state="unchanged"><span data-when="saved" hidden>Salvato alle
<time data-save-time></time></span><span data-when="unsent" hidden>Non inviato</span></p>
<dialog id="session-expired"><button data-session-retry>Riprova</button></dialog>
"""
KEYS = """
<a href="/people" data-go="p">Persone</a><a href="/new" data-new>Nuova</a>
<input data-search aria-label="Cerca"><dialog id="shortcuts-help">Tasti</dialog>
"""


def _open(browse: Browse, pages: PageServer, body: str) -> Watched:
    pages.answers["/"] = a_page(body)
    watched = browse(site=pages.site)
    watched.page.goto("/")
    return watched


def _type(page: Page, text: str) -> None:
    page.get_by_label("Nota").fill(text)
    page.get_by_label("Nota").blur()


def test_a_request_carries_the_token_of_its_page(browse: Browse, pages: PageServer) -> None:
    """A form on another site cannot send what ours send."""
    pages.answers["/sent"] = ""
    page = _open(browse, pages, '<button hx-post="/sent">Invia</button>').page
    with page.expect_response("**/sent"):
        page.get_by_role("button").click()
    assert pages.forms_at("/sent")[0].headers["X-Csrftoken"] == "token-1"


def test_a_refused_form_shows_its_errors_and_the_reader_is_there(
    browse: Browse, pages: PageServer
) -> None:
    """A summary that the keyboard does not find is none."""
    pages.answers["/sent"] = ('<div id="errors" data-focus>Manca il nome</div>', 422)
    watched = _open(
        browse, pages, '<form hx-post="/sent" hx-swap="outerHTML"><button>Invia</button></form>'
    )
    watched.allow(422)
    watched.page.get_by_role("button").click()
    expect(watched.page.locator("#errors")).to_be_focused()


def test_a_page_that_comes_with_errors_begins_at_them(browse: Browse, pages: PageServer) -> None:
    """Without htmx the whole page comes again."""
    page = _open(browse, pages, '<h1>Nuova</h1><div id="errors" data-focus>Manca</div>').page
    expect(page.locator("#errors")).to_be_focused()


@pytest.mark.parametrize(("answer", "sent"), [("Sì", 1), ("No", 0)])
def test_what_cannot_be_undone_is_asked_first(
    browse: Browse, pages: PageServer, answer: str, sent: int
) -> None:
    """The question is the page's own, and no is no."""
    pages.answers["/sent"] = a_page("<h1>Fatto</h1>")
    page = _open(browse, pages, CONFIRMING).page
    page.get_by_role("button", name="Elimina").click()
    expect(page.get_by_text("Davvero?")).to_be_visible()
    page.get_by_role("button", name=answer).click()
    if sent:
        page.wait_for_url("**/sent")
    assert len(pages.forms_at("/sent")) == sent


def test_what_was_typed_stays_when_the_session_has_ended(browse: Browse, pages: PageServer) -> None:
    """The page says so over the form, and the form is as it was."""
    pages.answers["/save"] = ("<h1>Accedi</h1>", 401)
    watched = _open(browse, pages, EXPIRED)
    watched.allow(401)
    _type(watched.page, "Ha telefonato")
    expect(watched.page.get_by_role("dialog")).to_be_visible()
    expect(watched.page.get_by_label("Nota")).to_have_value("Ha telefonato")


def test_a_new_session_takes_over_what_was_typed(browse: Browse, pages: PageServer) -> None:
    """Whoever signs in again in another tab goes on here, with that session's token."""
    pages.answers["/save"] = ("", 401)
    watched = _open(browse, pages, EXPIRED)
    watched.allow(401)
    _type(watched.page, "Ha telefonato")
    expect(watched.page.get_by_role("dialog")).to_be_visible()
    pages.answers["/save"] = ("", 204)
    pages.answers["/"] = a_page("", token="token-2")  # noqa: S106 - made up, guards nothing
    watched.page.get_by_role("button", name="Riprova").click()
    expect(watched.page.locator("#state")).to_have_attribute("data-save-state", "saved")
    last = pages.forms_at("/save")[-1]
    assert (last.headers["X-Csrftoken"], last.form) == (
        "token-2",
        {"csrf_token": "token-2", "note": "Ha telefonato"},
    )


def test_a_saved_answer_says_when(browse: Browse, pages: PageServer) -> None:
    """The worker sees it without asking, in the time of the town."""
    pages.answers["/save"] = ("", 204)
    page = _open(browse, pages, EXPIRED).page
    _type(page, "Ha telefonato")
    expect(page.get_by_text("Salvato alle")).to_contain_text(re.compile(r"\d\d:\d\d"))


def test_what_was_typed_on_a_lost_line_is_sent_when_it_is_back(
    browse: Browse, pages: PageServer
) -> None:
    """Nobody has to type it again, nor to press anything."""
    pages.answers["/save"] = ("", 204)
    banner = '<div data-line-banner hidden><p data-line="lost">Linea persa</p></div>'
    watched = _open(browse, pages, EXPIRED + banner)
    watched.allow_lost_line()
    watched.page.context.set_offline(offline=True)
    _type(watched.page, "Ha telefonato")
    expect(watched.page.get_by_text("Linea persa")).to_be_visible()
    expect(watched.page.get_by_text("Non inviato")).to_be_visible()
    watched.page.context.set_offline(offline=False)
    expect(watched.page.get_by_text("Salvato alle")).to_be_visible()
    expect(watched.page.get_by_text("Linea persa")).to_be_hidden()
    assert pages.forms_at("/save")[-1].form["note"] == "Ha telefonato"


def test_an_answer_to_older_text_does_not_call_the_newer_saved(
    browse: Browse, pages: PageServer
) -> None:
    """What the page says is true of what stands in it."""
    page, typed = _open(browse, pages, EXPIRED).page, Event()

    def answer_while_more_is_typed() -> tuple[str, int]:
        typed.wait(10)
        return "", 204

    pages.answers["/save"] = answer_while_more_is_typed
    with page.expect_response("**/save"):
        _type(page, "Ha")
        page.get_by_label("Nota").press_sequentially(" telefonato")
        typed.set()
    expect(page.locator("#state")).to_have_attribute("data-save-state", "changed")


@pytest.mark.parametrize(
    ("keys", "path"), [(["g", "p"], "/people"), (["n"], "/new"), (["x", "p"], "/")]
)
def test_keys_lead_where_the_page_says(
    browse: Browse, pages: PageServer, keys: list[str], path: str
) -> None:
    """The letters stand in the page, so that it can show them."""
    pages.answers.update({"/people": a_page("<h1>Persone</h1>"), "/new": a_page("<h1>Nuova</h1>")})
    page = _open(browse, pages, KEYS).page
    for key in keys:
        page.keyboard.press(key)
    page.wait_for_url(f"{pages.site}{path}")


def test_the_key_of_searching_goes_to_the_field(browse: Browse, pages: PageServer) -> None:
    """And types nothing into it."""
    page = _open(browse, pages, KEYS).page
    page.keyboard.press("/")
    expect(page.get_by_label("Cerca")).to_be_focused()
    expect(page.get_by_label("Cerca")).to_have_value("")


def test_the_key_of_help_shows_the_keys(browse: Browse, pages: PageServer) -> None:
    """A key that nobody can look up is found by accident only."""
    page = _open(browse, pages, KEYS).page
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()


def test_keys_are_letters_while_somebody_types(browse: Browse, pages: PageServer) -> None:
    """A name with a g in it stays a name."""
    page = _open(browse, pages, KEYS).page
    page.get_by_label("Cerca").press_sequentially("gpn?")
    expect(page.get_by_label("Cerca")).to_have_value("gpn?")


def test_keys_can_be_switched_off(browse: Browse, pages: PageServer) -> None:
    """Whoever dictates would set them off by talking (WCAG 2.1.4)."""
    page = _open(browse, pages, KEYS).page
    page.evaluate("document.body.dataset.shortcuts = 'off'")
    page.keyboard.press("?")
    expect(page.locator("#shortcuts-help")).to_be_hidden()


def test_a_notice_goes_by_itself(browse: Browse, pages: PageServer) -> None:
    """What was done need not be wiped away."""
    page = _open(browse, pages, '<p role="status" data-dismiss-after="200">Salvato</p>').page
    expect(page.get_by_role("status")).to_have_count(0)


def test_a_password_can_be_looked_at(browse: Browse, pages: PageServer) -> None:
    """A long one is typed on a phone once, not three times."""
    body = """<label for="secret">Password</label><input id="secret" type="password">
    <button hidden data-scripted data-reveal="#secret" aria-pressed="false">Mostra</button>"""
    page = _open(browse, pages, body).page
    page.get_by_role("button", name="Mostra").click()
    expect(page.get_by_label("Password")).to_have_attribute("type", "text")
    expect(page.get_by_role("button", name="Mostra")).to_have_attribute("aria-pressed", "true")


def test_a_menu_of_the_library_opens_under_the_strict_policy(
    browse: Browse, pages: PageServer
) -> None:
    """The library places it by script, and needs no style attribute in the page."""
    body = """<div class="dropdown"><button class="dropdown-toggle" data-bs-toggle="dropdown"
    aria-expanded="false">Menu</button>
    <div class="dropdown-menu"><a href="/x">Voce</a></div></div>"""
    page = _open(browse, pages, body).page
    page.get_by_role("button", name="Menu").click()
    expect(page.get_by_text("Voce")).to_be_visible()
