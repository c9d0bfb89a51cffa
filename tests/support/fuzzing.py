"""Requests that a machine makes up from the published document, put to a running gateway."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
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


def fuzz(stack: Stack, token: str, *, examples: int, seed: int, whole: bool = False) -> Report:
    """Put made-up requests to every operation, valid and invalid ones, the same for each seed.

    The whole of them begins with every bound and every wrong type of every field, each by itself.
    """
    left_out = OWN_END if whole else (*OWN_END, *LEFT_OUT)
    done = subprocess.run(  # noqa: S603 - the program of the test lock, with arguments of this file
        [
            str(Path(sys.executable).parent / "schemathesis"),
            *("run", str(ROOT / "docs" / "api" / "openapi.json")),
            *("--url", f"{stack.gateway_url}/api/v1"),
            *("--header", f"Authorization: Bearer {token}"),
            *("--checks", ",".join(CHECKS)),
            *("--phases", "coverage,fuzzing" if whole else "fuzzing"),
            *("--max-examples", str(examples)),
            *("--seed", str(seed)),
            *("--workers", "1"),
            *("--request-timeout", "30"),
            "--continue-on-failure",
            *(part for name in left_out for part in ("--exclude-operation-id", name)),
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
