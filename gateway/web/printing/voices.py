"""Everything on a sheet is said twice: in the language of the person and in Italian."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import cache, cached_property
from pathlib import Path
from typing import Final, Self

from babel import Locale
from babel.core import UnknownLocaleError
from babel.dates import format_date, format_datetime
from babel.support import NullTranslations, Translations

from contracts.calendar import HERE
from gateway.web import words
from gateway.web.direction import Direction, direction_of
from gateway.web.form_texts import ENGLISH, SOURCE, Labelled, text_of

Translate = Callable[[str], str]
_TRANSLATIONS: Final = Path(__file__).parent.parent / "built" / "translations"
_MOMENT: Final = "d MMMM y, HH:mm"


@dataclass(frozen=True)
class Said:
    """The same thing in Italian and, where there are words for it, in the person's language."""

    it: str
    own: str | None = None
    language: str = SOURCE

    @property
    def direction(self) -> Direction:
        """Return in which direction the person's own words are written."""
        return direction_of(self.language)

    def __mod__(self, values: Mapping[str, str | Said]) -> Said:
        """Return the same with names and days put into the sentence."""
        given = {
            name: Said(each) if isinstance(each, str) else each for name, each in values.items()
        }
        it = self.it % {name: each.it for name, each in given.items()}
        if self.own is None:
            return Said(it)
        own = self.own % {name: each.own or each.it for name, each in given.items()}
        return Said(it, own, self.language)


@dataclass(frozen=True)
class Voices:
    """Says things in Italian and in the language of a person."""

    language: str
    translate: Translate
    form_language: str | None = None

    @classmethod
    def of(cls, language: str | None, form_language: str | None = None) -> Self:
        """Return the voices for a person; the fixed texts come from the catalogues of the pages."""
        spoken = language or SOURCE
        return cls(spoken, _catalogue(spoken).gettext, form_language)

    @property
    def is_single(self) -> bool:
        """Tell whether the person's language is Italian, so that everything is said once."""
        return self.language == SOURCE

    @property
    def direction(self) -> Direction:
        """Return in which direction the person's language is written."""
        return direction_of(self.language)

    @property
    def name(self) -> str:
        """Return what the person's language calls itself."""
        name = self._locale.get_display_name(self._locale) if self._locale else None
        return _capital(name or self.language)

    def phrase(self, italian: str) -> Said:
        """Say a fixed text of a sheet."""
        translated = self.translate(italian)
        return self._said(italian, None if translated == italian else translated)

    def word(self, member: StrEnum) -> Said:
        """Say a member of an enumeration."""
        return self._in_english(lambda language: words.label(member, language))

    def hint(self, member: StrEnum) -> Said | None:
        """Explain a member of an enumeration, where that helps."""
        word = words.word_of(member)
        if word.hint is None:
            return None
        return self._in_english(word.hint.said)

    def reason(self, code: str) -> Said:
        """Say a reason that travels as a plain code."""
        return self._in_english(lambda language: words.spoken("reason", code, language))

    def name_of(self, it: str, en: str) -> Said:
        """Say a name that the catalogue has in Italian and English."""
        return self._said(it, en if self.language == ENGLISH and en != it else None)

    def tongue(self, code: str) -> Said:
        """Say the name of a language."""
        return self._by_locale(lambda locale: _capital(locale.languages.get(code, code)))

    def label(self, labelled: Labelled) -> Said:
        """Say a text of the form."""
        written = text_of(labelled, self.language, self.form_language)
        return self._said(labelled.it, written.words if written.language != SOURCE else None)

    def day(self, value: date) -> Said:
        """Write a day."""
        return self._by_locale(lambda locale: format_date(value, "d MMMM y", locale=locale))

    def moment(self, value: datetime) -> Said:
        """Write a moment by the clock in Italy."""
        return self._by_locale(
            lambda locale: format_datetime(value, _MOMENT, tzinfo=HERE, locale=locale)
        )

    def plain(self, text: str) -> Said:
        """Say what has no language, such as a name."""
        return Said(text)

    @cached_property
    def _locale(self) -> Locale | None:
        try:
            return Locale.parse(self.language)
        except (UnknownLocaleError, ValueError):
            return None

    def _said(self, it: str, own: str | None) -> Said:
        return Said(it) if own is None or self.is_single else Said(it, own, self.language)

    def _in_english(self, say: Callable[[str], str]) -> Said:
        return self._said(say(SOURCE), say(ENGLISH) if self.language == ENGLISH else None)

    def _by_locale(self, write: Callable[[Locale], str]) -> Said:
        own = write(self._locale) if self._locale else None
        return self._said(write(Locale(SOURCE)), own)


def _capital(name: str) -> str:
    return name[:1].upper() + name[1:]


@cache
def _catalogue(language: str) -> NullTranslations:
    """Return the fixed texts in a language; without a catalogue they stay Italian."""
    pages, sheets = (
        Translations.load(str(_TRANSLATIONS), [language], domain)
        for domain in ("messages", "print")
    )
    pages.add_fallback(sheets)
    return pages
