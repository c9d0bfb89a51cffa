"""Where personal data are, and where they never are."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator

import pytest
import sqlalchemy as sa
import structlog
from cryptography.fernet import Fernet

from chassis import log
from chassis.testing import unit_for
from contracts.intake import OpenCase
from contracts.language import DomainError
from services.intake import handlers
from services.intake.models import persons
from services.intake.sealing import VARIABLE, Seal, process_seal
from services.intake.store import IntakeStore
from tests.support.databases import connected
from tests.support.desks import IntakeDesk
from tests.support.people import DEFINITIVE, PERSONAL


def _text_of_every_row(database_url: str) -> str:
    """Return every row of every table as text."""
    with connected(database_url) as connection:
        tables = sa.inspect(connection).get_table_names()
        return "\n".join(
            f"{table} {row}"
            for table in tables
            for (row,) in connection.exec_driver_sql(f'SELECT t::text FROM "{table}" t')  # noqa: S608 - names of our own tables
        )


def _seen(text: str) -> list[str]:
    return [word for word in PERSONAL if word.lower() in text.lower()]


def test_no_event_holds_personal_data(desk: IntakeDesk) -> None:
    """Codes and opaque ids only, in the envelope too."""
    person = desk.register()
    command = OpenCase(person_id=person.person_id)
    desk.do(lambda unit: handlers.open_case(unit, command))
    desk.consent(person.person_id)
    rows = _text_of_every_row(desk.database_url).splitlines()
    told = [row for row in rows if row.startswith("outbox") and str(person.person_id) in row]
    assert (len(told), _seen("\n".join(told))) == (4, [])


def test_no_tax_code_rests_in_clear(desk: IntakeDesk) -> None:
    """In no table of the database, whichever query is asked."""
    person = desk.register()
    desk.find(tax_code=DEFINITIVE)
    desk.get(person.person_id)
    text = _text_of_every_row(desk.database_url)
    assert str(person.person_id) in text
    assert DEFINITIVE not in text


def test_no_refusal_holds_personal_data(desk: IntakeDesk) -> None:
    """It crosses RPC, logs and HTTP as it is."""
    desk.register()
    with pytest.raises(DomainError) as refused:
        desk.register()
    assert _seen(f"{refused.value.message} {refused.value.fields}") == []


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    """Give what the log of a service says meanwhile."""
    handlers_before, level_before = logging.root.handlers[:], logging.root.level
    log.configure("DEBUG", service="intake")
    said = io.StringIO()
    (handler,) = logging.root.handlers
    assert isinstance(handler, logging.StreamHandler)
    handler.setStream(said)
    yield said
    logging.root.handlers[:], logging.root.level = handlers_before, level_before
    structlog.reset_defaults()


def test_no_log_line_holds_personal_data(desk: IntakeDesk, lines: io.StringIO) -> None:
    """Not even of a row that the database refuses, whose error quotes it whole."""
    person = desk.register()
    with pytest.raises(sa.exc.IntegrityError) as broken:
        desk.do(
            lambda unit: unit.store.connection.execute(
                sa.update(persons)
                .where(persons.c.person_id == person.person_id)
                .values(tax_code_kind="absent")
            )
        )
    structlog.get_logger().error("request_failed", exc_info=broken.value)
    assert _seen(str(broken.value)) != []
    assert ("request_failed" in lines.getvalue(), _seen(lines.getvalue())) == (True, [])


def test_a_tax_code_follows_the_newest_key(
    desk: IntakeDesk, intake_key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Found and guarded against duplicates all the way, and in the end without the old key."""
    person = desk.register()
    new = Fernet.generate_key().decode()
    monkeypatch.setenv(VARIABLE, f"{new},{intake_key}")
    process_seal.cache_clear()
    try:
        assert [found.person_id for found in desk.find(tax_code=DEFINITIVE).items] == [
            person.person_id
        ]
        with pytest.raises(DomainError):
            desk.register()
        desk.do(handlers.reseal_tax_codes)
        with unit_for(IntakeStore, desk.database_url) as unit:
            alone = IntakeStore(unit.store.connection, seal=Seal(new))
            assert alone.tax_code_of(person.person_id) == DEFINITIVE
            assert alone.reseal(1) == 0
        monkeypatch.setenv(VARIABLE, f"{intake_key},{new}")
        process_seal.cache_clear()
        desk.do(handlers.reseal_tax_codes)
    finally:
        monkeypatch.setenv(VARIABLE, intake_key)
        process_seal.cache_clear()
    assert desk.get(person.person_id).details.tax_code == DEFINITIVE
