"""Resources of identity: what the API takes and shows about users and their tokens."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from contracts.access import Principal, Role
from contracts.language import About, Many, Number, Resource, Text

Email = Annotated[str, Text(minimum=5, maximum=120, pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$")]
Password = Annotated[str, Text(minimum=1, maximum=256)]
Roles = Annotated[tuple[Role, ...], Many(minimum=1, maximum=20)]


class Membership(Resource):
    """The roles that a user holds in an agency."""

    agency_id: UUID
    roles: Roles


class User(Resource):
    """A member of staff who may sign in."""

    user_id: UUID
    email: Email
    name: str
    memberships: tuple[Membership, ...]
    created_at: datetime
    disabled_at: datetime | None = None


class UserPage(Resource):
    """Users, newest first."""

    items: tuple[User, ...]
    next_cursor: str | None = None


class NewUser(Resource):
    """A member of staff to let in, with the roles held in one agency."""

    email: Email
    name: Annotated[str, Text(maximum=120)]
    agency_id: UUID
    roles: Roles
    password: Annotated[
        Password | None, About("At least 12 characters; absent: one is made and shown once")
    ] = None


class CreatedUser(Resource):
    """A user, with the password where one was made: it is shown this once."""

    user: User
    password: str | None = None


class UserSearch(Resource):
    """Which users to show."""

    cursor: Annotated[str | None, Text(maximum=200)] = None
    limit: Annotated[int, Number(minimum=1, maximum=100)] = 50


class UserReference(Resource):
    """One user, by id."""

    user_id: UUID


class NewMembership(Resource):
    """The roles that a user is to hold in an agency, instead of any held there before."""

    user_id: UUID
    agency_id: UUID
    roles: Roles


class NewPassword(Resource):
    """A new password for a user; every token of theirs ends."""

    user_id: UUID
    password: Annotated[
        Password | None, About("At least 12 characters; absent: one is made and shown once")
    ] = None


class Credentials(Resource):
    """What a person signs in with; ``agency_id`` chooses among several memberships."""

    email: Email
    password: Password
    agency_id: UUID | None = None


class AccessToken(Resource):
    """A bearer token, shown this once: send it as ``Authorization: Bearer``."""

    token_id: UUID
    access_token: str
    token_type: str
    expires_at: datetime
    user_id: UUID
    agency_id: UUID
    roles: Roles


class TokenSummary(Resource):
    """A token that still opens the door."""

    token_id: UUID
    agency_id: UUID
    created_at: datetime
    expires_at: datetime
    current: Annotated[bool, About("Whether this very request carries it")]


class TokenPage(Resource):
    """The caller's own live tokens, newest first."""

    items: tuple[TokenSummary, ...]


class TokenReference(Resource):
    """One token, by id."""

    token_id: UUID


class Nothing(Resource):
    """Nothing has to be said."""


class Me(Resource):
    """The caller: who, for which agency, and what that allows."""

    user: User
    agency_id: UUID
    roles: Roles
    permissions: Annotated[dict[str, str], About("How far each permission reaches")]


class Session(Resource):
    """A live token and whom it speaks for."""

    token_id: UUID
    principal: Principal
    expires_at: datetime
