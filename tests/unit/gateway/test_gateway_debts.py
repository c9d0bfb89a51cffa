"""What a caller still owes is asked before anything else happens."""

from __future__ import annotations

from datetime import timedelta

import pytest

from chassis import clock
from contracts.access import Role
from gateway.api.operation import Operation
from gateway.api.operations import OPERATIONS
from gateway.identity.domain import Pending
from tests.support.gateway import TOKEN, Gateway

_SLUGS = {
    Pending.SECOND_STEP: "second-step-needed",
    Pending.SECOND_STEP_ENROLMENT: "second-step-not-enrolled",
    Pending.CODE_OF_CONDUCT: "code-of-conduct-not-accepted",
}
_STRICT = [
    each for each in OPERATIONS if not each.anonymous and each.tag not in {"identity", "status"}
]


def _path(operation: Operation) -> str:
    path = operation.path
    for name in operation.path_names:
        path = path.replace(f"{{{name}}}", "01920000-0000-7000-8000-00000000dead")
    return path


@pytest.mark.parametrize("pending", Pending)
@pytest.mark.parametrize("operation", _STRICT, ids=lambda each: each.name)
def test_debt_stops_every_operation_upon_the_network(
    gateway: Gateway, operation: Operation, pending: Pending
) -> None:
    """Nothing is read, nothing is asked, whatever the role permits."""
    gateway.identity.let_in(TOKEN, *Role, pending=(pending,))
    response = gateway.request(operation.method, _path(operation))
    assert (response.get_json()["type"].rpartition(":")[2], gateway.port.asked) == (
        _SLUGS[pending],
        [],
    )


def test_token_without_its_second_step_opens_the_proof_and_the_way_out_alone() -> None:
    """Whoever has the password alone can neither read nor change nor enrol anything."""
    admitted = {
        each.name
        for each in OPERATIONS
        if not each.anonymous and Pending.SECOND_STEP in each.admits
    }
    assert admitted == {"token_proof", "current_token_end"}


def test_administration_that_opens_a_door_wants_a_fresh_proof() -> None:
    """A desk left alone lets nobody in; shutting a door must always be quick."""
    changes = {
        each.name
        for each in OPERATIONS
        if each.tag == "administration" and each.method != "GET" and not each.fresh
    }
    assert changes == {
        "client_disablement",
        "user_disablement",
        "user_external_identity_end",
        "user_membership_end",
        "user_tokens_end",
    }


@pytest.mark.parametrize(("minutes", "slug"), [(14, "not-yet-asked"), (16, "step-up-needed")])
def test_proof_is_fresh_for_a_quarter_of_an_hour(gateway: Gateway, minutes: int, slug: str) -> None:
    """Then the caller is asked once more."""
    proved_at = clock.now() - timedelta(minutes=minutes)
    gateway.identity.let_in(TOKEN, Role.ADMINISTRATOR, proved_at=proved_at)
    problem = gateway.request("POST", "/users", {}).get_json()
    assert (problem["type"].rpartition(":")[2] == "step-up-needed") is (slug == "step-up-needed")
