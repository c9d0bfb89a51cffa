"""The versions of the form and their translations in ``data/``, read once.

A bad file stops the process at its start.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import TypeVar

from marshmallow import ValidationError

from contracts.language import NotFound, Resource
from services.screening.domain.conditions import FormInvalid
from services.screening.domain.consistency import read_form
from services.screening.domain.form import FormFile, Scheda
from services.screening.domain.texts import TextsFile, Translation, read_texts

DATA = Path(__file__).parent / "data"
TEXTS = DATA / "texts"

Written = TypeVar("Written", bound=Resource)


@dataclass(frozen=True)
class Shelf:
    """Every version of the form, oldest first, and by version what it was translated into."""

    versions: tuple[Scheda, ...]
    translations: Mapping[str, tuple[Translation, ...]] = field(default_factory=dict)

    def in_force(self, today: date) -> Scheda:
        """Return the newest version that is valid today; before the first one, the first."""
        valid = [scheda for scheda in self.versions if scheda.valid_from <= today]
        return valid[-1] if valid else self.versions[0]

    def version(self, version: str) -> Scheda:
        """Return one version.

        Raises:
            NotFound: there is no such version.

        """
        for scheda in self.versions:
            if scheda.version == version:
                return scheda
        raise NotFound("There is no such version of the form; leave the version out for today's.")


@cache
def shelf() -> Shelf:
    """Return the versions in this installation."""
    return read_shelf(DATA.glob("scheda-*.json"), TEXTS.glob("*.json"))


def read_shelf(paths: Iterable[Path], texts: Iterable[Path] = ()) -> Shelf:
    """Read versions and translations from files.

    Raises:
        FormInvalid: a file is not a consistent form or translation, its name belies what it is, or
            there is no form.

    """
    versions = sorted(map(_read, paths), key=lambda scheda: scheda.valid_from)
    if not versions:
        raise FormInvalid("There is no form at all.")
    by_version = {scheda.version: scheda for scheda in versions}
    translations: dict[str, tuple[Translation, ...]] = {}
    for path in sorted(texts):
        version, translation = _read_texts(path, by_version)
        translations[version] = (*translations.get(version, ()), translation)
    return Shelf(tuple(versions), translations)


def _read(path: Path) -> Scheda:
    file = _load(path, FormFile)
    try:
        scheda = read_form(file)
    except FormInvalid as error:
        raise FormInvalid(f"{path.name}: {error}") from error
    if path.name != f"scheda-{scheda.version}.json":
        raise FormInvalid(f"{path.name}: it says that its version is {scheda.version}")
    return scheda


def _read_texts(path: Path, versions: Mapping[str, Scheda]) -> tuple[str, Translation]:
    file = _load(path, TextsFile)
    if path.name != f"scheda-{file.form}.{file.language}.json":
        raise FormInvalid(f"{path.name}: it says that it is form {file.form} in {file.language}")
    if file.form not in versions:
        raise FormInvalid(f"{path.name}: there is no form {file.form}")
    try:
        return file.form, read_texts(file, versions[file.form])
    except FormInvalid as error:
        raise FormInvalid(f"{path.name}: {error}") from error


def _load(path: Path, kind: type[Written]) -> Written:
    try:
        return kind.load(json.loads(path.read_text(encoding="utf-8")))
    except ValidationError as error:
        raise FormInvalid(f"{path.name}: {error.messages}") from error
