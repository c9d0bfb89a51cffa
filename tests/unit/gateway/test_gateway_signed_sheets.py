"""Signed sheets through the interface and through the pages."""

from __future__ import annotations

import io
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any, Final

import pytest

from contracts.access import Role
from contracts.intake import (
    LARGEST_SHEET,
    ConsentPage,
    GetPerson,
    GetSignedSheet,
    ListConsents,
    RecordSignedSheet,
    SheetMedia,
    ShownSheet,
    SignedSheet,
)
from contracts.language import Category
from gateway.scanning import Clamd
from tests.support.clamd import SIGNATURE, scanning
from tests.support.gateway import TOKEN, USER, Gateway, new_gateway, refusal
from tests.support.pages import Browser, at_the_desk
from tests.support.service_answers import CONSENT, PERSON, a_consent, a_person
from tests.support.signed_sheets import JPEG, PDF

_API: Final = f"/people/{PERSON}/consents/{CONSENT}/sheet"
_PAGE: Final = f"/people/{PERSON}/consents/{CONSENT}/signed-sheet"
_DANGEROUS: Final = PDF + SIGNATURE


@pytest.fixture
def kept(gateway: Gateway) -> Gateway:
    """Give a gateway whose intake keeps every sheet and shows one."""
    _teach(gateway)
    return gateway


@pytest.fixture
def desk(kept: Gateway) -> Browser:
    """Give a browser in which a case worker is signed in."""
    return at_the_desk(kept)


@pytest.fixture(scope="module")
def guarded() -> Iterator[Gateway]:
    """Give a gateway that has every file examined."""
    with ThreadPoolExecutor(max_workers=1) as side, scanning() as address:
        yield new_gateway(side, scanner=Clamd.at(address))


@pytest.fixture
def examined(guarded: Gateway) -> Gateway:
    """Give that gateway at the start of a test."""
    guarded.forget()
    _teach(guarded)
    return guarded


def _sheet() -> SignedSheet:
    consent = a_consent()
    return SignedSheet(
        media_type=SheetMedia.PDF,
        size=len(PDF),
        digest="0" * 64,
        added_at=consent.granted_at,
        added_by=USER,
    )


def _teach(gateway: Gateway) -> None:
    gateway.port.teach(RecordSignedSheet, _sheet())
    gateway.port.teach(GetSignedSheet, ShownSheet(media_type=SheetMedia.JPEG, content=JPEG))
    gateway.port.teach(GetPerson, a_person())
    gateway.port.teach(ListConsents, ConsentPage(items=(a_consent(),)))


def _put(gateway: Gateway, content: bytes, media: str = "application/pdf") -> Any:
    return gateway.client.put(
        f"/api/v1{_API}",
        data=content,
        headers={"Authorization": f"Bearer {TOKEN}", "Content-Type": media},
    )


def _upload(desk: Browser, content: bytes, name: str = "x.pdf", media: str = "") -> Any:
    answer = desk.send(_PAGE, content=(io.BytesIO(content), name, media or "application/pdf"))
    # What is large was written to a file on its way.
    answer.request.environ["wsgi.input"].close()
    return answer


def _asked(gateway: Gateway) -> list[RecordSignedSheet]:
    return [each for each in gateway.port.asked if isinstance(each, RecordSignedSheet)]


def test_a_sheet_is_the_body_of_a_put(kept: Gateway) -> None:
    """Bytes as they are, with what they are sent as."""
    answer = _put(kept, PDF)
    (asked,) = _asked(kept)
    assert (answer.status_code, answer.json["size"]) == (200, len(PDF))
    assert (asked.content, asked.declared) == (PDF, SheetMedia.PDF)


def test_another_media_type_is_a_415(kept: Gateway) -> None:
    """The answer names those that are taken."""
    answer = _put(kept, PDF, "application/zip")
    assert (answer.status_code, _asked(kept)) == (415, [])
    assert "image/jpeg" in answer.json["detail"]


def test_an_empty_body_names_what_is_missing(kept: Gateway) -> None:
    """The file itself."""
    answer = _put(kept, b"")
    assert (answer.status_code, answer.json["errors"][0]["field"]) == (422, "content")


def test_a_sheet_may_be_larger_than_other_bodies(kept: Gateway) -> None:
    """Up to its own limit, and not beyond."""
    statuses = [_put(kept, bytes(size)).status_code for size in (LARGEST_SHEET, LARGEST_SHEET + 1)]
    assert statuses == [200, 413]


def test_a_sheet_is_given_back_to_be_kept_and_not_to_be_opened(kept: Gateway) -> None:
    """Under a name of ours, without a guess at its type, in a sandbox."""
    answer = kept.request("GET", _API)
    assert (answer.data, answer.mimetype) == (JPEG, "image/jpeg")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="signed-sheet.jpg"'
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"].startswith("sandbox;")


