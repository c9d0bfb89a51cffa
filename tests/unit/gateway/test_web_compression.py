"""How pages are compressed."""

from __future__ import annotations

import gzip
from collections.abc import Callable

import brotli
import pytest
from flask import Flask, Response
from werkzeug.test import TestResponse

from gateway.web.compression import compress_pages

PAGE = "<p>Persone</p>" * 100


def _ask(text: str, accepted: str, *, kind: str = "text/html") -> TestResponse:
    app = Flask("pages")
    compress_pages(app)
    app.add_url_rule("/", "page", lambda: Response(text, content_type=kind))
    return app.test_client().get("/", headers={"Accept-Encoding": accepted})


@pytest.mark.parametrize(
    ("accepted", "way", "read"),
    [("gzip, br", "br", brotli.decompress), ("gzip, deflate", "gzip", gzip.decompress)],
)
def test_a_page_is_compressed_by_what_its_reader_knows(
    accepted: str, way: str, read: Callable[[bytes], bytes]
) -> None:
    """The line carries a tenth, and the page is the same."""
    answer = _ask(PAGE, accepted)
    assert (answer.headers["Content-Encoding"], read(answer.data).decode()) == (way, PAGE)


def test_the_length_that_is_told_is_the_length_that_is_sent() -> None:
    """A browser that waits for more waits until it gives up."""
    answer = _ask(PAGE, "br")
    assert int(answer.headers["Content-Length"]) == len(answer.data)


@pytest.mark.parametrize(
    ("text", "accepted", "kind"),
    [
        (PAGE, "identity", "text/html"),
        ("<p>Persone</p>", "br", "text/html"),
        (PAGE, "br", "application/json"),
    ],
)
def test_what_gains_nothing_is_sent_as_it_is(text: str, accepted: str, kind: str) -> None:
    """Nor is what its reader could not read, nor what programs ask for."""
    answer = _ask(text, accepted, kind=kind)
    assert "Content-Encoding" not in answer.headers


def test_a_cache_keeps_the_ways_apart() -> None:
    """A reader of plain pages must not be handed a compressed one."""
    assert "Accept-Encoding" in _ask(PAGE, "identity").headers["Vary"]


def test_the_length_of_a_page_tells_nothing_exact() -> None:
    """The same page is never surely as long as before."""
    lengths = {len(_ask(PAGE, "br").headers["X-Noise"]) for _ in range(40)}
    assert len(lengths) > 1
