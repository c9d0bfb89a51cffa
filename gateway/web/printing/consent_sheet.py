"""The sheet on which a person authorises sharing: what, with whom, until when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from jinja2 import Environment

from contracts.intake import DataCategory, Purpose
from gateway.web.printing.sheet import Imprint, page_of
from gateway.web.printing.voices import Said, Voices


@dataclass(frozen=True, kw_only=True)
class Authorisation:
    """What a sheet is made from; without a recipient every agency of the pact is meant."""

    person: str
    worker: str
    recipient: str | None
    purpose: Purpose
    categories: Sequence[DataCategory]
    expires_on: date


@dataclass(frozen=True, kw_only=True)
class ConsentSheet:
    """The sheet as it is read, talked over and signed."""

    imprint: Imprint
    person: str
    worker: str
    recipient: str | None
    purpose: Said
    shared: tuple[tuple[Said, Said | None], ...]
    kept: tuple[Said, ...]
    """What is not shared, said as plainly as what is."""

    expires: Said


def consent_sheet(authorisation: Authorisation, voices: Voices, imprint: Imprint) -> ConsentSheet:
    """Return what stands on the sheet of a consent."""
    chosen = set(authorisation.categories)
    return ConsentSheet(
        imprint=imprint,
        person=authorisation.person,
        worker=authorisation.worker,
        recipient=authorisation.recipient,
        purpose=voices.word(authorisation.purpose),
        shared=tuple(
            (voices.word(each), voices.hint(each)) for each in DataCategory if each in chosen
        ),
        kept=tuple(voices.word(each) for each in DataCategory if each not in chosen),
        expires=voices.day(authorisation.expires_on),
    )


def render(environment: Environment, sheet: ConsentSheet, voices: Voices) -> str:
    """Return the sheet as a page to be printed."""
    return page_of(environment, "consent.html", voices, sheet.imprint, sheet=sheet)
