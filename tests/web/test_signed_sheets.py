"""Adding a signed sheet in the browser, from a desk and from a phone, at a gateway over fakes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from playwright.sync_api import expect

from contracts.intake import (
    ConsentPage,
    GetPerson,
    GetSignedSheet,
    ListConsents,
    RecordSignedSheet,
    ShownSheet,
)
from contracts.language import DomainError
from contracts.referrals import GetWorklist
from services.intake.domain.signed_sheets import signed_sheet
from tests.support.axe import axe
from tests.support.browsing import Browse, Width, photograph
from tests.support.gateway import USER, Gateway, refusal
from tests.support.served import Served, let_in
from tests.support.service_answers import CONSENT, INSTANT, PERSON, a_consent, a_person
from tests.support.signed_sheets import JPEG

_LIST = f"/people/{PERSON}/consents"


def _keeps_sheets(gateway: Gateway) -> None:
    """Let intake keep what its own rules let pass, and list it."""
    gateway.port.teach(GetPerson, a_person())
    gateway.port.teach(ListConsents, ConsentPage(items=(a_consent(),)))

    def record(command: RecordSignedSheet) -> Any:
        try:
            sheet = signed_sheet(command, by=USER, at=INSTANT)
        except DomainError as refused:
            raise refusal(refused.category, refused.slug, **refused.fields) from None
        kept = replace(a_consent(), sheet=sheet)
        gateway.port.teach(ListConsents, ConsentPage(items=(kept,)))
        shown = ShownSheet(media_type=sheet.media_type, content=command.content)
        gateway.port.teach(GetSignedSheet, shown)
        return sheet

    gateway.port.teach(RecordSignedSheet, record)


def test_somebody_adds_the_signed_sheet(over_fakes: Served, browse: Browse, width: Width) -> None:
    """A wrong file is refused at its field; a photograph is kept, and can be downloaded."""
    gateway, site = over_fakes
    _keeps_sheets(gateway)
    watched = browse(site=site, width=width)
    page = let_in(watched.page, site)
    page.goto(_LIST)
    page.locator(f"a[href$='{CONSENT}/signed-sheet']").click()
    photograph(page, f"signed-sheet-form-{width.name.lower()}")
    assert axe(page) == []
    watched.allow(422)
    page.locator("[name=content]").set_input_files(
        {"name": "foglio.jpg", "mimeType": "image/jpeg", "buffer": b"MZ"}
    )
    page.locator("main form [type=submit]").click()
    expect(page.locator(".error-summary")).to_be_focused()
    expect(page.locator("[name=content]")).to_have_attribute("aria-invalid", "true")
    photograph(page, f"signed-sheet-refused-{width.name.lower()}")
    page.locator("[name=content]").set_input_files(
        {"name": "foglio.jpg", "mimeType": "image/jpeg", "buffer": JPEG}
    )
    page.locator("main form [type=submit]").click()
    expect(page.locator(".notice-success")).to_be_visible()
    photograph(page, f"signed-sheet-listed-{width.name.lower()}")
    assert axe(page) == []
    with page.expect_download() as download:
        page.locator(f"a[href$='{CONSENT}/signed-sheet/file']").click()
    assert download.value.suggested_filename == "signed-sheet.jpg"
    # The count in the menu asks by itself, at any time.
    asked = [each for each in gateway.port.asked if not isinstance(each, GetWorklist)]
    assert asked[-1] == GetSignedSheet(person_id=PERSON, consent_id=CONSENT)
