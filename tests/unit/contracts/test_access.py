"""How far permissions reach: to what is one's own, a case team's, an agency's, the network's."""

from __future__ import annotations

from uuid import UUID

import pytest

from contracts import access
from contracts.access import PERMISSIONS, Principal, Role, Scope

HOME = UUID("01920000-0000-7000-8000-0000000000a1")
AWAY = UUID("01920000-0000-7000-8000-0000000000a2")
ME = UUID("01920000-0000-7000-8000-0000000000b1")
SOMEBODY = UUID("01920000-0000-7000-8000-0000000000b2")

_NARROWED = {"safety:read", "team:change"}
"""Permissions whose services tell apart what is one's own or a team's."""

_BY_SCOPE = {
    Scope.OWN: {"own"},
    Scope.CASE_TEAM: {"own", "team"},
    Scope.AGENCY: {"own", "team", "colleague's"},
    Scope.NETWORK: {"own", "team", "colleague's", "another agency's"},
}


def _caller(monkeypatch: pytest.MonkeyPatch, *scopes: Scope) -> Principal:
    """Return somebody who holds a permission with these scopes, by a role for each."""
    roles = tuple(Role)[: len(scopes)]
    granted = {role: {"thing:read": scope} for role, scope in zip(roles, scopes, strict=True)}
    monkeypatch.setattr(access, "PERMISSIONS", granted)
    return Principal(user_id=ME, agency_id=HOME, roles=roles)


def _reached(caller: Principal) -> set[str]:
    """Return whose records the permission covers."""
    reached = {
        "own": caller.reaches("thing:read", HOME, owner=ME),
        "team": caller.reaches("thing:read", HOME, owner=SOMEBODY, team={SOMEBODY, ME}),
        "colleague's": caller.reaches("thing:read", HOME, owner=SOMEBODY, team={SOMEBODY}),
        "another agency's": caller.reaches("thing:read", AWAY, owner=ME, team={ME}),
    }
    return {whose for whose, holds in reached.items() if holds}


@pytest.mark.parametrize("scope", Scope)
def test_a_scope_holds_what_is_nearer(scope: Scope, monkeypatch: pytest.MonkeyPatch) -> None:
    """The wider one includes the narrower, and nothing of another agency but for the network."""
    assert _reached(_caller(monkeypatch, scope)) == _BY_SCOPE[scope]


def test_the_widest_grant_of_several_roles_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    """In whatever order the roles are held."""
    caller = _caller(monkeypatch, Scope.CASE_TEAM, Scope.AGENCY, Scope.OWN)
    assert caller.scope("thing:read") is Scope.AGENCY


def test_without_a_grant_nothing_is_reached(monkeypatch: pytest.MonkeyPatch) -> None:
    """Not even what one made."""
    monkeypatch.setattr(access, "PERMISSIONS", {Role.VIEWER: {}})
    caller = Principal(user_id=ME, agency_id=HOME, roles=(Role.VIEWER,))
    assert _reached(caller) == set()


def test_a_narrow_scope_is_given_only_where_a_service_tells_it_apart() -> None:
    """Elsewhere it would be taken for the agency's, or for nothing."""
    narrow = {
        permission
        for grants in PERMISSIONS.values()
        for permission, scope in grants.items()
        if not scope.covers(Scope.AGENCY)
    }
    assert narrow <= _NARROWED
