"""What every sheet has: who it comes from, who printed it when, and its way onto the page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment
from markupsafe import Markup

from gateway.web.printing.press import render_pdf
from gateway.web.printing.voices import Said, Voices

_STYLE: Final = Path(__file__).parent / "print.css"


@dataclass(frozen=True, kw_only=True)
class Imprint:
    """Who printed a sheet, in which role, for which agency, and when."""

    agency: str
    printed_by: str
    role: str
    printed_at: datetime


@dataclass(frozen=True, kw_only=True)
class Party:
    """An agency or a service as a letter names it."""

    name: str
    address: str | None = None
    phone: str | None = None
    email: str | None = None


def page_of(
    environment: Environment, template: str, voices: Voices, imprint: Imprint, **parts: Any
) -> str:
    """Return a sheet as a page of HTML that needs nothing but itself.

    ``_`` says the fixed texts of the template in both languages; Italian is their key in the
    catalogue.
    """
    return environment.get_template(f"print/{template}").render(
        _=voices.phrase,
        voices=voices,
        imprint=imprint,
        printed_at=voices.moment(imprint.printed_at),
        style=_style(),
        **parts,
    )


def printed(page: str) -> bytes:
    """Return a page of a sheet as PDF/UA; see ``press.render_pdf``."""
    return render_pdf(page)


def or_none(text: str | None) -> Said | None:
    """Say a text that may be absent."""
    return Said(text) if text else None


@cache
def _style() -> Markup:
    return Markup(_STYLE.read_text(encoding="utf-8"))  # noqa: S704 - our own stylesheet
