"""Resources of identity: what the API takes and shows about users and their tokens."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, Literal
from uuid import UUID

from contracts.access import Principal, Role
from contracts.language import About, Many, Number, Resource, Text
from gateway.identity.domain import Pending

Email = Annotated[str, Text(minimum=5, maximum=120, pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$")]
Password = Annotated[str, Text(minimum=1, maximum=256)]
Name = Annotated[str, Text(maximum=120)]
Secret = Annotated[str, Text(minimum=1, maximum=200, pattern=r"^[!-~]+$")]
ProofCode = Annotated[
    str,
    Text(
        minimum=6,
        maximum=20,
        pattern=r"^[0-9A-Za-z -]+$",
        about="Six digits of the authenticator, or a recovery code",
    ),
]
ProviderName = Annotated[str, Text(maximum=40, pattern=r"^[a-z0-9-]+$")]
Scopes = Annotated[
    tuple[Annotated[str, Text(maximum=40, pattern=r"^[a-z]+:[a-z]+$")], ...],
    Many(minimum=1, maximum=20),
]
Roles = Annotated[tuple[Role, ...], Many(minimum=1, maximum=20)]


Version = Annotated[int, About("Rises with each change of roles, end or door")]
SeenVersion = Annotated[int | None, About("The version that the change is based on")]


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
    disabled_for: Annotated[
        str | None, About("Why the door is shut: administrator, dormant or expired")
    ] = None
    valid_until: Annotated[datetime | None, About("When a temporary account ends")] = None
    last_sign_in_at: datetime | None = None
    has_password: bool = True
    has_second_step: bool = False
    code_of_conduct: Annotated[str | None, About("The latest version accepted")] = None
    version: Version = 1


class UserPage(Resource):
    """Users, newest first."""

    items: tuple[User, ...]
    next_cursor: str | None = None


class NewUser(Resource):
    """A member of staff to let in, with the roles held in one agency."""

    email: Email
    name: Name
    agency_id: UUID
    roles: Roles
    password: Annotated[
        Password | None, About("12 to 128 characters; absent: one is made and shown once")
    ] = None
    invite: Annotated[bool, About("Make a one-time link instead of any password")] = False
    valid_until: Annotated[datetime | None, About("When the account ends by itself")] = None


class Link(Resource):
    """A one-time link, shown this once: whoever opens it chooses the user's password."""

    url: str
    token: str
    expires_at: datetime
    mailed: Annotated[bool, About("Whether it was also sent to the user by e-mail")]


class CreatedUser(Resource):
    """A user, with the password or the link where one was made: it is shown this once."""

    user: User
    password: str | None = None
    link: Link | None = None


class NewLink(Resource):
    """A one-time link for a user, instead of any made before."""

    user_id: UUID
    purpose: Literal["invitation", "reset"]


class LinkRedemption(Resource):
    """The token of a one-time link and the password chosen with it."""

    token: Secret
    password: Password


class ForgottenPassword(Resource):
    """Whose password was forgotten."""

    email: Email


class ChangedPassword(Resource):
    """The caller's password and the one to come."""

    current: Password
    password: Password


class NewValidity(Resource):
    """When an account ends by itself; absent: never."""

    user_id: UUID
    valid_until: datetime | None = None
    version: SeenVersion = None


class UserState(StrEnum):
    """Whether the door is open to a user."""

    OPEN = "open"
    SHUT = "shut"
    NEW = "new"


class UserSearch(Resource):
    """Which users to show: all, or those of an agency or in a state."""

    agency_id: UUID | None = None
    state: Annotated[UserState | None, About("new: open, but nobody came in yet")] = None
    cursor: Annotated[str | None, Text(maximum=200)] = None
    limit: Annotated[int, Number(minimum=1, maximum=100)] = 50


class ClientSearch(Resource):
    """Which clients to show."""

    cursor: Annotated[str | None, Text(maximum=200)] = None
    limit: Annotated[int, Number(minimum=1, maximum=100)] = 50


class UserReference(Resource):
    """One user, by id."""

    user_id: UUID


class UserChange(Resource):
    """One user as the caller saw them."""

    user_id: UUID
    version: SeenVersion = None


