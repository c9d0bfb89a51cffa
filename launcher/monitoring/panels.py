"""How a dashboard is drawn: sections of panels, each with a unit, a sentence and its queries."""

from __future__ import annotations

import json
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

with warnings.catch_warnings():
    # The library prefers the second form of dashboards, which Grafana 11 does not read yet.
    warnings.simplefilter("ignore", DeprecationWarning)
    from grafana_foundation_sdk.builders import common as shared
    from grafana_foundation_sdk.builders import dashboard as drawn
    from grafana_foundation_sdk.builders import prometheus, stat, timeseries
    from grafana_foundation_sdk.cog.encoder import JSONEncoder
    from grafana_foundation_sdk.models import common, dashboard, units

WIDTH: Final = 24
_SOURCE: Final = common.DataSourceRef(type_val="prometheus", uid="${datasource}")
_LETTERS: Final = "ABCDEFGH"


class Unit(StrEnum):
    """What a number counts."""

    COUNT = units.Short
    PER_SECOND = units.OpsPerSecond
    SECONDS = units.Seconds
    SHARE = units.PercentUnit
    BYTES = units.BytesIEC


class Better(StrEnum):
    """Which way a number should go."""

    LOW = "low"
    HIGH = "high"


@dataclass(frozen=True)
class Query:
    """A question to Prometheus, and how its answers are named."""

    expr: str
    legend: str = ""


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One number, coloured at two limits: where it becomes a warning, and where a fault."""

    title: str
    about: str
    unit: Unit
    query: Query
    better: Better = Better.LOW
    limits: tuple[float, float] | None = None

    width: Final = 4
    height: Final = 4

    @property
    def queries(self) -> tuple[Query, ...]:
        """The queries of the panel."""
        return (self.query,)

    def builder(self) -> stat.Panel:
        """Return the panel that Grafana knows."""
        options = shared.ReduceDataOptions().calcs(["lastNotNull"])
        panel = stat.Panel().reduce_options(options).color_mode(common.BigValueColorMode.BACKGROUND)
        return panel.graph_mode(common.BigValueGraphMode.NONE).thresholds(self._thresholds())

    def _thresholds(self) -> drawn.ThresholdsConfig:
        colours = ["green", "orange", "red"]
        if self.better is Better.HIGH:
            colours.reverse()
        limits = (None, *(self.limits or ()))
        steps = [
            dashboard.Threshold(value=limit, color=colour)
            for limit, colour in zip(limits, colours, strict=False)
        ]
        return drawn.ThresholdsConfig().mode(dashboard.ThresholdsMode.ABSOLUTE).steps(steps)


@dataclass(frozen=True, kw_only=True)
class Lines:
    """Numbers in the course of time."""

    title: str
    about: str
    unit: Unit
    queries: tuple[Query, ...]
    stacked: bool = False

    width: Final = 12
    height: Final = 8

    def builder(self) -> timeseries.Panel:
        """Return the panel that Grafana knows."""
        legend = (
            shared.VizLegendOptions()
            .display_mode(common.LegendDisplayMode.TABLE)
            .placement(common.LegendPlacement.RIGHT)
            .show_legend(show_legend=True)
            .calcs(["lastNotNull", "max"])
        )
        panel = timeseries.Panel().legend(legend).fill_opacity(10).min(0)
        if self.stacked:
            panel = panel.stacking(shared.StackingConfig().mode(common.StackingMode.NORMAL))
        return panel.tooltip(shared.VizTooltipOptions().mode(common.TooltipDisplayMode.MULTI))


@dataclass(frozen=True, kw_only=True)
class Section:
    """Panels under a title."""

    title: str
    panels: tuple[Figure | Lines, ...]


@dataclass(frozen=True, kw_only=True)
class Choice:
    """A variable that the reader chooses: values of a label, several or all of them."""

    name: str
    label: str
    query: str


@dataclass(frozen=True, kw_only=True)
class Drawing:
    """A whole dashboard."""

    uid: str
    title: str
    about: str
    sections: tuple[Section, ...]
    choices: tuple[Choice, ...] = ()

    @property
    def queries(self) -> Iterator[tuple[str, Query]]:
        """Every query with the title of its panel."""
        for section in self.sections:
            for panel in section.panels:
                for query in panel.queries:
                    yield panel.title, query


def as_text(drawing: Drawing) -> str:
    """Return a dashboard as it is committed."""
    document = json.loads(JSONEncoder(sort_keys=True).encode(_build(drawing)))
    return json.dumps(document, indent=1, ensure_ascii=False, sort_keys=True) + "\n"


def understood(text: str) -> Any:
    """Return what Grafana's schema makes of a dashboard: it drops whatever it does not know."""
    read = dashboard.Dashboard.from_json(json.loads(text))
    return json.loads(JSONEncoder().encode(read))


def _build(drawing: Drawing) -> dashboard.Dashboard:
    page = (
        drawn.Dashboard(drawing.title)
        .uid(drawing.uid)
        .description(drawing.about)
        .tags(["plurali"])
        .editable()
        .refresh("30s")
        .time("now-6h", "now")
        .timezone("browser")
        .tooltip(dashboard.DashboardCursorSync.CROSSHAIR)
        .with_variable(
            drawn.DatasourceVariable("datasource").label("Prometheus").type("prometheus")
        )
    )
    for choice in drawing.choices:
        page = page.with_variable(_variable(choice))
    page = page.link(
        drawn.DashboardLink("Plurali")
        .type(dashboard.DashboardLinkType.DASHBOARDS)
        .tags(["plurali"])
        .as_dropdown(as_dropdown=True)
        .keep_time(keep_time=True)
        .include_vars(include_vars=True)
    )
    return _with_panels(page, drawing).build()


def _variable(choice: Choice) -> drawn.QueryVariable:
    return (
        drawn.QueryVariable(choice.name)
        .label(choice.label)
        .datasource(_SOURCE)
        .query(choice.query)
        .refresh(dashboard.VariableRefresh.ON_TIME_RANGE_CHANGED)
        .multi(multi=True)
        .include_all(include_all=True)
        .all_value(".+")
        .current(dashboard.VariableOption(text="All", value="$__all", selected=True))
    )


def _with_panels(page: drawn.Dashboard, drawing: Drawing) -> drawn.Dashboard:
    """Lay the panels out in lines, every section under its title."""
    number, top = 0, 0
    for section in drawing.sections:
        number += 1
        place = dashboard.GridPos(h=1, w=WIDTH, x=0, y=top)
        page = page.with_row(drawn.Row(section.title).id(number).grid_pos(place))
        top, left, tallest = top + 1, 0, 0
        for panel in section.panels:
            number += 1
            if left + panel.width > WIDTH:
                top, left, tallest = top + tallest, 0, 0
            place = dashboard.GridPos(h=panel.height, w=panel.width, x=left, y=top)
            page = page.with_panel(_placed(panel, number, place))
            left, tallest = left + panel.width, max(tallest, panel.height)
        top += tallest
    return page


def _placed(panel: Figure | Lines, number: int, place: dashboard.GridPos) -> Any:
    builder: Any = panel.builder()
    builder.id(number).title(panel.title).description(panel.about).unit(panel.unit)
    builder.datasource(_SOURCE).grid_pos(place)
    for letter, query in zip(_LETTERS, panel.queries, strict=False):
        target = prometheus.Dataquery().expr(query.expr).legend_format(query.legend or "__auto")
        target = target.ref_id(letter).datasource(_SOURCE)
        builder.with_target(target.instant() if isinstance(panel, Figure) else target.range())
    return builder
