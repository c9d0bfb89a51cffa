"""What everybody may read, and the language in which it is read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from flask_babel import lazy_gettext as _

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


def show_style(_visit: Visit) -> Outcome:
    """Show the pieces that pages are made of."""
    return Page(template="style.html")


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
