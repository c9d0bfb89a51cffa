"""Every refusal, and every sentence about a field, is said in words for the person at the desk."""

from __future__ import annotations

import ast
import importlib
import pkgutil
import re
from collections.abc import Iterator
from string import Formatter
from typing import Any

import pytest
from marshmallow import Schema, fields, validate
from werkzeug.exceptions import default_exceptions

import contracts
import gateway.identity
import services
from contracts.language import ERRORS, REQUESTS, schema_of
from contracts.referrals import Obstacle
from gateway.api.operations import OPERATIONS
from gateway.problems import answer_to
from gateway.web.words.refusals import REFUSALS, refusal, word_of_refusal
from gateway.web.words.sentences import is_known, sentence
from launcher.settings import ROOT
from tests.support.sources import sources

LANGUAGES = ("it", "en")
_SAMPLES = ("7", "2027-01-31", "CAS1, NS or PNR", "a naive")
_OF_PROCESSES = {"FormInvalid", "SettingMissing", "LookupError", "ValueError", "TypeError"}
_START_UP = {"consistency.py", "conditions.py", "texts.py", "form.py", "forms.py", "sealing.py"}
_SENTENCE = re.compile(r"[A-Z][^\n]* [^\n]*[.]", re.DOTALL)


def _import_all() -> None:
    """Import every module that may define a refusal."""
    for package in (contracts, services, gateway.identity):
        prefix = f"{package.__name__}."
        for found in pkgutil.walk_packages(package.__path__, prefix):
            if ".migrations" not in found.name:
                importlib.import_module(found.name)


_import_all()


def _slugs_of_the_product() -> set[str]:
    """Return the slugs of all refusals but those that other tests make up."""
    return {slug for slug, kind in ERRORS.items() if not kind.__module__.startswith("tests.")}


def _slugs_of_the_gateway() -> set[str]:
    """Return the slugs that the gateway's own answers carry, read from its source."""
    found = {answer_to(kind()).slug for kind in default_exceptions.values()}
    for path in sources("gateway/*.py", "gateway/api/**/*.py", "gateway/web/**/*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            if _name(node.func) in {"RefusedError", "Answer"} and len(node.args) > 1:
                found |= _texts(node.args[1])
            found |= {
                text
                for keyword in node.keywords
                if keyword.arg == "slug"
                for text in _texts(keyword.value)
            }
    return found


def _texts(node: ast.expr) -> set[str]:
    return {node.value} if isinstance(node, ast.Constant) and isinstance(node.value, str) else set()


def _name(node: ast.expr) -> str:
    """Return the last part of a dotted name."""
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def _sentences_about_fields() -> Iterator[tuple[str, list[str]]]:
    """Yield where a service may say something about a field, and how it may read.

    Every text that reads like a sentence counts, but documentation and the sentence that a refusal
    is raised with: a page tells that in the words of its slug.
    """
    patterns = (
        "services/*/*.py",
        "services/*/domain/*.py",
        "gateway/identity/*.py",
        "gateway/api/operations/*.py",
    )
    for path in (*sources(*patterns), ROOT / "gateway" / "composition.py"):
        if path.name in _START_UP:
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        apart = _documentation(tree) | _raised(tree)
        for node in ast.walk(tree):
            if id(node) in apart:
                continue
            forms = _readings(node)
            if forms and _SENTENCE.fullmatch(forms[0]):
                yield f"{path.relative_to(ROOT)}:{node.lineno}", forms  # type: ignore[attr-defined]


def _documentation(tree: ast.AST) -> set[int]:
    """Return the texts that stand alone as a statement, or tell of an operation or a field."""
    alone = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    about = {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.keyword) and node.arg == "about"
    }
    explained = {
        id(node.args[0])
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and _name(node.func) == "About"
    }
    return alone | about | explained


def _raised(tree: ast.AST) -> set[int]:
    """Return the texts that a refusal is made with, and the parts of texts with gaps."""
    kinds = {kind.__name__ for kind in ERRORS.values()} | _OF_PROCESSES
    apart: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            apart |= {id(part) for part in ast.walk(node)} - {id(node)}
        if isinstance(node, ast.Call) and node.args:
            first = node.args[0]
            made = _name(node.func) in kinds or (
                isinstance(node.func, ast.Attribute)
                and isinstance(node.func.value, ast.Call)
                and _name(node.func.value.func) == "super"
            )
            apart |= {id(part) for part in ast.walk(first)} if made else set()
            if made and isinstance(first, ast.Call):
                apart |= _inside(tree, _name(first.func))
    return apart


def _inside(tree: ast.AST, function: str) -> set[int]:
    """Return everything in a function of the module, which writes the sentence of a refusal."""
    return {
        id(part)
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef) and node.name == function
        for part in ast.walk(node)
    }


