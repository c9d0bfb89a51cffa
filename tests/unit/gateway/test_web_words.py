"""Every code that the network knows is said in Italian and in English."""

from __future__ import annotations

import ast
import importlib
import inspect
import json
import pkgutil
import re
from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import get_args, get_type_hints

import pytest

import contracts
from chassis.roster import SERVICES
from contracts.access import CLIENT_ROLES, PERMISSIONS
from contracts.intake import EmergencyOutcome, EmergencyReason, Purpose
from contracts.language import EVENTS
from contracts.pathways import RefusalReason
from contracts.referrals import (
    CancellationReason,
    FailureReason,
    NeedOutcome,
    ReferralOutcome,
    RejectionReason,
)
from gateway.api.operations import OPERATIONS
from gateway.identity.domain import SCOPES, Pending
from gateway.identity.language import NewLink
from gateway.web.screens import SCREENS
from gateway.web.words import CODES, ENUMERATIONS, Tone, Word, label, spoken, word_of, word_of_code
from launcher.settings import ROOT
from tests.support.sources import sources

LANGUAGES = ("it", "en")
_STATES = (
    "ReferralState",
    "NeedState",
    "EnrolmentState",
    "ConsentState",
    "ScreeningStatus",
    "Level",
    "Profile",
    "ServiceStatus",
)


def _enumerations() -> Iterator[type[StrEnum]]:
    """Yield every enumeration that a contract defines, and the one of identity."""
    yield Pending
    for found in pkgutil.iter_modules(contracts.__path__):
        module = importlib.import_module(f"contracts.{found.name}")
        for _, each in inspect.getmembers(module, inspect.isclass):
            if issubclass(each, StrEnum) and each.__module__ == module.__name__:
                yield each


def _members() -> list[StrEnum]:
    return [member for each in _enumerations() for member in each]


def _words() -> Iterator[tuple[str, Word]]:
    """Yield every word of every table with its place."""
    for enumeration, words in ENUMERATIONS.items():
        yield from ((f"{enumeration.__name__}.{member}", word) for member, word in words.items())
    for kind, codes in CODES.items():
        yield from ((f"{kind}.{code}", word) for code, word in codes.items())


def _of_the_product(register: Mapping[str, type]) -> set[str]:
    """Return the names of a register but those that other tests make up."""
    return {name for name, kind in register.items() if not kind.__module__.startswith("tests.")}


