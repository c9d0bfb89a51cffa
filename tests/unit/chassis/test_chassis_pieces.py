"""Settings, topology, health, metrics, and what the chassis relies on in nameko."""

from __future__ import annotations

import importlib.metadata
import inspect
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from chassis import (
    clock,
    edge,
    framework,
    health,
    layout,
    metrics,
    migrate,
    revisions,
    roster,
    topology,
)
from chassis.db import make_engine
from chassis.partners import NotForPartners, Subscription
from chassis.settings import SettingMissing, Settings, secret
from contracts.language import EVENTS
from contracts.operations import DropDeadLetters, GetStanding, ListDeadLetters, ReplayDeadLetters
from tests.support.greetings.language import Answered, FindGreeting, Greet, Greeted, Nap
from tests.support.greetings.service import GreetingsService

ENVIRONMENT = {
    "AMQP_URI": "amqp://me:secret@broker/app",
    "DATABASE_URL": "postgresql://me:secret@database/app",
}


def test_settings_are_typed() -> None:
    """Numbers are numbers and defaults are filled in."""
    settings = Settings.from_environment({**ENVIRONMENT, "HEALTH_PORT": "8001", "WORKERS": ""})
    assert (settings.health_port, settings.workers, settings.grace_seconds) == (8001, 10, 20.0)


def test_settings_never_show_a_secret() -> None:
    """Their text has no address in it."""
    assert "secret" not in repr(Settings.from_environment(ENVIRONMENT))


def test_every_missing_setting_is_named() -> None:
    """Whoever starts a process by hand mends everything at once."""
    with pytest.raises(SettingMissing, match="AMQP_URI, DATABASE_URL, HEALTH_PORT"):
        Settings.from_environment({"HEALTH_PORT": "x"})


def test_a_secret_may_stand_in_a_file(tmp_path: Path) -> None:
    """The last line's end is no part of it."""
    file = tmp_path / "amqp_uri"
    file.write_text("amqp://from/a/file\n")
    told = {"AMQP_URI_FILE": str(file), "DATABASE_URL": ENVIRONMENT["DATABASE_URL"]}
    assert Settings.from_environment(told).amqp_uri == "amqp://from/a/file"


def test_an_address_in_a_file_is_asked_for_anew(tmp_path: Path) -> None:
    """A password changes while the process runs."""
    files = {f"{name}_FILE": tmp_path / name for name in ENVIRONMENT}
    for file in files.values():
        file.write_text("amqp://me:old@here/app")
    settings = Settings.from_environment({name: str(file) for name, file in files.items()})
    for file in files.values():
        file.write_text("amqp://me:new@here/app")
    assert {settings.broker_now(), settings.database_now()} == {"amqp://me:new@here/app"}


def test_an_address_is_the_first_one_where_its_file_is_gone(tmp_path: Path) -> None:
    """A file that is being replaced must not end a process."""
    file = tmp_path / "amqp_uri"
    file.write_text("amqp://me@here/app")
    told = {"AMQP_URI_FILE": str(file), "DATABASE_URL": ENVIRONMENT["DATABASE_URL"]}
    settings = Settings.from_environment(told)
    file.unlink()
    assert settings.broker_now() == "amqp://me@here/app"


def test_a_variable_goes_before_the_file(tmp_path: Path) -> None:
    """What was set by hand counts."""
    told = {**ENVIRONMENT, "AMQP_URI_FILE": str(tmp_path / "absent")}
    assert Settings.from_environment(told).amqp_uri == ENVIRONMENT["AMQP_URI"]


@pytest.mark.parametrize("content", [None, b"", b"\n", b"\xff"])
def test_a_file_without_a_secret_is_told_by_its_variable(
    tmp_path: Path, content: bytes | None
) -> None:
    """The sentence names what to set and repeats nothing of the file."""
    file = tmp_path / "key"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(SettingMissing, match="set KEY, or KEY_FILE to a file that can be read"):
        secret({"KEY_FILE": str(file)}, "KEY")


def test_ids_are_sorted_by_birth() -> None:
    """They are UUIDs of version 7."""
    ids = [clock.new_id() for _ in range(100)]
    assert ids == sorted(ids)
    assert {each.version for each in ids} == {7}


def test_engine_hides_its_password() -> None:
    """Neither the engine nor its errors show it."""
    assert "secret" not in repr(make_engine(ENVIRONMENT["DATABASE_URL"], name="t", workers=1))


def test_doors_of_a_service_are_known() -> None:
    """Requests, events and timers are found by method."""
    doors = edge.doors_of(GreetingsService)
    own = {"greet": Greet, "find_greeting": FindGreeting, "nap": Nap}
    every = {
        "get_standing": GetStanding,
        "list_dead_letters": ListDeadLetters,
        "replay_dead_letters": ReplayDeadLetters,
        "drop_dead_letters": DropDeadLetters,
    }
    assert doors.answers == own | every
    assert doors.listens == {"on_greeted": (Greeted,)}
    assert doors.every == {"tick": 0.3}


def test_decorated_method_stays_a_plain_method() -> None:
    """A test may call it with a unit of its own making."""
    assert inspect.signature(GreetingsService.greet).parameters.keys() == {
        "self",
        "unit",
        "command",
    }


