"""Values over time: one line for each series, told apart by letter, dashes and colour."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup

from gateway.web.charts.frame import (
    LINE,
    MARGIN,
    SIZE,
    WIDTH,
    Anchor,
    Caption,
    Ground,
    Value,
    element,
    highest_of,
    is_exact,
    length_of,
)
from gateway.web.charts.palette import COLOURS, DASHES, INK, LETTERS, MOST_SERIES
from gateway.web.charts.scale import ticks

_HEIGHT: Final = 170.0
_FOR_NUMBERS: Final = 44.0
_FOR_LETTERS: Final = 20.0
_AXIS_LABELS: Final = 6
_ACROSS: Final = 6
_VALUES_SHOWN: Final = 8


@dataclass(frozen=True)
class Series:
    """A name and its values, one for each moment; ``None`` where nothing is known."""

    name: str
    values: tuple[Value | None, ...]


@dataclass(frozen=True)
class _Field:
    """The part of the ground in which the lines run."""

    top: float
    highest: float
    moments: int

    def x(self, moment: int) -> float:
        left, right = MARGIN + _FOR_NUMBERS, WIDTH - MARGIN - _FOR_LETTERS
        if self.moments == 1:
            return (left + right) / 2
        return left + (right - left) * moment / (self.moments - 1)

    def y(self, value: float) -> float:
        return self.top + _HEIGHT * (1 - value / self.highest)


def line_chart(caption: Caption, moments: Sequence[str], series: Sequence[Series]) -> Markup:
    """Draw lines over moments; a line breaks where nothing is known or a count is not shown."""
    if len(series) > MOST_SERIES or any(len(each.values) != len(moments) for each in series):
        raise ValueError(f"at most {MOST_SERIES} series, and a value for each moment of each")
    ground = Ground(caption)
    y = _legend(ground, series) if len(series) > 1 else LINE
    marks = ticks(highest_of(value for each in series for value in each.values), _AXIS_LABELS)
    field = _Field(y, marks[-1], max(len(moments), 1))
    _axes(ground, caption, field, marks, moments)
    for place, each in enumerate(series):
        _draw(ground, field, place, each)
    if len(series) > 1:
        _write_letters(ground, field, series)
    elif len(moments) <= _VALUES_SHOWN:
        for each in series:
            _write_values(ground, caption, field, each)
    return ground.finish("lines", field.top + _HEIGHT + 2 * LINE)


def _legend(ground: Ground, series: Sequence[Series]) -> float:
    """Draw the letters, lines and names of the series, one a line."""
    y = LINE
    for place, each in enumerate(series):
        points = [(MARGIN, y - 4), (MARGIN + 30, y - 4)]
        _polyline(ground, place, points)
        ground.text(MARGIN + 42, y, f"{LETTERS[place]} {each.name}")
        y += LINE
    return y + MARGIN


def _axes(
    ground: Ground,
    caption: Caption,
    field: _Field,
    marks: Sequence[float],
    moments: Sequence[str],
) -> None:
    """Draw the lines of the grid with their numbers, and the moments below."""
    for mark in marks:
        y = field.y(mark)
        begin, end = MARGIN + _FOR_NUMBERS - 6, WIDTH - MARGIN - _FOR_LETTERS + 6
        ground.line((begin, y), (end, y), strong=mark == 0)
        ground.text(begin - 4, y + 4, caption.number(mark), anchor="end")
    for moment in _spread(len(moments)):
        ground.text(field.x(moment), field.top + _HEIGHT + LINE, moments[moment], anchor="middle")


def _spread(count: int) -> list[int]:
    """Return the moments to name: the last, and in even steps those before it."""
    step = max(1, -(-(count - 1) // (_ACROSS - 1)))
    return list(range(count - 1, -1, -step))


def _draw(ground: Ground, field: _Field, place: int, series: Series) -> None:
    """Draw a line in as many pieces as its known values make, and a sign at each value."""
    piece: list[tuple[float, float]] = []
    for moment, value in enumerate(series.values):
        if value is not None and is_exact(value):
            piece.append((field.x(moment), field.y(length_of(value))))
            continue
        _polyline(ground, place, piece)
        piece = []
        if value is not None:
            ground.bar(field.x(moment) - 4, field.y(0) - 8, 8, 8, ground.hatch)
    _polyline(ground, place, piece)


def _polyline(ground: Ground, place: int, points: Sequence[tuple[float, float]]) -> None:
    """Draw one piece of a line with its signs."""
    if not points:
        return
    turned = [(ground.at(x), y) for x, y in points]
    ground.add(
        element(
            "path",
            d="M" + " L".join(f"{x:.1f} {y:.1f}" for x, y in turned),
            fill="none",
            stroke=COLOURS[place],
            stroke_width=2.25,
            stroke_dasharray=DASHES[place],
        ),
        *(
            element("circle", cx=x, cy=y, r=3, fill=COLOURS[place], stroke=INK, stroke_width=0.5)
            for x, y in turned
        ),
    )


def _write_values(ground: Ground, caption: Caption, field: _Field, series: Series) -> None:
    """Write each value above its point."""
    for moment, value in enumerate(series.values):
        if value is not None:
            height = field.y(length_of(value) if is_exact(value) else 0) - 9
            anchor: Anchor = "start" if moment == 0 and len(series.values) > 1 else "middle"
            ground.text(field.x(moment), height, caption.number(value), anchor=anchor)


def _write_letters(ground: Ground, field: _Field, series: Sequence[Series]) -> None:
    """Write the letter of each series at its end, letters that would meet one above the other."""
    ends = [end for place, each in enumerate(series) for end in _end(field, place, each)]
    free: dict[float, float] = {}
    for y, x, place in sorted(ends, reverse=True):
        above = min(y, free.get(x, y))
        ground.text(x + 7, above + 4, LETTERS[place])
        free[x] = above - SIZE


def _end(field: _Field, place: int, series: Series) -> list[tuple[float, float, int]]:
    """Return where the last known value of a series lies, if it has any."""
    known = [
        (field.y(length_of(value)), field.x(moment), place)
        for moment, value in enumerate(series.values)
        if value is not None and is_exact(value)
    ]
    return known[-1:]
