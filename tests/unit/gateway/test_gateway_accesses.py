"""Who looked at a person: told to whoever may know it, and written down as an access itself."""

from __future__ import annotations

import csv
import io

import pytest

from contracts.access import AccessPurpose, Role
from contracts.intake import GetPerson, GetRegistration, Registration
from contracts.language import Category
from gateway.sheets import sheet
from tests.support.gateway import AGENCY, TOKEN, Gateway, refusal
from tests.support.service_answers import PERSON, a_person

PATH = f"/people/{PERSON}/accesses"


@pytest.fixture
def officer(gateway: Gateway) -> Gateway:
    """Return a gateway whose caller is the privacy officer, before whom a worker was here."""
    gateway.port.teach(GetPerson, a_person())
    gateway.request("GET", f"/people/{PERSON}", X_Purpose="case-work")
    gateway.port.teach(GetRegistration, Registration(person_id=PERSON, agency_id=AGENCY))
    gateway.identity.let_in(TOKEN, Role.PRIVACY_OFFICER)
    return gateway


def test_accesses_tell_operation_and_purpose(officer: Gateway) -> None:
    """The page shows what the row holds."""
    (shown,) = officer.request("GET", PATH).get_json()["items"]
    assert (shown["operation"], shown["purpose"], shown["status"]) == ("person", "case-work", 200)


def test_looking_who_looked_is_an_access(officer: Gateway) -> None:
    """The second look shows the first one."""
    officer.request("GET", PATH)
    shown = officer.request("GET", PATH).get_json()["items"]
    assert [each["operation"] for each in shown] == ["person_accesses", "person"]


def test_page_of_accesses_leads_to_the_next(officer: Gateway) -> None:
    """Behind the cursor stands the older access."""
    officer.request("GET", PATH)
    first = officer.request("GET", f"{PATH}?limit=1").get_json()
    second = officer.request("GET", f"{PATH}?limit=1&cursor={first['next_cursor']}").get_json()
    assert [each["operation"] for each in second["items"]] == ["person"]


def test_export_of_accesses_is_an_access(officer: Gateway) -> None:
    """A table that leaves the house leaves a row."""
    officer.request("GET", f"{PATH}/export")
    last = officer.access_log.rows[-1]
    assert (last.operation, last.person_id) == ("person_accesses_export", PERSON)


def test_export_of_accesses_is_a_table_to_save(officer: Gateway) -> None:
    """A browser keeps it as a file and takes it for nothing else."""
    response = officer.request("GET", f"{PATH}/export")
    assert (response.mimetype, response.headers["Content-Disposition"]) == (
        "text/csv",
        'attachment; filename="accesses.csv"',
    )


def test_name_in_an_export_is_no_formula(officer: Gateway) -> None:
    """A name that a spreadsheet would calculate stays a name."""
    rows = csv.DictReader(io.StringIO(officer.request("GET", f"{PATH}/export").text))
    assert [row["name"] for row in rows] == ["'=Desk"]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n"])
def test_no_cell_starts_like_a_formula(start: str) -> None:
    """Each sign that begins a formula in some spreadsheet is made harmless."""
    (_, (cell,)) = csv.reader(io.StringIO(sheet(["name"], [[f"{start}1"]]).text, newline=""))
    assert cell == f"'{start}1"


def test_person_out_of_reach_shows_no_accesses(officer: Gateway) -> None:
    """What intake does not know for the caller does not exist."""
    officer.port.teach(GetRegistration, refusal(Category.NOT_FOUND, "not-found"))
    assert officer.request("GET", PATH).status_code == 404


@pytest.mark.parametrize("role", [Role.CASE_WORKER, Role.NETWORK_COORDINATOR, Role.ADMINISTRATOR])
def test_other_roles_do_not_learn_who_looked(gateway: Gateway, role: Role) -> None:
    """Knowing who looked is a permission of its own."""
    gateway.identity.let_in(TOKEN, role)
    assert gateway.request("GET", PATH).status_code == 403


def test_officer_reads_no_person(officer: Gateway) -> None:
    """Who watches the watchers does not look through their eyes."""
    assert officer.request("GET", f"/people/{PERSON}").status_code == 403


@pytest.mark.parametrize("purpose", list(AccessPurpose))
def test_purpose_is_written_down(gateway: Gateway, purpose: AccessPurpose) -> None:
    """Why somebody looked stands beside who it was."""
    gateway.port.teach(GetPerson, a_person())
    gateway.request("GET", f"/people/{PERSON}", X_Purpose=purpose.value)
    assert gateway.access_log.rows[-1].purpose is purpose


def test_unknown_purpose_is_refused(gateway: Gateway) -> None:
    """Only coded reasons are kept: a free text could name somebody."""
    response = gateway.request("GET", f"/people/{PERSON}", X_Purpose="because Alba asked")
    assert response.get_json()["type"] == "urn:plurali:problem:unknown-purpose"


def test_cursor_of_another_list_is_refused(officer: Gateway) -> None:
    """A cursor that is no access is named as the wrong field."""
    (error,) = officer.request("GET", f"{PATH}?cursor=x").get_json()["errors"]
    assert error["field"] == "cursor"
