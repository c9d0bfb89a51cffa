"""Operations that put more than one question, such as the pages of a person."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from contracts.events import Attendance, RecordAttendance
from contracts.intake import Case, CasePage, GetPerson, GetScreeningContext, ListCases, SetCaseTeam
from contracts.language import Category, DomainError, LanguageTag, NotFound, Resource
from contracts.referrals import ExplainMatches, Matches
from contracts.screening import (
    GetScreening,
    PreviewScreening,
    Screening,
    ScreeningMode,
    ScreeningResult,
    StartScreening,
)
from gateway.desk import Turn


class CaseOfAnotherPerson(DomainError, category=Category.INVALID, slug="case-of-another-person"):
    """The case that was named is none of this person's."""


class NotAColleague(DomainError, category=Category.INVALID, slug="not-a-colleague"):
    """Somebody who was named for a team does not work for the agency."""


class NewScreening(Resource):
    """Start a screening; what the form needs to know of the person comes from the register."""

    person_id: UUID
    case_id: UUID | None = None
    mode: ScreeningMode
    language: LanguageTag | None = None


def of_person(turn: Turn, asked: Any) -> Resource:
    """Show what a service knows of a person whom, as intake says, the caller may see."""
    _person, answer = turn.line.ask_all(GetPerson(person_id=asked.person_id), asked)
    found: Resource = answer
    return found


def case_of(found: CasePage, case_id: UUID) -> Case:
    """Return the case with this id among a person's.

    Raises:
        NotFound: the person has none with it.

    """
    case = next((each for each in found.items if each.case_id == case_id), None)
    if case is None:
        raise NotFound("There is no such case.")
    return case


def set_case_team(turn: Turn, asked: SetCaseTeam) -> Case:
    """Change the team of a case; whom intake cannot know, the staff of the agency, is known here.

    Who was on the team before need not work here any more: the agency's staff may have changed.

    Raises:
        NotAColleague: somebody new does not work for the caller's agency.

    """
    case = case_of(turn.line.ask(ListCases(person_id=asked.person_id)), asked.case_id)
    staff = turn.identity.colleagues(turn.principal.agency_id).keys() | case.team
    sentence = "Name people who work for your agency."
    named = {"worker_id": (asked.worker_id,), "members": asked.members}
    wrong = {name: [sentence] for name, people in named.items() if not staff.issuperset(people)}
    if wrong:
        raise NotAColleague(sentence, fields=wrong)
    return turn.line.ask(asked)


def start_screening(turn: Turn, asked: NewScreening) -> Screening:
    """Start a screening with the facts that intake tells about the person.

    Raises:
        CaseOfAnotherPerson: the case named is not one of this person's.

    """
    context, *cases = turn.line.ask_all(
        GetScreeningContext(person_id=asked.person_id),
        *([ListCases(person_id=asked.person_id)] if asked.case_id else []),
    )
    if cases and asked.case_id not in {case.case_id for case in cases[0].items}:
        sentence = "Name one of this person's own cases, or none."
        raise CaseOfAnotherPerson(sentence, fields={"case_id": [sentence]})
    return turn.line.ask(
        StartScreening(
            person_id=asked.person_id,
            case_id=asked.case_id,
            mode=asked.mode,
            language=asked.language,
            context=context,
        )
    )


def preview_screening(turn: Turn, asked: PreviewScreening) -> ScreeningResult:
    """Show what the answers of a draft suggest; the draft tells whose answers they are."""
    screening, result = turn.line.ask_all(GetScreening(screening_id=asked.screening_id), asked)
    turn.met.append(screening.person_id)
    preview: ScreeningResult = result
    return preview


def explain_matches(turn: Turn, asked: ExplainMatches) -> Matches:
    """Explain who would be asked; whose consents count must be somebody the caller may see."""
    if asked.person_id is None:
        return turn.line.ask(asked)
    _person, found = turn.line.ask_all(GetPerson(person_id=asked.person_id), asked)
    matches: Matches = found
    return matches


def record_attendance(turn: Turn, asked: RecordAttendance) -> Attendance:
    """Record an attendance; a person who is named must be one that the caller may see."""
    if asked.person_id is not None:
        turn.line.ask(GetPerson(person_id=asked.person_id))
    return turn.line.ask(asked)
