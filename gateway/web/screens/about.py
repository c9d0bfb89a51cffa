"""What everybody may read, and the language in which it is read."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Any, Final

from flask import g
from flask_babel import lazy_gettext as _

from gateway.problems import Answer, FieldProblem
from gateway.web.errand import next_of
from gateway.web.languages import LANGUAGES
from gateway.web.screen import Go, Outcome, Page, Screen, Visit


def take_language(visit: Visit) -> Outcome:
    """Speak another language from now on, and go back to where it was chosen."""
    chosen = next((each for each in LANGUAGES if each == visit.form.get("language")), None)
    return Go(to=next_of(visit) or "/", language=chosen)


def _show(name: str, title: Any) -> Callable[[Visit], Outcome]:
    """Return what shows one of the pages for everybody."""

    def show(_visit: Visit) -> Outcome:
        return Page(template="about/page.html", context={"name": name, "title": str(title)})

    return show


def show_style(visit: Visit) -> Outcome:
    """Show the pieces that pages are made of."""
    wrong = FieldProblem(field="wrong", message="Some of what was typed cannot be right.")
    refused = Answer(HTTPStatus.UNPROCESSABLE_ENTITY, "invalid-request", "", (wrong,))
    g.visit = visit.refused(refused)
    return Page(template="style.html", context={"refused": refused})


SCREENS: Final = (
    Screen(name="language", path="/language", takes=take_language, anonymous=True),
    *(
        Screen(name=name, path=f"/{name}", shows=_show(name, title), anonymous=True)
        for name, title in (
            ("help", _("Aiuto")),
            ("privacy", _("Informativa privacy")),
            ("accessibility", _("Dichiarazione di accessibilità")),
        )
    ),
    Screen(name="style", path="/style", shows=show_style, anonymous=True),
)
