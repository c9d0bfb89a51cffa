"""The handlers of the screening service on a real database."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from typing import Any, TypeVar
from uuid import UUID

import pytest
import sqlalchemy as sa

from chassis.clock import new_id
from chassis.migrate import migrate
from chassis.testing import unit_for
from chassis.unit import Unit
from contracts.access import Principal, Role
from contracts.intake import CaseStaffed
from contracts.language import Category, DomainError, InvalidRequest, NotFound, VersionMismatch
from contracts.screening import (
    Choice,
    CompleteScreening,
    GetForm,
    GetScreening,
    ListScreenings,
    PreviewScreening,
    SaveAnswers,
    Screening,
    ScreeningCompleted,
    ScreeningPage,
    ScreeningStatus,
    StartScreening,
)
from services.screening import handlers, models
from services.screening.domain.life import NotConducting, ScreeningClosed
from services.screening.domain.marks import AnswersConflict
from services.screening.store import ScreeningStore
from tests.support.databases import connected
from tests.support.drift import drift
from tests.support.messages import message_of
from tests.support.scheda import BY_ID, VIGNETTES, Vignette

T = TypeVar("T")
Work = Callable[[Unit[ScreeningStore]], T]


def somebody(agency_id: UUID, *roles: Role) -> Principal:
    """Return a new member of the staff of an agency."""
    return Principal(user_id=new_id(), agency_id=agency_id, roles=roles or (Role.DESK_OPERATOR,))


class Desk:
    """Somebody at work: sends requests, each in a unit of work of its own."""

    def __init__(self, database_url: str, principal: Principal) -> None:
        """Sit down."""
        self.database_url = database_url
        self.principal = principal

    def do(self, work: Work[T]) -> T:
        """Do the work in one transaction."""
        with unit_for(ScreeningStore, self.database_url, principal=self.principal) as unit:
            return work(unit)

    def start(self, vignette: Vignette = BY_ID["V1"], person_id: UUID | None = None) -> Screening:
        """Start a screening of a vignette's person."""
        command = StartScreening(
            person_id=person_id or new_id(),
            mode=vignette.mode,
            language="it",
            context=vignette.context,
        )
        return self.do(lambda unit: handlers.start_screening(unit, command))

    def beside(self, role: Role = Role.CASE_WORKER) -> Desk:
        """Give the desk of a colleague."""
        return Desk(self.database_url, somebody(self.principal.agency_id, role))

    def staff(self, person_id: UUID, *team: Desk, sequence: int = 1) -> None:
        """Hear who works on the agency's case with a person."""
        event = CaseStaffed(
            case_id=new_id(),
            person_id=person_id,
            agency_id=self.principal.agency_id,
            team=tuple(each.principal.user_id for each in team),
        )
        message = message_of(event, sequence=sequence)
        with unit_for(ScreeningStore, self.database_url, message=message) as unit:
            handlers.on_case_staffed(unit, event)

    def save(self, screening: Screening, answers: dict[str, Any]) -> Screening:
        """Save answers of a draft."""
        command = SaveAnswers(
            screening_id=screening.screening_id, version=screening.version, answers=answers
        )
        return self.do(lambda unit: handlers.save_answers(unit, command)).screening

    def merge(self, screening: Screening, answers: dict[str, Any]) -> Screening:
        """Save answers that were typed on a screening as it was read, whatever came since."""
        command = SaveAnswers(
            screening_id=screening.screening_id,
            version=screening.version,
            answers=answers,
            merge=True,
        )
        return self.do(lambda unit: handlers.save_answers(unit, command)).screening

    def complete(self, screening: Screening, *choices: dict[str, str]) -> Screening:
        """Complete a draft."""
        command = CompleteScreening(
            screening_id=screening.screening_id,
            version=screening.version,
            choices=tuple(Choice.load(choice) for choice in choices),
        )
        return self.do(lambda unit: handlers.complete_screening(unit, command))

    def whole(self, vignette: Vignette, *choices: dict[str, str]) -> Screening:
        """Take a vignette from start to end."""
        return self.complete(self.save(self.start(vignette), vignette.answers), *choices)

    def get(self, screening: Screening) -> Screening:
        """Read a screening."""
        query = GetScreening(screening_id=screening.screening_id)
        return self.do(lambda unit: handlers.get_screening(unit, query))

    def list(self, **filters: Any) -> ScreeningPage:
        """Read a page of screenings."""
        return self.do(lambda unit: handlers.list_screenings(unit, ListScreenings(**filters)))


@pytest.fixture
def desk(screening_database: str) -> Desk:
    """Seat a desk operator of an agency of their own."""
    return Desk(screening_database, somebody(new_id()))


