"""What every template can say: names, days, labels, links to files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from flask import Flask, g, request
from flask_babel import format_date, format_datetime, format_timedelta
from werkzeug.datastructures import MultiDict

from chassis import clock
from contracts.calendar import day_of
from gateway.problems import Answer
from gateway.web import choices, navigation, words
from gateway.web.cookies import SHORTCUTS
from gateway.web.languages import LANGUAGES, NAMES, chosen
from gateway.web.screen import Form
from gateway.web.speaker import NO_TEXT, Speaker
from gateway.web.static import asset_url
from gateway.web.views import DEBTS


def day(value: date | datetime | None, form: str = "long") -> str:
    """Write a day, in Italy, as the language writes it."""
    if value is None:
        return NO_TEXT
    written: str = format_date(day_of(value) if isinstance(value, datetime) else value, form)
    return written


def moment(value: datetime | None, form: str = "medium") -> str:
    """Write a moment by the clock in Italy."""
    if value is None:
        return NO_TEXT
    written: str = format_datetime(value, _MOMENTS.get(form, form))
    return written


_MOMENTS: Final[Mapping[str, str]] = {"medium": "d MMM y, HH:mm", "time": "HH:mm"}


def ago(value: datetime) -> str:
    """Say how long something is ago."""
    written: str = format_timedelta(value - clock.now(), add_direction=True)
    return written


def lasting(seconds: str) -> str:
    """Say how long a number of seconds is."""
    written: str = format_timedelta(timedelta(seconds=int(seconds)), threshold=1.0)
    return written


def label(member: StrEnum | None) -> str:
    """Say a member of an enumeration."""
    return NO_TEXT if member is None else words.label(member, chosen())


def hint(member: StrEnum) -> str | None:
    """Explain a member of an enumeration, where that helps."""
    return words.word_of(member).explained(chosen())


def tone(member: StrEnum) -> str:
    """Return in which tone a badge says a member."""
    return words.word_of(member).tone.value


def spoken(kind: str, code: str | None) -> str:
    """Say a code that travels as plain text."""
    return NO_TEXT if code is None else words.spoken(kind, str(code), chosen())


def advice(kind: str, code: str) -> str | None:
    """Say what is known about a code, where something is."""
    word = words.CODES[kind].get(code)
    if word is None:
        return None
    return " ".join(filter(None, (word.said(chosen()), word.explained(chosen()))))


def typed(name: str, default: Any = "") -> Any:
    """Return what was typed into a field before, else what it begins with."""
    return _form().get(name, "" if default is None else default)


def typed_all(name: str, default: Sequence[Any] = ()) -> list[str]:
    """Return everything that was chosen in a field of several, else what it begins with."""
    form = _form()
    return form.getlist(name) if form else [str(each) for each in default]


def _form() -> Form:
    """Return what was sent, to be shown again."""
    return g.visit.form if "visit" in g else MultiDict()


def refusal_here() -> Answer | None:
    """Return why what was sent could not be done, where the page is shown again for that."""
    return g.visit.refusal if "visit" in g else None


def problems_of(name: str) -> list[str]:
    """Say what is wrong with a field."""
    refusal = refusal_here()
    if refusal is None:
        return []
    return [
        spoken_problem(each.message, each.field)
        for each in refusal.errors
        if each.field == name or each.field.endswith(f".{name}")
    ]


def spoken_problem(text: str, path: str = "") -> str:
    """Say what is wrong with a field, whose path some sentences need."""
    return words.sentence(text, chosen(), path=path)


def refusal_text(slug: str, sentence: str = "") -> str:
    """Say why something could not be done, and the way out."""
    return words.refusal(slug, chosen(), sentence)


def form_key() -> str:
    """Return a name for what a form will send, so that it is done once however often it comes.

    What was sent and may have been done keeps its name: sent again, it is not done twice.
    """
    return g.get("unsettled_key") or str(clock.new_id())


def furnish(app: Flask, speaker: Speaker) -> None:
    """Give every template its words."""
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.add_extension("jinja2.ext.do")
    app.jinja_env.globals.update(
        asset_url=asset_url,
        agency=speaker.agency,
        service=speaker.service,
        category=speaker.category,
        pathway=speaker.pathway,
        colleague=speaker.colleague,
        reference=speaker.reference,
        label=label,
        hint=hint,
        tone=tone,
        spoken=spoken,
        advice=advice,
        typed=typed,
        typed_all=typed_all,
        problems_of=problems_of,
        refusal_here=refusal_here,
        spoken_problem=spoken_problem,
        refusal_text=refusal_text,
        form_key=form_key,
        options=choices.options,
        some=choices.some,
        all_languages=choices.languages,
        all_countries=choices.countries,
        all_municipalities=choices.municipalities,
        served_municipalities=choices.served_municipalities,
        yes_or_no=choices.yes_or_no,
        field_label=choices.field_label,
        field_hint=choices.field_hint,
        path_label=choices.path_label,
        languages={code: NAMES[code] for code in LANGUAGES},
        day=day,
        moment=moment,
        ago=ago,
        lasting=lasting,
        today=lambda: day_of(clock.now()),
        home=navigation.home,
        debts=DEBTS,
    )
    app.jinja_env.filters["label_of"] = label
    app.context_processor(_surroundings)


def _surroundings() -> dict[str, Any]:
    """Return what the base of a page shows around it."""
    visit = g.get("visit")
    session = g.get("session")
    return {
        "visit": visit,
        "language": chosen(),
        "session_here": session,
        "ways": list(navigation.ways(visit)) if visit is not None else [],
        "here": request.path,
        "screen": g.get("screen"),
        "shortcuts_off": request.cookies.get(SHORTCUTS) == "off",
    }
