"""The filled scheda: what was asked, what was answered, and what follows from it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from jinja2 import Environment

from contracts.screening import (
    Form,
    FormItem,
    FormLabel,
    FormOption,
    FormSection,
    Level,
    LevelReason,
    Screening,
    ScreeningResult,
    SuggestedArea,
    SuggestedPathway,
)
from gateway.web.printing.sheet import Imprint, page_of
from gateway.web.printing.voices import Said, Voices

_WITHOUT_LEVEL: Final = frozenset({Level.NA, Level.ND})


@dataclass(frozen=True, kw_only=True)
class Question:
    """A question and its answers; none when it was not answered."""

    text: Said
    answers: tuple[Said, ...]


@dataclass(frozen=True, kw_only=True)
class Section:
    """A domain with the questions that were to be asked."""

    title: Said
    safety: bool
    questions: tuple[Question, ...]


@dataclass(frozen=True, kw_only=True)
class DomainLine:
    """The level of a domain and the rules behind it."""

    domain: Said
    code: str | None
    """``L0`` to ``L3``; absent where there is no level."""

    level: Said
    reasons: tuple[Said, ...]


@dataclass(frozen=True, kw_only=True)
class UrgentLine:
    """Something to be done within a term, and the answer that asks for it."""

    term: Said
    question: Said
    answers: tuple[Said, ...]


@dataclass(frozen=True, kw_only=True)
class SuggestionLine:
    """A suggestion, from where it comes, and what the person said of it."""

    name: Said
    because: tuple[Said, ...] = ()
    mode: Said | None = None
    decision: Said
    reason: Said | None = None


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What the answers mean and suggest; no profile where it would tell of safety."""

    profile: Said | None
    profile_hint: Said | None
    levels: tuple[DomainLine, ...]
    urgent: tuple[UrgentLine, ...]
    areas: tuple[SuggestionLine, ...]
    pathways: tuple[SuggestionLine, ...]
    tasks: tuple[tuple[Said, Said], ...]


@dataclass(frozen=True, kw_only=True)
class ScreeningSheet:
    """The filled scheda as it stands on paper."""

    imprint: Imprint
    person: str
    worker: str
    mode: Said
    status: Said
    started: Said
    completed: Said | None
    sections: tuple[Section, ...]
    outcome: Outcome | None
    safety: bool
    """Whether something of the safety domain stands on the sheet."""

    form_version: str
    source: str
    is_draft_translation: bool


@dataclass(frozen=True, kw_only=True)
class Interview:
    """What a sheet is made from: a screening, its form, and the names that only others know.

    ``safety`` says whether the safety domain may stand on paper, which somebody at home may read.
    Where it may not but the result was reckoned with it, the profile stays away, too.
    """

    form: Form
    screening: Screening
    person: str
    worker: str
    names: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    """Categories and pathways by code, in Italian and English."""

    safety: bool = False


def voices_for(interview: Interview) -> Voices:
    """Return the voices of the language in which the interview was held."""
    return Voices.of(interview.screening.language, interview.form.language)


def screening_sheet(interview: Interview, voices: Voices, imprint: Imprint) -> ScreeningSheet:
    """Return what stands on the sheet of a screening."""
    screening = interview.screening
    reader = _Reader(interview, voices)
    sections = tuple(filter(None, map(reader.section, interview.form.sections)))
    result = screening.result
    shown = interview.safety and (
        any(section.safety for section in sections)
        or (result is not None and result.safety_included)
    )
    return ScreeningSheet(
        imprint=imprint,
        person=interview.person,
        worker=interview.worker,
        mode=voices.word(screening.mode),
        status=voices.word(screening.status),
        started=voices.moment(screening.started_at),
        completed=voices.moment(screening.completed_at) if screening.completed_at else None,
        sections=sections,
        outcome=None if result is None else reader.outcome(result),
        safety=shown,
        form_version=interview.form.version,
        source=interview.form.source,
        is_draft_translation=any(
            each.language == voices.language and each.state == "draft"
            for each in interview.form.languages
        ),
    )


