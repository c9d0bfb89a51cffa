"""Sheets of paper for tests: invented persons, agencies and interviews."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from uuid import UUID

from babel.messages.pofile import read_po
from jinja2 import Environment, FileSystemLoader

import gateway
from contracts.intake import DataCategory, PersonDetails, Purpose
from contracts.referrals import Referral
from contracts.screening import Decision, Screening, ScreeningResult, ScreeningStatus
from gateway.web.printing import consent_sheet, referral_letter, screening_sheet
from gateway.web.printing.sheet import Imprint, Party
from gateway.web.printing.voices import Voices
from services.screening.domain.texts import show_form
from services.screening.forms import shelf
from tests.support.scheda import BY_ID, SCHEDA
from tests.support.service_answers import a_referral

WEB = Path(gateway.__file__).parent / "web"
NOW = datetime(2026, 11, 27, 17, 5, tzinfo=UTC)
IMPRINT = Imprint(
    agency="Consorzio In Rete", printed_by="Marta Riva", role="operatrice", printed_at=NOW
)
ENVIRONMENT = Environment(
    loader=FileSystemLoader(WEB / "templates"),
    autoescape=True,
    trim_blocks=True,
    lstrip_blocks=True,
)
CATALOGUE = WEB / "translations" / "en" / "LC_MESSAGES" / "print.po"
_ID = UUID("01990000-0000-7000-8000-000000000001")


@cache
def english() -> dict[str, str]:
    """Return the English fixed texts of the sheets, read from their source."""
    with CATALOGUE.open("rb") as text:
        catalogue = read_po(text, locale="en")
    return {str(entry.id): str(entry.string) for entry in catalogue if entry.id and entry.string}


def voices(language: str | None, form_language: str | None = None) -> Voices:
    """Return the voices of a language, with the fixed texts as they are written now."""
    texts = english() if language == "en" else {}
    return Voices(language or "it", lambda text: texts.get(text, text), form_language)


def interview(
    vignette: str = "V1",
    *,
    language: str | None = None,
    safety: bool = False,
    completed: bool = True,
    person: str = "Amina Haddad",
) -> screening_sheet.Interview:
    """Return a golden vignette as an interview held in a language."""
    case = BY_ID[vignette]
    held = case.interview
    seen = held if safety else held.without_safety()
    translations = shelf().translations.get(SCHEDA.version, ())
    return screening_sheet.Interview(
        form=show_form(SCHEDA, translations, language=language),
        screening=Screening(
            screening_id=_ID,
            person_id=_ID,
            agency_id=_ID,
            worker_id=_ID,
            form_version=SCHEDA.version,
            mode=case.mode,
            language=language,
            status=ScreeningStatus.COMPLETED if completed else ScreeningStatus.DRAFT,
            version=3,
            context=case.context,
            answers=dict(seen.answers),
            visible=tuple(item.code for item in seen.asked()),
            missing=(),
            started_at=datetime(2026, 11, 26, 9, 30, tzinfo=UTC),
            changed_at=datetime(2026, 11, 26, 10, 5, tzinfo=UTC),
            completed_at=datetime(2026, 11, 26, 10, 5, tzinfo=UTC) if completed else None,
            result=_decided(case.results.seen(safety=safety)) if completed else None,
        ),
        person=person,
        worker="Marta Riva",
        names={"LIN.2": ("Corsi di italiano L2", "Italian L2 courses")},
        safety=safety,
    )


def _decided(result: ScreeningResult) -> ScreeningResult:
    """Return a result to the suggestions of which the person said yes."""
    return replace(
        result, areas=tuple(replace(area, decision=Decision.AGREED) for area in result.areas)
    )


def screening_page(
    vignette: str = "V1",
    *,
    language: str | None = None,
    safety: bool = False,
    completed: bool = True,
) -> str:
    """Return the sheet of a vignette as a page."""
    held = interview(vignette, language=language, safety=safety, completed=completed)
    speaking = voices(language, held.form.language)
    sheet = screening_sheet.screening_sheet(held, speaking, IMPRINT)
    return screening_sheet.render(ENVIRONMENT, sheet, speaking)


DETAILS = PersonDetails.load(
    {
        "given_name": "Amina",
        "family_name": "Haddad",
        "birth_date": "1991-04-02",
        "gender": "female",
        "citizenships": ["MA"],
        "birth_country": "MA",
        "mother_tongue": "ar",
        "language": "ar",
        "municipality": "001194",
        "phone": "+39 333 0000000",
        "email": "amina@example.org",
        "safe_contact": "message_only",
    }
)


def dispatch(
    *categories: DataCategory,
    referral: Referral | None = None,
    details: PersonDetails | None = DETAILS,
) -> referral_letter.Dispatch:
    """Return a referral of an invented person under a consent to these categories."""
    return referral_letter.Dispatch(
        referral=referral or a_referral(),
        sender=Party(
            name="Consorzio In Rete", address="Via Roma 1, Moncalieri", phone="011 0000000"
        ),
        recipient=Party(name="Associazione Ponti", email="ponti@example.org"),
        service=Party(name="Scuola di italiano del presidio"),
        category=("Corsi di italiano L2", "Italian L2 courses"),
        person=referral_letter.shared_of(details, categories),
        worker="Marta Riva",
    )


def letter_page(sent: referral_letter.Dispatch, *, language: str | None = None) -> str:
    """Return the letter of a referral as a page."""
    speaking = voices(language)
    letter = referral_letter.referral_letter(sent, speaking, IMPRINT)
    return referral_letter.render(ENVIRONMENT, letter, speaking)


def consent_page(
    *categories: DataCategory, language: str | None = None, recipient: str | None = None
) -> str:
    """Return the sheet of a consent as a page."""
    speaking = voices(language)
    sheet = consent_sheet.consent_sheet(
        consent_sheet.Authorisation(
            person="Amina Haddad",
            worker="Marta Riva",
            recipient=recipient,
            purpose=Purpose.REFERRAL,
            categories=categories,
            expires_on=date(2027, 5, 31),
        ),
        speaking,
        IMPRINT,
    )
    return consent_sheet.render(ENVIRONMENT, sheet, speaking)