@pytest.fixture
def rows(screening_database: str) -> Iterator[Callable[[str, UUID], list[Any]]]:
    """Read rows of the database as they lie there."""
    with connected(screening_database) as connection:

        def read(statement: str, screening_id: UUID) -> list[Any]:
            found = [*connection.execute(sa.text(statement), {"id": screening_id})]
            connection.rollback()
            return found

        yield read


TOLD = "SELECT type, routing_key, body FROM outbox WHERE aggregate_id = :id ORDER BY id"


@pytest.mark.parametrize("vignette", VIGNETTES, ids=lambda vignette: vignette.id)
def test_vignette_from_start_to_end(desk: Desk, vignette: Vignette) -> None:
    """Each golden vignette is stored, scored and read back as agreed."""
    result = desk.get(desk.whole(vignette)).result
    assert result is not None
    assert result.profile == vignette.expected["profile"]
    assert {r.domain: r.level.value for r in result.domains} == vignette.expected["levels"]
    assert {r.domain: r.index for r in result.domains} == vignette.expected["indexes"]
    assert [p.code for p in result.pathways] == vignette.expected["pathways"]


def test_what_is_read_is_what_was_answered(desk: Desk) -> None:
    """The reply to a command and a later reading are the same."""
    draft = desk.save(desk.start(), BY_ID["V1"].answers)
    assert desk.get(draft) == draft
    completed = desk.complete(draft)
    assert desk.get(completed) == completed


def test_start_and_completion_are_told_in_order(
    desk: Desk, rows: Callable[[str, UUID], list[Any]]
) -> None:
    """Two events of one screening lie in the outbox, numbered; the second is restricted."""
    choice = {"kind": "pathway", "code": "TIR", "decision": "refused", "reason": "care-duties"}
    screening = desk.whole(BY_ID["V1"], choice)
    told = rows(TOLD, screening.screening_id)
    assert [row.routing_key for row in told] == [
        "screening.started.v1",
        "restricted.screening.completed.v1",
    ]
    envelopes = [json.loads(row.body) for row in told]
    assert [int(envelope["sequence"]) for envelope in envelopes] == [1, 2]
    event = ScreeningCompleted.load(envelopes[1]["data"])
    assert event.person_id == screening.person_id
    assert event.worker_id == desk.principal.user_id
    assert {p.code: p.decision.value for p in event.pathways}["TIR"] == "refused"
    assert {p.code: p.decision.value for p in event.pathways}["ORI"] == "undecided"


def test_draft_tells_nothing_of_its_answers(
    desk: Desk, rows: Callable[[str, UUID], list[Any]]
) -> None:
    """Saving and previewing leave no event."""
    draft = desk.save(desk.start(), BY_ID["V1"].answers)
    query = PreviewScreening(screening_id=draft.screening_id)
    preview = desk.do(lambda unit: handlers.preview_screening(unit, query))
    assert preview.profile == "P2"
    assert len(rows(TOLD, draft.screening_id)) == 1


@pytest.mark.parametrize(
    ("answers", "field"),
    [
        ({"CAS9": "a"}, "answers.CAS9"),
        ({"CAS1": "x"}, "answers.CAS1"),
        ({"CAS1": ["a"]}, "answers.CAS1"),
        ({"SIC2": "a"}, "answers.SIC2"),
        ({"CAS1": "d", "CAS2": "a"}, "answers.CAS2"),
    ],
)
def test_refused_answers_leave_the_draft_as_it_was(
    desk: Desk, answers: dict[str, Any], field: str
) -> None:
    """One wrong answer, and none of the request is kept."""
    draft = desk.save(desk.start(), {"DOC2": "a"})
    with pytest.raises(DomainError) as refused:
        desk.save(draft, {"DOC3": "b", **answers})
    assert refused.value.category is Category.INVALID
    assert list(refused.value.fields) == [field]
    assert desk.get(draft) == draft


def test_refused_completion_leaves_a_draft_and_tells_nothing(
    desk: Desk, rows: Callable[[str, UUID], list[Any]]
) -> None:
    """Without a required answer nothing is completed and nobody is told."""
    draft = desk.save(desk.start(), {"CAS1": "a"})
    with pytest.raises(DomainError) as refused:
        desk.complete(draft)
    assert "answers.CAS2" in refused.value.fields
    assert desk.get(draft).status is ScreeningStatus.DRAFT
    assert len(rows(TOLD, draft.screening_id)) == 1


def test_choice_of_what_is_not_suggested_completes_nothing(desk: Desk) -> None:
    """A wrong choice refuses the completion."""
    draft = desk.save(desk.start(), BY_ID["V1"].answers)
    with pytest.raises(DomainError) as refused:
        desk.complete(draft, {"kind": "area", "code": "SIC.1", "decision": "agreed"})
    assert list(refused.value.fields) == ["choices.0.code"]
    assert desk.get(draft).status is ScreeningStatus.DRAFT


