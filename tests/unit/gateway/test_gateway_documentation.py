"""The documentation that people read: whole, its links lead somewhere, and it needs no script."""

from __future__ import annotations

import re

import pytest

from gateway.api import openapi
from gateway.api.documentation import pages_of
from gateway.api.operations import OPERATIONS, TAGS
from tests.support.gateway import Gateway

_PAGES = ("/docs", "/docs/people", "/docs/schemas")


@pytest.fixture(scope="module")
def pages() -> dict[str, str]:
    """Return every page of the published document."""
    return pages_of(openapi.published())


def test_every_operation_is_explained_on_the_page_of_its_tag(pages: dict[str, str]) -> None:
    """At a heading that can be linked to."""
    assert [
        each.name
        for each in OPERATIONS
        if f'<h2 id="{each.name}">' not in pages[each.tag] or each.path not in pages[each.tag]
    ] == []


def test_overview_names_every_tag_and_operation(pages: dict[str, str]) -> None:
    """One page to search."""
    assert [name for name in TAGS if f'<h2 id="{name}">' not in pages[""]] == []
    assert [each.name for each in OPERATIONS if f"#{each.name}" not in pages[""]] == []


def test_every_link_leads_to_a_heading(pages: dict[str, str]) -> None:
    """Also from one page to another."""
    ids = {name: set(re.findall(r'id="([^"]+)"', page)) for name, page in pages.items()}
    links = {
        (page.removeprefix("/"), anchor)
        for text in pages.values()
        for page, anchor in re.findall(r'href="/api/v1/docs(/[a-z]+)?#([^"]*)"', text)
    }
    assert [(page, anchor) for page, anchor in links if anchor not in ids[page]] == []


def test_a_file_is_told_by_its_kinds_and_its_size(pages: dict[str, str]) -> None:
    """It has no schema to lead to."""
    assert re.search(r"a file of at most [\d,]+ bytes as <code>application/pdf, ", pages["people"])


def test_pages_have_neither_script_nor_style_of_their_own(pages: dict[str, str]) -> None:
    """The strict policy would forbid both, and nothing is fetched from elsewhere."""
    for name, page in pages.items():
        assert not re.search(r"<script|style=|<style|\son\w+=|src=", page), name


@pytest.mark.parametrize("path", _PAGES)
def test_documentation_is_open_to_everybody(gateway: Gateway, path: str) -> None:
    """It holds nothing of anybody, and counts as every request does."""
    response = gateway.client.get(f"/api/v1{path}")
    assert (response.status_code, response.mimetype, len(gateway.counter.met)) == (
        200,
        "text/html",
        1,
    )


def test_pages_may_load_their_own_style_and_run_nothing(gateway: Gateway) -> None:
    """No policy is loosened for them."""
    policy = gateway.client.get("/api/v1/docs").headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert gateway.client.get("/api/v1/docs.css").mimetype == "text/css"


def test_page_of_no_tag_is_a_problem(gateway: Gateway) -> None:
    """As every address where nothing is."""
    response = gateway.client.get("/api/v1/docs/nothing")
    assert (response.status_code, response.mimetype) == (404, "application/problem+json")
