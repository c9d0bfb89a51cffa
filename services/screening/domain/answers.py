"""Which questions are asked, which answers they take, and what is still to be answered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from contracts.language import Category, DomainError
from contracts.screening import ScreeningContext, ScreeningMode
from services.screening.domain.conditions import Value
from services.screening.domain.form import CONTEXT_FACTS, Item, Scheda

Given: TypeAlias = str | tuple[str, ...]
Answers: TypeAlias = Mapping[str, Given]


class AnswersInvalid(DomainError, category=Category.INVALID, slug="answers-invalid"):
    """Some answers do not fit their questions; ``fields`` says which, and how to answer instead."""


class ScreeningIncomplete(DomainError, category=Category.INVALID, slug="screening-incomplete"):
    """Some questions must be answered, if only with "not known", before completing."""


@dataclass(frozen=True)
class Interview:
    """What is known in an interview: who is asked, with which form, and the answers so far."""

    scheda: Scheda
    mode: ScreeningMode
    context: ScreeningContext
    answers: Answers

    def asked(self) -> tuple[Item, ...]:
        """Return the questions to ask, in order.

        Conditions look at earlier questions only, and at their answers only while those are asked
        themselves: one pass is enough.
        """
        facts = context_facts(self.context)
        asked = []
        for item in self.scheda.in_mode(self.mode):
            if self.scheda.asked_when[item.code].holds(facts):
                asked.append(item)
                facts[item.code] = self.fact(item)
        return tuple(asked)

    def fact(self, item: Item) -> Value:
        """Return the answer as a fact for conditions: "not known" and "not told" are no fact."""
        given = self.answers.get(item.code)
        return None if given in self.scheda.no_answer else given

    def missing(self) -> tuple[str, ...]:
        """Return the questions that must still be answered."""
        return tuple(
            item.code for item in self.asked() if item.required and item.code not in self.answers
        )

    def without_safety(self) -> Interview:
        """Return the same interview as if the safety domains were not part of the form."""
        hidden = self.scheda.safety_items
        return Interview(
            self.scheda.without_safety,
            self.mode,
            self.context,
            {item: given for item, given in self.answers.items() if item not in hidden},
        )


def context_facts(context: ScreeningContext) -> dict[str, Value]:
    """Return the context as facts for conditions."""
    return {fact: getattr(context, fact.removeprefix("ctx.")) for fact in CONTEXT_FACTS}


@dataclass(frozen=True)
class Change:
    """The answers after a change, and those that went because their question is no longer asked."""

    answers: Answers
    removed: tuple[str, ...]


def change_answers(interview: Interview, changes: Mapping[str, Any]) -> Change:
    """Add, replace and clear answers; those whose question is no longer asked are removed.

    Raises:
        AnswersInvalid: an answer does not fit; no change is made then.

    """
    problems: dict[str, list[str]] = {}
    answers = dict(interview.answers)
    for code, raw in changes.items():
        item = interview.scheda.by_code.get(code)
        if problem := _problem(interview, item, raw):
            problems[f"answers.{code}"] = [problem]
        elif item is None or raw is None:
            answers.pop(code, None)
        else:
            answers[code] = _normal(item, raw)
    changed = Interview(interview.scheda, interview.mode, interview.context, answers)
    asked = {item.code for item in changed.asked()}
    for code, raw in changes.items():
        if raw is not None and code not in asked and f"answers.{code}" not in problems:
            problems[f"answers.{code}"] = [_why_hidden(interview.scheda, code)]
    if problems:
        raise AnswersInvalid("Some answers do not fit their questions.", fields=problems)
    return Change(
        {code: given for code, given in answers.items() if code in asked},
        tuple(item.code for item in interview.scheda.items if item.code in {*answers} - asked),
    )


def _problem(interview: Interview, item: Item | None, raw: Any) -> str | None:
    """Tell why the form has no such answer, whatever else was answered."""
    if item is None:
        return f"Form {interview.scheda.version} has no such question; ask for the form."
    if item.code not in {asked.code for asked in interview.scheda.in_mode(interview.mode)}:
        return "This question is not in the brief form; start a full screening to ask it."
    if raw is None or (isinstance(raw, str) and raw in interview.scheda.no_answer):
        return None
    options = ", ".join(option.code for option in item.options)
    extra = ", ".join(sorted(interview.scheda.no_answer))
    if item.multiple:
        return _list_problem(item, raw, f"{options}; or one of {extra} alone; or null to clear")
    if not isinstance(raw, str) or item.option(raw) is None:
        return f"Give one code of: {options}, {extra}; or null to clear."
    return None


def _list_problem(item: Item, raw: Any, ways: str) -> str | None:
    """Tell why this is no list of the item's codes."""
    fits = (
        isinstance(raw, Sequence)
        and not isinstance(raw, str)
        and len(raw) > 0
        and all(isinstance(code, str) and item.option(code) is not None for code in raw)
    )
    return None if fits else f"Give a list with codes of: {ways}."


def _normal(item: Item, raw: Any) -> Given:
    """Return the answer as it is kept: several codes once each, in the order of the form."""
    if isinstance(raw, str):
        return raw
    return tuple(option.code for option in item.options if option.code in raw)


def _why_hidden(scheda: Scheda, code: str) -> str:
    """Tell on which earlier answers or facts the question depends."""
    depends = sorted({test.fact for test in scheda.asked_when[code].tests()})
    return (
        f"This question is not asked here: it depends on {', '.join(depends)}. "
        "Change that first, or leave this answer out."
    )
