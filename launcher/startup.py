"""Starts and stops a stack, all of it or nothing."""

import json
import time
from argparse import ArgumentParser
from collections.abc import Callable
from functools import partial

from launcher import (
    account,
    assets,
    bootstrap,
    broker_users,
    engines,
    health,
    interruption,
    ports,
    provisioning,
    roster,
    schema,
    shutdown,
    storage,
    typesetting,
    verbs,
)
from launcher.account import Account
from launcher.failures import BusyFailure, EngineFailure, ExitCode, Failure, ProcessFailure
from launcher.progress import say, step
from launcher.settings import DATABASES, ROOT
from launcher.stack import Stack
from launcher.supervision import State

_ENGINE_PATIENCE, _PROCESS_PATIENCE = 120.0, 120.0
_HOPELESS_AFTER = 20.0
_PAUSE = 0.2


def start(
    stack: Stack,
    *,
    engines_only: bool = False,
    before_services: Callable[[], None] | None = None,
) -> None:
    """Start what does not run yet; when that fails, stop again what this call started.

    ``before_services`` is done when databases and broker are ready and nobody works on them yet.
    """
    if not engines_only:
        assets.prepare()
        typesetting.prepare(stack.settings)
    stack.prepare_home()
    with shutdown.changing(stack):
        before = {report.name for report in stack.supervisor.reports() if report.up}
        try:
            _start(stack, before_services or _nothing, engines_only=engines_only)
        except BaseException:
            if stack.supervisor.process() is not None:
                _undo(stack, before)
            raise


def runs_whole(stack: Stack) -> bool:
    """Tell whether the services and the gateway all run and are ready."""
    if not stack.settings.are_remembered():
        return False
    up = {report.name for report in stack.supervisor.reports() if report.up}
    return up.issuperset(DATABASES) and all(
        health.is_ready(stack.health_url(name)) for name in DATABASES
    )


def seed_once(stack: Stack) -> int:
    """Load the demonstration data the first time; the command for it prints the accounts."""
    verb, kept = verbs.find("seed"), stack.home / "run" / "seeded.json"
    if verb is None or kept.exists():
        return ExitCode.FINE
    with step("Loading the demonstration data"):
        command, parser = verb.command(), ArgumentParser()
        command.register(parser)
        code = command.run(parser.parse_args([]), stack)
    if code == ExitCode.FINE:
        storage.write(kept, json.dumps({"seeded": True}))
    return code


def worker() -> Account:
    """Return the user that services and set-up commands run as."""
    return account.for_processes(bootstrap.PYTHON, ROOT)


def _nothing() -> None:
    """Do nothing between engines and services."""


def _start(stack: Stack, before_services: Callable[[], None], *, engines_only: bool) -> None:
    found = engines.acquire(stack.settings)
    if stack.supervisor.process() is None:
        _start_supervisor(stack, found)
    elif not stack.settings.are_remembered():
        raise BusyFailure(
            "The stack runs with other ports or servers than the variables say now: "
            "stop it with `./plurali down` first, or give this one a PLURALI_HOME of its own."
        )
    stack.hand_out(worker())
    names = {report.name for report in stack.supervisor.reports()}
    patience = _Patience(stack, _ENGINE_PATIENCE, EngineFailure)
    if names - set(DATABASES):
        say("Starting PostgreSQL and RabbitMQ")
        stack.supervisor.launch(names - set(DATABASES))
    if "postgresql" in names:
        patience.until("postgresql", partial(interruption.database_opens, stack))
    if not engines_only:
        # The broker takes its time to start: the databases are made ready meanwhile.
        with step("Setting up roles and databases"):
            provisioning.provide_databases(stack.database_server, stack.credentials.databases)
        schema.migrate_once(stack, worker())
    if "rabbitmq" in names and stack.rabbit_api is not None:
        with step("Waiting for RabbitMQ"):
            patience.until("rabbitmq", partial(interruption.broker_opens, stack))
            broker_users.provide(stack.rabbit_api, stack.credentials.broker_users)
    interruption.settle(stack, worker())
    if not engines_only:
        schema.declare_topology(stack, worker())
        before_services()
        with step("Starting the seven services and the gateway"):
            stack.supervisor.launch(DATABASES)
            _await_processes(stack)


def _start_supervisor(stack: Stack, found: engines.Engines) -> None:
    if stack.supervisor.sweep():
        say("Ended processes that an earlier run had left behind")
    if found.postgres is not None:
        ports.claim_engine(stack.settings, "postgresql")
    if found.rabbitmq is not None:
        ports.claim_engine(stack.settings, "rabbitmq")
    ports.claim_processes(stack.settings, DATABASES)
    engine_user, own_user = account.for_engines(), worker()
    if engine_user != own_user:
        say(
            f"The user {engine_user.name} cannot read this checkout or its Python: "
            f"the engines run as {engine_user.name}, the services as {own_user.name}"
        )
    with step("Preparing the engines"):
        engine_programs = roster.prepare_engines(stack, found, engine_user)
    own_programs = roster.own_programs(stack, own_user)
    stack.settings.remember()
    stack.supervisor.start((*engine_programs, *own_programs), bootstrap.PYTHON)


def _undo(stack: Stack, before: set[str]) -> None:
    say("Stopping again what was started")
    if before:
        started = {report.name for report in stack.supervisor.reports() if report.up}
        stack.supervisor.halt(started - before)
        return
    shutdown.end(stack)


def _await_processes(stack: Stack) -> None:
    patience = _Patience(stack, _PROCESS_PATIENCE, ProcessFailure)
    for name in DATABASES:
        patience.until(name, partial(health.is_ready, stack.health_url(name)))


class _Patience:
    """Waits for programs, for so long in all, and not at all for one that keeps dying."""

    def __init__(self, stack: Stack, seconds: float, failure: type[Failure]) -> None:
        self._stack = stack
        self._seconds = seconds
        self._deadline = time.monotonic() + seconds
        self._failure = failure

    def until(self, name: str, is_ready: Callable[[], bool]) -> None:
        dying_since: float | None = None
        while not is_ready():
            now = time.monotonic()
            dying_since = (dying_since or now) if self._is_dying(name) else None
            if dying_since is not None and now - dying_since > _HOPELESS_AFTER:
                raise self._failure(self._sentence(name, "keeps ending right after its start"))
            if now > self._deadline:
                raise self._failure(
                    self._sentence(name, f"is not ready after {self._seconds:.0f} s")
                )
            time.sleep(_PAUSE)

    def _is_dying(self, name: str) -> bool:
        states = {report.name: report.state for report in self._stack.supervisor.reports()}
        return states.get(name) not in {State.RUNNING, State.STOPPING}

    def _sentence(self, name: str, what: str) -> str:
        lines = self._stack.last_lines(name)
        log = self._stack.logs / f"{name}.log"
        return f"{name} {what}. The end of {log}:\n{lines}"
