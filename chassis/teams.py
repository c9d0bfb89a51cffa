"""Teams: which users are close to a thing, kept by services that decide scopes within an agency.

A service has one table of them. Its subjects are whatever a record names: one column may name what
is a user's own, another what is a team's. A team comes whole and numbered, so that an older one
that arrives late changes nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any, Final, Protocol
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY

from chassis.unit import Unit
from contracts.access import Scope

Subject = sa.ColumnElement[Any] | sa.Select[Any]
"""A column with the id of a subject, or a query of such ids."""


def new_table(metadata: sa.MetaData) -> sa.Table:
    """Return the table of a service's teams."""
    return sa.Table(
        "teams",
        metadata,
        sa.Column("subject_id", sa.Uuid, primary_key=True),
        sa.Column("agency_id", sa.Uuid, primary_key=True),
        sa.Column("members", ARRAY(sa.Uuid), nullable=False),
        sa.Column("sequence", sa.BigInteger, nullable=False),
    )


_KEEP: Final = """
INSERT INTO teams (subject_id, agency_id, members, sequence)
VALUES (
    %(team_subject)s::uuid, %(team_agency)s::uuid, %(team_members)s::uuid[], %(team_sequence)s
)
ON CONFLICT (subject_id, agency_id) DO UPDATE
SET members = excluded.members, sequence = excluded.sequence
WHERE teams.sequence < excluded.sequence
"""


class Asking(Protocol):
    """Who asks, for which agency, and how far they see there what is about safety."""

    @property
    def user_id(self) -> UUID:
        """Who it is."""

    @property
    def agency_id(self) -> UUID:
        """For which agency."""

    @property
    def safety(self) -> Scope | None:
        """How far they may see in it what is about safety."""


def keep_team(unit: Unit[Any], subject_id: UUID, agency_id: UUID, team: Collection[UUID]) -> None:
    """Keep the team that an event tells, unless a newer one is kept already."""
    _keep(unit, subject_id, agency_id, team, unit.received.sequence)


def keep_owner(unit: Unit[Any], subject_id: UUID, agency_id: UUID, user_id: UUID) -> None:
    """Keep whose own something is; that never changes."""
    _keep(unit, subject_id, agency_id, (user_id,), 0)


def _keep(
    unit: Unit[Any], subject_id: UUID, agency_id: UUID, members: Collection[UUID], sequence: int
) -> None:
    parameters = {
        "team_subject": str(subject_id),
        "team_agency": str(agency_id),
        "team_members": [str(each) for each in members],
        "team_sequence": sequence,
    }
    unit.at_close(_KEEP, parameters)


def reached(
    table: sa.Table, asking: Asking, *, own: Sequence[Subject], team: Sequence[Subject]
) -> sa.ColumnElement[bool]:
    """Return which records of the asking user's own agency they reach.

    ``own`` are the subjects by which a record is the user's own, ``team`` those by which it is a
    team's.
    """
    scope = asking.safety
    if scope is None:
        return sa.false()
    if scope.covers(Scope.AGENCY):
        return sa.true()
    subjects = [*own, *(team if scope.covers(Scope.CASE_TEAM) else ())]
    named = (
        table.c.subject_id.in_(each) if isinstance(each, sa.Select) else table.c.subject_id == each
        for each in subjects
    )
    close = table.c.members.contains([asking.user_id])
    return sa.exists().where(sa.or_(*named), table.c.agency_id == asking.agency_id, close)