def render(environment: Environment, sheet: ScreeningSheet, voices: Voices) -> str:
    """Return the sheet as a page to be printed."""
    return page_of(environment, "screening.html", voices, sheet.imprint, sheet=sheet)


class _Reader:
    """Reads an interview aloud."""

    def __init__(self, interview: Interview, voices: Voices) -> None:
        self._interview = interview
        self._voices = voices
        form = interview.form
        self._items = {item.code: item for item in form.items}
        self._sections = {section.code: section for section in form.sections}
        self._missing = {label.code: label for label in form.missing_codes}
        self._pathways = {label.code: label for label in form.pathways}

    def section(self, section: FormSection) -> Section | None:
        """Return a section with what was to be asked; nothing where nothing was."""
        if section.safety and not self._interview.safety:
            return None
        screening = self._interview.screening
        asked = {*screening.visible, *screening.answers}
        items = [
            item
            for item in self._interview.form.items
            if item.domain == section.code and item.code in asked
        ]
        if not items:
            return None
        return Section(
            title=self._voices.label(section),
            safety=section.safety,
            questions=tuple(
                Question(text=self._voices.label(item), answers=self._answers(item))
                for item in items
            ),
        )

    def outcome(self, result: ScreeningResult) -> Outcome:
        """Return the result, without what tells of safety where that may not be shown."""
        is_whole = self._interview.safety or not result.safety_included
        voices = self._voices
        profiles = {label.code: label for label in self._interview.form.profiles}
        return Outcome(
            profile=voices.label(profiles[result.profile]) if is_whole else None,
            profile_hint=voices.hint(result.profile) if is_whole else None,
            levels=tuple(
                DomainLine(
                    domain=self._domain(line.domain),
                    code=None if line.level in _WITHOUT_LEVEL else line.level.value,
                    level=voices.word(line.level),
                    reasons=tuple(map(self._reason, line.reasons)),
                )
                for line in result.domains
                if self._may_show(line.domain)
            ),
            urgent=tuple(
                UrgentLine(
                    term=voices.word(each.term),
                    question=voices.label(self._items[each.item]),
                    answers=self._answers(self._items[each.item]),
                )
                for each in result.urgent
                if self._may_show(self._items[each.item].domain)
            ),
            areas=tuple(map(self._area, self._visible(result.areas))),
            pathways=tuple(map(self._pathway, self._visible(result.pathways))),
            tasks=tuple(
                (self._domain(task.domain), voices.word(task.code))
                for task in result.tasks
                if self._may_show(task.domain)
            ),
        )

    def _reason(self, reason: LevelReason) -> Said:
        return self._voices.word(reason)

    def _may_show(self, domain: str) -> bool:
        return self._interview.safety or not self._sections[domain].safety

    def _visible(self, suggestions: Iterable[Any]) -> list[Any]:
        return [each for each in suggestions if self._interview.safety or not each.safety]

    def _area(self, area: SuggestedArea) -> SuggestionLine:
        return SuggestionLine(
            name=self._name(area.category),
            because=tuple(
                self._domain(domain) for domain in area.domains if self._may_show(domain)
            ),
            mode=self._voices.word(area.mode),
            decision=self._voices.word(area.decision),
            reason=self._voices.word(area.reason) if area.reason else None,
        )

    def _pathway(self, pathway: SuggestedPathway) -> SuggestionLine:
        label = self._pathways.get(pathway.code)
        return SuggestionLine(
            name=self._voices.label(label) if label else self._name(pathway.code),
            decision=self._voices.word(pathway.decision),
            reason=self._voices.word(pathway.reason) if pathway.reason else None,
        )

    def _name(self, code: str) -> Said:
        it, en = self._interview.names.get(code, (code, code))
        return self._voices.name_of(it, en)

    def _domain(self, code: str) -> Said:
        return self._voices.label(self._sections[code])

    def _answers(self, item: FormItem) -> tuple[Said, ...]:
        """Return what was answered to a question, an answer of several in the form's order."""
        given = self._interview.screening.answers.get(item.code)
        codes = [given] if isinstance(given, str) else (given or [])
        known: list[FormOption | FormLabel] = [*item.options, *self._missing.values()]
        return tuple(self._voices.label(each) for each in known if each.code in codes)
