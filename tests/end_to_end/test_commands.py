"""The commands around the stack do what they say, for a person at a terminal."""

from __future__ import annotations

import json
import stat
from argparse import ArgumentParser
from collections.abc import Callable, Iterator

import pytest

from chassis import dead_letters
from chassis.clock import new_id
from chassis.testing import eventually
from contracts.access import Role
from launcher import verbs
from launcher.demonstration import kept_accounts
from launcher.failures import ExitCode, Failure, UsageFailure
from launcher.journey.client import Client, Problem
from launcher.stack import Stack
from launcher.subscriber import Subscribers
from tests.support.running import publish, publish_all, row_counts, tables_holding, vhost_uri

QUEUE = "pathways.on_screening_completed"
Command = Callable[..., tuple[int, str]]


@pytest.fixture
def command(stack: Stack, capsys: pytest.CaptureFixture[str]) -> Command:
    """Give what does a command as `./plurali` would, and returns its code and what it printed."""

    def do(name: str, *words: str) -> tuple[int, str]:
        verb = verbs.find(name)
        assert verb is not None
        module, parser = verb.command(), ArgumentParser()
        module.register(parser)
        capsys.readouterr()
        code = module.run(parser.parse_args(words), stack)
        return code, capsys.readouterr().out

    return do


def test_a_second_seed_changes_nothing_and_says_so(stack: Stack, command: Command) -> None:
    """Whatever the demonstration holds is found, not made again."""
    before = row_counts(stack)
    code, said = command("seed")
    assert (code, said.strip()) == (
        ExitCode.FINE,
        "The demonstration is loaded already: nothing was changed.",
    )
    assert row_counts(stack) == before


def test_passwords_are_kept_for_the_owner_alone(stack: Stack) -> None:
    """The file of demonstration passwords is private, and no database holds any of them."""
    kept = stack.home / "demonstration.json"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    (account, *_) = kept_accounts(stack.home).values()
    assert tables_holding(stack, account.password) == set()


def test_an_account_without_a_kept_password_gets_a_new_one(stack: Stack, command: Command) -> None:
    """When the file is lost, the seed makes the accounts usable again and shows the passwords."""
    kept = stack.home / "demonstration.json"
    text = kept.read_text()
    lost = json.loads(text)
    forgotten = next(
        each for each in lost["accounts"] if each["email"] == "viewer.cidis@demo.example"
    )
    lost["accounts"].remove(forgotten)
    kept.write_text(json.dumps(lost))
    code, said = command("seed")
    renewed = kept_accounts(stack.home)[forgotten["email"]]
    assert code == ExitCode.FINE
    assert renewed.password in said
    assert renewed.password != forgotten["password"]
    with Client(stack.gateway_url) as client:
        assert client.sign_in(renewed.email, renewed.password)["access_token"]


def test_the_indicators_show_something_after_the_seed(stack: Stack) -> None:
    """The demonstration's gatherings fall into the project's period; other tests may add some."""
    viewer = next(each for each in kept_accounts(stack.home).values() if each.role is Role.VIEWER)
    with Client(stack.gateway_url) as client:
        client.sign_in(viewer.email, viewer.password)
        figures = {each["code"]: each["value"] for each in client.get("/indicators")["items"]}
    seeded = {"I01": 2, "I01a": 50, "I07": 286}
    assert {code: min(figures[code], least) for code, least in seeded.items()} == seeded


def test_a_journey_prints_one_document(command: Command) -> None:
    """With --json nothing but the document is printed, and everything expected is in it."""
    code, said = command("journey", "--vignette", "V1", "--json")
    document = json.loads(said)
    (journey,) = document["journeys"]
    assert (code, document["ok"], journey["missing"]) == (ExitCode.FINE, True, [])
    assert (journey["profile"], journey["levels"]["LAV"]) == ("P2", "L3")


def test_a_journey_prints_tables(command: Command) -> None:
    """For a person it ends with the sentence that everything arrived."""
    code, said = command("journey", "--vignette", "V2")
    assert code == ExitCode.FINE
    assert said.rstrip().endswith("Everything expected arrived, and nothing else.")


def test_a_vignette_that_does_not_exist_is_refused(command: Command) -> None:
    """The refusal names those that there are."""
    with pytest.raises(UsageFailure, match="choose V1, V2, V3, V4 or all"):
        command("journey", "--vignette", "V9")


@pytest.fixture
def name(stack: Stack) -> Iterator[str]:
    """Give the name of a subscriber that is removed if the test leaves it."""
    name = f"terminal-{new_id().hex[-8:]}"
    yield name
    if name in {each.name for each in Subscribers(stack).all()}:
        Subscribers(stack).remove(name)


