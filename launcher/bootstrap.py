"""The project's virtual environment: made, filled from the locks and entered (stdlib only)."""

import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Any, NoReturn

from launcher import packages, progress, storage
from launcher.failures import EnvironmentFailure
from launcher.progress import step
from launcher.settings import ROOT

VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
_STAMP = VENV / "plurali-locks.json"
_ROOM = 600 * 2**20


class Needs(StrEnum):
    """Which lock's packages a command works with."""

    NOTHING = ""
    RUNTIME = "runtime"
    TEST = "test"


def enter(needs: Needs, private: Path) -> None:
    """Go on inside the virtual environment that a command needs, made first when missing."""
    if needs is Needs.NOTHING:
        return
    prepare(needs, private)
    if Path(sys.prefix) != VENV:
        _go_on_inside()


def prepare(needs: Needs, private: Path) -> None:
    """Make the virtual environment hold exactly what the lock says, once per lock."""
    if _is_current(needs):
        return
    with _alone():
        if _is_current(needs):
            return
        storage.require_room(ROOT, _ROOM, "the virtual environment")
        if not _works(PYTHON):
            _make(private)
        with step(f"Installing the Python packages of requirements/{needs}.lock"):
            pip_install(_lock(needs))
        _remember(needs)


def pip_install(lock: Path, *options: str) -> None:
    """Install exactly what a lock names, into the virtual environment or where options say."""
    command = ["-m", "pip", "--disable-pip-version-check", "--no-input", "--quiet", "install"]
    # The lock names all there is: to resolve it again would only cost time.
    exactly = ("--no-deps", "--require-hashes", "--requirement", str(lock))
    _python([*command, *options, *exactly])


def _lock(needs: Needs) -> Path:
    return ROOT / "requirements" / f"{needs}.lock"


def _digest(needs: Needs) -> str:
    return hashlib.sha256(_lock(needs).read_bytes()).hexdigest()


def _installed() -> dict[str, Any]:
    try:
        stamp = json.loads(_STAMP.read_text())
    except (OSError, ValueError):
        return {}
    return stamp if isinstance(stamp, dict) else {}


def _is_current(needs: Needs) -> bool:
    return _installed().get(needs) == _digest(needs) and PYTHON.exists()


def _remember(needs: Needs) -> None:
    # The test lock holds every package of the runtime lock in the same version.
    held = {Needs.RUNTIME, needs}
    stamp = {each: _digest(each) for each in held}
    _STAMP.write_text(json.dumps({**_installed(), **stamp}))


@contextmanager
def _alone() -> Iterator[None]:
    """Let one command at a time change the virtual environment of a checkout."""
    with _lock(Needs.RUNTIME).open("rb") as token:
        fcntl.flock(token, fcntl.LOCK_EX)
        yield


def _make(private: Path) -> None:
    storage.require_writable(ROOT)
    shutil.rmtree(VENV, ignore_errors=True)
    with step(f"Making the virtual environment {VENV}"):
        if _create():
            return
    shutil.rmtree(VENV, ignore_errors=True)
    _make_without_venv_package(private)


def _create(*options: str) -> bool:
    # Under a restrictive umask the user that stands in for root could not read the packages.
    command = [_base_python(), "-m", "venv", *options, str(VENV)]
    attempt = subprocess.run(command, capture_output=True, check=False, umask=0o022)
    return attempt.returncode == 0


def _make_without_venv_package(private: Path) -> None:
    """Bring what Debian keeps apart from Python: by installing it, else by pip's own wheel."""
    if not packages.available():
        raise EnvironmentFailure(
            "This Python cannot make virtual environments (its modules venv and ensurepip are "
            "missing): install them with the distribution's package manager."
        )
    authority = packages.authority()
    if authority is not None:
        system = packages.System(authority)
        system.refresh()
        system.install(["python3-venv"])
        if _create():
            return
        raise EnvironmentFailure("`python3 -m venv` fails even with python3-venv installed.")
    source = packages.Private(private)
    source.refresh()
    source.unpack(["python3-pip-whl"], with_dependencies=False)
    wheel = next((source.tree / "usr/share/python-wheels").glob("pip-*.whl"), None)
    if wheel is None or not _create("--without-pip"):
        raise EnvironmentFailure(
            "The virtual environment could not be made: run `apt-get install python3-venv` as root."
        )
    _python([f"{wheel}/pip", "install", "--no-index", "--no-deps", "--quiet", str(wheel)])


def _base_python() -> str:
    return getattr(sys, "_base_executable", None) or sys.executable


def _works(python: Path) -> bool:
    if not python.exists():
        return False
    attempt = subprocess.run([str(python), "-m", "pip", "-V"], capture_output=True, check=False)
    return attempt.returncode == 0


def _python(arguments: Sequence[str]) -> None:
    command = [str(PYTHON), *arguments]
    attempt = subprocess.run(command, capture_output=True, text=True, check=False, umask=0o022)
    if attempt.returncode:
        last = "\n".join((attempt.stderr or attempt.stdout).strip().splitlines()[-8:])
        raise EnvironmentFailure(f"The Python packages could not be installed:\n{last}")


def _go_on_inside() -> NoReturn:
    sys.stdout.flush()
    progress.hand_over()
    os.execv(PYTHON, [str(PYTHON), str(ROOT / "plurali"), *sys.argv[1:]])  # noqa: S606 - no shell is wanted