def test_topology_of_a_service() -> None:
    """Queues and bindings are what they were: a change needs a new name for the queue."""
    data = topology.of_service(GreetingsService).as_data()
    assert data == {
        "exchanges": {"greetings.events": "topic"},
        "queues": {
            "greetings.on_greeted": {
                "x-queue-type": "quorum",
                "x-dead-letter-strategy": "at-least-once",
                "x-overflow": "reject-publish",
                "x-dead-letter-exchange": "dead",
                "x-dead-letter-routing-key": "greetings.on_greeted",
                "x-delivery-limit": 10,
            },
            "greetings.on_greeted.dead": {"x-queue-type": "quorum", "x-delivery-limit": 1_000_000},
            "rpc-greetings": {},
        },
        "bindings": [
            "dead --greetings.on_greeted--> greetings.on_greeted.dead",
            "greetings.events --greeting.kept.v1--> greetings.on_greeted",
            "greetings.events --restricted.greeting.kept.v1--> greetings.on_greeted",
            "nameko-rpc --greetings.*--> rpc-greetings",
        ],
    }


def test_resting_places_lead_back_to_any_queue() -> None:
    """They have no routing key of their own for what leaves them."""
    queues = layout.shared().as_data()["queues"]
    assert sorted(queues) == ["retry.1s", "retry.300s", "retry.30s", "retry.5s"]
    assert not any("x-dead-letter-routing-key" in arguments for arguments in queues.values())


def test_services_are_found_by_their_doors() -> None:
    """Every package with a service module is one."""
    root = Path(topology.__file__).parents[1] / "services"
    assert set(roster.SERVICES) == {door.parent.name for door in root.glob("*/service.py")}


def test_partner_chooses_open_events_only() -> None:
    """What is not open to partners, or does not exist, is refused."""
    assert Subscription.of("cidis", [Greeted.type]).types == (Greeted.type,)
    for closed in (Answered.type, "greeting.dreamt.v1"):
        with pytest.raises(NotForPartners):
            Subscription.of("cidis", [closed])


def test_partner_is_bound_to_open_routes_only() -> None:
    """No binding of a partner matches a restricted event."""
    chosen = [type_ for type_, event in EVENTS.items() if event.partners]
    bindings = Subscription.of("cidis", chosen).source().bindings
    assert not any(set("*#") & set(each.routing_key) for each in bindings)
    assert not any(each.routing_key.startswith("restricted.") for each in bindings)


@pytest.mark.parametrize("name", ["", "a b", "a.b", "^x$", ".*", "è"])
def test_partner_has_a_plain_name(name: str) -> None:
    """It becomes part of a regular expression of rights."""
    with pytest.raises(NotForPartners):
        Subscription.of(name, [Greeted.type])


def page(path: str, **checks: bool) -> tuple[str, bytes]:
    """Return status and body of a health page."""
    seen: list[str] = []

    def start(status: str, _headers: list[tuple[str, str]]) -> None:
        seen.append(status)

    application = health.pages({name: partial(bool, held) for name, held in checks.items()})
    body = b"".join(application({"PATH_INFO": path}, start))
    return seen[0], body


def test_live_asks_nothing() -> None:
    """A process whose surroundings are away is alive."""
    assert page("/live", broker=False) == ("200 OK", b"alive")


def test_ready_names_what_is_missing() -> None:
    """Each failing check is named."""
    status, body = page("/ready", broker=False, database=True, relay=False)
    assert (status[:3], body) == ("503", b"broker, relay")


def test_check_that_cannot_be_made_does_not_hold() -> None:
    """An error in a check is an answer."""

    def broken() -> bool:
        raise OSError

    assert not health._holds(broken)


def test_metrics_page_tells_metrics() -> None:
    """What is prepared is there at zero."""
    metrics.prepare_entrypoint("unit", "tested", "event")
    _, body = page("/metrics")
    assert b'plurali_event_retries_total{entrypoint="tested",service="unit"} 0.0' in body


def test_measurement_names_its_trace_where_the_reader_knows_exemplars() -> None:
    """Only OpenMetrics has a place for it."""
    trace = "4bf92f3577b34da6a3ce929d0e0e4736"
    exemplar = metrics.exemplar_of(f"00-{trace}-00f067aa0ba902b7-01")
    metrics.EVENT_LAG.labels("unit", "traced").observe(0.02, exemplar)
    told = {kind: metrics.page(kind)[1] for kind in ("text/plain", "application/openmetrics-text")}
    assert [trace.encode() in body for body in told.values()] == [False, True]


@pytest.mark.parametrize("traceparent", [None, "", "00-nonsense", f"00-{'g' * 32}-1-01"])
def test_unreadable_trace_is_no_exemplar(traceparent: str | None) -> None:
    """What a foreign event brings along cannot spoil the page."""
    assert metrics.exemplar_of(traceparent) is None


@pytest.mark.parametrize("name", [*roster.SERVICES, "gateway"])
def test_newest_revision_is_that_of_the_migrations(name: str) -> None:
    """The names of the scripts say what alembic says."""
    assert revisions.newest_of(name) == migrate._scripts(name).get_current_head()


def test_nameko_is_the_version_that_was_proven() -> None:
    """What the chassis relies on was read in this version."""
    assert importlib.metadata.version("nameko") == "2.14.1"


@pytest.mark.parametrize(
    ("owner", "names"),
    [
        (
            framework.ServiceContainer,
            ["spawn_worker", "spawn_managed_thread", "start", "stop", "wait", "extensions"],
        ),
        (framework.Entrypoint, ["bind", "setup", "start", "stop", "method_name"]),
        (framework.SharedExtension, ["bind", "sharing_key"]),
        (framework.Timer, ["handle_timer_tick", "start", "stop"]),
    ],
)
def test_nameko_has_what_the_chassis_relies_on(owner: Any, names: list[str]) -> None:
    """Subclasses override and call these."""
    assert [name for name in names if not hasattr(owner, name)] == []


def test_worker_is_spawned_as_nameko_expects() -> None:
    """The signature is part of what was proven."""
    parameters = list(inspect.signature(framework.ServiceContainer.spawn_worker).parameters)
    assert parameters == ["self", "entrypoint", "args", "kwargs", "context_data", "handle_result"]
