"""Help, privacy notice and accessibility statement are whole in both languages."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Final

import pytest
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from gateway.web.navigation import Way

ROOT: Final = Path(__file__).parents[3]
TEMPLATES: Final = ROOT / "gateway" / "web" / "templates"
TEXTS: Final = ("help", "privacy", "accessibility", "conduct-intro")
LANGUAGES: Final = ("it", "en")
_ALLOWED: Final = frozenset(
    {"a", "caption", "em", "h2", "kbd", "li", "p", "strong", "table", "tbody", "td", "th"}
    | {"thead", "time", "tr", "ul"}
)
_TOLD: Final = {
    "controller": "Ente di prova",
    "controller_contact": "titolare@example.org",
    "dpo_contact": "dpo@example.org",
    "accessibility_contact": "accesso@example.org",
    "site": "Plurali di prova",
}
_WAYS: Final = (Way(to="/people", says="Persone", icon="user", key="p", permission="person:read"),)


class _Outline(HTMLParser):
    """Reads a fragment and keeps its tags, the ids of its headings and whether all were closed."""

    def __init__(self, text: str) -> None:
        """Read the whole fragment."""
        super().__init__()
        self.tags: list[str] = []
        self.ids: list[str] = []
        self.open: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep the tag and, of a heading, its id."""
        self.tags.append(tag)
        self.open.append(tag)
        self.ids += [value or "" for name, value in attrs if name == "id"]

    def handle_endtag(self, tag: str) -> None:
        """Close the innermost tag, which it must be."""
        assert self.open.pop() == tag


def _shown(name: str, language: str) -> str:
    """Return a text as a page would hold it; a fact that nobody told fails."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES), undefined=StrictUndefined, autoescape=True
    )
    return environment.get_template(f"about/{name}.{language}.html").render(_TOLD, ways=_WAYS)


@pytest.mark.parametrize("name", TEXTS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_text_is_a_plain_fragment(name: str, language: str) -> None:
    """It stands inside any page: headings below the page's own, lists, tables, no styles."""
    outline = _Outline(_shown(name, language))
    assert {*outline.tags} <= _ALLOWED
    assert outline.open == []


@pytest.mark.parametrize("name", TEXTS)
def test_both_languages_say_the_same_things(name: str) -> None:
    """The texts have the same parts in the same order, so that none is missing in a language."""
    italian, english = (_Outline(_shown(name, language)) for language in LANGUAGES)
    assert italian.tags == english.tags
    assert italian.ids == english.ids


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_privacy_notice_names_who_answers_and_what_is_kept_how_long(language: str) -> None:
    """Contacts come from the installation; the months are those that the gateway keeps rows."""
    text = _shown("privacy", language)
    kept = json.loads((ROOT / "gateway" / "data" / "retention.json").read_text(encoding="utf-8"))
    months = kept["access_log"][-1]["months"]
    shared = json.loads((ROOT / "services/intake/data/rules.json").read_text(encoding="utf-8"))
    days = shared["seen_after_end"][-1]["days"]["completed"]
    assert all(_TOLD[name] in text for name in ("controller", "controller_contact", "dpo_contact"))
    assert {str(months), str(days)} <= {*re.findall(r"\b\d+\b", text)}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_accessibility_statement_claims_no_more_than_was_tested(language: str) -> None:
    """Until people with disabilities have assessed it, the site is partially compliant."""
    text = _shown("accessibility", language)
    status = {"it": "parzialmente conforme", "en": "partially compliant"}[language]
    assert f"<strong>{status}</strong>" in text
    assert "axe" in text
    assert 'href="/feedback"' in text
    assert _TOLD["accessibility_contact"] in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_help_shows_the_keys_of_the_menu(language: str) -> None:
    """Each way of the menu has its key in the table."""
    assert "<kbd>g</kbd>" in _shown("help", language)
    assert "<kbd>p</kbd>" in _shown("help", language)
