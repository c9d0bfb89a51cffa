"""Who is calling, and what each role may do and how far it reaches.

Roles are data. A permission is ``resource:action``; a role holds it with a scope. The gateway
proves who calls, the services decide: each checks the permission of the request and then the
scope against its own rows.
"""

from __future__ import annotations

from collections.abc import Collection
from enum import StrEnum
from typing import Annotated, Final
from uuid import UUID

from contracts.language import Category, DomainError, Many, Resource


class Scope(StrEnum):
    """How far a permission reaches, from the narrowest to the widest; each holds those before it.

    What is the caller's own, what belongs to a case on whose team the caller is, the caller's
    agency, or every agency of the network.
    """

    OWN = "own"
    CASE_TEAM = "case_team"
    AGENCY = "agency"
    NETWORK = "network"

    def covers(self, other: Scope) -> bool:
        """Tell whether this reaches as far as the other."""
        return _WIDTHS[self] >= _WIDTHS[other]


_WIDTHS: Final = {scope: width for width, scope in enumerate(Scope)}


class Role(StrEnum):
    """What a member of staff does in an agency, or what a client of an agency's system may do."""

    DESK_OPERATOR = "desk_operator"
    CASE_WORKER = "case_worker"
    AGENCY_COORDINATOR = "agency_coordinator"
    NETWORK_COORDINATOR = "network_coordinator"
    EVENT_ORGANISER = "event_organiser"
    VIEWER = "viewer"
    PRIVACY_OFFICER = "privacy_officer"
    ADMINISTRATOR = "administrator"
    CLIENT_PEOPLE_READ = "client_people_read"
    CLIENT_PEOPLE_WRITE = "client_people_write"
    CLIENT_SCREENINGS_READ = "client_screenings_read"
    CLIENT_REFERRALS_READ = "client_referrals_read"
    CLIENT_REFERRALS_WRITE = "client_referrals_write"
    CLIENT_PATHWAYS_READ = "client_pathways_read"
    CLIENT_CATALOGUE_READ = "client_catalogue_read"
    CLIENT_CATALOGUE_WRITE = "client_catalogue_write"
    CLIENT_GATHERINGS_READ = "client_gatherings_read"
    CLIENT_GATHERINGS_WRITE = "client_gatherings_write"
    CLIENT_INDICATORS_READ = "client_indicators_read"


class AccessPurpose(StrEnum):
    """Why somebody looks at a person's data, in the words of the access log."""

    CASE_WORK = "case-work"
    REFERRAL = "referral"
    REQUEST_OF_THE_PERSON = "request-of-the-person"
    SUPERVISION = "supervision"
    AUDIT = "audit"
    SUPPORT = "support"
    EMERGENCY = "emergency"


CLIENT_ROLES: Final = frozenset(role for role in Role if role.value.startswith("client_"))
"""Roles of programs: each is one scope of a client and never held by a person."""

STAFF_ROLES: Final = frozenset(Role) - CLIENT_ROLES
"""Roles of people."""

_DESK: Final = {
    "person:register": Scope.AGENCY,
    "person:read": Scope.AGENCY,
    "case:open": Scope.AGENCY,
    "case:read": Scope.AGENCY,
    "team:change": Scope.OWN,
    "consent:read": Scope.AGENCY,
    "consent:record": Scope.AGENCY,
    "screening:write": Scope.AGENCY,
    "screening:read": Scope.AGENCY,
    "safety:read": Scope.OWN,
    "referral:read": Scope.AGENCY,
    "pathway:read": Scope.AGENCY,
    "catalogue:read": Scope.NETWORK,
    "gathering:read": Scope.NETWORK,
    "attendance:record": Scope.AGENCY,
    "timeline:read": Scope.AGENCY,
}
_WORKER: Final = _DESK | {
    "referral:send": Scope.AGENCY,
    "referral:answer": Scope.AGENCY,
    "pathway:decide": Scope.AGENCY,
    "safety:read": Scope.CASE_TEAM,
    "indicator:read": Scope.NETWORK,
    "emergency:open": Scope.NETWORK,
}
_COORDINATOR: Final = _WORKER | {
    "team:change": Scope.AGENCY,
    "safety:read": Scope.AGENCY,
    "catalogue:publish": Scope.AGENCY,
    "gathering:organise": Scope.AGENCY,
    "accesses:read": Scope.AGENCY,
    "emergency:review": Scope.AGENCY,
}

