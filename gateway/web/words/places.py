"""Names of municipalities, languages and countries by their codes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final

from babel import Locale

_DATA: Final = Path(__file__).parent / "data" / "municipalities.json"


@cache
def municipalities() -> Mapping[str, str]:
    """Return the names of municipalities, which no language translates, by ISTAT code."""
    listed = json.loads(_DATA.read_text(encoding="utf-8"))["municipalities"]
    return {entry["code"]: entry["name"] for entry in listed}


@cache
def served() -> Mapping[str, str]:
    """Return the names of the municipalities that the network serves, by ISTAT code."""
    codes = json.loads(_DATA.read_text(encoding="utf-8"))["served"]
    return {code: municipalities()[code] for code in codes}


@cache
def languages(language: str) -> Mapping[str, str]:
    """Return the names of languages by ISO 639 code, as the given language calls them."""
    return {code: _capital(name) for code, name in Locale(language).languages.items()}


@cache
def countries(language: str) -> Mapping[str, str]:
    """Return the names of countries by ISO 3166-1 code, as the given language calls them."""
    return dict(Locale(language).territories)


def _capital(name: str) -> str:
    """Return a name as it begins a line: in Italian languages are written small inside one."""
    return name[:1].upper() + name[1:]
