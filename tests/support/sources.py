"""The project's own Python files, for tests that read what the code says."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from launcher.settings import ROOT

_BUILT: Final = ROOT / "gateway/web/built"
"""Where building what browsers are sent leaves Python of others: Node brings some."""


def sources(*patterns: str) -> Iterator[Path]:
    """Yield the files of each pattern in order, such as ``gateway/**/*.py``."""
    for pattern in patterns:
        yield from (each for each in sorted(ROOT.glob(pattern)) if not each.is_relative_to(_BUILT))
