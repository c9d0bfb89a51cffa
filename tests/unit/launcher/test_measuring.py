"""Where Prometheus's programs come from, and what they are told to look at."""

from __future__ import annotations

from pathlib import Path

import pytest

from launcher import packages
from launcher.failures import EnvironmentFailure
from launcher.monitoring import scraping, tools
from launcher.settings import Settings


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Give the settings of a stack on a machine that has no program at all."""
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    return Settings(home=tmp_path, engines=tmp_path / "engines", port_base=23000)


def _place(directory: Path, name: str) -> Path:
    directory.mkdir(parents=True)
    program = directory / name
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    return program


def test_the_machines_own_program_is_taken(settings: Settings) -> None:
    """What the path offers need not be brought."""
    own = _place(settings.home / "bin", "promtool")
    assert tools.acquire(settings, "promtool") == {"promtool": own}


def test_an_unpacked_program_is_found_again(settings: Settings) -> None:
    """What was brought once is there at the next time."""
    private = packages.Private(settings.home / "measuring")
    unpacked = _place(private.tree / "usr/bin", "promtool")
    assert tools.acquire(settings, "promtool") == {"promtool": unpacked}


def test_a_machine_without_apt_is_told_what_to_install(settings: Settings) -> None:
    """The checks of alerts are never left out in silence."""
    with pytest.raises(EnvironmentFailure, match="promtool"):
        tools.acquire(settings, "promtool")


def test_a_stack_is_scraped_on_its_own_ports(settings: Settings) -> None:
    """Every process on the health port of this stack, and no exporter that nobody named."""
    targets = scraping.Targets.of_machine(settings)
    jobs = {job["job_name"] for job in scraping.configuration(targets)["scrape_configs"]}
    assert targets.processes["intake"] == f"127.0.0.1:{settings.port('intake health')}"
    assert jobs == {"plurali", "rabbitmq", "rabbitmq-queues"}
