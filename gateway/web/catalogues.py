"""Compiles the translations of the pages: `python -m gateway.web.catalogues SOURCE TARGET`."""

from __future__ import annotations

import sys
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, read_po


def compile_all(source: Path, target: Path) -> int:
    """Compile every catalogue below a directory into the same place below another, and count them.

    Raises:
        PoFileError: a catalogue is not written as one.

    """
    catalogues = sorted(source.glob("*/LC_MESSAGES/*.po"))
    for path in catalogues:
        with path.open("rb") as text:
            catalogue = read_po(text, locale=path.parts[-3], abort_invalid=True)
        compiled = (target / path.relative_to(source)).with_suffix(".mo")
        compiled.parent.mkdir(parents=True, exist_ok=True)
        with compiled.open("wb") as file:
            write_mo(file, catalogue)
    return len(catalogues)


if __name__ == "__main__":
    try:
        compile_all(*map(Path, sys.argv[1:]))
    except PoFileError as error:
        sys.exit(str(error))
