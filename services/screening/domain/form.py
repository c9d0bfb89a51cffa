"""A version of the scheda: the file as it is written, and the form with its conditions read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from functools import cached_property
from typing import Annotated, Any, Final, Literal

from contracts.language import Code, Number, Resource, Text
from contracts.referrals import Mode
from contracts.screening import (
    FormVersion,
    Level,
    Profile,
    ScreeningContext,
    ScreeningMode,
    Term,
)
from services.screening.domain.conditions import ALWAYS, Condition, read_condition

NEED_LEVELS: Final = (Level.L1, Level.L2, Level.L3)
CONTEXT_FACTS: Final = frozenset(f"ctx.{field.name}" for field in fields(ScreeningContext))

Label = Annotated[str, Text(maximum=300)]


class Option(Resource):
    """An answer to choose; ``isced``, ``cefr``, ``esf`` place it in other classifications."""

    code: Code
    it: Label
    en: Label
    score: Annotated[int | None, Number(minimum=0, maximum=9)] = None
    critical: bool = False
    urgent: Term | None = None
    min_level: Annotated[int | None, Number(minimum=1, maximum=3)] = None
    isced: Label | None = None
    cefr: Label | None = None
    esf: Code | None = None


class Item(Resource):
    """A question: scored, informative, or the gate that opens the rest of its domain."""

    code: Code
    domain: Code
    kind: Literal["scored", "info", "gate"]
    it: Label
    en: Label
    note: Label | None = None
    brief: bool = False
    special_category: bool = False
    multiple: bool = False
    show_if: Any = None
    options: tuple[Option, ...]

    @property
    def required(self) -> bool:
        """Whether a screening needs it answered to be completed; informative ones are optional."""
        return self.kind != "info"

    @property
    def maximum(self) -> int:
        """The highest score of an option."""
        return max(option.score or 0 for option in self.options)

    def option(self, code: str) -> Option | None:
        """Return the option with that code."""
        return next((option for option in self.options if option.code == code), None)

    def chosen(self, answer: str | tuple[str, ...]) -> tuple[Option, ...]:
        """Return the options that an answer names; "I do not know" names none."""
        codes = (answer,) if isinstance(answer, str) else answer
        return tuple(option for option in self.options if option.code in codes)


class Section(Resource):
    """A domain with the indexes from which its levels begin."""

    code: Code
    it: Label
    en: Label
    thresholds: tuple[int, ...]
    vital: bool = False
    safety: bool = False
    note: Label | None = None


class Named(Resource):
    """A code and what it is called."""

    code: Code
    it: Label
    en: Label


class FactCase(Resource):
    """One way in which a derived fact gets its value: a number, or the score of an item."""

    when: Any = None
    value: int | None = None
    score_of: Code | None = None


class ProfileRule(Resource):
    """A profile and its condition; the first that holds is the profile."""

    code: Profile
    it: Label
    en: Label
    when: Any


class PathwayRule(Resource):
    """A pathway and the condition under which it is suggested."""

    code: Code
    it: Label
    en: Label
    when: Any


class FormFile(Resource):
    """The file of a version, as it is written."""

    version: FormVersion
    valid_from: date
    source: Label
    missing_codes: tuple[Named, ...]
    sections: tuple[Section, ...]
    items: tuple[Item, ...]
    facts: dict[str, tuple[FactCase, ...]]
    modes: dict[str, Mode]
    triggers: dict[str, dict[str, tuple[Code, ...]]]
    profiles: tuple[ProfileRule, ...]
    pathways: tuple[PathwayRule, ...]


@dataclass(frozen=True)
class Case:
    """One value of a derived fact, with its condition read."""

    when: Condition
    value: int | None
    score_of: str | None


@dataclass(frozen=True)
class Scheda:
    """A version of the form whose references have all been checked."""

    version: str
    valid_from: date
    source: str
    missing_codes: tuple[Named, ...]
    sections: tuple[Section, ...]
    items: tuple[Item, ...]
    asked_when: Mapping[str, Condition]
    facts: Mapping[str, tuple[Case, ...]]
    modes: Mapping[Level, Mode]
    triggers: Mapping[str, Mapping[Level, tuple[str, ...]]]
    profiles: tuple[tuple[ProfileRule, Condition], ...]
    pathways: tuple[tuple[PathwayRule, Condition], ...]

    @cached_property
    def safety_domains(self) -> frozenset[str]:
        """The domains that only some may see."""
        return frozenset(section.code for section in self.sections if section.safety)

    @cached_property
    def safety_items(self) -> frozenset[str]:
        """The questions that only some may see answered."""
        return frozenset(item.code for item in self.items if item.domain in self.safety_domains)

    @cached_property
    def by_code(self) -> Mapping[str, Item]:
        """The questions by their code."""
        return {item.code: item for item in self.items}

    @cached_property
    def no_answer(self) -> frozenset[str]:
        """The codes that mean "not known" or "not told": never scored, never a need."""
        return frozenset(missing.code for missing in self.missing_codes)

    @cached_property
    def without_safety(self) -> Scheda:
        """The same form as if the safety domains had never been written."""
        return replace(
            self,
            sections=tuple(part for part in self.sections if not part.safety),
            items=tuple(item for item in self.items if item.domain not in self.safety_domains),
        )

    def in_mode(self, mode: ScreeningMode) -> tuple[Item, ...]:
        """Return the questions of the whole or of the brief form."""
        return tuple(item for item in self.items if item.brief or mode is ScreeningMode.FULL)


def compile_form(file: FormFile) -> Scheda:
    """Read the conditions of the file.

    Raises:
        FormInvalid: a condition can't be read; the message says where.

    """
    return Scheda(
        version=file.version,
        valid_from=file.valid_from,
        source=file.source,
        missing_codes=file.missing_codes,
        sections=file.sections,
        items=file.items,
        asked_when={
            item.code: _condition(item.show_if, f"items.{item.code}.show_if") for item in file.items
        },
        facts={
            name: tuple(
                Case(_condition(case.when, f"facts.{name}"), case.value, case.score_of)
                for case in cases
            )
            for name, cases in file.facts.items()
        },
        modes={Level(level): mode for level, mode in file.modes.items()},
        triggers={
            domain: {Level(level): categories for level, categories in by_level.items()}
            for domain, by_level in file.triggers.items()
        },
        profiles=tuple(
            (rule, read_condition(rule.when, f"profiles.{rule.code}")) for rule in file.profiles
        ),
        pathways=tuple(
            (rule, read_condition(rule.when, f"pathways.{rule.code}")) for rule in file.pathways
        ),
    )


def _condition(raw: Any, where: str) -> Condition:
    return ALWAYS if raw is None else read_condition(raw, where)
