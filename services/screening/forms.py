"""The versions of the form in ``data/``, read once; a bad file stops the process at its start."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from marshmallow import ValidationError

from contracts.language import NotFound
from services.screening.domain.conditions import FormInvalid
from services.screening.domain.consistency import read_form
from services.screening.domain.form import FormFile, Scheda

DATA = Path(__file__).parent / "data"


@dataclass(frozen=True)
class Shelf:
    """Every version of the form, oldest first."""

    versions: tuple[Scheda, ...]

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
    return read_shelf(DATA.glob("scheda-*.json"))


def read_shelf(paths: Iterable[Path]) -> Shelf:
    """Read versions from files.

    Raises:
        FormInvalid: a file is not a consistent form, its name belies its version, or there is none.

    """
    versions = sorted(map(_read, paths), key=lambda scheda: scheda.valid_from)
    if not versions:
        raise FormInvalid("There is no form at all.")
    return Shelf(tuple(versions))


def _read(path: Path) -> Scheda:
    try:
        scheda = read_form(FormFile.load(json.loads(path.read_text(encoding="utf-8"))))
    except ValidationError as error:
        raise FormInvalid(f"{path.name}: {error.messages}") from error
    except FormInvalid as error:
        raise FormInvalid(f"{path.name}: {error}") from error
    if path.name != f"scheda-{scheda.version}.json":
        raise FormInvalid(f"{path.name}: it says that its version is {scheda.version}")
    return scheda
