"""Requests through the whole chain: threads, broker, process, database."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from chassis import clock
from chassis.broker_admin import BrokerAdmin
from chassis.call import Call
from chassis.clients import RpcClient
from chassis.errors import ServiceError, ServiceTimeout, ServiceUnavailable
from chassis.testing import eventually
from contracts.access import Role
from contracts.language import LARGEST_REQUEST, Query
from tests.support.greetings.language import Greet, Greeting, Nap
from tests.support.stage import ROOT, Process, Stage, a_principal


class Echo(Query[Greeting], service="stock", method="echo", permission=""):
    """Asks a service of nameko's own."""

    greeting_id: str
    word: str


class Fail(Query[Greeting], service="stock", method="fail", permission=""):
    """Has a service of nameko's own fail."""

    greeting_id: str


class Nobody(Query[Greeting], service="nobody", method="find", permission=""):
    """Asks a service that does not exist."""


def a_call(key: str | None = None, role: Role = Role.CASE_WORKER) -> Call:
    """Return a call with a key."""
    return Call(principal=a_principal(role), key=key or str(clock.new_id()))


def refusal(stage: Stage, command: Greet, call: Call) -> ServiceError:
    """Return the error that a command is refused with."""
    with pytest.raises(ServiceError) as caught:
        stage.client.ask(command, call, timeout=10)
    return caught.value


def a_command(**details: object) -> Greet:
    """Return a command."""
    return Greet.load({"greeting_id": str(clock.new_id()), "word": "ciao", **details})


@pytest.mark.usefixtures("process")
def test_command_is_answered_and_its_event_is_handled(stage: Stage) -> None:
    """The answer comes back and the listener's effect follows."""
    greeting_id = stage.greet()
    assert eventually(lambda: stage.find(greeting_id).heard) == 1


@pytest.mark.usefixtures("process")
def test_repeated_command_gets_the_first_answer(stage: Stage) -> None:
    """The same key gives the same answer."""
    command, call = a_command(), a_call()
    assert stage.client.ask(command, call) == stage.client.ask(command, call)


@pytest.mark.usefixtures("process")
def test_concurrent_duplicates_of_a_command_are_done_once(stage: Stage) -> None:
    """Those that come while the first is at work wait for its answer."""
    command, call = a_command(mood="answer-slowly"), a_call()
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: stage.client.ask(command, call, timeout=10), range(4)))
    assert answers == [Greeting(greeting_id=command.greeting_id, word="ciao")] * 4


@pytest.mark.usefixtures("process")
def test_key_of_another_command_is_a_conflict(stage: Stage) -> None:
    """A key stands for one command only."""
    call = a_call()
    stage.client.ask(a_command(), call)
    assert refusal(stage, a_command(), call).slug == "key-reused"


@pytest.mark.usefixtures("process")
def test_key_of_another_caller_is_a_conflict(stage: Stage) -> None:
    """Nobody gets the answer that was given to somebody else."""
    command, call = a_command(), a_call("shared-" + str(clock.new_id()))
    stage.client.ask(command, call)
    assert refusal(stage, command, a_call(call.key)).slug == "key-reused"


@pytest.mark.usefixtures("process")
def test_refused_command_may_be_tried_again_with_its_key(stage: Stage) -> None:
    """A refusal leaves nothing behind, not even the key."""
    call = a_call()
    refusal(stage, a_command(mood="answer-refuse"), call)
    command = a_command()
    assert stage.client.ask(command, call).greeting_id == command.greeting_id


@pytest.mark.usefixtures("process")
@pytest.mark.parametrize(
    ("details", "call", "expected"),
    [
        ({}, Call(principal=a_principal()), ("invalid", "invalid-request")),
        ({}, Call(key="k"), ("forbidden", "forbidden")),
        ({}, a_call(role=Role.VIEWER), ("forbidden", "permission-missing")),
        ({"mood": "answer-refuse"}, a_call(), ("conflict", "grumpy")),
        ({"mood": "answer-absent"}, a_call(), ("unavailable", "asleep")),
        ({"mood": "answer-fail"}, a_call(), ("internal", "internal")),
    ],
    ids=["no key", "no caller", "no permission", "refused", "unavailable", "bug"],
)
def test_failure_has_its_category_and_slug(
    stage: Stage, details: dict[str, str], call: Call, expected: tuple[str, str]
) -> None:
    """Every way to fail is told apart by category and slug."""
    error = refusal(stage, a_command(**details), call)
    assert (error.category, error.slug) == expected


@pytest.mark.usefixtures("process")
def test_refusal_names_the_fields(stage: Stage) -> None:
    """What the handler said of a field reaches the caller."""
    assert refusal(stage, a_command(mood="answer-refuse"), a_call()).fields == {
        "word": ["too loud"]
    }


@pytest.mark.usefixtures("process")
def test_invalid_field_is_named_by_its_path(stage: Stage) -> None:
    """The path leads through a mapping to the member."""
    command = Greet(
        greeting_id=clock.new_id(), word="ciao", extras={"LIN1": "x" * 300}, mood="good"
    )
    assert list(refusal(stage, command, a_call()).fields) == ["extras.LIN1"]


def test_bug_tells_its_text_to_nobody(stage: Stage, process: Process) -> None:
    """Neither the answer nor the log quotes what an exception says."""
    error = refusal(stage, a_command(mood="answer-fail"), a_call())
    assert "Mario" not in error.message + process.log.read_text()


