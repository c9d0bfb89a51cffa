"""Where a stack lives and what it takes, from variables alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from launcher.failures import UsageFailure
from launcher.settings import Settings


def test_home_is_the_directory_that_the_variable_names(tmp_path: Path) -> None:
    """A second stack needs no more than another home and other ports."""
    assert Settings.from_environment({"PLURALI_HOME": str(tmp_path)}).home == tmp_path


@pytest.mark.parametrize("value", ["nought", "0", "-1", "65500", "17000.5"])
def test_port_base_without_room_for_its_block_is_refused(tmp_path: Path, value: str) -> None:
    """A mistaken variable is told at once, not by an engine that fails to listen."""
    variables = {"PLURALI_HOME": str(tmp_path), "PLURALI_PORT_BASE": value}
    with pytest.raises(UsageFailure, match="PLURALI_PORT_BASE"):
        Settings.from_environment(variables)


def test_no_two_purposes_share_a_port(tmp_path: Path) -> None:
    """Every process of a stack has ports of its own."""
    ports = Settings.from_environment({"PLURALI_HOME": str(tmp_path)}).all_ports
    assert len(ports) == len(set(ports))


def test_later_commands_find_the_ports_of_the_last_start(tmp_path: Path) -> None:
    """Whoever starts on another port need not name it again for each command."""
    (tmp_path / "run").mkdir()
    here = {"PLURALI_HOME": str(tmp_path)}
    Settings.from_environment(here | {"PLURALI_PORT": "9090"}).remember()
    assert Settings.from_environment(here).gateway_port == 9090


def test_variable_wins_over_what_was_remembered(tmp_path: Path) -> None:
    """What is said now counts more than what was said before."""
    (tmp_path / "run").mkdir()
    here = {"PLURALI_HOME": str(tmp_path)}
    Settings.from_environment(here | {"PLURALI_PORT": "9090"}).remember()
    assert Settings.from_environment(here | {"PLURALI_PORT": "9091"}).gateway_port == 9091


def test_empty_address_leads_back_to_the_private_engine(tmp_path: Path) -> None:
    """A server that was named once can be taken back."""
    (tmp_path / "run").mkdir()
    here = {"PLURALI_HOME": str(tmp_path)}
    Settings.from_environment(here | {"AMQP_URI": "amqp://elsewhere/"}).remember()
    assert Settings.from_environment(here | {"AMQP_URI": ""}).amqp_uri is None
