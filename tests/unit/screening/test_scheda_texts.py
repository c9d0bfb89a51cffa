"""The form in the language of the person, beside Italian and English."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from contracts.screening import (
    Direction,
    Form,
    FormItem,
    FormLabel,
    FormOption,
    FormSection,
    TextState,
)
from services.screening.domain.conditions import FormInvalid
from services.screening.domain.texts import show_form
from services.screening.forms import DATA, TEXTS, Shelf, read_shelf, shelf

PARTIAL: dict[str, Any] = {
    "form": "0.1",
    "language": "fr",
    "direction": "ltr",
    "state": "draft",
    "source": "invented for the tests",
    "sections": {"CAS": "Logement"},
    "questions": {"CAS1": "Où vivez-vous en ce moment ?", "CAS1.d": "Je n'ai pas de logement"},
    "missing_codes": {"NS": "Je ne sais pas"},
    "profiles": {},
    "pathways": {"ITA": "Parcours d'italien"},
}


def translated(folder: Path, name: str = "scheda-0.1.fr.json", **changes: Any) -> Shelf:
    """Write a translation and read it with the form."""
    path = folder / name
    path.write_text(json.dumps(PARTIAL | changes), encoding="utf-8")
    return read_shelf([DATA / "scheda-0.1.json"], [path])


def shown(found: Shelf, language: str | None) -> Form:
    """Return the form in a language, as it comes out of the wire."""
    form = show_form(found.versions[0], found.translations["0.1"], language=language)
    return Form.load(form.dump())


def wordings(form: Form) -> Iterator[FormSection | FormItem | FormLabel | FormOption]:
    """Yield everything in the form that has a text."""
    yield from form.sections
    for item in form.items:
        yield item
        yield from item.options
    yield from (*form.missing_codes, *form.profiles, *form.pathways)


def test_partial_translation_shows_what_it_has(tmp_path: Path) -> None:
    """Each kind of text stands at its place; what is missing is absent, not Italian unnamed."""
    form = shown(translated(tmp_path), "fr")
    texts = {each.text for each in wordings(form)} - {None}
    written = [PARTIAL[kind] for kind in ("sections", "questions", "missing_codes", "pathways")]
    assert texts == {text for kind in written for text in kind.values()}
    (cas1,) = [item for item in form.items if item.code == "CAS1"]
    assert cas1.text == "Où vivez-vous en ce moment ?"
    assert [option.text for option in cas1.options] == [None] * 3 + ["Je n'ai pas de logement"]
    assert form.language == "fr"


def test_coverage_is_counted(tmp_path: Path) -> None:
    """A page can say how much of the form can be read in the language."""
    form = shown(translated(tmp_path), None)
    (language,) = form.languages
    assert (language.language, language.translated) == ("fr", 5)
    assert language.texts == len([*wordings(form)])


@pytest.mark.parametrize("language", [None, "it", "en", "uk"])
def test_form_without_translation_names_none(tmp_path: Path, language: str | None) -> None:
    """Who asks for a language that is not there gets the form, and is told what there is."""
    form = shown(translated(tmp_path), language)
    assert form.language is None
    assert not [each for each in wordings(form) if each.text is not None]
    assert len(form.languages) == 1


@pytest.mark.parametrize(
    ("change", "says"),
    [
        pytest.param({"sections": {"XXX": "?"}}, r"sections\.XXX", id="section"),
        pytest.param({"questions": {"CAS9": "?"}}, r"questions\.CAS9", id="question"),
        pytest.param({"questions": {"CAS1.x": "?"}}, r"questions\.CAS1\.x", id="option"),
        pytest.param({"missing_codes": {"NR": "?"}}, r"missing_codes\.NR", id="missing-code"),
        pytest.param({"pathways": {"P1": "?"}}, r"pathways\.P1", id="code-of-another-kind"),
        pytest.param({"sections": {"CAS": ""}}, "sections", id="empty-text"),
        pytest.param({"colour": "red"}, "colour", id="part-unknown"),
        pytest.param({"direction": "up"}, "direction", id="direction-unknown"),
        pytest.param({"state": "reviewed"}, "when and by whom", id="review-without-date"),
        pytest.param({"reviewed_on": "2026-11-20"}, "when and by whom", id="reviewed-draft"),
        pytest.param({"language": "de"}, "form 0.1 in de", id="another-language"),
    ],
)
def test_wrong_translation_stops_the_service(
    tmp_path: Path, change: dict[str, Any], says: str
) -> None:
    """The whole file is refused at the start, and the message names the place."""
    with pytest.raises(FormInvalid, match=says) as refused:
        translated(tmp_path, **change)
    assert "scheda-0.1.fr.json" in str(refused.value)


@pytest.mark.parametrize(
    ("name", "change", "says"),
    [
        ("scheda-0.9.fr.json", {"form": "0.9"}, r"no form 0\.9"),
        ("scheda-0.1.en.json", {"language": "en"}, "itself is written in en"),
    ],
)
def test_translation_of_nothing_is_refused(
    tmp_path: Path, name: str, change: dict[str, Any], says: str
) -> None:
    """A translation belongs to a version that exists, and to another language than its own."""
    with pytest.raises(FormInvalid, match=says):
        translated(tmp_path, name, **change)


def test_reviewed_translation_says_so(tmp_path: Path) -> None:
    """Readers are told that a mediator has been through the texts, and when."""
    review = {"state": "reviewed", "reviewed_on": "2026-11-20", "reviewed_by": "mediator"}
    (language,) = shown(translated(tmp_path, **review), None).languages
    assert language.state is TextState.REVIEWED
    assert str(language.reviewed_on) == "2026-11-20"


def test_arabic_runs_from_right_to_left() -> None:
    """The page learns the direction from the form and has to know no languages."""
    (arabic,) = [each for each in shown(shelf(), "ar").languages if each.language == "ar"]
    assert arabic.direction is Direction.RTL


@pytest.mark.parametrize("path", sorted(TEXTS.glob("*.json")), ids=lambda path: path.name)
def test_every_translation_covers_the_brief_form(path: Path) -> None:
    """A language on offer holds at least what is asked at a hub."""
    form = shown(shelf(), path.name.split(".")[-2])
    asked = [item for item in form.items if item.brief]
    lacking = [item.code for item in asked if item.text is None]
    lacking += [item.code for item in asked for each in item.options if each.text is None]
    lacking += [section.code for section in form.sections if section.text is None]
    lacking += [missing.code for missing in form.missing_codes if missing.text is None]
    assert not lacking
