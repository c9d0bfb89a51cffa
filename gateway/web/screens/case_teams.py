"""Who works on a case: its lead, and the colleagues beside the lead."""

from __future__ import annotations

from uuid import UUID

from flask_babel import gettext as _

from contracts.intake import Case, GetPerson, ListCases, SetCaseTeam
from gateway.composition import case_of, set_case_team
from gateway.web import forms
from gateway.web.screen import Go, Outcome, Page, Screen, Visit


def may_change(visit: Visit, case: Case) -> bool:
    """Tell whether the person at the desk decides who works on the case."""
    return visit.turn.principal.reaches(
        SetCaseTeam.permission, case.agency_id, owner=case.worker_id
    )


def show_team(visit: Visit) -> Outcome:
    """Show who works on a case, among those who could."""
    person_id: UUID = visit.path["person_id"]
    person, cases = visit.ask_all(GetPerson(person_id=person_id), ListCases(person_id=person_id))
    case = case_of(cases, visit.path["case_id"])
    return Page(
        template="people/team.html",
        context={
            "person": person,
            "case": case,
            "kind": SetCaseTeam,
            "staff": _staff(visit, case),
            "may_change": may_change(visit, case),
        },
    )


def _staff(visit: Visit, case: Case) -> list[tuple[str, str]]:
    """Return who can be named: whoever works for the agency, and who is on the team still."""
    here = visit.turn.identity.colleagues(case.agency_id)
    left = {each: visit.speaker.colleague(each) for each in case.team - here.keys()}
    return [(str(user_id), name) for user_id, name in {**here, **left}.items()]


def take_team(visit: Visit) -> Outcome:
    """Put another team on a case."""
    set_case_team(visit.turn, forms.read(SetCaseTeam, visit.form, **visit.path))
    to = f"/people/{visit.path['person_id']}"
    return Go(to=to, said=_("L'équipe del caso è aggiornata."))


SCREENS = (
    Screen(
        name="case_team",
        path="/people/{person_id}/cases/{case_id}/team",
        shows=show_team,
        takes=take_team,
        permission=SetCaseTeam.permission,
    ),
)
