"""One bar for each value, the label above it and the value at its end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup

from gateway.web.charts.frame import (
    LINE,
    MARGIN,
    WIDTH,
    Anchor,
    Caption,
    Ground,
    Value,
    highest_of,
    is_exact,
    length_of,
    lines_of,
)
from gateway.web.charts.palette import COLOURS
from gateway.web.charts.scale import ticks

_HEIGHT: Final = 16.0
_GAP: Final = 10.0
_FOR_VALUE: Final = 58.0
_AXIS_LABELS: Final = 6


@dataclass(frozen=True)
class Bar:
    """A label and its value."""

    label: str
    value: Value


def bar_chart(caption: Caption, bars: Sequence[Bar]) -> Markup:
    """Draw bars that lie, so that long labels have room and nothing turns on its side."""
    ground = Ground(caption)
    marks = ticks(highest_of(bar.value for bar in bars), _AXIS_LABELS)
    room = WIDTH - 2 * MARGIN - _FOR_VALUE
    unit = room / marks[-1]
    bottom = LINE + sum(len(lines_of(bar.label)) * LINE + _HEIGHT + _GAP for bar in bars)
    for mark in marks:
        anchor: Anchor = "start" if mark == 0 else "middle"
        ground.text(MARGIN + mark * unit, bottom, caption.number(mark), anchor=anchor)
    y = LINE - MARGIN
    for bar in bars:
        y = ground.paragraph(y, bar.label) - LINE + MARGIN
        length = length_of(bar.value) * unit
        for mark in marks:
            ground.upright(MARGIN + mark * unit, y - 2, y + _HEIGHT + 2, strong=mark == 0)
        paint = COLOURS[0] if is_exact(bar.value) else ground.hatch
        ground.bar(MARGIN, y, length, _HEIGHT, paint)
        ground.text(MARGIN + length + 6, y + _HEIGHT - 3, caption.number(bar.value))
        y += _HEIGHT + _GAP + LINE - MARGIN
    return ground.finish("bars", bottom + MARGIN)
