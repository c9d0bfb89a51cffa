"""What the command line says without starting anything."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from launcher import cli, verbs
from launcher.failures import ExitCode
from launcher.settings import ROOT

_WARY = """
import structlog

def register(parser): pass

def run(arguments, stack):
    structlog.get_logger("gateway").info("broker_fast")
    structlog.get_logger("gateway").warning("broker_slow", seconds=9)
    print("the result")
    return 0
"""


@pytest.fixture(autouse=True)
def elsewhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Keep away from the stack of the checkout."""
    monkeypatch.setenv("PLURALI_HOME", str(tmp_path / "home"))


@pytest.mark.parametrize("arguments", [[], ["help"], ["--help"]])
def test_help_lists_every_command(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """Each command has one line, whichever way help is asked for."""
    assert cli.main(arguments) == ExitCode.FINE
    said = capsys.readouterr().out
    assert all(f"./plurali {verb.name} " in said for verb in verbs.VERBS)


def test_help_names_every_exit_code(capsys: pytest.CaptureFixture[str]) -> None:
    """A script can tell failures apart by what help says."""
    cli.main(["help"])
    said = capsys.readouterr().out
    assert all(f"\n  {int(code)} " in said for code in ExitCode)


def test_unknown_command_is_answered_with_the_nearest(capsys: pytest.CaptureFixture[str]) -> None:
    """A slip of the finger costs one look."""
    assert cli.main(["statsu"]) == ExitCode.USAGE
    assert "`status`" in capsys.readouterr().err


@pytest.mark.parametrize("verb", verbs.VERBS, ids=lambda verb: str(verb.name))
def test_every_command_explains_its_arguments(verb: verbs.Verb) -> None:
    """Each line of the table leads to a module that can be asked.

    In a process of its own, since some commands load services, which change the standard library.
    """
    command = [sys.executable, str(ROOT / "plurali"), verb.name, "--help"]
    answer = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603
    assert f"plurali {verb.name}" in answer.stdout


def test_what_the_code_warns_of_is_not_among_the_results(tmp_path: Path) -> None:
    """Whoever reads the output of a command with a program reads results alone.

    In a process of its own, since it is told where to log.
    """
    (tmp_path / "wary.py").write_text(_WARY)
    program = (
        "from launcher import cli, verbs\n"
        "verbs.VERBS = (verbs.Verb('wary', 'warn', 'wary'),)\n"
        "raise SystemExit(cli.main(['wary']))\n"
    )
    answer = subprocess.run(  # noqa: S603 - it runs what stands above
        [sys.executable, "-c", program],
        env={**os.environ, "PYTHONPATH": f"{ROOT}:{tmp_path}"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert answer.stderr == "warning: broker_slow seconds=9\n"
    assert answer.stdout.splitlines()[-1] == "the result"


def test_status_of_a_stack_that_never_ran_is_not_ready(capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing running is a plain answer, not an error."""
    assert cli.main(["status"]) == ExitCode.UNMET
    assert "./plurali up" in capsys.readouterr().out


def test_reset_where_nobody_can_be_asked_needs_a_yes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Data are never destroyed by a script that did not say so."""
    (tmp_path / "home").mkdir()
    assert cli.main(["reset"]) == ExitCode.USAGE
    assert "--yes" in capsys.readouterr().err


def test_log_of_nobody_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    """A misspelt name must not look like an empty log."""
    assert cli.main(["logs", "nobody"]) == ExitCode.USAGE
    assert "nobody" in capsys.readouterr().err
