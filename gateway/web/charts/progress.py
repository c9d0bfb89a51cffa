"""How far something is on its way to a target."""

from __future__ import annotations

from typing import Final

from markupsafe import Markup

from gateway.web.charts.frame import (
    LINE,
    MARGIN,
    WIDTH,
    Caption,
    Ground,
    Value,
    is_exact,
    length_of,
)
from gateway.web.charts.palette import COLOURS, TRACK

_HEIGHT: Final = 16.0
_ROOM: Final = WIDTH - 2 * MARGIN
_TOP: Final = LINE + MARGIN


def progress_chart(caption: Caption, value: Value, target: float) -> Markup:
    """Draw a bar towards a line that is the target; what is beyond it is drawn beyond it."""
    if target <= 0:
        raise ValueError("a target is more than zero")
    ground = Ground(caption)
    unit = _ROOM / max(target, length_of(value))
    aim = MARGIN + target * unit
    length = length_of(value) * unit
    ground.text(MARGIN, LINE - MARGIN, caption.number(value))
    ground.text(aim, LINE - MARGIN, caption.number(target), anchor="end")
    ground.bar(MARGIN, _TOP, aim - MARGIN, _HEIGHT, TRACK)
    if length:
        ground.bar(MARGIN, _TOP, length, _HEIGHT, COLOURS[0] if is_exact(value) else ground.hatch)
    ground.upright(aim - 0.75, _TOP - MARGIN, _TOP + _HEIGHT + MARGIN, strong=True)
    return ground.finish("progress", _TOP + _HEIGHT + 2 * MARGIN)
