"""Charts are read by eyes, screen readers and printers, under the strictest policy."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from itertools import pairwise
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markupsafe import Markup

from gateway.web.charts import (
    Bar,
    Caption,
    Series,
    Stack,
    Value,
    bar_chart,
    line_chart,
    progress_chart,
    stacked_chart,
)
from gateway.web.charts.frame import WIDTH
from gateway.web.charts.palette import COLOURS, ON_COLOUR, TRACK
from gateway.web.charts.scale import MOST_LINES, ticks
from gateway.web.charts.stacked import lengths_of
from gateway.web.suppression import Small, Withheld

SVG = "{http://www.w3.org/2000/svg}"
VALUES: st.SearchStrategy[Value] = st.one_of(
    st.integers(0, 10**6), st.just(Small(5)), st.just(Withheld())
)
LABELS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=90)
EVERY_LANGUAGE = st.sampled_from(["it", "en", "ar", "fa", "ro", "uk", "zh", "xx"])


def _caption(
    language: str = "it", title: str = "Invii", description: str = "Per motivo"
) -> Caption:
    return Caption(key="c", title=title, description=description, language=language)


def _bars(caption: Caption, values: Sequence[Value], label: str) -> Markup:
    return bar_chart(caption, [Bar(label, value) for value in values])


def _stacked(caption: Caption, values: Sequence[Value], label: str) -> Markup:
    return stacked_chart(caption, [label] * len(values), [Stack(label, tuple(values))])


def _lines(caption: Caption, values: Sequence[Value], label: str) -> Markup:
    return line_chart(caption, [label] * len(values), [Series(label, tuple(values))])


def _progress(caption: Caption, values: Sequence[Value], label: str) -> Markup:
    del label
    return progress_chart(caption, values[0], 300)


KINDS = [_bars, _stacked, _lines, _progress]
Kind = Callable[[Caption, Sequence[Value], str], Markup]


def _words(chart: Markup) -> list[str]:
    tree = ET.fromstring(chart)  # noqa: S314 - our own drawing
    return [(each.text or "").strip("\u2068\u2069") for each in tree.iter(f"{SVG}text")]


def _bar_widths(chart: Markup) -> list[float]:
    return [float(width) for width in re.findall(r"<rect[^>]* width=\"([\d.]+)\"", chart)]


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=40)
@given(language=EVERY_LANGUAGE, label=LABELS, values=st.lists(VALUES, min_size=1, max_size=6))
def test_a_chart_is_well_formed_whatever_it_shows(
    kind: Kind, language: str, label: str, values: list[Value]
) -> None:
    """Any label and any value make an image with a name and a description of its own."""
    chart = kind(_caption(language, label, label), values, label)
    tree = ET.fromstring(chart)  # noqa: S314 - our own drawing
    ids = [each.get("id") for each in tree.iter() if each.get("id")]
    assert tree.get("role") == "img"
    assert (tree.get("aria-labelledby") or "").split() == ["c-title", "c-desc"]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=40)
@given(language=EVERY_LANGUAGE, values=st.lists(VALUES, min_size=1, max_size=6))
def test_nothing_is_drawn_outside(kind: Kind, language: str, values: list[Value]) -> None:
    """Every rectangle lies on the ground, from whichever side it starts."""
    for rect in ET.fromstring(kind(_caption(language), values, "Casa")).iter(f"{SVG}rect"):  # noqa: S314 - our own drawing
        begin, width = float(rect.get("x", "0")), float(rect.get("width", "0"))
        assert begin >= -0.01
        assert begin + width <= WIDTH + 0.01


@pytest.mark.parametrize("kind", KINDS)
def test_a_chart_holds_nothing_that_a_strict_policy_blocks(kind: Kind) -> None:
    """There is no style attribute, no style element, no script and no link."""
    chart = kind(_caption(title='<script>"&', description="<style>"), [3, 4], "<a href='x'>")
    tree = ET.fromstring(chart)  # noqa: S314 - our own drawing
    tags = {each.tag.removeprefix(SVG) for each in tree.iter()}
    names = {name for each in tree.iter() for name in each.attrib}
    assert not tags & {"style", "script", "a", "image", "use", "foreignObject"}
    assert not {name for name in names if name == "style" or name.startswith("on")}


@pytest.mark.parametrize("kind", KINDS)
def test_every_value_stands_in_the_chart(kind: Kind) -> None:
    """Numbers are written as the language writes them."""
    assert any("1.234" in words for words in _words(kind(_caption("it"), [1234], "Casa")))
    assert any("1,234" in words for words in _words(kind(_caption("en"), [1234], "Housing")))


@pytest.mark.parametrize("kind", KINDS)
def test_a_small_count_is_only_said_to_be_small(kind: Kind) -> None:
    """A count that may not be shown is written as less than five."""
    assert any("<5" in words for words in _words(kind(_caption(), [Small(5)], "Casa")))


@pytest.mark.parametrize("kind", KINDS)
def test_text_takes_the_colour_of_the_page(kind: Kind) -> None:
    """A chart that named its own ink would be dark on black where colours are forced."""
    tree = ET.fromstring(kind(_caption(), [3, 4], "Casa"))  # noqa: S314 - our own drawing
    inks = {each.get("fill") for each in tree.iter(f"{SVG}text")}
    assert "color" not in tree.attrib
    assert inks <= {"currentColor", ON_COLOUR}


def test_a_ruler_tells_no_more_than_the_text() -> None:
    """All small counts have one length, whatever they are."""
    chart = _bars(_caption(), [Small(5), 40, Small(5)], "Casa")
    widths = _bar_widths(chart)
    assert widths[0] == widths[2]


def test_withheld_parts_share_what_the_total_leaves() -> None:
    """The lengths follow from what is shown alone."""
    stack = Stack("A", (Withheld(), Small(5), 8, Withheld()), 50)
    assert lengths_of(stack) == [19.75, 2.5, 8.0, 19.75]


def test_a_line_breaks_where_a_count_is_not_shown() -> None:
    """A line through a withheld value would draw it."""
    chart = _lines(_caption(), [9, 12, Small(5), 20, 21], "gen")
    assert len(re.findall(r"<path[^>]*stroke-dasharray", chart)) == 2


def test_a_language_written_from_the_right_begins_on_the_right() -> None:
    """The first bar touches the right edge in Arabic and the left edge in Italian."""
    begin = {
        language: re.search(r"<rect x=\"([\d.]+)\"", _bars(_caption(language), [100], "x"))
        for language in ("it", "ar")
    }
    assert begin["it"] is not None
    assert begin["ar"] is not None
    assert float(begin["it"][1]) < float(begin["ar"][1])


@given(st.floats(0, 10**9), st.integers(3, MOST_LINES))
def test_the_lines_of_a_grid_are_few_and_reach_the_highest(highest: float, most: int) -> None:
    """There are at most ten, evenly spread, from zero on."""
    marks = ticks(highest, most)
    assert marks[0] == 0
    assert marks[-1] >= highest
    assert len(marks) <= most
    assert len({round(after - before, 6) for before, after in pairwise(marks)}) == 1


@pytest.mark.parametrize("colour", COLOURS)
def test_colours_can_be_told_from_the_paper_and_carry_white_letters(colour: str) -> None:
    """WCAG asks 3:1 of a graphic and 4.5:1 of text."""
    assert _contrast(colour, "#ffffff") >= 3
    assert _contrast(colour, ON_COLOUR) >= 4.5
    assert _contrast(colour, TRACK) >= 3


def test_a_chart_of_more_parts_than_colours_is_refused() -> None:
    """Seven parts cannot be told apart; they belong into a table."""
    with pytest.raises(ValueError, match="at most 6 parts"):
        _stacked(_caption(), [1] * 7, "Casa")


def test_a_target_of_nothing_is_refused() -> None:
    """There is no way towards zero."""
    with pytest.raises(ValueError, match="more than zero"):
        progress_chart(_caption(), 3, 0)


def _contrast(one: str, other: str) -> float:
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    channels = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