def _noted() -> set[str]:
    """Return the actions that are noted in the administration log, read from the source."""
    found: set[str] = set()
    for path in sources("gateway/**/*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "note":
                found |= {text for each in node.args[1:2] for text in _said(each, tree)}
    return found


def _said(action: ast.expr, tree: ast.Module) -> set[str]:
    """Return the texts that an action may be: itself, or those of the table that it is from."""
    tables = {
        target.id: each.value
        for each in tree.body
        if isinstance(each, ast.AnnAssign) and isinstance(target := each.target, ast.Name)
    }
    if isinstance(action, ast.Subscript) and isinstance(action.value, ast.Name):
        table = tables[action.value.id]
        return {text for each in getattr(table, "values", ()) for text in _said(each, tree)}
    text = action.value if isinstance(action, ast.Constant) else None
    return {text} if isinstance(text, str) else set()


def _given_up() -> set[str]:
    """Return the reasons for which the chassis gives a message up, read from its source."""
    found: set[str] = set()
    for path in sources("chassis/**/*.py"):
        text = path.read_text(encoding="utf-8")
        found |= {*re.findall(r'Unreadable\("([a-z-]+)"\)', text)}
        found |= {*re.findall(r'_bury\(.*"([a-z-]+)"\)+$', text, re.MULTILINE)}
        found |= {*re.findall(r'"x-reason"\) or "([a-z-]+)"', text)}
    return found


def _listed(path: str, key: str) -> set[str]:
    data = json.loads((ROOT / path).read_text(encoding="utf-8"))
    return {entry["code"] for entry in data[key]}


@pytest.mark.parametrize("member", _members(), ids=lambda each: f"{type(each).__name__}.{each}")
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_member_of_a_contract_s_enumeration_is_said(member: StrEnum, language: str) -> None:
    """Nobody reads a bare code where a member of an enumeration is shown."""
    assert label(member, language)


@pytest.mark.parametrize(
    ("kind", "known"),
    [
        ("event", _of_the_product(EVENTS)),
        ("operation", {each.name for each in OPERATIONS}),
        ("refused-operation", {each.name for each in OPERATIONS}),
        ("permission", {each for held in PERMISSIONS.values() for each in held}),
        ("api-scope", {*SCOPES}),
        ("action", _noted()),
        ("dead-letter", _given_up()),
        ("part", {*SERVICES, "database", "broker"}),
        ("disabled-for", {"administrator", "dormant", "expired"}),
        ("link", {*get_args(get_type_hints(NewLink)["purpose"])}),
        (
            "reason",
            {
                member.value
                for each in (
                    RejectionReason,
                    CancellationReason,
                    FailureReason,
                    RefusalReason,
                    ReferralOutcome,
                    NeedOutcome,
                    EmergencyReason,
                    EmergencyOutcome,
                )
                for member in each
            },
        ),
        ("municipality", _listed("services/catalogue/data/municipalities.json", "municipalities")),
    ],
)
def test_no_known_code_needs_the_fallback(kind: str, known: set[str]) -> None:
    """The words cover exactly what the network can say, so that no bare code is ever shown."""
    said = {code: [spoken(kind, code, language) for language in LANGUAGES] for code in known}
    assert known
    assert [code for code, words in said.items() if code in words] == []
    if kind in CODES:
        assert {code for code in CODES[kind] if not code.startswith("page.")} == known


def test_what_a_screen_writes_into_the_access_log_is_said() -> None:
    """Whoever asks who looked at a person reads what was done on which page."""
    noted = {f"page.{screen.name}" for screen in SCREENS if screen.permission}
    assert sorted(noted - CODES["operation"].keys()) == []


def test_a_code_without_words_is_shown_as_it_is() -> None:
    """What a newer service tells is not hidden."""
    assert spoken("event", "moon.landed.v1", "it") == "moon.landed.v1"
    assert word_of_code("event", "moon.landed.v1").tone is Tone.NEUTRAL


def test_a_code_of_several_lists_of_reasons_has_one_word() -> None:
    """A reason that travels as plain text does not tell from which list it is."""
    lists = (RejectionReason, CancellationReason, FailureReason, RefusalReason, EmergencyReason)
    said: dict[str, set[Word]] = {}
    for member in (each for reasons in lists for each in reasons):
        said.setdefault(member.value, set()).add(word_of(member))
    assert {code for code, words in said.items() if len(words) > 1} == set()


def test_a_state_that_is_shown_as_a_badge_has_a_tone_of_its_own() -> None:
    """Colours are decided in one table; a state is never neutral all over."""
    states = {each.__name__: each for each in _enumerations() if each.__name__ in _STATES}
    toneless = [
        name
        for name, each in states.items()
        if all(word_of(member).tone is Tone.NEUTRAL for member in each)
    ]
    assert states.keys() == {*_STATES}
    assert toneless == []


def test_words_are_whole_and_differ_by_language() -> None:
    """Both languages are there, without stray blanks, and badges stay short."""
    faults = [
        place
        for place, word in _words()
        for text in (word.it, word.en, *((word.hint.it, word.hint.en) if word.hint else ()))
        if not text or text != text.strip() or "  " in text or len(text) > 110
    ]
    assert faults == []


def test_names_of_languages_and_countries_come_in_the_reader_s_language() -> None:
    """The names are CLDR's; in Italian a language begins a line with a capital."""
    assert spoken("language", "ar", "it") == "Arabo"
    assert spoken("language", "ar", "en") == "Arabic"
    assert spoken("country", "MA", "it") == "Marocco"
    assert spoken("country", "MA", "en") == "Morocco"


def test_every_country_of_intake_s_list_has_a_name() -> None:
    """A person may be a citizen of any of them."""
    rules = json.loads((ROOT / "services/intake/data/rules.json").read_text(encoding="utf-8"))
    codes = rules["countries"][-1]["codes"]
    nameless = [
        code for code in codes for each in LANGUAGES if spoken("country", code, each) == code
    ]
    assert nameless == []


def test_the_programs_scopes_are_the_roles_under_another_name() -> None:
    """A scope says the same as its role."""
    assert {SCOPES[scope] for scope in CODES["api-scope"]} == CLIENT_ROLES


def test_the_purpose_of_a_consent_is_said_in_a_story() -> None:
    """A line of the timeline carries codes of several lists."""
    assert spoken("story", Purpose.REFERRAL, "en") == label(Purpose.REFERRAL, "en")
