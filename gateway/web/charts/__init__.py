"""Charts: values in, SVG out, without script and without a style that a strict policy would block.

A chart says everything twice: its title and its description are read out, its values stand in it as
text. Colour comes with a letter, a pattern or a shape. Lengths of small and withheld counts are the
same whatever the count, so that a ruler tells no more than the text. The same figures belong into
a table beside the chart.
"""

from gateway.web.charts.bars import Bar, bar_chart
from gateway.web.charts.frame import Caption, Value
from gateway.web.charts.lines import Series, line_chart
from gateway.web.charts.progress import progress_chart
from gateway.web.charts.stacked import Stack, stacked_chart

__all__ = [
    "Bar",
    "Caption",
    "Series",
    "Stack",
    "Value",
    "bar_chart",
    "line_chart",
    "progress_chart",
    "stacked_chart",
]
