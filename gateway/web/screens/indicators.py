"""The project's indicators: where each promised figure stands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from flask_babel import gettext as _
from markupsafe import Markup

from contracts.calendar import day_of
from contracts.reporting import GetIndicators, Indicator, IndicatorSheet
from gateway.sheets import CSV, for_spreadsheets
from gateway.web import forms
from gateway.web.charts import Caption, progress_chart
from gateway.web.screen import Download, Outcome, Page, Screen, Visit
from gateway.web.speaker import NO_TEXT
from gateway.web.suppression import Figure, Small, least_shown, shown


def _ask(visit: Visit) -> IndicatorSheet:
    return visit.ask(forms.read(GetIndicators, visit.query))


@dataclass(frozen=True, kw_only=True)
class Row:
    """An indicator as the page shows it: a small count is not told, and neither is its share."""

    indicator: Indicator
    name: str
    unit: str
    note: str | None
    figure: str
    counted: str
    unknown: str
    chart: Markup | None


def show_indicators(visit: Visit) -> Outcome:
    """Show every indicator with its target."""
    shown_ = _ask(visit)
    least = least_shown(day_of(visit.turn.now))
    return Page(
        template="indicators/indicators.html",
        context={
            "shown": shown_,
            "source": shown_.source_en if visit.language == "en" else shown_.source_it,
            "rows": [_row(each, visit.language, least) for each in shown_.items],
            "kind": GetIndicators,
        },
    )


def _row(indicator: Indicator, language: str, least: int) -> Row:
    english = language == "en"
    name = indicator.name_en if english else indicator.name_it
    figure = _figure(indicator, least)
    caption = Caption(
        key=indicator.code,
        title=name,
        description=_("Valore raggiunto e obiettivo: %(target)s.", target=indicator.target),
        language=language,
    )
    return Row(
        indicator=indicator,
        name=name,
        unit=indicator.unit_en if english else indicator.unit_it,
        note=indicator.note_en if english else indicator.note_it,
        figure=_text(figure),
        counted=_text(shown(indicator.counted, least)),
        unknown=_text(shown(indicator.unknown, least)),
        chart=None if figure is None else progress_chart(caption, figure, indicator.target),
    )


def _text(figure: Figure | None) -> str:
    match figure:
        case None:
            return NO_TEXT
        case int():
            return str(figure)
        case _:
            return figure.text


def _figure(indicator: Indicator, least: int) -> Figure | None:
    """Return the value as it may be shown; a share of a few people would tell who they are."""
    if indicator.value is None:
        return None
    if 0 < indicator.counted < least:
        return Small(least)
    return (
        shown(indicator.value, least) if indicator.counted == indicator.value else indicator.value
    )


def show_export(visit: Visit) -> Outcome:
    """Hand the indicators out as a table."""
    sheet_shown = _ask(visit)
    least = least_shown(day_of(visit.turn.now))
    rows = (_row(each, visit.language, least) for each in sheet_shown.items)
    columns = (
        _("Indicatore"),
        _("Raggiunto"),
        _("Obiettivo"),
        _("Unità"),
        _("Su quanti"),
        _("Non noti"),
    )
    table = for_spreadsheets(
        columns,
        (
            (
                row.name,
                row.figure,
                row.indicator.target,
                row.unit,
                row.counted,
                row.unknown,
            )
            for row in rows
        ),
    )
    name = f"indicators-{sheet_shown.period_from}-{sheet_shown.period_to}.csv"
    return Download(body=table, media=CSV, name=name)


SCREENS: Final = (
    Screen(
        name="indicators", path="/indicators", shows=show_indicators, permission="indicator:read"
    ),
    Screen(
        name="indicators_export",
        path="/indicators.csv",
        shows=show_export,
        permission="indicator:read",
    ),
)
