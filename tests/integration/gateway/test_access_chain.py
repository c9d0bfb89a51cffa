"""The chain over the access log on a real database: whole, or broken where somebody touched it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

import pytest
import sqlalchemy as sa

from chassis import clock
from chassis.db import make_engine
from chassis.migrate import migrate
from contracts.access import AccessPurpose
from gateway.access_chain import Head, Verdict, head_of, prune, seal, verify
from gateway.access_keeper import AccessKeeper
from gateway.access_log import Access, StoredAccessLog
from gateway.database import Database
from gateway.retention import months_kept

NOW: Final = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
PERSON: Final = UUID("01920000-0000-7000-8000-0000000000c1")


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """Give the gateway's database, new."""
    migrate("gateway", database_url)
    engine = make_engine(database_url, name="test", workers=4)
    yield Database(engine)
    engine.dispose()


def an_access(**changes: Any) -> Access:
    """Return an access to the person's data."""
    access = Access(
        access_id=clock.new_id(),
        at=NOW,
        user_id=UUID(int=1),
        agency_id=UUID(int=2),
        operation="person",
        person_id=PERSON,
        status=200,
        address="192.0.2.1",
        correlation_id="c-1",
        purpose=AccessPurpose.CASE_WORK,
    )
    return replace(access, **changes)


def written(database: Database, number: int) -> list[Access]:
    """Write accesses down and return them."""
    accesses = [an_access() for _ in range(number)]
    StoredAccessLog(database).add(accesses)
    return accesses


def sealed(database: Database, number: int, *, at: datetime = NOW) -> list[Access]:
    """Write accesses down and seal them."""
    accesses = written(database, number)
    database.transact(lambda connection: seal(connection, at))
    return accesses


def verdict_on(database: Database, *, through: Head | None = None) -> Verdict:
    """Follow the chain."""
    with database.engine.connect() as connection:
        return verify(connection, through=through)


@contextmanager
def unguarded(database: Database) -> Iterator[sa.Connection]:
    """Give a connection of somebody who can switch the guards of the tables off."""
    with database.engine.begin() as connection:
        connection.execute(sa.text("SET LOCAL session_replication_role = replica"))
        yield connection


def tamper(database: Database, statement: str, **values: Any) -> None:
    """Do what the database would refuse to anybody else."""
    with unguarded(database) as connection:
        connection.execute(sa.text(statement), values)


def test_untouched_log_is_whole(database: Database) -> None:
    """Every row is a link, and nothing waits."""
    sealed(database, 3)
    verdict = verdict_on(database)
    assert (verdict.broken, verdict.rows, verdict.waiting) == ("", 3, 0)


def test_row_waits_for_its_seal(database: Database) -> None:
    """What was just written is no break."""
    written(database, 2)
    verdict = verdict_on(database)
    assert (verdict.broken, verdict.rows, verdict.waiting) == ("", 0, 2)


def test_chain_goes_on_where_it_ended(database: Database) -> None:
    """A second sealing builds upon the first."""
    sealed(database, 2)
    sealed(database, 2)
    assert verdict_on(database).head.position == 4


def test_one_sealing_takes_no_more_than_it_should(database: Database) -> None:
    """A backlog is sealed in bites."""
    written(database, 3)
    done = [database.transact(lambda c: seal(c, NOW, at_once=2)) for _ in range(3)]
    assert done == [2, 1, 0]


def test_second_keeper_leaves_the_work_to_the_first(database: Database) -> None:
    """Two processes never chain at the same time."""
    written(database, 1)
    with database.engine.begin() as first:
        seal(first, NOW)
        assert database.transact(lambda connection: seal(connection, NOW)) == 0


@pytest.mark.parametrize(
    "change",
    [
        "status = 404",
        "at = at + interval '1 microsecond'",
        "user_id = gen_random_uuid()",
        "agency_id = gen_random_uuid()",
        "operation = 'taxonomy'",
        "person_id = NULL",
        "address = '192.0.2.2'",
        "correlation_id = 'c-2'",
        "purpose = NULL",
    ],
)
def test_changed_row_breaks_the_chain_where_it_stands(database: Database, change: str) -> None:
    """Whatever of a row is changed, the first broken row is named."""
    accesses = sealed(database, 3)
    victim = accesses[1].access_id
    tamper(database, f"UPDATE access_log SET {change} WHERE access_id = :id", id=victim)  # noqa: S608 - written in this file
    assert verdict_on(database).broken == f"Row {victim} at link 2 is not what was sealed."


def test_removed_row_breaks_the_chain(database: Database) -> None:
    """A row that is gone leaves its link behind."""
    victim = sealed(database, 3)[1].access_id
    tamper(database, "DELETE FROM access_log WHERE access_id = :id", id=victim)
    assert verdict_on(database).broken == f"Row {victim} at link 2 is missing."


def test_removed_link_breaks_the_chain(database: Database) -> None:
    """A row that is gone with its link leaves a gap."""
    victim = sealed(database, 3)[1].access_id
    tamper(database, "DELETE FROM access_log WHERE access_id = :id", id=victim)
    tamper(database, "DELETE FROM access_chain WHERE access_id = :id", id=victim)
    assert verdict_on(database).broken == "Link 2 is missing; the next one is 3."


def test_row_slipped_in_is_found(database: Database) -> None:
    """A row that never waited for a seal is in no link."""
    sealed(database, 1)
    with unguarded(database) as connection:
        connection.execute(
            sa.text(
                "INSERT INTO access_log SELECT gen_random_uuid(), at, user_id, agency_id,"
                " operation, person_id, status, address, correlation_id, purpose FROM access_log"
            )
        )
    assert "does not wait" in verdict_on(database).broken


