"""The private engines of a stack, killed and started again as a stranger's machine may do."""

from __future__ import annotations

import os
import signal
import socket
import stat
from collections.abc import Iterator
from contextlib import closing

import psycopg2
import pytest

from chassis.testing import eventually
from launcher import provisioning, scratch, shutdown, startup
from launcher.broker_api import BrokerApi
from launcher.credentials import BROKER_USERS
from launcher.failures import BusyFailure, EngineFailure, PortFailure
from launcher.stack import Stack


@pytest.fixture(scope="module")
def running() -> Iterator[Stack]:
    """Give a stack whose engines run, with roles and databases."""
    with scratch.scratch_stack() as stack:
        startup.start(stack, engines_only=True)
        provisioning.provide_databases(stack.database_server, stack.credentials.databases)
        yield stack


def _pid(stack: Stack, name: str) -> int:
    return next(report.pid for report in stack.supervisor.reports() if report.name == name)


def _api(stack: Stack) -> BrokerApi:
    api = stack.rabbit_api
    assert api is not None
    return api


def _both_answer(stack: Stack) -> bool:
    return provisioning.database_is_ready(stack.database_server) and _api(stack).is_ready()


@pytest.mark.parametrize("victim", ["postgresql", "rabbitmq", "epmd"])
def test_killed_engine_comes_back_by_itself(running: Stack, victim: str) -> None:
    """Nobody has to notice."""
    killed = _pid(running, victim)
    os.kill(killed, signal.SIGKILL)
    eventually(lambda: _pid(running, victim) not in {0, killed}, seconds=30)
    assert eventually(lambda: _both_answer(running), seconds=90)


def test_second_start_leaves_every_process_alone(running: Stack) -> None:
    """Whoever starts twice gets the same stack."""
    before = {(report.name, report.pid) for report in running.supervisor.reports()}
    startup.start(running, engines_only=True)
    assert {(report.name, report.pid) for report in running.supervisor.reports()} == before


def test_killed_supervisor_is_replaced_and_nothing_is_left_of_it(running: Stack) -> None:
    """Engines whose supervisor is gone would hold ports and data against the next start."""
    orphan = _pid(running, "rabbitmq")
    supervisor = running.supervisor.process()
    assert supervisor is not None
    supervisor.send(signal.SIGKILL)
    eventually(lambda: not supervisor.alive())
    startup.start(running, engines_only=True)
    assert _pid(running, "rabbitmq") != orphan
    assert _both_answer(running)


def test_second_command_on_the_same_stack_is_told_to_wait(running: Stack) -> None:
    """Two starts at once would fight over the same data."""
    with shutdown.changing(running), pytest.raises(BusyFailure, match="wait"):
        startup.start(running, engines_only=True)


def test_role_of_one_service_cannot_enter_the_database_of_another(running: Stack) -> None:
    """Personal data stay with intake, even when another service is taken over."""
    parts = running.database_url("reporting").rpartition("/")
    with pytest.raises(psycopg2.OperationalError, match="permission denied"):
        psycopg2.connect(f"{parts[0]}/intake")


def test_role_of_a_service_owns_its_database(running: Stack) -> None:
    """Migrations need no administrator."""
    with (
        closing(psycopg2.connect(running.database_url("intake"))) as connection,
        connection.cursor() as cursor,
    ):
        cursor.execute("create table something (id int)")
        cursor.execute("select tableowner from pg_tables where tablename = 'something'")
        assert cursor.fetchone() == ("intake",)


def test_durability_is_not_traded_for_speed(running: Stack) -> None:
    """A commit that was told must survive a power cut."""
    with (
        closing(psycopg2.connect(running.database_server)) as connection,
        connection.cursor() as cursor,
    ):
        cursor.execute("select current_setting('fsync'), current_setting('synchronous_commit')")
        assert cursor.fetchone() == ("on", "on")


def test_database_writes_no_values_into_its_log(running: Stack) -> None:
    """The text of a failing statement carries what a person told."""
    with (
        closing(psycopg2.connect(running.database_server)) as connection,
        connection.cursor() as cursor,
        pytest.raises(psycopg2.errors.InvalidTextRepresentation),
    ):
        cursor.execute("select 'a name that nobody may read'::int where 'second' = 'second'")
    assert "second" not in running.last_lines("postgresql", 50)


def test_well_known_guest_does_not_exist(running: Stack) -> None:
    """A broker with a default password is open to every process of the machine."""
    users = {user["name"] for user in _api(running).get("users")}
    assert users == {"plurali", "plurali-admin", *BROKER_USERS}


def test_application_has_no_right_in_the_vhost_of_partners(running: Stack) -> None:
    """What partners read is given to them by the administrator alone."""
    rights = _api(running).get("permissions", "partners", "plurali")
    assert rights is None


def test_settings_of_a_running_stack_cannot_be_changed_unnoticed(running: Stack) -> None:
    """A command with other ports would wait for processes that are not there."""
    other = scratch.moved(running)
    with pytest.raises(BusyFailure, match="down"):
        startup.start(other, engines_only=True)


def test_taken_port_is_told_with_its_holder_and_nothing_is_left() -> None:
    """The sentence names the port, who holds it and the variable to change."""
    with scratch.scratch_stack() as stack, closing(socket.socket()) as holder:
        port = stack.settings.port("postgresql")
        holder.bind(("127.0.0.1", port))
        holder.listen()
        with pytest.raises(PortFailure) as told:
            startup.start(stack, engines_only=True)
        assert stack.supervisor.process() is None
    assert all(
        word in str(told.value) for word in (str(port), str(os.getpid()), "PLURALI_PORT_BASE")
    )


def test_engine_that_cannot_start_is_told_with_the_end_of_its_log() -> None:
    """What the engine said last is what the reader needs."""
    with scratch.scratch_stack() as stack:
        startup.start(stack, engines_only=True)
        shutdown.stop(stack)
        control = stack.home / "postgresql" / "global" / "pg_control"
        control.write_bytes(b"damaged")
        with pytest.raises(EngineFailure, match="postgresql") as told:
            startup.start(stack, engines_only=True)
        assert stack.supervisor.process() is None
    assert "pg_control" in str(told.value) or "control file" in str(told.value)


def test_data_of_a_stack_are_closed_to_other_users(running: Stack) -> None:
    """Whoever has an account on the machine has none in Plurali."""
    for name in ("postgresql", "rabbitmq", "run", "logs"):
        assert stat.S_IMODE((running.home / name).stat().st_mode) == 0o700
