"""The libraries and fonts that printing needs: found on the machine, installed or unpacked.

A stack runs without them; then the gateway refuses to print and says what is missing.
"""

import ctypes
import os
import shutil
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from launcher import packages, storage
from launcher.failures import EnvironmentFailure, Failure
from launcher.progress import say, step
from launcher.settings import Settings

PACKAGES = ("libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0", "fonts-noto-core")
_LIBRARIES = (
    "libgobject-2.0.so.0",
    "libfontconfig.so.1",
    "libharfbuzz.so.0",
    "libharfbuzz-subset.so.0",
    "libpango-1.0.so.0",
    "libpangoft2-1.0.so.0",
)
_FONTS = ("NotoSans-Regular.*", "NotoSansArabic-Regular.*")
_PLACES = (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"))
_ROOM = 200 * 2**20
_OPEN_FILE = 0o644
_FONT_SETTINGS = """\
<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>{fonts}</dir>
  <dir>/usr/share/fonts</dir>
  <dir>/usr/local/share/fonts</dir>
  <cachedir>{cache}</cachedir>
</fontconfig>
"""


@dataclass(frozen=True)
class Machine:
    """What a machine can be asked: whether a library can be opened, and where fonts lie."""

    opens: Callable[[str], bool]
    fonts: Sequence[Path] = _PLACES

    @property
    def sets_type(self) -> bool:
        """Tell whether everything that printing needs is there."""
        return all(map(self.opens, _LIBRARIES)) and all(map(self._has, _FONTS))

    def _has(self, font: str) -> bool:
        return any(True for place in self.fonts for _ in place.rglob(font))


def _opens(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


_HERE = Machine(_opens)


def prepare(settings: Settings) -> None:
    """Bring what printing needs, or say that the stack will run without."""
    try:
        acquire(settings)
    except Failure as failure:
        say(f"Sheets cannot be printed for now: {failure}")


def acquire(settings: Settings) -> None:
    """Bring what printing needs where neither the machine nor the private tree has it."""
    if _HERE.sets_type or variables(settings):
        return
    if not packages.available():
        raise EnvironmentFailure(_by_hand())
    authority = packages.authority()
    if authority is not None:
        storage.require_room(Path("/usr"), _ROOM, "installing the libraries that set type")
        system = packages.System(authority)
        system.refresh()
        system.install(PACKAGES)
        return
    say("Neither root nor sudo: what printing needs will be unpacked in private")
    storage.require_room(settings.engines, _ROOM, "unpacking the libraries that set type")
    private = _private(settings)
    private.refresh()
    private.unpack(PACKAGES)
    _finish(private)


def variables(settings: Settings, machine: Machine = _HERE) -> dict[str, str]:
    """Return what tells the gateway of the private tree; nothing where the machine has it all."""
    private = _private(settings)
    if not (private.is_whole and _settings_of(private).exists()) or machine.sets_type:
        return {}
    return _variables(private)


def _private(settings: Settings) -> packages.Private:
    return packages.Private(settings.engines / "typesetting")


def _settings_of(private: packages.Private) -> Path:
    return private.tree.parent / "fonts.conf"


def _variables(private: packages.Private) -> dict[str, str]:
    tree = private.tree
    folders = [tree / "usr/lib", *tree.glob("usr/lib/*-linux-*"), *tree.glob("lib/*-linux-*")]
    return {
        "LD_LIBRARY_PATH": ":".join(map(str, folders)),
        "FONTCONFIG_FILE": str(_settings_of(private)),
    }


def _finish(private: packages.Private) -> None:
    """Write where the fonts are and list them once, for listing them takes seconds."""
    tree, cache = private.tree, private.tree.parent / "fonts-cache"
    told = _FONT_SETTINGS.format(fonts=tree / "usr/share/fonts", cache=cache)
    storage.write(_settings_of(private), told, mode=_OPEN_FILE)
    lister = shutil.which("fc-cache", path=f"{tree / 'usr/bin'}:{os.defpath}")
    if lister is not None:
        with step("Listing the fonts"):
            subprocess.run(
                [lister],
                env={**os.environ, **_variables(private)},
                capture_output=True,
                check=False,
            )


def _by_hand() -> str:
    return (
        "Pango and the Noto fonts were not found and cannot be brought here. Run "
        f"`apt-get install {' '.join(PACKAGES)}` as root, or what your distribution calls them."
    )
