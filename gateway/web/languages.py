"""The languages of the pages: which one a browser is shown, and how days and times are written."""

from __future__ import annotations

from pathlib import Path
from typing import Final, Literal, cast
from zoneinfo import ZoneInfo

from flask import Flask, g, request
from flask_babel import Babel

Language = Literal["it", "en"]

LANGUAGES: Final[tuple[Language, ...]] = ("it", "en")
NAMES: Final = {"it": "Italiano", "en": "English"}
WRITTEN_AS: Final = {"it": "it_IT", "en": "en_GB"}
"""How days and numbers are written: in Europe 8/4/96 is in April, whatever the language."""

SOURCE: Final = LANGUAGES[0]
"""Texts are written in this language, so that it needs no catalogue."""

TRANSLATIONS: Final = Path(__file__).parent / "built" / "translations"
COOKIE: Final = "plurali_language"
ZONE: Final = ZoneInfo("Europe/Rome")


def speak(app: Flask) -> Babel:
    """Let the application speak its languages."""
    return Babel(
        app,
        default_locale=SOURCE,
        default_timezone=ZONE.key,
        default_translation_directories=str(TRANSLATIONS),
        locale_selector=lambda: WRITTEN_AS[chosen()],
    )


def chosen() -> Language:
    """Return the language of the request under way: chosen before, else the browser's own."""
    if "language" not in g:
        kept = request.cookies.get(COOKIE)
        offered = request.accept_languages.best_match(LANGUAGES, default=SOURCE)
        g.language = kept if kept in LANGUAGES else offered
    return cast("Language", g.language)
