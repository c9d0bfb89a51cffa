"""What every chart has: title, description, language, and a ground that runs either way."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final, Literal

from babel import Locale
from babel.core import UnknownLocaleError
from babel.numbers import format_decimal
from markupsafe import Markup, escape

from gateway.web.charts.palette import INK
from gateway.web.direction import direction_of
from gateway.web.suppression import Figure, Small, Withheld

Value = Figure | float
"""A number, or a count that is not shown."""

WIDTH: Final = 400.0
SIZE: Final = 13
LINE: Final = 17.0
MARGIN: Final = 4.0
_LETTERS_IN_LINE: Final = 58
_FONTS: Final = "Titillium Web, Noto Sans, Noto Sans Arabic, sans-serif"
_ISOLATE: Final = ("\u2068", "\u2069")

Anchor = Literal["start", "middle", "end"]
"""Which part of the words stands at the place that is named."""

_TURNED: Final[dict[Anchor, Anchor]] = {"start": "end", "middle": "middle", "end": "start"}


@dataclass(frozen=True, kw_only=True)
class Caption:
    """What a chart shows, in words; ``key`` makes its ids unique on the page."""

    key: str
    title: str
    description: str
    language: str

    @cached_property
    def locale(self) -> Locale:
        """Return the locale of the numbers; an unknown language has them as Italian does."""
        try:
            return Locale.parse(self.language)
        except (UnknownLocaleError, ValueError):
            return Locale("it")

    @property
    def is_mirrored(self) -> bool:
        """Tell whether the chart begins on the right."""
        return direction_of(self.language) == "rtl"

    def number(self, value: Value) -> str:
        """Return a value as text."""
        if isinstance(value, Small | Withheld):
            return value.text
        return format_decimal(value, format="#,##0.#", locale=self.locale)


def element(tag: str, *inside: Markup | str, **attributes: str | float | None) -> Markup:
    """Return an SVG element; an underscore in a name stands for a hyphen."""
    written = Markup("").join(
        Markup(' {}="{}"').format(name.rstrip("_").replace("_", "-"), _plain(value))
        for name, value in attributes.items()
        if value is not None
    )
    return Markup("<{tag}{written}>{inside}</{tag}>").format(
        tag=Markup(tag),  # noqa: S704 - the names of elements stand in this package
        written=written,
        inside=Markup("").join(escape(each) for each in inside),
    )


def _plain(value: str | float) -> str:
    return value if isinstance(value, str) else f"{value:.2f}".rstrip("0").rstrip(".")


class Ground:
    """Where a chart is drawn: from the start of the line, whichever side that is."""

    def __init__(self, caption: Caption) -> None:
        """Begin with nothing drawn."""
        self._caption = caption
        self._drawn: list[Markup] = []

    @property
    def hatch(self) -> str:
        """Return the paint of what is not shown exactly."""
        return f"url(#{self._caption.key}-hatch)"

    def add(self, *drawn: Markup) -> None:
        """Draw something that does not depend on the direction."""
        self._drawn += drawn

    def at(self, x: float) -> float:
        """Return the place of a distance from the start of the line."""
        return WIDTH - x if self._caption.is_mirrored else x

    def text(
        self, x: float, y: float, words: str, *, anchor: Anchor = "start", colour: str = INK
    ) -> None:
        """Write words; y is their baseline."""
        # The anchor's sides do not turn with the page, for the ground itself always runs from the
        # left; the isolation orders mixed scripts. (WeasyPrint draws the letters of an SVG one by
        # one, which tears Arabic apart: charts that are printed are in Italian or English.)
        turned = _TURNED[anchor] if self._caption.is_mirrored else anchor
        isolated = words.join(_ISOLATE) if self._caption.is_mirrored else words
        self.add(
            element(
                "text", isolated, x=self.at(x), y=y, text_anchor=turned, fill=colour, stroke="none"
            )
        )

    def paragraph(self, y: float, words: str) -> float:
        """Write words in as many lines as they take; return the baseline after them."""
        for line in lines_of(words):
            self.text(MARGIN, y, line)
            y += LINE
        return y

    def bar(self, x: float, y: float, length: float, height: float, paint: str) -> None:
        """Draw a rectangle from a distance on."""
        begin = min(self.at(x), self.at(x + length))
        self.add(
            element(
                "rect",
                x=begin,
                y=y,
                width=max(length, 0.0),
                height=height,
                fill=paint,
                stroke=INK,
                stroke_width=0.75,
            )
        )

    def upright(self, x: float, top: float, bottom: float, *, strong: bool = False) -> None:
        """Draw an upright line: a light one of the grid, or a strong one that means something."""
        self.line((x, top), (x, bottom), strong=strong)

    def line(
        self, begin: tuple[float, float], end: tuple[float, float], *, strong: bool = False
    ) -> None:
        """Draw a straight line."""
        self.add(
            element(
                "line",
                x1=self.at(begin[0]),
                y1=begin[1],
                x2=self.at(end[0]),
                y2=end[1],
                stroke=INK,
                stroke_width=1.5 if strong else 0.5,
                stroke_opacity=None if strong else 0.3,
            )
        )

    def finish(self, kind: str, height: float) -> Markup:
        """Return the whole chart."""
        caption = self._caption
        names = f"{caption.key}-title", f"{caption.key}-desc"
        return element(
            "svg",
            element("title", caption.title, id=names[0]),
            element("desc", caption.description, id=names[1]),
            element("defs", _hatch(f"{caption.key}-hatch")),
            *self._drawn,
            xmlns="http://www.w3.org/2000/svg",
            class_=f"chart chart-{kind}",
            viewBox=f"0 0 {WIDTH:.0f} {_plain(height)}",
            role="img",
            aria_labelledby=" ".join(names),
            lang=caption.language,
            direction="ltr",
            font_family=_FONTS,
            font_size=SIZE,
        )


def lines_of(words: str) -> Sequence[str]:
    """Return words in lines that fit the width of a chart."""
    return textwrap.wrap(words, _LETTERS_IN_LINE) or [""]


def length_of(value: Value) -> float:
    """Return how long a value is drawn: one length for all small counts, one for all withheld."""
    match value:
        case Small(below=below):
            return below / 2
        case Withheld():
            return 0.0
        case _:
            return float(value)


def is_exact(value: Value | None) -> bool:
    """Tell whether a value is a number."""
    return isinstance(value, int | float)


def highest_of(values: Iterable[Value | None]) -> float:
    """Return the greatest length among values, and at least one."""
    return max([1.0, *(length_of(value) for value in values if value is not None)])


def _hatch(name: str) -> Markup:
    return element(
        "pattern",
        element("path", d="M0 6 L6 0", stroke=INK, stroke_width=1.2),
        id=name,
        patternUnits="userSpaceOnUse",
        width=6,
        height=6,
    )
