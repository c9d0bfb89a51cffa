"""When what browsers are sent is built, and with what."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from launcher import assets
from launcher.settings import ROOT


def _machine(directory: Path, version: str, *, npm: bool = True) -> str:
    """Return the path of a machine whose Node says that it is of a version."""
    directory.mkdir()
    for name in ("node", "npm") if npm else ("node",):
        (directory / name).write_text(f"#!/bin/sh\necho {version}\n")
        (directory / name).chmod(0o755)
    return str(directory)


def _checkout(root: Path) -> Path:
    """Lay out the sources of a checkout, and a build of them that is remembered."""
    for name in ("gateway/web/assets/app.css", "gateway/web/catalogues.py"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text("first")
    workshop = assets.Workshop(root)
    for name in ("static", "translations"):
        (workshop.built / name).mkdir(parents=True)
        workshop._remember(name)
    return root


def test_recent_node_of_the_machine_is_used(tmp_path: Path) -> None:
    """Nothing is brought where there is enough."""
    path = _machine(tmp_path / "bin", "v22.1.0")
    assert assets.find_node(path) == assets.Tools(f"{path}/node", (f"{path}/npm",))


def test_node_that_is_too_old_is_passed_by(tmp_path: Path) -> None:
    """Debian 12 has version 18, which the tools of the build refuse."""
    assert assets.find_node(_machine(tmp_path / "bin", "v18.20.4")) is None


def test_node_without_npm_is_passed_by(tmp_path: Path) -> None:
    """Debian packs the two apart."""
    assert assets.find_node(_machine(tmp_path / "bin", "v22.1.0", npm=False)) is None


def test_unchanged_sources_are_not_built_again(tmp_path: Path) -> None:
    """The second `up` asks for nothing."""
    assert assets.Workshop(_checkout(tmp_path))._stale() == []


def test_a_changed_sheet_is_built_again(tmp_path: Path) -> None:
    """Whoever edits the styles sees them at the next start."""
    root = _checkout(tmp_path)
    (root / "gateway/web/assets/app.css").write_text("second")
    assert assets.Workshop(root)._stale() == ["static"]


def test_a_new_translation_is_compiled_without_building_the_rest(tmp_path: Path) -> None:
    """A translator does not wait for styles."""
    root = _checkout(tmp_path)
    catalogue = root / "gateway/web/translations/en/LC_MESSAGES/messages.po"
    catalogue.parent.mkdir(parents=True)
    catalogue.write_text("")
    assert assets.Workshop(root)._stale() == ["translations"]


def test_a_build_that_somebody_removed_is_made_again(tmp_path: Path) -> None:
    """The memory of a build is not the build."""
    root = _checkout(tmp_path)
    (root / "gateway/web/built/static").rmdir()
    assert assets.Workshop(root)._stale() == ["static"]


def _build(directory: Path, name: str, *, others: tuple[str, ...] = ()) -> Path:
    directory.mkdir()
    (directory / "manifest.json").write_text(json.dumps({"app.css": name}))
    for each in (name, f"{name}.br", *others):
        (directory / each).write_text(each)
    return directory


def test_pages_sent_before_a_build_still_find_their_files(tmp_path: Path) -> None:
    """A renewed gateway answers for what the old one named, and not for what was older still."""
    before = _build(tmp_path / "before", "app.one.css", others=("app.zero.css",))
    fresh = _build(tmp_path / "fresh", "app.two.css")
    assets.keep_generation(before, fresh)
    assert {path.name for path in fresh.glob("app.*")} == {
        "app.one.css",
        "app.one.css.br",
        "app.two.css",
        "app.two.css.br",
    }


@pytest.mark.parametrize("name", ["package.json", "package-lock.json"])
def test_packages_are_locked_without_addresses(name: str) -> None:
    """Every machine asks the registry that it is told to ask."""
    text = (ROOT / "gateway/web/assets" / name).read_text()
    assert '"resolved"' not in text
    assert "registry." not in text


def test_every_package_is_locked_by_its_digest() -> None:
    """A package that was exchanged is refused."""
    lock = json.loads((ROOT / "gateway/web/assets/package-lock.json").read_text())
    packages = {name: each for name, each in lock["packages"].items() if name}
    assert [name for name, each in packages.items() if "integrity" not in each] == []


def test_packages_are_asked_for_by_exact_version() -> None:
    """A range would let two machines build two things."""
    wanted = json.loads((ROOT / "gateway/web/assets/package.json").read_text())["dependencies"]
    assert [version for version in wanted.values() if not version.replace(".", "").isdigit()] == []
