"""How translations are compiled."""

from __future__ import annotations

import gettext
from pathlib import Path

import pytest
from babel.messages.pofile import PoFileError

from gateway.web.catalogues import compile_all

_CATALOGUE = """\
msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\\n"

msgid "Chi è?"
msgstr "Who is it?"

#, fuzzy
msgid "Persona"
msgstr "Someone"
"""


def _written(root: Path, text: str) -> Path:
    path = root / "po" / "en" / "LC_MESSAGES" / "messages.po"
    path.parent.mkdir(parents=True)
    path.write_text(text, encoding="utf-8")
    return root / "po"


def test_a_compiled_catalogue_translates(tmp_path: Path) -> None:
    """What the pages read is what the translator wrote."""
    compile_all(_written(tmp_path, _CATALOGUE), tmp_path / "mo")
    found = gettext.translation("messages", tmp_path / "mo", ["en"])
    assert found.gettext("Chi è?") == "Who is it?"


def test_a_guess_is_no_translation(tmp_path: Path) -> None:
    """What a tool has guessed is not shown before somebody has read it."""
    compile_all(_written(tmp_path, _CATALOGUE), tmp_path / "mo")
    found = gettext.translation("messages", tmp_path / "mo", ["en"])
    assert found.gettext("Persona") == "Persona"


def test_without_catalogues_there_is_nothing_to_compile(tmp_path: Path) -> None:
    """The source language needs none."""
    assert compile_all(tmp_path / "nowhere", tmp_path / "mo") == 0


def test_a_broken_catalogue_is_refused(tmp_path: Path) -> None:
    """Half a translation must not pass for a whole one."""
    with pytest.raises(PoFileError):
        compile_all(_written(tmp_path, 'msgid "a"\nmsgstring "b"\n'), tmp_path / "mo")
