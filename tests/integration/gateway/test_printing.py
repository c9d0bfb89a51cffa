"""Sheets become PDF/UA: tagged, titled, in their language, and made from nothing but the page."""

from __future__ import annotations

import io
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader
from pypdf.generic import DictionaryObject

from contracts.intake import DataCategory
from gateway.problems import RefusedError
from gateway.web.printing.press import render_pdf
from gateway.web.printing.typesetting import AddressRefused, compose
from tests.support.sheets import consent_page, dispatch, letter_page, screening_page

SHEETS = {
    "screening in Arabic": lambda: screening_page("V4", language="ar"),
    "letter in English": lambda: letter_page(dispatch(*DataCategory), language="en"),
    "consent in Ukrainian": lambda: consent_page(DataCategory.IDENTITY, language="uk"),
}
LANGUAGES = dict(zip(SHEETS, ("ar", "en", "uk"), strict=True))
EACH = pytest.mark.parametrize("name", SHEETS)


@cache
def _printed(name: str) -> PdfReader:
    """Return a sheet as it is printed; each is made once."""
    return PdfReader(io.BytesIO(compose(SHEETS[name]())))


def _root(name: str) -> Any:
    """Return what a sheet says of itself."""
    return _printed(name).root_object


def _kinds(element: Any) -> Iterator[str]:
    """Yield the kinds of the structure's elements, in reading order."""
    node: Any = element.get_object()
    if isinstance(node, DictionaryObject):
        if "/S" in node:
            yield str(node["/S"])
        below: Any = node.get("/K", [])
        for each in below if isinstance(below, list) else [below]:
            yield from _kinds(each)


@EACH
def test_a_sheet_is_marked_as_accessible(name: str) -> None:
    """It says of itself that it is tagged and follows PDF/UA-1."""
    assert _root(name)["/MarkInfo"]["/Marked"]
    assert b'pdfuaid:part="1"' in _root(name)["/Metadata"].get_data()


@EACH
def test_a_sheet_tells_its_language_and_its_title(name: str) -> None:
    """A screen reader chooses its voice by the one and announces the other."""
    metadata = _printed(name).metadata
    assert _root(name)["/Lang"] == LANGUAGES[name]
    assert _root(name)["/ViewerPreferences"]["/DisplayDocTitle"]
    assert metadata is not None
    assert (metadata.title or "").endswith("Consorzio In Rete")


@EACH
def test_the_title_names_no_person(name: str) -> None:
    """Titles stand in lists of files and on the tabs of browsers."""
    metadata = _printed(name).metadata
    assert metadata is not None
    assert "Haddad" not in str(dict(metadata))


@EACH
def test_a_sheet_has_a_structure_to_move_in(name: str) -> None:
    """There are headings, and tables with their headers."""
    kinds = set(_kinds(_root(name)["/StructTreeRoot"]))
    assert {"/H1", "/H2", "/Table", "/TH", "/TD", "/P"} <= kinds


@EACH
def test_a_sheet_can_be_read_as_text(name: str) -> None:
    """What is printed can be searched and read out."""
    text = " ".join(page.extract_text() for page in _printed(name).pages)
    assert "Haddad" in text


@EACH
def test_pages_are_a4_and_numbered(name: str) -> None:
    """Sheets that were dropped can be put in order again."""
    pages = _printed(name).pages
    for place, page in enumerate(pages, 1):
        assert (round(page.mediabox.width), round(page.mediabox.height)) == (595, 842)
        assert f"{place} / {len(pages)}" in page.extract_text()


@EACH
def test_every_page_says_who_printed_it_and_what_it_holds(name: str) -> None:
    """A single page tells how to treat it."""
    for page in _printed(name).pages:
        text = " ".join(page.extract_text().split())
        assert "Contiene dati personali" in text
        assert "Stampato da Marta Riva" in text


@EACH
def test_a_sheet_refers_to_nothing_outside(name: str) -> None:
    """There are no links, actions or files in it."""
    pages = _printed(name).pages
    assert not any(page.get("/Annots") for page in pages)
    assert "/OpenAction" not in _root(name)
    assert "/EmbeddedFiles" not in _root(name).get("/Names", {})


def test_fonts_come_along() -> None:
    """A sheet with Arabic looks the same on a machine without Arabic fonts."""
    pages: list[Any] = list(_printed("screening in Arabic").pages)
    fonts = [font.get_object() for page in pages for font in page["/Resources"]["/Font"].values()]
    assert any("Arabic" in font["/BaseFont"] for font in fonts)
    assert all(
        "/FontFile3" in _described(font) or "/FontFile2" in _described(font) for font in fonts
    )


def _described(font: Any) -> Any:
    """Return the descriptor of a composed font."""
    return font["/DescendantFonts"][0].get_object()["/FontDescriptor"]


@pytest.mark.parametrize(
    "markup",
    [
        "<img src='http://127.0.0.1:9/x.png'>",
        "<img src='https://example.org/x.png'>",
        "<img src='file:///etc/hostname'>",
        "<img src='/etc/hostname'>",
        "<img src='data:image/png;base64,AAAA'>",
        "<link rel='stylesheet' href='http://127.0.0.1:9/x.css'>",
        "<link rel='attachment' href='file:///etc/hostname'>",
        "<style>@import url(http://127.0.0.1:9/x.css);</style>",
        "<p style='background: url(http://127.0.0.1:9/x)'>x</p>",
        "<style>@font-face { font-family: x; src: url(http://127.0.0.1:9/x) }</style><p>x</p>",
        "<object data='http://127.0.0.1:9/x'></object>",
        "<svg xmlns='http://www.w3.org/2000/svg'><image href='http://127.0.0.1:9/x'/></svg>",
    ],
)
def test_a_page_that_wants_something_from_outside_is_refused(markup: str) -> None:
    """Neither the network nor the disk is asked, whatever came into a page."""
    with pytest.raises(AddressRefused):
        compose(f"<html lang='it'><title>x</title><body>{markup}")


def test_the_press_makes_a_pdf_in_a_process_of_its_own() -> None:
    """The whole way, as the pages take it."""
    assert render_pdf(consent_page(DataCategory.IDENTITY)).startswith(b"%PDF-1.7")


def test_the_press_refuses_a_page_that_wants_something_from_outside() -> None:
    """The refusal does not say what the page was."""
    with pytest.raises(RefusedError) as caught:
        render_pdf("<html lang='it'><title>x</title><img src='http://127.0.0.1:9/x.png'>")
    assert caught.value.answer.slug == "printing-failed"


def test_nothing_of_the_page_is_written_to_the_log(tmp_path: Path) -> None:
    """What fails, fails silently: the page is personal."""
    run = subprocess.run(
        [sys.executable, "-m", "gateway.web.printing.typesetting"],
        input=b"<title>x</title><p style='colour: Haddad; width: Haddad'>Haddad",
        capture_output=True,
        check=True,
    )
    assert run.stderr == b""
    assert not list(tmp_path.iterdir())
    assert re.match(rb"%PDF", run.stdout)
