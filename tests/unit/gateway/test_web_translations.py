"""Every text of the pages is said in English, too."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

WEB: Final = Path(__file__).parents[3] / "gateway" / "web"
CATALOGUE: Final = WEB / "translations" / "en" / "LC_MESSAGES" / "messages.po"
_METHODS: Final = [("**.py", "python"), ("templates/**.html", "jinja2")]
_OPTIONS: Final = {
    "templates/**.html": {"extensions": "jinja2.ext.do", "trim_blocks": "true"},
}
_KEYWORDS: Final[dict[str, tuple[int, ...] | None]] = {
    "_": None,
    "gettext": None,
    "lazy_gettext": None,
    "ngettext": (1, 2),
    "_n": (1, 2),
}
_PLACEHOLDER: Final = re.compile(r"%\((\w+)\)[sd]")


def _has_texts_of_pages(directory: str) -> bool:
    """Leave out what speaks otherwise: words by code, and what is printed for a person."""
    return not {"assets", "built", "words", "printing", "print"} & {*Path(directory).parts[-1:]}


@pytest.fixture(scope="module")
def sources() -> frozenset[str]:
    """Give every text that stands in templates and modules."""
    found = extract_from_dir(
        WEB,
        method_map=_METHODS,
        options_map=_OPTIONS,
        keywords=_KEYWORDS,
        directory_filter=_has_texts_of_pages,
    )
    return frozenset(
        message if isinstance(message, str) else message[0] for _, _, message, _, _ in found
    )


@pytest.fixture(scope="module")
def english() -> Catalog:
    """Give the English of the pages."""
    with CATALOGUE.open("rb") as file:
        return read_po(file, locale="en")


def _forms(catalogue: Catalog) -> Iterator[tuple[str, str]]:
    """Yield each text with its translation; of a number each form with its own."""
    for message in catalogue:
        known, said = _each(message.id), _each(message.string)
        yield from (pair for pair in zip(known, said, strict=True) if pair[0])


def _each(text: str | Sequence[str] | None) -> Sequence[str]:
    return (text,) if isinstance(text, str) else text or ("",)


def test_every_text_has_a_translation(sources: frozenset[str], english: Catalog) -> None:
    """Nobody meets Italian in the middle of an English page."""
    unsaid = {source for source, text in _forms(english) if not text}
    known = {source for source, _ in _forms(english)}
    assert sorted((sources - known) | unsaid) == []


def test_no_translation_is_left_of_a_text_that_is_gone(
    sources: frozenset[str], english: Catalog
) -> None:
    """What nobody says needs no words."""
    known = {_each(message.id)[0] for message in english if message.id}
    assert sorted(known - sources) == []


def test_a_translation_names_what_its_text_names(english: Catalog) -> None:
    """A name, a day or a number that stands in the text stands in its translation."""
    differing = [
        source
        for source, text in _forms(english)
        if {*_PLACEHOLDER.findall(source)} != {*_PLACEHOLDER.findall(text)}
    ]
    assert differing == []


def test_every_text_is_extracted(sources: frozenset[str]) -> None:
    """A template that could not be read would make the other tests say nothing."""
    assert {"Entra in Plurali", "Il mio account"} <= sources
