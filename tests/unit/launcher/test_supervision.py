"""What is written for the supervisor."""

from __future__ import annotations

from configparser import RawConfigParser
from pathlib import Path

import pytest
from supervisor.options import ServerOptions

from launcher.program import Program, Stage
from launcher.supervision import Supervisor


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Give a home with the directories that a start makes."""
    for part in ("run", "logs"):
        (tmp_path / part).mkdir()
    return tmp_path


def _program(home: Path, name: str, stage: Stage, **environment: str) -> Program:
    return Program(
        name=name,
        stage=stage,
        command=("/bin/echo", "100% sure", 'a "quoted" word'),
        directory=home,
        environment=environment,
    )


def _read(home: Path, *programs: Program) -> ServerOptions:
    written = home / "run" / "supervisord.conf"
    written.write_text(Supervisor(home).configuration(programs))
    options = ServerOptions()
    options.realize(["-c", str(written)])
    return options


def test_awkward_signs_reach_the_program_unchanged(home: Path) -> None:
    """Supervisor reads per cent signs and quotes in its own way."""
    program = _program(home, "intake", Stage.SERVICES, PHRASE="50%,'x'=\\y")
    (group,) = _read(home, program).process_group_configs
    (config,) = group.process_configs
    assert config.environment == {"PHRASE": "50%,'x'=\\y"}
    assert config.command == "/bin/echo '100% sure' 'a \"quoted\" word'"


def test_services_end_before_the_engines_that_they_need(home: Path) -> None:
    """The supervisor ends groups from the highest priority down."""
    stages = {"gateway": Stage.GATEWAY, "intake": Stage.SERVICES, "postgresql": Stage.DATABASE}
    programs = [_program(home, name, stage) for name, stage in stages.items()]
    groups = sorted(_read(home, *programs).process_group_configs)
    assert [group.name for group in groups] == ["postgresql", "services", "gateway"]


def test_restarts_are_never_given_up(home: Path) -> None:
    """A database that is away for an hour must not end a service for ever."""
    (group,) = _read(home, _program(home, "intake", Stage.SERVICES)).process_group_configs
    assert group.process_configs[0].startretries > 10**6


def test_control_socket_stays_short_for_a_long_home(tmp_path: Path) -> None:
    """The kernel refuses long paths of sockets; the home may be as deep as it likes."""
    home = tmp_path / ("deep" * 40)
    parser = RawConfigParser()
    parser.read_string(Supervisor(home).configuration(()))
    assert len(parser["unix_http_server"]["file"].encode()) < 100
