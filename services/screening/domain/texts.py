"""The form as people read it: Italian, English, and beside them the language of the person.

A translation may be partial: what it lacks has no text, and the Italian one is read instead.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from contracts.language import Code, LanguageTag, Resource
from contracts.screening import (
    Direction,
    Form,
    FormItem,
    FormLabel,
    FormLanguage,
    FormOption,
    FormSection,
    FormVersion,
    Reviewer,
    TextState,
)
from services.screening.domain.conditions import FormInvalid
from services.screening.domain.form import Item, Label, Named, PathwayRule, ProfileRule, Scheda

OWN_LANGUAGES: Final = frozenset({"it", "en"})
"""Every version of the form is written in these itself."""


class TextsFile(Resource):
    """The file of a translation, as it is written: texts by code, an option as ``item.option``."""

    form: FormVersion
    language: LanguageTag
    direction: Direction
    state: TextState
    reviewed_on: date | None = None
    reviewed_by: Reviewer | None = None
    source: Label
    sections: dict[Code, Label]
    questions: dict[Code, Label]
    missing_codes: dict[Code, Label]
    profiles: dict[Code, Label]
    pathways: dict[Code, Label]


class Kind(StrEnum):
    """What a text names; the parts of a translation's file are called so."""

    SECTION = "sections"
    QUESTION = "questions"
    MISSING_CODE = "missing_codes"
    PROFILE = "profiles"
    PATHWAY = "pathways"


Texts = Mapping[tuple[Kind, str], str]


@dataclass(frozen=True)
class Translation:
    """The texts of a form in one language, all of them about something in the form."""

    about: FormLanguage
    texts: Texts


def read_texts(file: TextsFile, scheda: Scheda) -> Translation:
    """Return the translation in a file that fits the form.

    Raises:
        FormInvalid: it names what the form does not have, or belies its state; the message says
            what and where.

    """
    known = frozenset(_named(scheda))
    texts = {(kind, code): text for kind in Kind for code, text in getattr(file, kind).items()}
    problems = [
        *(f"{kind}.{code}: the form has no such code" for kind, code in sorted({*texts} - known)),
        *_state_problems(file),
    ]
    if problems:
        raise FormInvalid("; ".join(problems))
    about = FormLanguage(
        language=file.language,
        direction=file.direction,
        state=file.state,
        reviewed_on=file.reviewed_on,
        reviewed_by=file.reviewed_by,
        translated=len(texts),
        texts=len(known),
    )
    return Translation(about, texts)


def _named(scheda: Scheda) -> Iterator[tuple[Kind, str]]:
    """Yield everything in the form that has a text."""
    yield from ((Kind.SECTION, section.code) for section in scheda.sections)
    for item in scheda.items:
        yield (Kind.QUESTION, item.code)
        yield from ((Kind.QUESTION, f"{item.code}.{option.code}") for option in item.options)
    yield from ((Kind.MISSING_CODE, missing.code) for missing in scheda.missing_codes)
    yield from ((Kind.PROFILE, rule.code) for rule, _ in scheda.profiles)
    yield from ((Kind.PATHWAY, rule.code) for rule, _ in scheda.pathways)


def _state_problems(file: TextsFile) -> Iterator[str]:
    """Yield what the file says wrongly about itself."""
    reviewed = file.state is TextState.REVIEWED
    if any((given is not None) is not reviewed for given in (file.reviewed_on, file.reviewed_by)):
        yield "state: exactly reviewed texts say when and by whom they were reviewed"
    if file.language in OWN_LANGUAGES:
        yield f"language: the form itself is written in {file.language}"


def show_form(
    scheda: Scheda, translations: Iterable[Translation] = (), *, language: str | None = None
) -> Form:
    """Return the form as it is shown to a worker, with texts in one more language if it has them.

    Scores stay inside, so that nobody asks towards them.
    """
    by_language = {each.about.language: each for each in translations}
    chosen = by_language.get(language) if language else None
    texts: Texts = chosen.texts if chosen else {}
    return Form(
        version=scheda.version,
        valid_from=scheda.valid_from,
        source=scheda.source,
        sections=tuple(
            FormSection(
                code=section.code,
                it=section.it,
                en=section.en,
                text=texts.get((Kind.SECTION, section.code)),
                safety=section.safety,
                vital=section.vital,
            )
            for section in scheda.sections
        ),
        items=tuple(_show_item(item, texts) for item in scheda.items),
        missing_codes=_labels(scheda.missing_codes, Kind.MISSING_CODE, texts),
        profiles=_labels((rule for rule, _ in scheda.profiles), Kind.PROFILE, texts),
        pathways=_labels((rule for rule, _ in scheda.pathways), Kind.PATHWAY, texts),
        language=chosen.about.language if chosen else None,
        languages=tuple(each.about for each in by_language.values()),
    )


def _show_item(item: Item, texts: Texts) -> FormItem:
    """Return a question as it is asked."""
    return FormItem(
        code=item.code,
        domain=item.domain,
        kind=item.kind,
        it=item.it,
        en=item.en,
        text=texts.get((Kind.QUESTION, item.code)),
        note=item.note,
        multiple=item.multiple,
        brief=item.brief,
        special_category=item.special_category,
        required=item.required,
        options=tuple(
            FormOption(
                code=option.code,
                it=option.it,
                en=option.en,
                text=texts.get((Kind.QUESTION, f"{item.code}.{option.code}")),
            )
            for option in item.options
        ),
        show_if=item.show_if,
    )


def _labels(
    rows: Iterable[Named | ProfileRule | PathwayRule], kind: Kind, texts: Texts
) -> tuple[FormLabel, ...]:
    """Return named things with their names."""
    return tuple(
        FormLabel(code=row.code, it=row.it, en=row.en, text=texts.get((kind, row.code)))
        for row in rows
    )
