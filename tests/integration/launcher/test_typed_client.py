"""The typed client of the examples, at a gateway that answers as a test says."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from threading import Thread
from typing import Any

import pytest
from flask import Flask, Response, request
from werkzeug.serving import make_server

from examples.client.answering import waiting
from examples.client.connection import Problem
from examples.client.plurali import Plurali

_REFUSAL = {"type": "urn:plurali:problem:referral-closed", "detail": "Too late.", "errors": []}


@dataclass
class _Gateway:
    """What is answered next, and what was asked."""

    site: str = ""
    answers: list[tuple[int, Any, dict[str, str]]] = field(default_factory=list)
    asked: list[tuple[str, str, dict[str, str], Any]] = field(default_factory=list)
    tokens: int = 0

    def teach(self, status: int, body: Any, **headers: str) -> None:
        self.answers.append((status, body, {k.replace("_", "-"): v for k, v in headers.items()}))

    def answer(self) -> Response:
        if request.path == "/api/v1/tokens":
            self.tokens += 1
            return Response(
                json.dumps({"access_token": f"token-{self.tokens}"}), mimetype="application/json"
            )
        self.asked.append(
            (
                request.method,
                request.full_path.rstrip("?"),
                dict(request.headers),
                request.get_json(silent=True),
            )
        )
        status, body, headers = self.answers.pop(0)
        return Response(json.dumps(body), status, headers=headers, mimetype="application/json")


@pytest.fixture
def gateway() -> Iterator[_Gateway]:
    """Serve a gateway that a test teaches."""
    taught = _Gateway()
    app = Flask("taught", static_folder=None)
    app.add_url_rule(
        "/<path:_rest>", "any", lambda **_: taught.answer(), methods=["GET", "POST", "PUT", "PATCH"]
    )
    server = make_server("127.0.0.1", 0, app)
    taught.site = f"http://127.0.0.1:{server.server_port}"
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield taught
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def client(gateway: _Gateway) -> Iterator[Plurali]:
    """Give a client of it, as impatient as a test."""
    with Plurali(gateway.site, "id", "secret", patience=5.0) as opened:
        yield opened


def test_pages_are_walked_to_the_end(gateway: _Gateway, client: Plurali) -> None:
    """Each asks for the one behind it, and the filters stay."""
    gateway.teach(200, {"items": [{"referral_id": "1"}], "next_cursor": "next"})
    gateway.teach(200, {"items": [{"referral_id": "2"}]})
    assert [each["referral_id"] for each in waiting(client)] == ["1", "2"]
    assert [path for _, path, _, _ in gateway.asked] == [
        "/api/v1/referrals?direction=received&state=requested",
        "/api/v1/referrals?direction=received&state=requested&cursor=next",
    ]


def test_change_is_sent_again_with_its_key(gateway: _Gateway, client: Plurali) -> None:
    """After a pause that the gateway named; so it is done once."""
    gateway.teach(503, {}, Retry_After="0")
    gateway.teach(200, {"state": "accepted"})
    body = {"first_contact_on": "2026-12-04"}
    accepted = client.referral_acceptance("1", {"first_contact_on": "2026-12-04"})
    (first, again) = gateway.asked
    assert (accepted["state"], first[1], first[3], first[2]["Idempotency-Key"]) == (
        "accepted",
        "/api/v1/referrals/1/acceptance",
        body,
        again[2]["Idempotency-Key"],
    )


def test_ended_token_is_renewed_once(gateway: _Gateway, client: Plurali) -> None:
    """A second refusal is told."""
    gateway.teach(200, {"items": []})
    client.referrals()
    gateway.teach(401, {"type": "urn:plurali:problem:token-invalid"})
    gateway.teach(401, {"type": "urn:plurali:problem:token-invalid"})
    with pytest.raises(Problem):
        client.referrals()
    assert [headers["Authorization"] for _, _, headers, _ in gateway.asked] == [
        "Bearer token-1",
        "Bearer token-1",
        "Bearer token-2",
    ]


def test_refusal_is_a_problem_with_its_name(gateway: _Gateway, client: Plurali) -> None:
    """A program decides by the type."""
    gateway.teach(409, _REFUSAL)
    with pytest.raises(Problem, match="Too late") as caught:
        client.referral_acceptance("1", {"first_contact_on": "2026-12-04"})
    assert (caught.value.status, caught.value.type) == (409, _REFUSAL["type"])


def test_condition_goes_along(gateway: _Gateway, client: Plurali) -> None:
    """Nobody overwrites what they have not seen."""
    gateway.teach(200, {})
    client.screening_answers("1", {"answers": {"CAS1": "a"}}, if_match='"7"')
    (_, _, headers, _) = gateway.asked[0]
    assert (headers["If-Match"], headers["Content-Type"]) == (
        '"7"',
        "application/merge-patch+json",
    )
