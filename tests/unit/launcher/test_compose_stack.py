"""A stack in containers: what it refuses, what it tells, how it reads the engine's answers."""

from __future__ import annotations

from pathlib import Path

import pytest

from launcher import compose
from launcher.failures import EnvironmentFailure, UsageFailure
from launcher.settings import Settings
from launcher.stack import Stack


def _stack(home: Path, **variables: str) -> Stack:
    return Stack(Settings.from_environment({"PLURALI_HOME": str(home), **variables}))


@pytest.mark.parametrize("variable", ["DATABASE_URL", "AMQP_URI", "RABBITMQ_API"])
def test_servers_elsewhere_and_containers_exclude_each_other(tmp_path: Path, variable: str) -> None:
    """The containers would go on with engines that nobody meant."""
    stack = _stack(tmp_path, **{variable: "scheme://elsewhere/"})
    with pytest.raises(UsageFailure, match="goes without"):
        compose.start(stack, compose.PROJECT)


def test_data_without_containers_are_not_hidden_by_containers(tmp_path: Path) -> None:
    """The same home would seem to have lost everything."""
    (tmp_path / "postgresql").mkdir()
    with pytest.raises(UsageFailure, match="PLURALI_HOME"):
        compose.start(_stack(tmp_path), compose.PROJECT)


def test_a_machine_without_docker_is_told_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One sentence, with what to install."""
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(EnvironmentFailure, match=r"docker\.io"):
        compose.start(_stack(tmp_path), compose.PROJECT)


def test_later_commands_find_the_containers(tmp_path: Path) -> None:
    """Whoever started them need not name them again."""
    (tmp_path / "run").mkdir()
    _stack(tmp_path, PLURALI_DOCKER="network").settings.remember()
    assert _stack(tmp_path).settings.project == "network"


def test_a_stack_of_an_earlier_version_is_known_again(tmp_path: Path) -> None:
    """A variable that it did not know of was not set."""
    (tmp_path / "run").mkdir()
    settings = _stack(tmp_path).settings
    settings.remember()
    memory = tmp_path / "run" / "settings.json"
    memory.write_text(memory.read_text().replace('"PLURALI_DOCKER": "",', ""))
    assert settings.are_remembered()


def test_compose_is_told_the_ports_of_the_stack(tmp_path: Path) -> None:
    """Commands look for the engines where they are without containers."""
    told = compose._environment(_stack(tmp_path, PLURALI_PORT_BASE="20000"))
    names = ("POSTGRESQL_PORT", "RABBITMQ_PORT", "MANAGEMENT_PORT")
    assert [told[name] for name in names] == ["20001", "20002", "20003"]


@pytest.mark.parametrize(
    ("text", "number"), [("0B", 0), ("512KiB", 512 * 2**10), ("41.5MiB", 43515904)]
)
def test_sizes_are_read_as_the_engine_writes_them(text: str, number: int) -> None:
    """Its tables are for people."""
    assert compose._bytes(text) == number


@pytest.mark.parametrize(
    ("state", "health", "ready"),
    [
        ("running", "healthy", True),
        ("running", "none", True),
        ("running", "starting", False),
        ("exited", "none", False),
    ],
)
def test_a_container_is_ready_when_it_runs_and_finds_itself_so(
    state: str, health: str, *, ready: bool
) -> None:
    """What has no check is ready when it runs."""
    container = compose.Container(id="1", service="intake", state=state, health=health, pid=1)
    assert container.ready is ready