PERMISSIONS: Final[dict[Role, dict[str, Scope]]] = {
    Role.DESK_OPERATOR: _DESK,
    Role.CASE_WORKER: _WORKER,
    Role.AGENCY_COORDINATOR: _COORDINATOR,
    Role.NETWORK_COORDINATOR: {
        "person:read": Scope.NETWORK,
        "case:read": Scope.NETWORK,
        "consent:read": Scope.NETWORK,
        "screening:read": Scope.NETWORK,
        "referral:read": Scope.NETWORK,
        "pathway:read": Scope.NETWORK,
        "pathway:decide": Scope.NETWORK,
        "pathway:offer": Scope.NETWORK,
        "timeline:read": Scope.NETWORK,
        "catalogue:read": Scope.NETWORK,
        "catalogue:publish": Scope.NETWORK,
        "gathering:read": Scope.NETWORK,
        "gathering:organise": Scope.NETWORK,
        "attendance:record": Scope.NETWORK,
        "indicator:read": Scope.NETWORK,
    },
    Role.EVENT_ORGANISER: {
        "gathering:read": Scope.NETWORK,
        "gathering:organise": Scope.AGENCY,
        "attendance:record": Scope.AGENCY,
        "catalogue:read": Scope.NETWORK,
    },
    Role.VIEWER: {
        "indicator:read": Scope.NETWORK,
        "catalogue:read": Scope.NETWORK,
        "gathering:read": Scope.NETWORK,
    },
    Role.PRIVACY_OFFICER: {
        "accesses:read": Scope.NETWORK,
        "consent:read": Scope.NETWORK,
        "emergency:review": Scope.NETWORK,
    },
    Role.ADMINISTRATOR: {
        "catalogue:read": Scope.NETWORK,
        "catalogue:publish": Scope.NETWORK,
        "pathway:offer": Scope.NETWORK,
        "user:administer": Scope.NETWORK,
        "operations:administer": Scope.NETWORK,
    },
    Role.CLIENT_PEOPLE_READ: {
        "person:read": Scope.AGENCY,
        "case:read": Scope.AGENCY,
        "consent:read": Scope.AGENCY,
        "timeline:read": Scope.AGENCY,
    },
    Role.CLIENT_PEOPLE_WRITE: {
        "person:register": Scope.AGENCY,
        "case:open": Scope.AGENCY,
        "consent:record": Scope.AGENCY,
    },
    Role.CLIENT_SCREENINGS_READ: {"screening:read": Scope.AGENCY},
    Role.CLIENT_REFERRALS_READ: {"referral:read": Scope.AGENCY},
    Role.CLIENT_REFERRALS_WRITE: {
        "referral:send": Scope.AGENCY,
        "referral:answer": Scope.AGENCY,
    },
    Role.CLIENT_PATHWAYS_READ: {"pathway:read": Scope.AGENCY},
    Role.CLIENT_CATALOGUE_READ: {"catalogue:read": Scope.NETWORK},
    Role.CLIENT_CATALOGUE_WRITE: {"catalogue:publish": Scope.AGENCY},
    Role.CLIENT_GATHERINGS_READ: {"gathering:read": Scope.NETWORK},
    Role.CLIENT_GATHERINGS_WRITE: {
        "gathering:organise": Scope.AGENCY,
        "attendance:record": Scope.AGENCY,
    },
    Role.CLIENT_INDICATORS_READ: {"indicator:read": Scope.NETWORK},
}


class PermissionMissing(DomainError, category=Category.FORBIDDEN, slug="permission-missing"):
    """None of the caller's roles holds the permission that the request needs."""


class Principal(Resource):
    """Who calls: a user, or a system's client, acting for one agency with the roles held there."""

    user_id: UUID
    agency_id: UUID
    roles: Annotated[tuple[Role, ...], Many(minimum=1, maximum=20)]

    def scope(self, permission: str) -> Scope | None:
        """Return how far the caller's widest grant reaches, or ``None`` without a grant."""
        granted = [
            PERMISSIONS[role][permission] for role in self.roles if permission in PERMISSIONS[role]
        ]
        return max(granted, key=_WIDTHS.__getitem__, default=None)

    def require(self, permission: str) -> Scope:
        """Return the scope of a permission.

        Raises:
            PermissionMissing: no role of the caller holds it.

        """
        scope = self.scope(permission)
        if scope is None:
            raise PermissionMissing(
                f"This needs the permission {permission}; ask your coordinator for a role with it."
            )
        return scope

    def covers(self, permission: str, scope: Scope) -> bool:
        """Tell whether some grant of the permission reaches as far as that."""
        widest = self.scope(permission)
        return widest is not None and widest.covers(scope)

    def reaches(
        self,
        permission: str,
        agency_id: UUID,
        *,
        owner: UUID | None = None,
        team: Collection[UUID] = (),
    ) -> bool:
        """Tell whether the permission covers a record of that agency, by whose it is there."""
        if agency_id != self.agency_id:
            return self.covers(permission, Scope.NETWORK)
        nearest = (
            (Scope.OWN, self.user_id == owner),
            (Scope.CASE_TEAM, self.user_id in team),
            (Scope.AGENCY, True),
        )
        needed = next(scope for scope, holds in nearest if holds)
        return self.covers(permission, needed)