def _readings(node: ast.AST) -> list[str]:
    """Return how a text may read, with samples in its gaps."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return [node.value]
    if isinstance(node, ast.JoinedStr):
        return [
            "".join(
                str(part.value) if isinstance(part, ast.Constant) else sample
                for part in node.values
            )
            for sample in _SAMPLES
        ]
    return []


def _messages_of_contracts() -> set[str]:
    """Return every message, with samples in its gaps, that a field of a contract can give."""
    found: set[str] = set()
    asked = {*REQUESTS.values(), *(operation.asks for operation in OPERATIONS)}
    for kind in asked:
        for field in _fields_of(schema_of(kind)):
            found |= {str(message) for message in field.error_messages.values()}
            found |= {message for check in field.validators for message in _of_check(check)}
    return {_filled(message) for message in found}


def _fields_of(schema: Schema) -> Iterator[fields.Field[Any]]:
    waiting: list[fields.Field[Any]] = [*schema.fields.values()]
    while waiting:
        field = waiting.pop()
        yield field
        if isinstance(field, fields.Nested):
            waiting += field.schema.fields.values()
        if isinstance(field, fields.List):
            waiting.append(field.inner)
        if isinstance(field, fields.Dict):
            waiting += [each for each in (field.key_field, field.value_field) if each]


def _of_check(check: Any) -> Iterator[str]:
    names = ("message_all", "message_equal", "message_min", "message_max", "default_message")
    yield from (str(getattr(check, name)) for name in names if getattr(check, name, None))


def _filled(message: str) -> str:
    gaps = {name: "1" for _, name, _, _ in Formatter().parse(message) if name}
    kinds = {"obj_type": "datetime", "awareness": "naive"}
    return message.format(**{name: kinds.get(name, value) for name, value in gaps.items()})


@pytest.mark.parametrize("slug", sorted({*_slugs_of_the_product(), *_slugs_of_the_gateway()}))
def test_a_refusal_has_words_and_a_way_out(slug: str) -> None:
    """Nobody is left with a slug or with a sentence for programs."""
    word = REFUSALS[slug]
    assert word.hint is not None
    assert [refusal(slug, language) for language in LANGUAGES] == [
        f"{word.it}. {word.hint.it}",
        f"{word.en}. {word.hint.en}",
    ]


def test_words_exist_for_known_refusals_alone() -> None:
    """A table that outlives its refusals would only grow."""
    elsewhere = {"service-timeout", "service-unavailable", "form-outdated"}
    assert REFUSALS.keys() - {*ERRORS} - _slugs_of_the_gateway() <= elsewhere


def test_a_refusal_of_a_newer_service_says_its_own_sentence() -> None:
    """An unknown slug is better told in English than not at all."""
    assert refusal("moon-full", "it", "The moon is full.") == "The moon is full."
    assert word_of_refusal("moon-full") == REFUSALS["internal"]


def test_what_a_service_says_about_a_field_has_words() -> None:
    """A sentence that is added to a service without words for the desk is noticed here."""
    found = [*_sentences_about_fields()]
    wordless = [f"{place}: {forms[0]}" for place, forms in found if not any(map(is_known, forms))]
    assert found
    assert wordless == []


def test_what_a_contract_says_about_a_field_has_words() -> None:
    """Marshmallow's messages never reach the desk as they are."""
    messages = _messages_of_contracts()
    assert messages
    assert sorted(message for message in messages if not is_known(message)) == []


def test_a_form_of_text_is_explained_by_its_field() -> None:
    """Every field with a pattern that people type into says what it takes."""
    by_hand = {"client_secret", "scope", "provider", "cursor", "version", "answers", "pathway"}
    by_hand |= {"component", "queue", "message_id"}
    patterned = {
        name
        for kind in {*REQUESTS.values(), *(operation.asks for operation in OPERATIONS)}
        for name, field in _named(schema_of(kind))
        if any(isinstance(check, validate.Regexp) for check in field.validators)
    } - by_hand
    pattern = "String does not match expected pattern."
    general = sentence(pattern, "it")
    mute = {name for name in patterned if sentence(pattern, "it", path=name) == general}
    assert mute == {"version"} & patterned


def _named(schema: Schema) -> Iterator[tuple[str, fields.Field[Any]]]:
    for name, field in schema.fields.items():
        inner = field.inner if isinstance(field, fields.List) else field
        if isinstance(inner, fields.Nested):
            yield from _named(inner.schema)
        else:
            yield name, inner


@pytest.mark.parametrize(
    ("message", "path", "italian", "english"),
    [
        (
            "A consent given today can last until 2028-11-26 at most.",
            "expires_on",
            "Un consenso dato oggi può durare al massimo fino al 26 novembre 2028.",
            "A consent given today can last until 26 November 2028 at most.",
        ),
        (
            "Must lie between 2026-11-27 and 2027-02-25.",
            "first_contact_on",
            "Scegliere un giorno tra il 27 novembre 2026 e il 25 febbraio 2027.",
            "Choose a day between 27 November 2026 and 25 February 2027.",
        ),
        (
            "Length must be between 1 and 80.",
            "details.given_name",
            "Da 1 a 80 caratteri.",
            "Between 1 and 80 characters.",
        ),
        (
            "Length must be between 1 and 10.",
            "details.categories",
            "Scegliere da 1 a 10 voci.",
            "Choose 1 to 10.",
        ),
        ("Length must be between 0 and 4.", "citizenships", "Al massimo 4.", "At most 4."),
        (
            "Length must be between 16 and 16.",
            "x",
            "Esattamente 16 caratteri.",
            "Exactly 16 characters.",
        ),
        (Obstacle.STALE.value, "service_id", None, "Its entry has not been checked for long"),
        (
            "Nobody gave this {words}.",
            "x",
            "Nobody gave this {words}.",
            "Nobody gave this {words}.",
        ),
    ],
)
def test_a_sentence_carries_its_figures(
    message: str, path: str, italian: str | None, english: str
) -> None:
    """Figures and days of the service's sentence are kept, written as people here write them."""
    assert italian in {None, sentence(message, "it", path=path)}
    assert sentence(message, "en", path=path) == english
