"""The sheet on which a person signed a consent: added from a desk or a phone, and given back."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from flask_babel import gettext as _

from contracts.intake import (
    LARGEST_SHEET,
    Consent,
    GetPerson,
    GetSignedSheet,
    ListConsents,
    RecordSignedSheet,
    SheetMedia,
)
from contracts.language import InvalidRequest, NotFound
from gateway.files import ENDINGS, HEADERS
from gateway.signed_sheets import NAME, add_sheet, show_sheet
from gateway.web.screen import Download, Go, Outcome, Page, Screen, Visit

_PATH: Final = "/people/{person_id}/consents/{consent_id}/signed-sheet"
_KNOWN: Final = frozenset(each.value for each in SheetMedia)


def show_form(visit: Visit) -> Outcome:
    """Show the form, and which sheet is kept already."""
    person_id: UUID = visit.path["person_id"]
    person, given = visit.ask_all(GetPerson(person_id=person_id), ListConsents(person_id=person_id))
    return Page(
        template="consents/signed_sheet.html",
        context={
            "person": person,
            "consent": _one(given.items, visit.path["consent_id"]),
            "media": sorted(_KNOWN),
        },
    )


def take_form(visit: Visit) -> Outcome:
    """Have the sheet kept; what the browser calls the file counts for nothing."""
    person_id: UUID = visit.path["person_id"]
    content, declared = _given(visit)
    add_sheet(
        visit.turn,
        RecordSignedSheet(
            person_id=person_id,
            consent_id=visit.path["consent_id"],
            content=content,
            declared=declared,
        ),
    )
    return Go(to=f"/people/{person_id}/consents", said=_("Il foglio firmato è allegato."))


def show_file(visit: Visit) -> Outcome:
    """Give the sheet to be kept, under a name of ours."""
    found = show_sheet(
        visit.turn,
        GetSignedSheet(person_id=visit.path["person_id"], consent_id=visit.path["consent_id"]),
    )
    return Download(
        body=found.content,
        media=found.media,
        name=f"{NAME}.{ENDINGS[found.media]}",
        headers=HEADERS,
    )


def _one(given: tuple[Consent, ...], consent_id: UUID) -> Consent:
    """Return the consent of the page.

    Raises:
        NotFound: the person has given none with this id.

    """
    found = next((each for each in given if each.consent_id == consent_id), None)
    if found is None:
        raise NotFound("The person has given no such consent.")
    return found


def _given(visit: Visit) -> tuple[bytes, SheetMedia | None]:
    """Return the content of the file, and what the browser takes it for where it knows.

    Raises:
        InvalidRequest: there is none, or it is too large.

    """
    given = visit.files.get("content")
    content = given.stream.read(LARGEST_SHEET + 1) if given is not None else b""
    if given is None or not content:
        raise _wrong("Choose a file.")
    if len(content) > LARGEST_SHEET:
        raise _wrong("The file is larger than 6 MB.")
    return content, SheetMedia(given.mimetype) if given.mimetype in _KNOWN else None


def _wrong(sentence: str) -> InvalidRequest:
    return InvalidRequest(sentence, fields={"content": [sentence]})


SCREENS: Final = (
    Screen(
        name="signed_sheet",
        path=_PATH,
        shows=show_form,
        takes=take_form,
        permission="consent:record",
        takes_files=True,
    ),
    Screen(
        name="signed_sheet_file",
        path=f"{_PATH}/file",
        shows=show_file,
        permission="person:read",
    ),
)
