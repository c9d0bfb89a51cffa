"""Wholes side by side, each parted to a hundred per cent."""

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
    is_exact,
    length_of,
    lines_of,
)
from gateway.web.charts.palette import COLOURS, LETTERS, MOST_PARTS, ON_COLOUR

_HEIGHT: Final = 20.0
_GAP: Final = 12.0
_ROOM: Final = WIDTH - 2 * MARGIN - 8
_LETTER_ROOM: Final = 14.0
_QUARTERS: Final[tuple[tuple[int, Anchor], ...]] = (
    (0, "start"),
    (25, "middle"),
    (50, "middle"),
    (75, "middle"),
    (100, "end"),
)


@dataclass(frozen=True)
class Stack:
    """A label, the values of the parts in the order of the legend, and the total where known."""

    label: str
    values: tuple[Value, ...]
    total: Value | None = None


def stacked_chart(caption: Caption, parts: Sequence[str], stacks: Sequence[Stack]) -> Markup:
    """Draw each whole as one bar; a letter names the part, and the line below has the values."""
    if len(parts) > MOST_PARTS or any(len(stack.values) != len(parts) for stack in stacks):
        raise ValueError(f"at most {MOST_PARTS} parts, and a value for each part of each whole")
    ground = Ground(caption)
    y = _legend(ground, parts)
    bottom = y + sum(len(lines_of(stack.label)) * LINE + LINE + _HEIGHT + _GAP for stack in stacks)
    for mark, anchor in _QUARTERS:
        ground.text(MARGIN + _ROOM * mark / 100, bottom, f"{mark}%", anchor=anchor)
    for stack in stacks:
        y = _draw(ground, caption, stack, y)
    return ground.finish("stacked", bottom + MARGIN)


def _legend(ground: Ground, parts: Sequence[str]) -> float:
    """Draw the letters, colours and names of the parts, one a line."""
    y = LINE
    for place, part in enumerate(parts):
        ground.bar(MARGIN, y - 12, 16, 15, COLOURS[place])
        ground.text(MARGIN + 8, y, LETTERS[place], anchor="middle", colour=ON_COLOUR)
        ground.text(MARGIN + 24, y, part)
        y += LINE
    return y + LINE


def _draw(ground: Ground, caption: Caption, stack: Stack, y: float) -> float:
    """Draw one whole; return where the next begins."""
    y = ground.paragraph(y, stack.label) - LINE + MARGIN
    for mark, _ in _QUARTERS:
        ground.upright(MARGIN + _ROOM * mark / 100, y - 3, y + _HEIGHT + 3, strong=mark == 0)
    lengths = lengths_of(stack)
    whole = sum(lengths) or 1.0
    x = MARGIN
    for place, (value, length) in enumerate(zip(stack.values, lengths, strict=True)):
        width = length / whole * _ROOM
        exact = is_exact(value)
        if width:
            ground.bar(x, y, width, _HEIGHT, COLOURS[place] if exact else ground.hatch)
        if exact and width > _LETTER_ROOM:
            ground.text(x + width / 2, y + 14.5, LETTERS[place], anchor="middle", colour=ON_COLOUR)
        x += width
    y += _HEIGHT + LINE - MARGIN
    values = (
        f"{LETTERS[place]} {caption.number(value)}" for place, value in enumerate(stack.values)
    )
    ground.text(MARGIN, y, " · ".join(values))
    return y + _GAP + LINE


def lengths_of(stack: Stack) -> list[float]:
    """Return the lengths of the parts: withheld ones share evenly what the total leaves over."""
    lengths = [length_of(value) for value in stack.values]
    withheld = [place for place, value in enumerate(stack.values) if _is_withheld(value)]
    if withheld and stack.total is not None and is_exact(stack.total):
        rest = max(length_of(stack.total) - sum(lengths), 0.0) / len(withheld)
        for place in withheld:
            lengths[place] = rest
    return lengths


def _is_withheld(value: Value) -> bool:
    return not is_exact(value) and length_of(value) == 0
