"""The published API: valid, whole, equal to the committed copy, and in order at first sight."""

from __future__ import annotations

import importlib
import re
from collections import Counter
from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from contracts.language import REQUESTS, Command
from gateway.api import openapi
from gateway.api.operation import Operation
from gateway.api.operations import INTERNAL, OPERATIONS, TAGS

_COMMITTED: Final = Path(__file__).parents[2] / "docs" / "api" / "openapi.json"
_MODULES: Final = (
    "intake",
    "screening",
    "catalogue",
    "referrals",
    "pathways",
    "events",
    "reporting",
    "operations",
)
_VERBS: Final = re.compile(
    r"^(get|list|post|put|patch|delete|create|add|update|set|remove|find|search|start|complete"
    r"|send|accept|reject|cancel|record|open|close|show|read|enrol|refuse|withdraw|publish)(_|$)"
)
_OF_BODIES: Final = {"400", "413", "415"}


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    """Return the document as the gateway serves it."""
    return openapi.published()


def _operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in document["paths"].items():
        for method, described in methods.items():
            yield method, path, described


def _schemas(part: Any) -> Iterator[dict[str, Any]]:
    if isinstance(part, dict):
        if "type" in part and not isinstance(part["type"], dict):
            yield part
        for each in part.values():
            yield from _schemas(each)
    elif isinstance(part, list):
        for each in part:
            yield from _schemas(each)


def test_document_is_valid_openapi_3_1(document: dict[str, Any]) -> None:
    """No error in the whole document."""
    assert list(OpenAPIV31SpecValidator(document).iter_errors()) == []


def test_committed_copy_is_current(document: dict[str, Any]) -> None:
    """Write it anew with ``./plurali docs``."""
    assert _COMMITTED.read_text(encoding="utf-8") == openapi.as_text(document)


def test_every_contract_is_reached_or_internal_for_a_reason() -> None:
    """What a service answers can be asked through the door, unless somebody said why not."""
    for name in _MODULES:
        importlib.import_module(f"contracts.{name}")
    published = {
        request
        for name, request in REQUESTS.items()
        if request.__module__.startswith("contracts.") and not name.startswith("_")
    }
    reached = {request for operation in OPERATIONS for request in operation.requests}
    assert published - reached - INTERNAL.keys() == set()


def test_internal_contracts_are_not_reached() -> None:
    """A contract is not both."""
    reached = {request for operation in OPERATIONS for request in operation.requests}
    assert INTERNAL.keys() & reached == set()


def test_names_of_operations_are_unique() -> None:
    """Clients are generated with these names."""
    assert [
        name for name, count in Counter(each.name for each in OPERATIONS).items() if count > 1
    ] == []


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda each: each.name)
def test_name_of_an_operation_is_no_verb(operation: Operation) -> None:
    """The method is the verb."""
    assert not _VERBS.match(operation.name)


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda each: each.name)
def test_path_is_kebab_case_of_nouns(operation: Operation) -> None:
    """Parameters are in snake case, everything else in kebab case."""
    assert re.fullmatch(r"(/([a-z]+(-[a-z]+)*|\{[a-z]+(_[a-z]+)*\}))+", operation.path)


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda each: each.name)
def test_parameters_of_the_path_are_fields_of_the_contract(operation: Operation) -> None:
    """A path cannot name what nobody reads."""
    assert set(operation.path_names) <= {*operation.asks.__dataclass_fields__}  # type: ignore[attr-defined]  # every Message is made a dataclass at birth


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda each: each.name)
def test_operation_has_a_known_tag(operation: Operation) -> None:
    """Documentation is read by tag."""
    assert operation.tag in TAGS


def test_every_operation_says_what_it_does(document: dict[str, Any]) -> None:
    """Summary and description are both there, and the description is a sentence."""
    assert [
        (method, path)
        for method, path, described in _operations(document)
        if not described["summary"] or not described["description"].endswith(".")
    ] == []


def test_every_refusal_is_documented(document: dict[str, Any]) -> None:
    """Every operation names the statuses with which anything can fail."""
    missing = []
    for method, path, described in _operations(document):
        wanted = {"503"} if path == "/status" else {"422", "500", "503"}
        wanted |= {"401", "403"} if described.get("security") != [{}] else set()
        wanted |= _OF_BODIES if method in {"post", "put", "patch"} else set()
        wanted |= {"404"} if "{" in path and "agency" not in path else set()
        missing += [(method, path, each) for each in wanted - described["responses"].keys()]
    assert missing == []


def test_every_refusal_is_a_problem(document: dict[str, Any]) -> None:
    """One form for whatever goes wrong."""
    kinds = {
        name: list(response["content"])
        for name, response in document["components"]["responses"].items()
    }
    assert {tuple(kind) for kind in kinds.values()} == {("application/problem+json",)}


def test_repeatable_refusals_say_when_to_repeat(document: dict[str, Any]) -> None:
    """Retry-After belongs to 429 and 503."""
    responses = document["components"]["responses"]
    assert {name for name, each in responses.items() if "Retry-After" in each["headers"]} == {
        "TooManyRequests",
        "ServiceUnavailable",
    }


def test_every_change_takes_a_key(document: dict[str, Any]) -> None:
    """Whoever changes something may repeat it safely; signing in and ending tokens need no key."""
    with_key = {
        described["operationId"]
        for _, _, described in _operations(document)
        if {"$ref": "#/components/parameters/IdempotencyKey"} in described.get("parameters", [])
    }
    assert with_key == {
        each.name
        for each in OPERATIONS
        if (
            each.method in {"POST", "PUT", "PATCH"}
            or any(issubclass(asked, Command) for asked in each.requests)
        )
        and not each.anonymous
        and each.name
        not in {"person_search", "person_duplicates", "person_names", "referral_matches"}
    }


def test_successes_are_real_statuses() -> None:
    """A creation is a 201, an end is a 204, a way on a 303, everything else a 200."""
    found = {each.status for each in OPERATIONS}
    assert found == {
        HTTPStatus.OK,
        HTTPStatus.CREATED,
        HTTPStatus.NO_CONTENT,
        HTTPStatus.SEE_OTHER,
    }


def test_whole_numbers_have_a_format(document: dict[str, Any]) -> None:
    """Clients know how wide a number is."""
    assert [
        each
        for each in _schemas(document["components"]["schemas"])
        if each["type"] == "integer" and "format" not in each
    ] == []


def test_nothing_defaults_to_null(document: dict[str, Any]) -> None:
    """What has no value is absent, never null."""
    assert '"default": null' not in openapi.as_text(document)


def test_bodies_refuse_unknown_fields(document: dict[str, Any]) -> None:
    """What the gateway refuses, the document forbids."""
    schemas = document["components"]["schemas"]
    names = {
        content["schema"]["$ref"].rpartition("/")[2]
        for _, _, described in _operations(document)
        for media, content in described.get("requestBody", {}).get("content", {}).items()
        if media.endswith("json")
    }
    assert [name for name in names if schemas[name].get("additionalProperties") is not False] == []


def test_answers_may_gain_fields(document: dict[str, Any]) -> None:
    """Additions within a version break no strict client."""
    schemas = document["components"]["schemas"]
    assert [
        name
        for name in ("Person", "Referral", "ScreeningResult", "Problem")
        if "additionalProperties" in schemas[name]
    ] == []