def test_head_kept_elsewhere_shows_a_chain_that_was_cut(database: Database) -> None:
    """Whoever cuts the end off leaves a whole chain that is too short."""
    last = sealed(database, 3)[-1].access_id
    kept = verdict_on(database).head
    tamper(database, "DELETE FROM access_log WHERE access_id = :id", id=last)
    tamper(database, "DELETE FROM access_chain WHERE position = 3")
    assert "does not pass through" in verdict_on(database, through=kept).broken


def test_head_kept_elsewhere_is_met_by_the_grown_chain(database: Database) -> None:
    """The chain may have grown since."""
    sealed(database, 2)
    kept = Head.read(str(verdict_on(database).head))
    sealed(database, 2)
    assert verdict_on(database, through=kept).broken == ""


def test_log_stays_whole_after_old_rows_went(database: Database) -> None:
    """What is older than it is kept goes; what remains is verified from the checkpoint on."""
    sealed(database, 3, at=datetime(2024, 11, 22, 9, 29, tzinfo=UTC))
    sealed(database, 2, at=datetime(2024, 11, 22, 9, 31, tzinfo=UTC))
    gone = database.transact(lambda connection: prune(connection, NOW, months=24))
    verdict = verdict_on(database)
    assert (gone, verdict.broken, verdict.rows, verdict.pruned) == (3, "", 2, 3)


def test_chain_goes_on_after_everything_went(database: Database) -> None:
    """An empty log still knows where it ended."""
    sealed(database, 2, at=datetime(2023, 1, 1, tzinfo=UTC))
    before = database.transact(head_of)
    database.transact(lambda connection: prune(connection, NOW, months=24))
    sealed(database, 1)
    verdict = verdict_on(database, through=before)
    assert (verdict.broken, verdict.head.position) == ("", 3)


def test_nothing_young_goes(database: Database) -> None:
    """Without anything old there is nothing to let go."""
    sealed(database, 2)
    assert database.transact(lambda connection: prune(connection, NOW, months=24)) == 0


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM access_log",
        "DELETE FROM access_chain",
        "UPDATE access_chain SET digest = ''",
        "TRUNCATE access_chain",
    ],
)
def test_database_refuses_loss_of_what_no_checkpoint_covers(
    database: Database, statement: str
) -> None:
    """Sealed rows and their links stay."""
    sealed(database, 1)
    with pytest.raises(sa.exc.DBAPIError, match="only ever added to"):
        database.transact(lambda connection: connection.execute(sa.text(statement)))


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM access_checkpoints",
        "UPDATE access_checkpoints SET position = 9",
        "TRUNCATE access_checkpoints",
    ],
)
def test_checkpoint_stays_as_it_was_made(database: Database, statement: str) -> None:
    """What stands for rows that are gone is as firm as they were."""
    sealed(database, 1, at=datetime(2023, 1, 1, tzinfo=UTC))
    database.transact(lambda connection: prune(connection, NOW, months=24))
    with pytest.raises(sa.exc.DBAPIError, match="only ever added to"):
        database.transact(lambda connection: connection.execute(sa.text(statement)))


@pytest.mark.parametrize(
    ("position", "since"),
    [(1, "2024-11-22"), (3, "2024-11-22"), (1, "2026-11-22"), (9, "2024-11-22")],
    ids=["young link", "old link behind a young one", "young boundary", "no link"],
)
def test_database_refuses_a_checkpoint_for_what_is_young(
    database: Database, position: int, since: str
) -> None:
    """Who may write rows cannot make a checkpoint for what is still to be kept."""
    sealed(database, 2)
    sealed(database, 1, at=datetime(2023, 1, 1, tzinfo=UTC))
    forged = sa.text(
        "INSERT INTO access_checkpoints SELECT :position, coalesce(max(digest), ''), now(), :since"
        " FROM access_chain WHERE position = :position"
    )
    with pytest.raises(sa.exc.DBAPIError, match="old links only"):
        database.transact(lambda c: c.execute(forged, {"position": position, "since": since}))


def test_keeper_seals_and_lets_go_by_the_configuration(database: Database) -> None:
    """The keeper does both, as long as there is anything to do."""
    old = AccessKeeper(database, now=lambda: datetime(2024, 1, 1, tzinfo=UTC))
    keeper = AccessKeeper(database, now=lambda: NOW)
    written(database, 2)
    old.seal()
    written(database, 1)
    assert (keeper.seal(), keeper.prune(), verdict_on(database).rows) == (1, 2, 1)


def test_accesses_are_kept_for_two_years() -> None:
    """The number stands in the dated configuration."""
    assert months_kept(NOW.date()) == 24


def test_accesses_of_a_person_are_newest_first_page_by_page(database: Database) -> None:
    """Another person's accesses are not among them."""
    accesses = written(database, 3)
    log = StoredAccessLog(database)
    log.add([an_access(person_id=UUID(int=9))])
    first = log.of_person(PERSON, before=None, limit=2)
    rest = log.of_person(PERSON, before=first[-1].access_id, limit=2)
    shown = [each.access_id for each in (*first, *rest)]
    assert shown == sorted((each.access_id for each in accesses), reverse=True)


def test_purpose_of_an_access_can_be_shown(database: Database) -> None:
    """It is text in its row and a code again when it is handed out."""
    log = StoredAccessLog(database)
    log.add([an_access(), an_access(purpose=None)])
    shown = [each.dump().get("purpose") for each in log.of_person(PERSON, before=None, limit=2)]
    assert sorted(map(str, shown)) == ["None", "case-work"]