class NewMembership(Resource):
    """The roles that a user is to hold in an agency, instead of any held there before."""

    user_id: UUID
    agency_id: UUID
    roles: Roles
    version: SeenVersion = None


class MembershipReference(Resource):
    """A user's place in an agency."""

    user_id: UUID
    agency_id: UUID
    version: SeenVersion = None


class NewPassword(Resource):
    """A new password for a user; every token of theirs ends."""

    user_id: UUID
    password: Annotated[
        Password | None, About("12 to 128 characters; absent: one is made and shown once")
    ] = None


class Credentials(Resource):
    """What a person, or with ``client_credentials`` a client, signs in with."""

    grant_type: Literal["password", "client_credentials"] = "password"
    email: Email | None = None
    password: Password | None = None
    agency_id: Annotated[UUID | None, About("Chooses among several memberships")] = None
    code: ProofCode | None = None
    client_id: UUID | None = None
    client_secret: Secret | None = None
    scope: Annotated[
        str | None,
        Text(
            maximum=400, pattern=r"^[a-z:]+( [a-z:]+)*$", about="Fewer scopes than the client has"
        ),
    ] = None


class AccessToken(Resource):
    """A bearer token, shown this once: send it as ``Authorization: Bearer``."""

    token_id: UUID
    access_token: str
    token_type: str
    expires_at: datetime
    user_id: Annotated[UUID, About("The user, or the client")]
    agency_id: UUID
    roles: Roles
    pending: Annotated[
        tuple[Pending, ...], About("What is owed before the token opens everything, in order")
    ] = ()
    scope: Annotated[str | None, About("The scopes of a client's token")] = None


class Proof(Resource):
    """Who is at the desk: a code for whoever has a second step, else the password."""

    code: ProofCode | None = None
    password: Password | None = None


class TokenState(Resource):
    """What a token is good for now."""

    token_id: UUID
    expires_at: datetime
    pending: tuple[Pending, ...]


class TokenSummary(Resource):
    """A token that still opens the door."""

    token_id: UUID
    agency_id: UUID
    created_at: datetime
    last_used_at: datetime
    expires_at: datetime
    address: Annotated[str | None, About("From where the person signed in")] = None
    current: Annotated[bool, About("Whether this very request carries it")]


class TokenPage(Resource):
    """A person's own live tokens, newest first."""

    items: tuple[TokenSummary, ...]


class TokenReference(Resource):
    """One token, by id."""

    token_id: UUID


class Nothing(Resource):
    """Nothing has to be said."""


class SecondStep(Resource):
    """How the caller stands with the second step."""

    enrolled: bool
    required: bool
    recovery_codes: Annotated[int, About("Recovery codes not used yet")]


class Me(Resource):
    """The caller: who, for which agency, and what that allows."""

    user: User
    agency_id: UUID
    roles: Roles
    permissions: Annotated[dict[str, str], About("How far each permission reaches")]
    pending: tuple[Pending, ...]
    second_step: SecondStep


class Authenticator(Resource):
    """A second step to be confirmed with its first code; the secret is shown this once."""

    secret: str
    otpauth_uri: str
    qr_svg: Annotated[str, About("The same address as a QR code")]


class FirstCode(Resource):
    """The first code of a new authenticator."""

    code: ProofCode


class RecoveryCodes(Resource):
    """Codes to keep on paper, each good for once; they are shown this once."""

    codes: tuple[str, ...]


class CodeOfConduct(Resource):
    """The code of conduct in force."""

    version: Annotated[str, About("The day from which it is in force")]
    language: str
    text: str
    accepted: Annotated[bool, About("Whether the caller accepted this version")]


class ConductLanguage(Resource):
    """In which language to show the text."""

    language: Literal["it", "en"] = "it"


class ConductAcceptance(Resource):
    """The version that the caller accepts."""

    version: Annotated[str, Text(maximum=10, pattern=r"^\d{4}-\d{2}-\d{2}$")]


class NewClient(Resource):
    """A program of an agency to let in; it acts for that agency alone, within its scopes."""

    name: Name
    agency_id: UUID
    scopes: Scopes
    expires_at: Annotated[datetime, About("When its access ends, at most two years ahead")]


class ClientSecret(Resource):
    """One of a client's secrets, without what is secret of it."""

    secret_id: UUID
    created_at: datetime
    expires_at: datetime
    last_used_at: datetime | None = None