@pytest.mark.parametrize("method", ["PUT", "GET"])
def test_every_access_to_a_sheet_is_written_down(kept: Gateway, method: str) -> None:
    """Reading and adding alike."""
    answer = _put(kept, PDF) if method == "PUT" else kept.request("GET", _API)
    (row,) = kept.access_log.rows
    assert (answer.status_code, row.person_id, row.status) == (200, PERSON, 200)


def test_a_dangerous_file_reaches_no_service(examined: Gateway) -> None:
    """It is refused at its field."""
    answer = _put(examined, _DANGEROUS)
    assert (answer.status_code, _asked(examined)) == (422, [])
    assert answer.json["errors"][0]["field"] == "content"


def test_a_clean_file_passes_the_scanner(examined: Gateway) -> None:
    """And is kept."""
    assert (_put(examined, PDF).status_code, len(_asked(examined))) == (200, 1)


def test_a_scanner_that_is_away_stops_files_and_nothing_else() -> None:
    """With the word when to come back."""
    with ThreadPoolExecutor(max_workers=1) as side:
        gateway = new_gateway(side, scanner=Clamd(host="127.0.0.1", port=9))
        gateway.forget()
        _teach(gateway)
        answer = _put(gateway, PDF)
        assert (answer.status_code, _asked(gateway)) == (503, [])
        assert "Retry-After" in answer.headers
        assert gateway.request("GET", _API).status_code == 200


def test_a_page_takes_a_sheet(kept: Gateway, desk: Browser) -> None:
    """A plain form is enough."""
    answer = _upload(desk, PDF)
    assert answer.headers["Location"] == f"/people/{PERSON}/consents"
    assert [(each.content, each.declared) for each in _asked(kept)] == [(PDF, SheetMedia.PDF)]


def test_what_a_browser_does_not_know_decides_nothing(kept: Gateway, desk: Browser) -> None:
    """The content is looked at in any case."""
    _upload(desk, JPEG, "photo", "application/octet-stream")
    assert [each.declared for each in _asked(kept)] == [None]


@pytest.mark.parametrize(
    ("content", "says"),
    [(b"", "Scegliere o fotografare"), (bytes(LARGEST_SHEET + 1), "Supera 6 MB")],
)
def test_a_file_that_cannot_be_sent_on_is_refused_at_its_field(
    kept: Gateway, desk: Browser, content: bytes, says: str
) -> None:
    """No service is asked for it."""
    answer = _upload(desk, content)
    assert (answer.status_code, _asked(kept)) == (422, [])
    assert says in answer.text


def test_what_intake_refuses_is_said_at_the_field(kept: Gateway, desk: Browser) -> None:
    """In words of the desk."""
    sentence = "Send a PDF, a JPEG or a PNG."
    kept.port.teach(
        RecordSignedSheet, refusal(Category.INVALID, "sheet-unusable", content=[sentence])
    )
    answer = _upload(desk, b"MZ")
    assert (answer.status_code, "non è un PDF" in answer.text) == (422, True)


def test_a_forged_form_brings_no_file(kept: Gateway, desk: Browser) -> None:
    """Files are guarded as everything else is."""
    sent = desk.client.post(_PAGE, data={"content": (io.BytesIO(PDF), "x.pdf")})
    assert (sent.status_code, _asked(kept)) == (400, [])


def test_a_page_gives_a_sheet_back_in_a_sandbox(desk: Browser) -> None:
    """As the interface does."""
    answer = desk.look(f"{_PAGE}/file")
    assert (answer.data, answer.headers["Content-Disposition"]) == (
        JPEG,
        'attachment; filename="signed-sheet.jpg"',
    )
    assert answer.headers["Content-Security-Policy"].startswith("sandbox;")


def test_the_list_of_consents_says_who_added_a_sheet(kept: Gateway, desk: Browser) -> None:
    """With the way to it."""
    signed = replace(a_consent(), sheet=_sheet())
    kept.port.teach(ListConsents, ConsentPage(items=(signed,)))
    text = desk.look(f"/people/{PERSON}/consents").text
    assert (f'href="{_PAGE}/file"' in text, "Allegato" in text) == (True, True)


def test_who_sees_no_names_is_not_led_to_a_sheet(kept: Gateway, desk: Browser) -> None:
    """A name stands on it."""
    kept.identity.let_in(TOKEN, Role.PRIVACY_OFFICER)
    signed = replace(a_consent(), sheet=_sheet())
    kept.port.teach(ListConsents, ConsentPage(items=(signed,)))
    listed = desk.look(f"/people/{PERSON}/consents")
    assert (listed.status_code, f"{_PAGE}/file" in listed.text) == (200, False)
    assert desk.look(f"{_PAGE}/file").status_code == 403