def test_second_completion_is_a_conflict(desk: Desk) -> None:
    """A completed screening is neither completed nor changed again."""
    screening = desk.whole(BY_ID["V2"])
    with pytest.raises(ScreeningClosed):
        desk.complete(screening)
    with pytest.raises(ScreeningClosed):
        desk.save(screening, {"CAS1": "b"})


def test_two_completions_at_once_tell_it_once(
    desk: Desk, rows: Callable[[str, UUID], list[Any]]
) -> None:
    """The row is locked: the slower of two finds a completed screening."""
    draft = desk.save(desk.start(BY_ID["V2"]), BY_ID["V2"].answers)
    refused: list[Exception] = []

    def complete() -> None:
        try:
            desk.complete(draft)
        except (ScreeningClosed, VersionMismatch) as error:
            refused.append(error)

    threads = [threading.Thread(target=complete) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(refused) == 3
    assert len(rows(TOLD, draft.screening_id)) == 2


def test_old_version_is_a_conflict(desk: Desk) -> None:
    """Two windows on one draft: the second to save is told to read again."""
    draft = desk.start()
    desk.save(draft, {"CAS1": "a"})
    with pytest.raises(VersionMismatch):
        desk.save(draft, {"CAS1": "b"})


def test_two_workers_fill_in_different_questions_at_once(desk: Desk) -> None:
    """Both typed on the same version; both are kept, each with who wrote it."""
    colleague = desk.beside()
    draft = desk.start()
    desk.staff(draft.person_id, colleague)
    desk.merge(draft, {"CAS1": "a"})
    merged = colleague.merge(draft, {"DOC2": "b"})
    assert merged.answers == {"CAS1": "a", "DOC2": "b"}
    assert merged.changed_by == colleague.principal.user_id
    assert {code: mark.answered_by for code, mark in (merged.marks or {}).items()} == {
        "CAS1": desk.principal.user_id,
        "DOC2": colleague.principal.user_id,
    }
    assert desk.get(merged) == merged


def test_two_workers_at_the_same_question_are_told(desk: Desk) -> None:
    """The slower one keeps the text on the page, and the draft keeps the first one's answer."""
    colleague = desk.beside()
    draft = desk.start()
    desk.staff(draft.person_id, colleague)
    first = desk.merge(draft, {"CAS1": "a", "DOC2": "b"})
    with pytest.raises(AnswersConflict) as refused:
        colleague.merge(draft, {"CAS1": "b", "DOC3": "a"})
    assert list(refused.value.fields) == ["answers.CAS1"]
    assert desk.get(draft) == first


def test_many_writers_at_once_lose_nothing(desk: Desk) -> None:
    """Each answers a question of their own on the same version, all at the same moment."""
    draft = desk.start()
    codes = ["CAS1", "DOC2", "DOC3", "IST1", "LAV1", "ECO3"]
    threads = [threading.Thread(target=desk.merge, args=(draft, {code: "a"})) for code in codes]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found = desk.get(draft)
    assert found.answers == dict.fromkeys(codes, "a")
    assert found.version == draft.version + len(codes)


@pytest.mark.parametrize(
    "forgotten",
    [
        pytest.param("marks = NULL", id="from-before-marks"),
        pytest.param("version = version + 1", id="written-by-older-code"),
    ],
)
def test_draft_without_marks_is_not_merged_blindly(desk: Desk, forgotten: str) -> None:
    """Where it is not known who changed what, an old version is a conflict of every question."""
    colleague = desk.beside()
    draft = desk.start()
    desk.staff(draft.person_id, colleague)
    saved = desk.save(draft, {"CAS1": "a"})
    with connected(desk.database_url) as connection:
        connection.execute(
            sa.text(f"UPDATE screenings SET {forgotten} WHERE screening_id = :id"),  # noqa: S608 - of the table above
            {"id": saved.screening_id},
        )
        connection.commit()
    read = colleague.get(saved)
    assert (read.marks, read.changed_by) == ({}, None)
    with pytest.raises(AnswersConflict):
        colleague.merge(draft, {"CAS1": "b"})
    assert colleague.merge(read, {"CAS1": "b"}).answers == {"CAS1": "b"}


def test_other_agencies_find_nothing(desk: Desk) -> None:
    """A screening of another agency does not exist, for reading or for changing."""
    draft = desk.start()
    stranger = Desk(desk.database_url, somebody(new_id(), Role.AGENCY_COORDINATOR))
    for attempt in (
        lambda: stranger.get(draft),
        lambda: stranger.save(draft, {"CAS1": "a"}),
        lambda: stranger.complete(draft),
        lambda: stranger.do(
            lambda unit: handlers.preview_screening(
                unit, PreviewScreening(screening_id=draft.screening_id)
            )
        ),
    ):
        with pytest.raises(NotFound):
            attempt()
    assert stranger.list().items == ()
    assert stranger.list(person_id=draft.person_id).items == ()


def test_network_sees_without_safety_and_changes_nothing(desk: Desk) -> None:
    """The network's coordinator reads every agency's screenings, but no safety answers."""
    screening = desk.whole(BY_ID["V3"])
    coordinator = Desk(desk.database_url, somebody(new_id(), Role.NETWORK_COORDINATOR))
    seen = coordinator.get(screening)
    assert seen.result is not None
    assert (seen.result.profile, seen.result.safety_included) == ("P0", False)
    assert "SIC" not in json.dumps(seen.dump())
    (row,) = coordinator.list(person_id=screening.person_id).items
    assert row.profile == "P0"
    with pytest.raises(NotFound):
        coordinator.save(screening, {"CAS1": "a"})


def test_colleague_without_safety_reads_but_does_not_conduct(desk: Desk) -> None:
    """At the same desk, others see the draft without safety and can't change it."""
    draft = desk.save(desk.start(BY_ID["V3"]), BY_ID["V3"].answers)
    colleague = Desk(desk.database_url, somebody(desk.principal.agency_id))
    assert "SIC" not in json.dumps(colleague.get(draft).dump())
    with pytest.raises(NotConducting):
        colleague.save(draft, {"CAS1": "a"})
    with pytest.raises(NotConducting):
        colleague.complete(draft)


def test_the_team_of_the_case_sees_safety_and_can_take_over(desk: Desk) -> None:
    """As intake tells it, in whatever order: an older team that arrives late changes nothing."""
    draft = desk.save(desk.start(BY_ID["V3"]), BY_ID["V3"].answers)
    member, former = desk.beside(), desk.beside()
    desk.staff(draft.person_id, member, sequence=3)
    desk.staff(draft.person_id, former, sequence=2)
    assert "SIC" not in json.dumps(former.get(draft).dump())
    assert "SIC" in json.dumps(member.get(draft).dump())
    done = member.complete(draft)
    assert done.result is not None
    assert done.result.safety_included
    profiles = [
        row.profile
        for who in (desk, member, former)
        for row in who.list(person_id=draft.person_id).items
    ]
    assert profiles == ["P3", "P3", "P0"]


def test_pages_follow_one_another(desk: Desk) -> None:
    """Newest first, without gaps or doubles, and an end."""
    started = [desk.start().screening_id for _ in range(5)]
    found: list[UUID] = []
    cursor = None
    while True:
        page = desk.list(limit=2, cursor=cursor)
        found += [row.screening_id for row in page.items]
        cursor = page.next_cursor
        if cursor is None:
            break
    assert found == started[::-1]


def test_list_can_be_narrowed(desk: Desk) -> None:
    """By person and by status."""
    draft, done = desk.start(), desk.whole(BY_ID["V2"])
    assert [row.screening_id for row in desk.list(person_id=draft.person_id).items] == [
        draft.screening_id
    ]
    (row,) = desk.list(status=ScreeningStatus.COMPLETED).items
    assert (row.screening_id, row.profile) == (done.screening_id, "P0")


def test_foreign_cursor_is_refused(desk: Desk) -> None:
    """A cursor that is none names its field."""
    with pytest.raises(InvalidRequest) as refused:
        desk.list(cursor="yesterday")
    assert list(refused.value.fields) == ["cursor"]


def test_form_is_shown(desk: Desk) -> None:
    """The form in force, or a version of it; another version does not exist."""
    form = desk.do(lambda unit: handlers.get_form(unit, GetForm()))
    assert desk.do(lambda unit: handlers.get_form(unit, GetForm(version="0.1"))) == form
    with pytest.raises(NotFound):
        desk.do(lambda unit: handlers.get_form(unit, GetForm(version="9.9")))


def test_form_is_shown_in_the_language_of_the_person(desk: Desk) -> None:
    """Who is asked can read along; the worker keeps the Italian beside it."""
    form = desk.do(lambda unit: handlers.get_form(unit, GetForm(language="ar")))
    assert form.language == "ar"
    assert all(section.it and section.text for section in form.sections)


def test_database_refuses_a_half_completed_row(
    desk: Desk, rows: Callable[[str, UUID], list[Any]]
) -> None:
    """Status, time and results change together or not at all."""
    draft = desk.start()
    with pytest.raises(sa.exc.IntegrityError):
        rows(
            "UPDATE screenings SET status = 'completed' WHERE screening_id = :id RETURNING 1",
            draft.screening_id,
        )


def test_migration_can_be_undone(database_url: str) -> None:
    """Down to nothing and up again."""
    assert migrate("screening", database_url) == "0003"
    assert drift(database_url, models.metadata) == []
    assert migrate("screening", database_url, revision="base") is None
    assert migrate("screening", database_url) == "0003"