@pytest.mark.usefixtures("process")
def test_queries_do_not_block_one_another(stage: Stage) -> None:
    """While one request waits for the database, the process serves the others."""
    asleep = "SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%pg_sleep%' AND state='active' AND datname=current_database() AND pid<>pg_backend_pid()"  # noqa: E501 - one statement
    nap = Nap(greeting_id=clock.new_id(), milliseconds=1500)
    with ThreadPoolExecutor(4) as pool:
        naps = [pool.submit(stage.client.ask, nap, Call(), timeout=10) for _ in range(4)]
        assert eventually(lambda: stage.query(asleep)[0][0] >= 4)
        assert [each.result().word for each in naps] == ["slept"] * 4


@pytest.mark.usefixtures("process")
def test_deadline_ends_the_wait(stage: Stage) -> None:
    """A caller waits no longer than it said."""
    with pytest.raises(ServiceTimeout):
        stage.client.ask(Nap(greeting_id=clock.new_id(), milliseconds=2000), Call(), timeout=0.3)


def test_expired_request_is_never_carried_out(stage: Stage, process: Process) -> None:
    """What nobody waits for any more is gone from the queue when the service comes back."""
    process.end()
    command = a_command()
    with pytest.raises(ServiceTimeout):
        stage.client.ask(command, a_call(), timeout=0.3)
    stage.launch()
    with pytest.raises(ServiceError, match="not-found"):
        stage.find(command.greeting_id)


@pytest.mark.usefixtures("process")
def test_unknown_service_is_unavailable_at_once(stage: Stage) -> None:
    """Nobody waits for a service that has no queue."""
    with pytest.raises(ServiceUnavailable):
        stage.client.ask(Nobody(), Call(), timeout=60)


@pytest.mark.usefixtures("process")
def test_waiting_requests_fail_at_once_when_the_connection_is_lost(
    stage: Stage, admin: BrokerAdmin
) -> None:
    """Nobody waits for a reply that can no longer come."""
    client = RpcClient(stage.amqp_uri, name="cut")
    nap = Nap(greeting_id=clock.new_id(), milliseconds=8000)
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(client.ask, nap, Call(), timeout=60)
        vhost = stage.amqp_uri.rpartition("/")[2]
        eventually(lambda: admin.close_connections(vhost) and waiting.done(), pause=0.5)
        assert isinstance(waiting.exception(), ServiceUnavailable)
    client.close()


def test_client_finds_its_way_back(stage: Stage, process: Process, admin: BrokerAdmin) -> None:
    """After a cut the same client asks on, as soon as the service is back too."""
    stage.greet()
    admin.close_connections(stage.amqp_uri.rpartition("/")[2])
    eventually(lambda: process.page("/ready")[0] == 200)

    def asked() -> bool:
        try:
            return bool(stage.greet())
        except ServiceError:
            return False

    assert eventually(asked)


def test_broker_away_is_unavailable() -> None:
    """A caller without broker learns so at once."""
    client = RpcClient("amqp://guest:guest@127.0.0.1:1//")
    with pytest.raises(ServiceUnavailable):
        client.ask(Nobody(), Call(), timeout=60)


def test_service_of_nameko_answers_our_client(stage: Stage) -> None:
    """The wire form is nameko's, seen from the caller."""
    command = [sys.executable, "-m", "tests.support.stock", "serve"]
    environment = {**os.environ, "AMQP_URI": stage.amqp_uri}
    with subprocess.Popen(  # noqa: S603 - our own command
        command, env=environment, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as stock:
        assert stock.stdout is not None
        stock.stdout.readline()
        try:
            id_ = str(clock.new_id())
            answer = stage.client.ask(Echo(greeting_id=id_, word="ciao"), Call(), timeout=10)
            with pytest.raises(ServiceError, match="internal"):
                stage.client.ask(Fail(greeting_id=id_), Call(), timeout=10)
        finally:
            stock.send_signal(signal.SIGKILL)
    assert (str(answer.greeting_id), answer.word) == (id_, "ciao")


def stock_call(stage: Stage, method: str, **arguments: str) -> dict[str, object]:
    """Have nameko's own client call our service."""
    done = subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "-m", "tests.support.stock", "call", method, json.dumps(arguments)],
        env={**os.environ, "AMQP_URI": stage.amqp_uri},
        cwd=ROOT,
        capture_output=True,
        check=True,
        timeout=60,
    )
    outcome: dict[str, object] = json.loads(done.stdout)
    return outcome


@pytest.mark.usefixtures("process")
def test_client_of_nameko_is_answered(stage: Stage) -> None:
    """The wire form is nameko's, seen from the service."""
    greeting_id = stage.greet()
    eventually(lambda: stage.effects(greeting_id))
    assert stock_call(stage, "find_greeting", greeting_id=str(greeting_id)) == {
        "result": {"greeting_id": str(greeting_id), "word": "ciao", "heard": 1}
    }


@pytest.mark.usefixtures("process")
def test_unknown_field_of_a_request_is_refused(stage: Stage) -> None:
    """A misspelt field is never ignored."""
    outcome = stock_call(stage, "find_greeting", greeting_id=str(clock.new_id()), color="red")
    assert "invalid-request" in str(outcome["error"])


@pytest.mark.usefixtures("process")
def test_unknown_method_is_refused(stage: Stage) -> None:
    """A caller that is ahead of the service gets an answer, not silence."""
    assert "unknown-method" in str(stock_call(stage, "dance", greeting_id="x")["error"])


@pytest.mark.usefixtures("process")
def test_request_larger_than_its_contract_says_is_refused(stage: Stage) -> None:
    """A megabyte is enough for whatever does not say that it takes more."""
    command = Greet(greeting_id=clock.new_id(), word="x" * LARGEST_REQUEST, mood="good")
    assert "too large" in refusal(stage, command, a_call()).message
