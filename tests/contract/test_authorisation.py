"""The matrix of authorisation: whole, and consistent with the operations that it is about."""

from __future__ import annotations

import pytest

from contracts.access import CLIENT_ROLES, PERMISSIONS, Role
from gateway.api.authorisation import (
    LISTS,
    RULES,
    Relation,
    Verdict,
    guarded_operations,
    needed,
    verdict,
)
from gateway.api.operation import Operation
from gateway.api.operations import OPERATIONS
from gateway.api.views import is_about_persons


def test_every_operation_about_persons_has_a_rule() -> None:
    """Only a registration is about nobody yet."""
    watched = {each.name for each in OPERATIONS if is_about_persons(each)}
    assert watched - RULES.keys() == {"person_registration"}


def test_every_rule_is_about_an_operation() -> None:
    """No rule outlives its operation."""
    names = {each.name for each in OPERATIONS}
    assert (RULES.keys() | LISTS) - names == set()


@pytest.mark.parametrize("operation", guarded_operations(), ids=lambda each: each.name)
def test_somebody_may_do_it(operation: Operation) -> None:
    """An operation that no role permits cannot be used."""
    verdicts = {verdict(operation, role, each) for role in Role for each in Relation}
    assert Verdict.YES in verdicts


@pytest.mark.parametrize("role", sorted(CLIENT_ROLES))
def test_no_program_reaches_beyond_its_agency_to_persons(role: Role) -> None:
    """A client of another agency's system meets nobody."""
    reached = {
        each.name
        for each in guarded_operations()
        if each.name in RULES and verdict(each, role, Relation.OTHER) is Verdict.YES
    }
    assert reached == set()


@pytest.mark.parametrize("role", [Role.PRIVACY_OFFICER, Role.VIEWER, Role.ADMINISTRATOR])
def test_who_has_no_case_to_work_on_reads_no_person(role: Role) -> None:
    """Neither watching over privacy nor over accounts opens a file."""
    assert not {"person:read", "screening:read", "safety:read"} & PERMISSIONS[role].keys()


def test_every_permission_is_asked_for_by_something() -> None:
    """A grant that opens no door misleads whoever reads the table."""
    asked = {permission for each in OPERATIONS for permission in needed(each)}
    granted = {permission for grants in PERMISSIONS.values() for permission in grants}
    # What a caller learns of safety is no operation of its own.
    assert granted - asked == {"safety:read"}
