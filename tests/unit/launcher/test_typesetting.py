"""What printing needs is found on the machine or in a private tree, and told to the gateway."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from gateway.web.printing.typesetting import PACKAGES as TOLD
from launcher import packages, typesetting
from launcher.settings import Settings
from launcher.typesetting import PACKAGES, Machine


def _everything(_library: str) -> bool:
    return True


def _nothing(_library: str) -> bool:
    return False


def _fonts(place: Path, *names: str) -> Path:
    place.mkdir(parents=True, exist_ok=True)
    for name in names:
        (place / name).touch()
    return place


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Give the settings of a stack in a directory of its own."""
    return Settings(tmp_path / "home", tmp_path / "home" / "engines")


@pytest.fixture
def private(settings: Settings) -> packages.Private:
    """Give a private tree as it is after unpacking."""
    tree = settings.engines / "typesetting" / "tree"
    (tree / "usr/lib/x86_64-linux-gnu").mkdir(parents=True)
    unpacked = packages.Private(settings.engines / "typesetting")
    typesetting._finish(unpacked)
    return unpacked


@pytest.mark.parametrize(
    ("opens", "fonts", "expected"),
    [
        (_everything, ("NotoSans-Regular.ttf", "NotoSansArabic-Regular.ttf"), True),
        (_everything, ("NotoSans-Regular.ttf",), False),
        (_everything, (), False),
        (_nothing, ("NotoSans-Regular.ttf", "NotoSansArabic-Regular.ttf"), False),
    ],
)
def test_a_machine_sets_type_with_all_libraries_and_fonts(
    tmp_path: Path, opens: Callable[[str], bool], fonts: tuple[str, ...], *, expected: bool
) -> None:
    """Arabic without its letters would be printed as empty boxes."""
    place = _fonts(tmp_path / "deep" / "noto", *fonts)
    assert Machine(opens, [place.parent]).sets_type is expected


def test_the_gateway_is_told_of_the_private_tree(
    settings: Settings, private: packages.Private
) -> None:
    """Libraries and fonts are both found there."""
    told = typesetting.variables(settings, Machine(_nothing))
    assert str(private.tree / "usr/lib/x86_64-linux-gnu") in told["LD_LIBRARY_PATH"].split(":")
    directories = ET.parse(told["FONTCONFIG_FILE"]).iter("dir")  # noqa: S314 - our own file
    assert str(private.tree / "usr/share/fonts") in [each.text for each in directories]


@pytest.mark.usefixtures("private")
def test_a_machine_that_has_everything_needs_no_tree(settings: Settings, tmp_path: Path) -> None:
    """Libraries of a tree would hide newer ones of the machine."""
    place = _fonts(tmp_path / "noto", "NotoSans-Regular.ttf", "NotoSansArabic-Regular.ttf")
    assert typesetting.variables(settings, Machine(_everything, [place])) == {}


def test_a_tree_that_was_cut_short_is_not_used(
    settings: Settings, private: packages.Private
) -> None:
    """Half of the libraries are worse than none."""
    (private.tree.parent / "unfinished").touch()
    assert typesetting.variables(settings, Machine(_nothing)) == {}


def test_the_gateway_names_the_packages_that_the_launcher_brings() -> None:
    """Who reads the refusal installs what the launcher would have."""
    assert TOLD == PACKAGES
