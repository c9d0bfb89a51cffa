"""Requests that a machine makes up from the published document, put to a running gateway."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from chassis import clock
from contracts.access import STAFF_ROLES, Role
from launcher import demonstration
from launcher.demonstration import REFERRER
from launcher.journey.client import Client
from launcher.settings import ROOT
from launcher.stack import Stack
from tests.support.running import signed_in

CHECKS: Final = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
)
"""No answer of 5xx, and none that the document does not know: status, media, headers, schema."""

OWN_END: Final = (
    "current_token_end",
    "own_tokens_end",
    "own_password",
)
"""Operations by which the caller would lose the token of all further cases."""

LEFT_OUT: Final = (
    "organization_publication",
    "token_creation",
    "token_proof",
    "second_step_confirmation",
    "link_redemption",
    "forgotten_password",
)
"""What a short run leaves out, since other tests use the same stack afterwards: what all of them
see, and attempts to come in, after some fifty of which the door stays shut for this address."""

_DOCUMENT: Final = ROOT / "docs" / "api" / "openapi.json"
_AT_WORK: Final = frozenset(
    {Role.DESK_OPERATOR, Role.CASE_WORKER, Role.AGENCY_COORDINATOR, Role.PRIVACY_OFFICER}
)
_PASSWORD: Final = "whatever a machine makes up here"  # noqa: S105 - of an account that dies with the stack
_CASES: Final = re.compile(r"([\d,]+) generated")


@dataclass(frozen=True, kw_only=True)
class Report:
    """How a run ended."""

    passed: bool
    cases: int
    text: str


@contextmanager
def somebody(stack: Stack, *, whole: bool = False) -> Iterator[str]:
    """Give the token of somebody who does all the work of an agency, or who may do everything.

    Who may do everything shuts accounts and changes passwords: no other test can follow.
    """
    roles = STAFF_ROLES if whole else _AT_WORK
    with signed_in(stack, "CIDIS", Role.ADMINISTRATOR) as administrator:
        email = f"fuzz.{clock.new_id().hex[-8:]}@demo.example"
        administrator.post(
            "/users",
            {
                "email": email,
                "name": "Made up",
                "agency_id": demonstration.agency_id(REFERRER),
                "roles": sorted(roles),
                "password": _PASSWORD,
            },
        )
    with Client(stack.gateway_url) as client:
        token = client.sign_in(email, _PASSWORD)["access_token"]
        version = client.get("/code-of-conduct")["version"]
        client.post("/code-of-conduct/acceptance", {"version": version})
        yield str(token)


def fuzz_some(stack: Stack, *, examples: int, seed: int) -> Report:
    """Put made-up requests to a stack that others use afterwards."""
    with somebody(stack) as token:
        left_out = (*OWN_END, *LEFT_OUT)
        return _fuzz(stack, token, examples, seed, "--phases", "fuzzing", *_without(left_out))


def fuzz_all(stack: Stack, *, examples: int, seed: int) -> Report:
    """Put made-up requests to every operation, and every bound and wrong type of every field.

    What can shut an account goes first, each with an account of its own: a run learns ids from
    the answers, and the one that met its own would be nobody in all that follow.
    """
    apart = shutting()
    runs = [["--include-operation-id", name] for name in apart]
    reports = []
    for chosen in (*runs, _without((*OWN_END, *apart))):
        with somebody(stack, whole=True) as token:
            phases = ("--phases", "coverage,fuzzing")
            reports.append(_fuzz(stack, token, examples, seed, *phases, *chosen))
    return _together(reports)


def _without(names: Collection[str]) -> list[str]:
    return [part for name in names for part in ("--exclude-operation-id", name)]


def _fuzz(stack: Stack, token: str, examples: int, seed: int, *chosen: str) -> Report:
    """Put made-up requests to the chosen operations, the same ones for each seed."""
    done = subprocess.run(  # noqa: S603 - the program of the test lock, with arguments of this file
        [
            str(Path(sys.executable).parent / "schemathesis"),
            *("run", str(_DOCUMENT)),
            *("--url", f"{stack.gateway_url}/api/v1"),
            *("--header", f"Authorization: Bearer {token}"),
            *("--checks", ",".join(CHECKS)),
            *("--max-examples", str(examples)),
            *("--seed", str(seed)),
            *("--workers", "1"),
            *("--request-timeout", "30"),
            "--continue-on-failure",
            *chosen,
            "--no-color",
        ],
        cwd=stack.home,
        capture_output=True,
        text=True,
        check=False,
    )
    found = _CASES.search(done.stdout)
    return Report(
        passed=done.returncode == 0,
        cases=int(found[1].replace(",", "")) if found else 0,
        text=done.stdout + done.stderr,
    )


def shutting() -> list[str]:
    """Name the operations that can shut an account or end a token, learned from other answers."""
    paths = json.loads(_DOCUMENT.read_text(encoding="utf-8"))["paths"]
    return [
        operation["operationId"]
        for path, operations in paths.items()
        for method, operation in operations.items()
        if path.startswith(("/users/{", "/tokens/{")) and method != "get"
    ]


def _together(reports: Collection[Report]) -> Report:
    return Report(
        passed=all(each.passed for each in reports),
        cases=sum(each.cases for each in reports),
        text="\n".join(each.text for each in reports),
    )
