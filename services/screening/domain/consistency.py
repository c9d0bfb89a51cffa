"""Proof that a version of the form does not contradict itself, before anybody is asked anything."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain

from services.screening.domain.conditions import FormInvalid, Test
from services.screening.domain.form import (
    CONTEXT_FACTS,
    NEED_LEVELS,
    FormFile,
    Item,
    Scheda,
    compile_form,
)


def read_form(file: FormFile) -> Scheda:
    """Return the form of a file that is whole and without contradiction.

    Raises:
        FormInvalid: something is unknown, double or contradictory; the message says what and where.

    """
    _refuse(_inconsistencies(file))
    scheda = compile_form(file)
    _refuse(_misplaced_facts(scheda))
    return scheda


def _refuse(problems: Iterable[str]) -> None:
    """Raise when there is any problem, telling all of them."""
    if found := list(problems):
        raise FormInvalid("; ".join(found))


def _inconsistencies(file: FormFile) -> Iterator[str]:
    """Yield what contradicts itself in the file, conditions apart."""
    domains = {section.code for section in file.sections}
    no_answer = {missing.code for missing in file.missing_codes}
    for name, rows in (
        ("sections", file.sections),
        ("items", file.items),
        ("profiles", file.profiles),
        ("pathways", file.pathways),
    ):
        yield from _doubles(name, (row.code for row in rows))
    for section in file.sections:
        rising = [*section.thresholds] == sorted(section.thresholds)
        if len(section.thresholds) != len(NEED_LEVELS) or not rising:
            yield f"sections.{section.code}.thresholds: not three rising numbers"
    for item in file.items:
        yield from _item_problems(item, domains, no_answer)
    yield from _trigger_problems(file, domains)
    yield from _derived_fact_problems(file)
    if not file.profiles or file.profiles[-1].when != []:
        yield "profiles: the last one must hold always"


def _trigger_problems(file: FormFile, domains: set[str]) -> Iterator[str]:
    """Yield the domains or levels that trigger nothing, or that nobody knows."""
    if set(file.modes) != {*NEED_LEVELS}:
        yield "modes: not exactly L1, L2 and L3"
    if set(file.triggers) != domains:
        yield "triggers: not exactly the domains of the form"
    for domain, by_level in file.triggers.items():
        if set(by_level) != {*NEED_LEVELS}:
            yield f"triggers.{domain}: not exactly L1, L2 and L3"


def _derived_fact_problems(file: FormFile) -> Iterator[str]:
    """Yield the derived facts without one clear source."""
    scored = {item.code for item in file.items if item.kind == "scored"}
    for name, cases in file.facts.items():
        for case in cases:
            if (case.value is None) is (case.score_of is None):
                yield f"facts.{name}: either a value or the score of an item"
            if case.score_of is not None and case.score_of not in scored:
                yield f"facts.{name}: {case.score_of} is not a scored item"


def _doubles(where: str, codes: Iterable[str]) -> Iterator[str]:
    seen: set[str] = set()
    for code in codes:
        if code in seen:
            yield f"{where}: {code} appears twice"
        seen.add(code)


def _item_problems(item: Item, domains: set[str], no_answer: set[str]) -> Iterator[str]:
    """Yield what is wrong with one question."""
    where = f"items.{item.code}"
    if item.domain not in domains:
        yield f"{where}: unknown domain {item.domain}"
    if not item.options:
        yield f"{where}: no options"
    yield from _doubles(where, (option.code for option in item.options))
    if no_answer & {option.code for option in item.options}:
        yield f"{where}: an option has the code of a missing answer"
    if any((option.score is not None) is not (item.kind == "scored") for option in item.options):
        yield f"{where}: exactly the options of scored items have a score"
    if item.kind == "scored" and (item.multiple or not any(o.score for o in item.options)):
        yield f"{where}: a scored item takes one answer and can score more than 0"


def _misplaced_facts(scheda: Scheda) -> Iterator[str]:
    """Yield the conditions that ask for a fact which is not known at their place, or not so."""
    before: set[str] = set()
    for item in scheda.items:
        # A question may depend on earlier ones only, and on safety answers only if it is one
        # itself: else the list of questions asked would tell what was answered there.
        hidden = set() if item.code in scheda.safety_items else scheda.safety_items
        yield from _bad_tests(
            scheda,
            f"items.{item.code}.show_if",
            scheda.asked_when[item.code].tests(),
            CONTEXT_FACTS | (before - hidden),
        )
        before.add(item.code)
    answered = (
        CONTEXT_FACTS
        | before
        | {f"score.{item.code}" for item in scheda.items if item.kind == "scored"}
    )
    for name, cases in scheda.facts.items():
        tests = chain.from_iterable(case.when.tests() for case in cases)
        yield from _bad_tests(scheda, f"facts.{name}", tests, answered)
    scored = {f"level.{section.code}" for section in scheda.sections} | {
        f"{prefix}.{level}" for prefix in ("count", "count.vital") for level in NEED_LEVELS
    }
    judged = answered | scored | {"urgent", *scheda.facts}
    for profile, condition in scheda.profiles:
        yield from _bad_tests(scheda, f"profiles.{profile.code}", condition.tests(), judged)
    for pathway, condition in scheda.pathways:
        yield from _bad_tests(
            scheda, f"pathways.{pathway.code}", condition.tests(), judged | {"profile"}
        )


def _bad_tests(
    scheda: Scheda, where: str, tests: Iterable[Test], known: Iterable[str]
) -> Iterator[str]:
    """Yield the comparisons with an unknown fact or with an answer that can't be given."""
    facts = set(known)
    for test in tests:
        if test.fact not in facts:
            yield f"{where}: {test.fact} is not known here"
        elif (item := scheda.by_code.get(test.fact)) is not None:
            yield from _bad_answer_test(item, test, where)


def _bad_answer_test(item: Item, test: Test, where: str) -> Iterator[str]:
    """Yield what is wrong with comparing the answer of an item so."""
    if test.operator == "known":
        return
    codes = (test.value,) if isinstance(test.value, str) else test.value
    if not isinstance(codes, tuple) or any(item.option(code) is None for code in codes):
        yield f"{where}: {test.value!r} is no answer to {item.code}"
    if (test.operator == "contains") is not item.multiple and not (
        item.multiple and test.operator in {"eq", "ne"} and isinstance(test.value, tuple)
    ):
        yield f"{where}: {test.operator!r} does not fit the answers of {item.code}"