class Client(Resource):
    """A program of an agency, with its live secrets."""

    client_id: UUID
    name: Name
    agency_id: UUID
    scopes: Scopes
    created_at: datetime
    expires_at: datetime
    disabled_at: datetime | None = None
    last_used_at: datetime | None = None
    secrets: tuple[ClientSecret, ...] = ()
    version: Annotated[int, About("Rises with each new secret and the end")] = 1


class IssuedSecret(Resource):
    """A client with a new secret, which is shown this once."""

    client: Client
    client_secret: str | None = None


class ClientPage(Resource):
    """Clients, newest first."""

    items: tuple[Client, ...]
    next_cursor: str | None = None


class ClientReference(Resource):
    """One client, by id."""

    client_id: UUID


class ClientChange(Resource):
    """One client as the caller saw it."""

    client_id: UUID
    version: SeenVersion = None


class SecretRotation(Resource):
    """A new secret for a client; the earlier ones live on for a while."""

    client_id: UUID
    overlap_hours: Annotated[
        int, Number(minimum=0, maximum=720, about="How long the earlier secrets still work")
    ] = 24
    version: SeenVersion = None


class Provider(Resource):
    """An identity provider that people may come in by."""

    name: ProviderName
    label: str
    agency_id: UUID | None = None


class ProviderList(Resource):
    """The identity providers of this installation."""

    items: tuple[Provider, ...]


class ProviderEntry(Resource):
    """Through which provider, and for which agency, somebody wants to come in."""

    provider: ProviderName
    agency_id: UUID | None = None


class ProviderInvitation(Resource):
    """An invitation to be redeemed with an account at a provider instead of a password."""

    provider: ProviderName
    token: Secret


class Authorization(Resource):
    """Where the person goes on at the provider, with the same browser."""

    authorization_url: str


class ProviderAnswer(Resource):
    """With what the provider sends the person back (RFC 6749, RFC 9207)."""

    provider: ProviderName
    state: Annotated[str | None, Text(maximum=500)] = None
    code: Annotated[str | None, Text(maximum=2000)] = None
    iss: Annotated[str | None, Text(maximum=500)] = None
    session_state: Annotated[str | None, Text(maximum=500)] = None
    scope: Annotated[str | None, Text(maximum=500)] = None
    error: Annotated[str | None, Text(maximum=200)] = None
    error_description: Annotated[str | None, Text(maximum=1000)] = None
    error_uri: Annotated[str | None, Text(maximum=500)] = None


class ExternalIdentity(Resource):
    """A subject at a provider, verified by an administrator, that is to be this user."""

    user_id: UUID
    provider: ProviderName
    subject: Annotated[str, Text(maximum=255)]


class ExternalIdentityReference(Resource):
    """A user's account at a provider."""

    user_id: UUID
    provider: ProviderName


class AdministrationSearch(Resource):
    """Which entries of the administration log to show."""

    target_id: UUID | None = None
    cursor: Annotated[str | None, Text(maximum=20, pattern=r"^\d{1,15}$")] = None
    limit: Annotated[int, Number(minimum=1, maximum=100)] = 50


class AdministrationEntry(Resource):
    """Who did what to whom or what; the hash covers the entry and the hash of the one before."""

    number: int
    at: datetime
    actor_id: Annotated[UUID, About("A user; all zeros is the machine itself")]
    action: str
    target_id: Annotated[UUID, About("The user, client or message; all zeros where it is none")]
    details: Annotated[dict[str, Any], About("Codes and ids only")]
    hash: str


class AdministrationPage(Resource):
    """Entries of the administration log, newest first."""

    items: tuple[AdministrationEntry, ...]
    next_cursor: str | None = None


class AdministrationVerdict(Resource):
    """Whether the administration log is whole: every number there, every hash right."""

    whole: bool
    entries: int
    broken_at: Annotated[int | None, About("The first number that does not fit")] = None
    last_hash: Annotated[str | None, About("Keep it elsewhere, to notice a cut end")] = None


class Session(Resource):
    """A live token and whom it speaks for."""

    token_id: UUID
    principal: Principal
    expires_at: datetime
    pending: tuple[Pending, ...]
    proved_at: datetime | None = None
    is_client: bool = False