def test_tail_takes_as_many_messages_as_it_is_told(
    stack: Stack, command: Command, name: str
) -> None:
    """What was shown is taken, and the next message stays for the next time."""
    command("subscriber", "add", name, "--events", "referral.failed.v1")
    publish_all(vhost_uri(stack, "partners"), name, [b'{"n": 1}', b'{"n": 2}', b'{"n": 3}'])
    _, said = command("subscriber", "tail", name, "--count", "2")
    assert [json.loads(line)["n"] for line in said.splitlines()] == [1, 2]
    _, said = command("subscriber", "tail", name, "--timeout", "0.5")
    assert [json.loads(line)["n"] for line in said.splitlines()] == [3]


def test_the_address_is_shown_once(command: Command, name: str) -> None:
    """The list of subscribers does not show any password."""
    _, added = command("subscriber", "add", name, "--events", "referral.failed.v1")
    address = next(word for word in added.split() if word.startswith("amqp://"))
    _, listed = command("subscriber", "list")
    assert name in listed
    assert address not in listed


def test_a_removed_subscriber_cannot_read(stack: Stack, command: Command, name: str) -> None:
    """With the subscriber go its user and its queues."""
    command("subscriber", "add", name, "--events", "referral.failed.v1")
    command("subscriber", "remove", name)
    assert name not in {each.name for each in Subscribers(stack).all()}
    api = stack.rabbit_api
    assert api is not None
    assert api.get("users", name) is None
    assert api.get("queues", "partners", name) is None


@pytest.fixture
def dead_letter(stack: Stack) -> Iterator[str]:
    """Give the id of a dead letter."""
    id_ = str(new_id())
    publish(stack.amqp_uri, QUEUE, b"poison", message_id=id_)
    eventually(
        lambda: id_ in {each.message_id for each in dead_letters.show(stack.amqp_uri, QUEUE)}
    )
    yield id_
    dead_letters.drop(stack.amqp_uri, QUEUE, message_id=id_)


def test_a_dead_letter_is_listed_and_shown(command: Command, dead_letter: str) -> None:
    """The list counts it, and it is shown with its reason."""
    assert QUEUE in command("dead-letters", "list")[1]
    _, said = command("dead-letters", "show", QUEUE)
    assert dead_letter in said
    assert '"reason": "not-json"' in said


def test_a_dead_letter_can_be_given_back(stack: Stack, command: Command, dead_letter: str) -> None:
    """A replayed letter is worked on again; what is still poison comes back."""
    assert command("dead-letters", "replay", QUEUE, dead_letter) == (
        ExitCode.FINE,
        "1 given back\n",
    )
    eventually(
        lambda: (
            dead_letter in {each.message_id for each in dead_letters.show(stack.amqp_uri, QUEUE)}
        )
    )


def test_a_dead_letter_can_be_thrown_away(command: Command, dead_letter: str) -> None:
    """A dropped letter is gone, and dropping it again is told."""
    assert command("dead-letters", "drop", QUEUE, dead_letter)[0] == ExitCode.FINE
    assert command("dead-letters", "drop", QUEUE, dead_letter)[0] == ExitCode.UNMET


def test_a_queue_that_does_not_exist_is_refused(command: Command) -> None:
    """The refusal names those that there are."""
    with pytest.raises(UsageFailure, match=QUEUE):
        command("dead-letters", "show", "nowhere")


def test_a_user_goes_in_and_out_as_the_administrator_says(stack: Stack, command: Command) -> None:
    """Let in, shut out, let in again with a new password."""
    email = f"{new_id().hex[-12:]}@demo.example"
    _, said = command(
        "user", "add", email, "--name", "Prova", "--agency", "CIDIS", "--role", "viewer"
    )
    first = said.split()[-1]
    assert can_sign_in(stack, email, first)
    command("user", "disable", email)
    assert not can_sign_in(stack, email, first)
    command("user", "enable", email)
    assert can_sign_in(stack, email, first)
    second = command("user", "reset-password", email)[1].split()[-1]
    assert not can_sign_in(stack, email, first)
    assert can_sign_in(stack, email, second)
    assert email in command("user", "list")[1]


def test_an_address_can_be_let_in_once(command: Command) -> None:
    """A second user with the same address is refused in a sentence."""
    email = f"{new_id().hex[-12:]}@demo.example"
    words = ("user", "add", email, "--name", "Prova", "--agency", "CIDIS", "--role", "viewer")
    command(*words)
    with pytest.raises(Failure, match="Another user has this address"):
        command(*words)


def can_sign_in(stack: Stack, email: str, password: str) -> bool:
    """Tell whether somebody gets in."""
    with Client(stack.gateway_url) as client:
        try:
            client.sign_in(email, password)
        except Problem:
            return False
        return True
