"""The browser that tests of pages drive: found on the machine, installed or unpacked in private."""

import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from launcher import packages, storage
from launcher.failures import EnvironmentFailure
from launcher.progress import say
from launcher.settings import Settings

# The shell is the same engine without windows, and much lighter.
_BUILDS = ("chromium-headless-shell", "chromium")
_NAMES = (*_BUILDS, "chromium-browser", "google-chrome-stable", "google-chrome")
# Pages in other scripts are looked at too, and a machine without screens has no letters for them.
# What drives the browser is a program, too, and needs a library that a bare machine lacks.
_BESIDE = ("fonts-noto-core", "libatomic1")
_ROOM = 1200 * 2**20


@dataclass(frozen=True)
class Browser:
    """The program, and the variables that it needs beside those of the machine."""

    program: str
    environment: Mapping[str, str] = field(default_factory=dict)


def acquire(settings: Settings) -> Browser:
    """Find a browser, bringing one where the machine has none."""
    found = find(settings)
    if found is None:
        _bring(settings)
        found = find(settings)
    if found is None:
        raise EnvironmentFailure(_by_hand())
    return found


def find(settings: Settings, environment: Mapping[str, str] = os.environ) -> Browser | None:
    """Look for a browser where a variable says, on the path and in the private tree."""
    path = f"{environment.get('PATH', os.defpath)}:/usr/bin"
    for name in (environment.get("CHROMIUM_BIN") or "", *_NAMES):
        program = shutil.which(name, path=path) if name else None
        if program is not None:
            return Browser(program)
    private = _private(settings)
    for build in _BUILDS:
        program = shutil.which(str(private.tree / "usr/lib/chromium" / build))
        if program is not None and private.is_whole:
            return _unpacked(program, private.tree)
    return None


def _private(settings: Settings) -> packages.Private:
    return packages.Private(settings.home / "browser")


def _unpacked(program: str, tree: Path) -> Browser:
    """Return a browser with its libraries, fonts and their settings all in one tree."""
    folders = [tree / "usr/lib", *tree.glob("usr/lib/*-linux-*"), *tree.glob("lib/*-linux-*")]
    # Some packages keep libraries in a folder of their own, which only their installed place knows.
    folders += sorted({path.parent for path in tree.glob("usr/lib/*-linux-*/*/lib*.so*")})
    fonts = Path("/etc/fonts") if Path("/etc/fonts/fonts.conf").exists() else tree / "etc/fonts"
    variables = {
        "LD_LIBRARY_PATH": ":".join(map(str, folders)),
        "FONTCONFIG_PATH": str(fonts),
        "XDG_DATA_HOME": str(tree / "usr/share"),
    }
    return Browser(program, variables)


def _bring(settings: Settings) -> None:
    if not packages.available():
        raise EnvironmentFailure(_by_hand())
    authority = packages.authority()
    if authority is not None:
        storage.require_room(Path("/usr"), _ROOM, "installing Chromium")
        system = packages.System(authority)
        system.refresh()
        system.install(_wanted(system))
        return
    say("Neither root nor sudo: Chromium will be unpacked in private, without installing")
    private = _private(settings)
    storage.require_room(settings.home, _ROOM, "unpacking Chromium")
    private.refresh()
    private.unpack(_wanted(private))


def _wanted(source: packages.System | packages.Private) -> tuple[str, ...]:
    """Return the packages to bring; a distribution may have the one build and not the other."""
    build = next((each for each in _BUILDS if source.offered(each) is not None), _BUILDS[-1])
    return (build, *_BESIDE)


def _by_hand() -> str:
    wanted = " ".join((_BUILDS[0], *_BESIDE))
    return (
        "Chromium, which the tests of pages drive, was not found and cannot be brought here: run "
        f"`apt-get install {wanted}` as root, or name its program in CHROMIUM_BIN."
    )
