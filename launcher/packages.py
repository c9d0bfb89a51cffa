"""Distribution packages through apt: installed by root or sudo, else unpacked in private."""

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from launcher.failures import EnvironmentFailure
from launcher.progress import step

_POLICY = Path("/usr/sbin/policy-rc.d")
_NO_CLUSTER = Path("/etc/postgresql-common/createcluster.d/plurali.conf")
_QUIET = {"DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C.UTF-8"}
_SYSTEM_UNITS = ("postgresql", "rabbitmq-server", "epmd.socket")
_TO_INSTALL = re.compile(r"^Inst (\S+)(?: \[[^\]]*\])? \((\S+) ", re.MULTILINE)
_CANDIDATE = re.compile(r"^  Candidate: (?:\d+:)?(\S+)$", re.MULTILINE)


def available() -> bool:
    """Tell whether this machine has apt at all."""
    return present("apt-get") and present("dpkg-deb")


def present(tool: str) -> bool:
    """Tell whether a command stands on the path."""
    return shutil.which(tool) is not None


def authority() -> list[str] | None:
    """Return what to put before a command so that it runs as root, or nothing if it cannot."""
    if os.geteuid() == 0:
        return []
    sudo = shutil.which("sudo")
    if sudo and subprocess.run([sudo, "-n", "true"], capture_output=True, check=False).returncode:
        return None
    return [sudo, "-n"] if sudo else None


class System:
    """The machine's own packages, changed with root's authority."""

    def __init__(self, authority: Sequence[str]) -> None:
        """Remember how a command becomes root's."""
        self._authority = list(authority)

    def refresh(self) -> None:
        """Fetch the lists of packages."""
        with step("Fetching the distribution's lists of packages"):
            self._apt("update")

    def offered(self, package: str) -> str | None:
        """Return the version that would be installed."""
        return _candidate(package, [])

    def install(self, packages: Sequence[str]) -> None:
        """Install packages without letting any of them start a server of the system."""
        already = {unit for unit in _SYSTEM_UNITS if _known_to_systemd(unit)}
        with step(f"Installing {', '.join(packages)}"), self._servers_kept_still():
            self._apt("install", "--yes", "--no-install-recommends", *packages)
        self._disable([unit for unit in _SYSTEM_UNITS if unit not in already])

    def _apt(self, *arguments: str) -> None:
        quiet = [f"{name}={value}" for name, value in _QUIET.items()]
        _run([*self._authority, "env", *quiet, "apt-get", "-qq", *arguments])

    @contextmanager
    def _servers_kept_still(self) -> Iterator[None]:
        made = [
            path
            for path, mode, text in (
                (_POLICY, "0755", "#!/bin/sh\nexit 101\n"),
                (_NO_CLUSTER, "0644", "create_main_cluster = false\n"),
            )
            if not path.exists() and self._write(path, mode, text)
        ]
        try:
            yield
        finally:
            for path in made:
                _run([*self._authority, "rm", "-f", str(path)])

    def _write(self, path: Path, mode: str, text: str) -> bool:
        with tempfile.NamedTemporaryFile("w") as draft:
            draft.write(text)
            draft.flush()
            _run([*self._authority, "install", "-D", "-m", mode, draft.name, str(path)])
        return True

    def _disable(self, units: Sequence[str]) -> None:
        """Keep servers that came with the packages from starting at the next boot."""
        known = [unit for unit in units if _known_to_systemd(unit)]
        if known:
            command = [*self._authority, "systemctl", "disable", *known]
            subprocess.run(command, capture_output=True, check=False)


class Private:
    """Packages downloaded and unpacked under one directory, without root and without installing."""

    def __init__(self, directory: Path, *, sources: str | None = None) -> None:
        """Keep lists, archives and the unpacked tree under a directory.

        ``sources`` are lines that stand for the machine's own sources of packages.
        """
        self._sources = sources
        self.tree = directory / "tree"
        self._unfinished = directory / "unfinished"
        self._lists = directory / "lists"
        self._cache = directory / "cache"
        self._archives = directory / "archives"
        self._options = [
            option
            for key, value in (
                ("Dir::State", directory),
                ("Dir::State::Lists", self._lists),
                ("Dir::State::status", "/var/lib/dpkg/status"),
                ("Dir::Cache", self._cache),
                ("Dir::Cache::Archives", self._archives),
                ("Debug::NoLocking", "true"),
            )
            for option in ("-o", f"{key}={value}")
        ]
        if sources is not None:
            file = directory / "sources.list"
            for setting in (f"Dir::Etc::sourcelist={file}", "Dir::Etc::sourceparts=-"):
                self._options += ["-o", setting]

    @property
    def is_whole(self) -> bool:
        """Tell whether everything that was begun to be unpacked is there."""
        return not self._unfinished.exists()

    def refresh(self) -> None:
        """Fetch the lists of packages into the private directory."""
        for directory in (self._lists, self._cache, self._archives, self.tree):
            (directory / "partial").mkdir(parents=True, exist_ok=True)
        if self._sources is not None:
            (self.tree.parent / "sources.list").write_text(self._sources)
        with step("Fetching the distribution's lists of packages, in private"):
            _run(["apt-get", "-qq", *self._options, "update"])

    def offered(self, package: str) -> str | None:
        """Return the version that would be unpacked."""
        return _candidate(package, self._options)

    def unpack(self, packages: Sequence[str], *, with_dependencies: bool = True) -> None:
        """Download packages, with all they need that the machine lacks, and unpack them."""
        wanted = self._closure(packages) if with_dependencies else list(packages)
        with step(f"Downloading {len(wanted)} packages, to unpack them in private"):
            command = ["apt-get", "-qq", *self._options, "download", *wanted]
            _run(command, directory=self._archives)
        self._unfinished.touch()
        archives = sorted(self._archives.glob("*.deb"))
        with step(f"Unpacking {len(archives)} packages under {self.tree}"):
            for archive in archives:
                _run(["dpkg-deb", "--extract", str(archive), str(self.tree)])
                archive.unlink()
        self._unfinished.unlink()

    def _closure(self, packages: Sequence[str]) -> list[str]:
        command = ["apt-get", *self._options, "install", "--simulate", "--no-install-recommends"]
        return to_download(_run([*command, *packages]))


def to_download(simulation: str) -> list[str]:
    """Return the packages, with their versions, that a simulated installation would bring."""
    return [f"{name}={version}" for name, version in _TO_INSTALL.findall(simulation)]


def candidate_of(policy: str) -> str | None:
    """Return the version that apt's policy of a package offers."""
    found = _CANDIDATE.search(policy)
    return found[1] if found and found[1] != "(none)" else None


def _candidate(package: str, options: Sequence[str]) -> str | None:
    return candidate_of(_run(["apt-cache", *options, "policy", package]))


def _known_to_systemd(unit: str) -> bool:
    systemctl = shutil.which("systemctl")
    if systemctl is None:
        return False
    attempt = subprocess.run([systemctl, "cat", unit], capture_output=True, check=False)
    return attempt.returncode == 0


def _run(command: Sequence[str], directory: Path | None = None) -> str:
    attempt = subprocess.run(
        list(command),
        cwd=directory,
        env={**os.environ, **_QUIET},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if attempt.returncode:
        last = "\n".join((attempt.stderr or attempt.stdout).strip().splitlines()[-5:])
        raise EnvironmentFailure(f"`{' '.join(command)}` failed:\n{last}")
    return attempt.stdout
