"""A process: it starts without its surroundings, says what is missing, and leaves in order."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from chassis import layout, topology
from chassis.broker import Line
from chassis.testing import eventually
from tests.support.stage import QUEUE, Process, Stage


@pytest.fixture
def stranded(tmp_path: Path) -> Iterator[Process]:
    """Give a process whose broker and database are away."""
    process = Process(
        "postgresql://nobody@127.0.0.1:1/none",
        "amqp://guest:guest@127.0.0.1:1//",
        tmp_path / "process.log",
    )
    process.start()
    yield process
    if process.popen.poll() is None:
        process.popen.kill()
        process.popen.wait()


def test_process_waits_for_broker_and_database(stranded: Process) -> None:
    """It lives, and is not ready for two reasons."""
    eventually(lambda: stranded.page("/live")[0] == 200)
    assert stranded.page("/ready") == (503, "broker, database")


def test_process_leaves_though_everything_is_away(stranded: Process) -> None:
    """SIGTERM is obeyed while it waits."""
    eventually(lambda: stranded.page("/live")[0] == 200)
    assert stranded.end() == 0


def test_process_tells_its_metrics(stage: Stage, process: Process) -> None:
    """Failures have a series before the first failure."""
    stage.greet()
    text = eventually(lambda: process.page("/metrics")[1])
    for series in (
        'plurali_entrypoint_handled_total{entrypoint="greet",kind="request",outcome="error"',
        'plurali_event_dead_lettered_total{entrypoint="on_greeted"',
        "plurali_outbox_oldest_age_seconds",
        "plurali_relay_beat_age_seconds",
        "plurali_db_pool_in_use",
        'plurali_schema_revision{revision="0001"',
        'plurali_schema_expected{revision="0001"',
        "plurali_build_info",
    ):
        assert series in text


def test_log_is_json_and_tells_the_ids(stage: Stage, process: Process) -> None:
    """Each piece of work is one line with its correlation."""
    greeting_id = stage.greet()
    eventually(lambda: stage.effects(greeting_id))
    lines = eventually(lambda: [line for line in process.lines() if line.get("kind") == "event"])
    assert {"correlation_id", "message_id", "outcome", "duration_ms"} <= set(lines[-1])


def test_log_has_no_word_that_a_person_typed(stage: Stage, process: Process) -> None:
    """What a request carries does not reach the log."""
    stage.greet()
    assert "ciao" not in process.log.read_text()


def test_timer_runs_on_one_process_at_a_time(stage: Stage, process: Process) -> None:
    """A tick that finds the lock taken does nothing."""
    series = 'plurali_entrypoint_handled_total{entrypoint="tick",kind="tick",outcome="elsewhere"'
    with stage.engine.begin() as other:
        other.exec_driver_sql("SELECT pg_advisory_xact_lock(hashtext('tick'))")
        before = stage.query("SELECT count FROM ticks")
        eventually(lambda: f'{series},service="greetings"}} 0.0' not in process.page("/metrics")[1])
        assert stage.query("SELECT count FROM ticks") == before
    assert eventually(lambda: stage.query("SELECT count FROM ticks") != before)


def test_process_declares_what_it_needs(stage: Stage) -> None:
    """A broker that lost everything is furnished again by the service's next connection."""
    process = stage.process
    line = Line(stage.amqp_uri, "tests")
    line.channel().queue_delete(QUEUE)
    line.close()
    eventually(lambda: stage.count(QUEUE) == 0)
    process.wait_ready()
    greeting_id = stage.greet()
    assert eventually(lambda: stage.effects(greeting_id)) == 1


def test_process_ends_when_a_queue_has_other_arguments(stage: Stage, tmp_path: Path) -> None:
    """No patience mends that: better to end at once and be seen."""
    for process in stage.processes:
        if process.popen.poll() is None:
            process.end()
    line = Line(stage.amqp_uri, "tests")
    channel = line.channel()
    channel.queue_delete(QUEUE)
    channel.queue_declare(QUEUE, durable=True, auto_delete=False)
    doomed = Process(stage.database_url, stage.amqp_uri, tmp_path / "process.log")
    doomed.start()
    code = doomed.popen.wait(20)
    channel.queue_delete(QUEUE)
    layout.declare(channel, topology.of_service(topology.load_service("tests.support.greetings")))
    line.close()
    assert code == 1
