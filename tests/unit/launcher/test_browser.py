"""Where the browser of the tests is looked for."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from launcher import browser, packages, storage
from launcher.failures import EnvironmentFailure
from launcher.settings import Settings


def _program(path: Path) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("#!/bin/sh\n")
    path.chmod(0o755)
    return str(path)


def _settings(home: Path) -> Settings:
    return Settings(home=home, engines=home / "engines")


def test_browser_that_a_variable_names_comes_first(tmp_path: Path) -> None:
    """Whoever has another one at hand says so."""
    program = _program(tmp_path / "elsewhere" / "chrome")
    _program(tmp_path / "bin" / "chromium")
    environment = {"CHROMIUM_BIN": program, "PATH": str(tmp_path / "bin")}
    assert browser.find(_settings(tmp_path), environment) == browser.Browser(program)


def test_browser_of_the_machine_is_found_on_the_path(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is brought where there is one."""
    monkeypatch.setattr(browser, "_NAMES", ("chromium",))
    program = _program(tmp_path / "bin" / "chromium")
    found = browser.find(_settings(tmp_path), {"PATH": str(tmp_path / "bin")})
    assert found == browser.Browser(program)


def test_build_without_windows_is_preferred(tmp_path: Path) -> None:
    """It shows the same pages for much less work."""
    _program(tmp_path / "bin" / "chromium")
    program = _program(tmp_path / "bin" / "chromium-headless-shell")
    found = browser.find(_settings(tmp_path), {"PATH": str(tmp_path / "bin")})
    assert found == browser.Browser(program)


@pytest.mark.parametrize(
    ("offered", "brought"),
    [
        ({"chromium", "chromium-headless-shell"}, "chromium-headless-shell"),
        ({"chromium"}, "chromium"),
    ],
)
def test_build_that_the_distribution_has_is_brought(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, offered: set[str], brought: str
) -> None:
    """Not every one has the build without windows."""

    def unpack(private: packages.Private, wanted: Sequence[str]) -> None:
        assert tuple(wanted) == (brought, "fonts-noto-core", "libatomic1")
        _program(private.tree / "usr/lib/chromium" / brought)

    monkeypatch.setattr(browser, "_NAMES", ())
    monkeypatch.setattr(packages, "available", lambda: True)
    monkeypatch.setattr(packages, "authority", lambda: None)
    monkeypatch.setattr(storage, "require_room", lambda *_: None)
    monkeypatch.setattr(packages.Private, "refresh", lambda _: None)
    monkeypatch.setattr(
        packages.Private, "offered", lambda _, name: "1" if name in offered else None
    )
    monkeypatch.setattr(packages.Private, "unpack", unpack)
    found = browser.acquire(_settings(tmp_path))
    assert Path(found.program).name == brought


def test_unpacked_browser_gets_its_own_libraries_and_fonts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was never installed is found by nobody else."""
    monkeypatch.setattr(browser, "_NAMES", ())
    tree = tmp_path / "browser" / "tree"
    program = _program(tree / "usr/lib/chromium/chromium")
    _program(tree / "usr/lib/x86_64-linux-gnu/pulseaudio/libpulsecommon-16.1.so")
    found = browser.find(_settings(tmp_path), {})
    assert found is not None
    assert (found.program, found.environment["LD_LIBRARY_PATH"]) == (
        program,
        f"{tree}/usr/lib:{tree}/usr/lib/x86_64-linux-gnu:{tree}/usr/lib/x86_64-linux-gnu/pulseaudio",
    )
    assert found.environment["XDG_DATA_HOME"] == f"{tree}/usr/share"


def test_browser_whose_unpacking_was_cut_short_is_not_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Half of it would fail in ways that nobody understands."""
    monkeypatch.setattr(browser, "_NAMES", ())
    _program(tmp_path / "browser/tree/usr/lib/chromium/chromium")
    (tmp_path / "browser/unfinished").touch()
    assert browser.find(_settings(tmp_path), {}) is None


def test_machine_that_cannot_have_a_browser_is_told_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A missing browser is a failure with a way out, never a test left out."""
    monkeypatch.setattr(browser, "_NAMES", ())
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("CHROMIUM_BIN", raising=False)
    with pytest.raises(EnvironmentFailure, match=r"apt-get install chromium.*CHROMIUM_BIN"):
        browser.acquire(_settings(tmp_path))
