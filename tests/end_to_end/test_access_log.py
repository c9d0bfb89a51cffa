"""Who saw a person: told to the privacy officer by the running stack, and sealed."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Iterator

import pytest

from chassis.clock import new_id
from contracts.access import Role
from launcher import access_log
from launcher.demonstration import agency_id
from launcher.journey.chain import Journey, Network
from launcher.journey.client import Client, Problem
from launcher.journey.vignettes import chosen
from launcher.stack import Stack
from tests.support.running import signed_in

_PASSWORD = "who watches the watchers"  # noqa: S105 - of an account that dies with the stack


@pytest.fixture(scope="module")
def officer(stack: Stack) -> Iterator[Client]:
    """Give the privacy officer of the network."""
    email = f"privacy.{new_id().hex[-8:]}@demo.example"
    account = {
        "email": email,
        "name": "Privacy officer",
        "agency_id": agency_id("CIDIS"),
        "roles": [Role.PRIVACY_OFFICER.value],
        "password": _PASSWORD,
    }
    with signed_in(stack, "CIDIS", Role.ADMINISTRATOR) as administrator:
        administrator.post("/users", account)
    with Client(stack.gateway_url) as client:
        client.sign_in(email, _PASSWORD)
        conduct = client.get("/code-of-conduct")["version"]
        client.post("/code-of-conduct/acceptance", {"version": conduct})
        yield client


@pytest.fixture(scope="module")
def person_id(network: Network) -> str:
    """Give a person with whom agencies worked."""
    return Journey(network, chosen("V2")[0]).run().person_id


def test_officer_learns_who_saw_a_person(officer: Client, person_id: str, desk: Client) -> None:
    """Each look is there by name, also the officer's own."""
    desk.get(f"/people/{person_id}")
    shown = officer.every(f"/people/{person_id}/accesses", limit=100)
    (look, *_) = (each for each in shown if each["operation"] == "person")
    assert (look["name"], look["agency_id"], look["status"]) == (
        desk.get("/me")["user"]["name"],
        desk.get("/me")["agency_id"],
        200,
    )


def test_knocking_in_vain_is_told_too(officer: Client, person_id: str, stranger: Client) -> None:
    """Who tried to see a person out of reach is among those told of."""
    mine = stranger.get("/me")["user"]["user_id"]
    with pytest.raises(Problem, match="404"):
        stranger.get(f"/people/{person_id}")
    shown = officer.every(f"/people/{person_id}/accesses", limit=100)
    assert (mine, 404) in {(each["user_id"], each["status"]) for each in shown}


def test_chain_of_the_running_stack_is_whole(
    stack: Stack, person_id: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """The command follows every row that the stack has sealed."""
    assert person_id
    parser = ArgumentParser()
    access_log.register(parser)
    code = access_log.run(parser.parse_args(["verify"]), stack)
    assert (code, capsys.readouterr().out.partition(";")[0]) == (0, "access log: whole")
