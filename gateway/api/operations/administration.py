"""Operations of administrators: users, clients, and the log of what was done to them."""

from __future__ import annotations

from http import HTTPStatus
from typing import Final

from gateway.api.operation import Operation
from gateway.desk import Turn
from gateway.identity.language import (
    AdministrationPage,
    AdministrationSearch,
    AdministrationVerdict,
    Client,
    ClientChange,
    ClientPage,
    ClientReference,
    ClientSearch,
    CreatedUser,
    ExternalIdentity,
    ExternalIdentityReference,
    IssuedSecret,
    Link,
    MembershipReference,
    NewClient,
    NewLink,
    NewMembership,
    NewPassword,
    NewUser,
    NewValidity,
    Nothing,
    SecretRotation,
    TokenPage,
    User,
    UserChange,
    UserPage,
    UserReference,
    UserSearch,
)

_TAG: Final = "administration"
_ADMINISTER: Final = "user:administer"


def _create_user(turn: Turn, asked: NewUser) -> CreatedUser:
    return turn.identity.create_user(asked, key=turn.line.call.key, by=turn.principal.user_id)


def _users(turn: Turn, asked: UserSearch) -> UserPage:
    return turn.identity.users(asked)


def _user(turn: Turn, asked: UserReference) -> User:
    return turn.identity.user(asked.user_id)


def _set_membership(turn: Turn, asked: NewMembership) -> User:
    return turn.identity.set_membership(asked, by=turn.principal.user_id)


def _end_membership(turn: Turn, asked: MembershipReference) -> None:
    turn.identity.end_membership(turn.principal.user_id, asked)


def _set_validity(turn: Turn, asked: NewValidity) -> User:
    return turn.identity.set_validity(asked, by=turn.principal.user_id)


def _reset_password(turn: Turn, asked: NewPassword) -> CreatedUser:
    return turn.identity.reset_password(asked, by=turn.principal.user_id)


def _make_link(turn: Turn, asked: NewLink) -> Link:
    return turn.identity.make_link(turn.principal.user_id, asked)


def _disable_user(turn: Turn, asked: UserChange) -> User:
    return turn.identity.disable_user(turn.principal, asked.user_id, version=asked.version)


def _enable_user(turn: Turn, asked: UserChange) -> User:
    by = turn.principal.user_id
    return turn.identity.enable_user(asked.user_id, version=asked.version, by=by)


def _tokens_of(turn: Turn, asked: UserReference) -> TokenPage:
    return turn.identity.tokens_of(asked.user_id)


def _end_tokens_of(turn: Turn, asked: UserReference) -> None:
    turn.identity.end_tokens_of(turn.principal.user_id, asked.user_id)


def _take_second_step_away(turn: Turn, asked: UserReference) -> None:
    turn.identity.take_second_step_away(turn.principal.user_id, asked.user_id)


def _tie(turn: Turn, asked: ExternalIdentity) -> None:
    turn.identity.tie(turn.principal.user_id, asked.provider, asked.subject, asked.user_id)


def _untie(turn: Turn, asked: ExternalIdentityReference) -> None:
    turn.identity.untie(turn.principal.user_id, asked.provider, asked.user_id)


def _create_client(turn: Turn, asked: NewClient) -> IssuedSecret:
    return turn.identity.create_client(asked, by=turn.principal.user_id, key=turn.line.call.key)


def _clients(turn: Turn, asked: ClientSearch) -> ClientPage:
    return turn.identity.clients(asked)


def _client(turn: Turn, asked: ClientReference) -> Client:
    return turn.identity.client(asked.client_id)


def _rotate_secret(turn: Turn, asked: SecretRotation) -> IssuedSecret:
    return turn.identity.rotate_secret(asked, by=turn.principal.user_id)


def _disable_client(turn: Turn, asked: ClientChange) -> Client:
    by = turn.principal.user_id
    return turn.identity.disable_client(asked.client_id, by=by, version=asked.version)


def _administration(turn: Turn, asked: AdministrationSearch) -> AdministrationPage:
    return turn.identity.administration(asked)


def _verdict(turn: Turn, _asked: Nothing) -> AdministrationVerdict:
    return turn.identity.administration_verdict()


OPERATIONS: Final = (
    Operation(
        name="user_creation",
        tag=_TAG,
        method="POST",
        path="/users",
        status=201,
        summary="Let a user in",
        about=(
            "Create a member of staff, with a password, one that is made, or a one-time link; what "
            "was made is shown this once."
        ),
        asks=NewUser,
        answers=CreatedUser,
        does=_create_user,
        requires=_ADMINISTER,
        fresh=True,
    ),
    Operation(
        name="users",
        tag=_TAG,
        method="GET",
        path="/users",
        summary="Users",
        about="Show users, newest first.",
        asks=UserSearch,
        answers=UserPage,
        does=_users,
        requires=_ADMINISTER,
    ),
    Operation(
        name="user",
        tag=_TAG,
        method="GET",
        path="/users/{user_id}",
        summary="One user",
        about="Show one user with the memberships held.",
        asks=UserReference,
        answers=User,
        does=_user,
        requires=_ADMINISTER,
    ),
    Operation(
        name="user_membership",
        tag=_TAG,
        method="PUT",
        path="/users/{user_id}/memberships/{agency_id}",
        summary="Roles of a user in an agency",
        about="Give a user these roles in the agency, instead of any held there before.",
        asks=NewMembership,
        answers=User,
        does=_set_membership,
        requires=_ADMINISTER,
        fresh=True,
    ),
    Operation(
        name="user_membership_end",
        tag=_TAG,
        method="DELETE",
        path="/users/{user_id}/memberships/{agency_id}",
        status=204,
        summary="Take a user out of an agency",
        about="End the user's roles in the agency, and every token for it.",
        asks=MembershipReference,
        does=_end_membership,
        requires=_ADMINISTER,
        refuses=frozenset({HTTPStatus.CONFLICT}),
    ),
    Operation(
        name="user_validity",
        tag=_TAG,
        method="PUT",
        path="/users/{user_id}/validity",
        summary="Temporary account",
        about="Let an account end by itself at an instant, or without one last.",
        asks=NewValidity,
        answers=User,
        does=_set_validity,
        requires=_ADMINISTER,
        fresh=True,
    ),
    Operation(
        name="user_password_reset",
        tag=_TAG,
        method="POST",
        path="/users/{user_id}/password-reset",
        summary="Reset a password",
        about="Replace a password and end the user's tokens; one that was made is shown this once.",
        asks=NewPassword,
        answers=CreatedUser,
        does=_reset_password,
        requires=_ADMINISTER,
        fresh=True,
    ),
    Operation(
        name="user_link",
        tag=_TAG,
        method="POST",
        path="/users/{user_id}/links",
        status=201,
        summary="One-time link for a user",
        about=(
            "Make an invitation or reset link, instead of any that waits; it is shown this once "
            "and mailed where the installation sends mail."
        ),
        asks=NewLink,
        answers=Link,
        does=_make_link,
        requires=_ADMINISTER,
        fresh=True,
    ),
    Operation(
        name="user_disablement",
        tag=_TAG,
        method="POST",
        path="/users/{user_id}/disablement",
        summary="Shut the door for a user",
        about="End every token of a user and let nobody sign in as them.",
        asks=UserChange,
        answers=User,
        does=_disable_user,
        requires=_ADMINISTER,
    ),
    Operation(
        name="user_enablement",
        tag=_TAG,
        method="POST",
        path="/users/{user_id}/enablement",
        summary="Open the door again",
        about="Let a disabled user sign in again.",
        asks=UserChange,
        answers=User,
        does=_enable_user,
        requires=_ADMINISTER,
        fresh=True,
    ),
    Operation(
        name="user_tokens",
        tag=_TAG,
        method="GET",
        path="/users/{user_id}/tokens",
        summary="Live tokens of a user",
        about="Show the tokens of a user that still open the door.",
        asks=UserReference,
        answers=TokenPage,
        does=_tokens_of,
        requires=_ADMINISTER,
    ),
    Operation(
        name="user_tokens_end",
        tag=_TAG,
        method="DELETE",
        path="/users/{user_id}/tokens",
        status=204,
        summary="End every token of a user",
        about="Sign a user out everywhere, such as when a computer was stolen.",
        asks=UserReference,
        does=_end_tokens_of,
        requires=_ADMINISTER,
    ),
    Operation(
        name="user_second_step_end",
        tag=_TAG,
        method="DELETE",
        path="/users/{user_id}/second-step",
        status=204,
        summary="Take a second step away",
        about="Remove the second step of a user who lost it, and end their tokens.",
        asks=UserReference,
        does=_take_second_step_away,
        requires=_ADMINISTER,
        fresh=True,
    ),
    Operation(
        name="user_external_identity",
        tag=_TAG,
        method="PUT",
        path="/users/{user_id}/external-identities/{provider}",
        status=204,
        summary="Tie a user to an account at a provider",
        about="Let the subject, as an administrator verified it, come in as this user.",
        asks=ExternalIdentity,
        does=_tie,
        requires=_ADMINISTER,
        fresh=True,
    ),
    Operation(
        name="user_external_identity_end",
        tag=_TAG,
        method="DELETE",
        path="/users/{user_id}/external-identities/{provider}",
        status=204,
        summary="Untie a user from a provider",
        about="Let the user come in by the provider no longer, and end their tokens.",
        asks=ExternalIdentityReference,
        does=_untie,
        requires=_ADMINISTER,
    ),
    Operation(
        name="client_creation",
        tag=_TAG,
        method="POST",
        path="/clients",
        status=201,
        summary="Let a program in",
        about="Create a client of an agency with its scopes; the secret is shown this once.",
        asks=NewClient,
        answers=IssuedSecret,
        does=_create_client,
        requires=_ADMINISTER,
        fresh=True,
    ),
    Operation(
        name="clients",
        tag=_TAG,
        method="GET",
        path="/clients",
        summary="Clients",
        about="Show clients with their live secrets, newest first.",
        asks=ClientSearch,
        answers=ClientPage,
        does=_clients,
        requires=_ADMINISTER,
    ),
    Operation(
        name="client",
        tag=_TAG,
        method="GET",
        path="/clients/{client_id}",
        summary="One client",
        about="Show one client with its live secrets, and when each was used last.",
        asks=ClientReference,
        answers=Client,
        does=_client,
        requires=_ADMINISTER,
    ),
    Operation(
        name="client_secret_rotation",
        tag=_TAG,
        method="POST",
        path="/clients/{client_id}/secrets",
        status=201,
        summary="New secret for a client",
        about="Make a new secret, shown this once; the earlier ones live on for the overlap.",
        asks=SecretRotation,
        answers=IssuedSecret,
        does=_rotate_secret,
        requires=_ADMINISTER,
        fresh=True,
    ),
    Operation(
        name="client_disablement",
        tag=_TAG,
        method="POST",
        path="/clients/{client_id}/disablement",
        summary="Shut the door for a client",
        about="End every token of a client and let it get no other, for good.",
        asks=ClientChange,
        answers=Client,
        does=_disable_client,
        requires=_ADMINISTER,
    ),
    Operation(
        name="administration_log",
        tag=_TAG,
        method="GET",
        path="/administration-log",
        summary="Administration log",
        about="Show who did what to which account, newest first.",
        asks=AdministrationSearch,
        answers=AdministrationPage,
        does=_administration,
        requires=_ADMINISTER,
    ),
    Operation(
        name="administration_log_verdict",
        tag=_TAG,
        method="GET",
        path="/administration-log/verdict",
        summary="Whether the administration log is whole",
        about="Follow the chain of hashes from the first entry to the last.",
        asks=Nothing,
        answers=AdministrationVerdict,
        does=_verdict,
        requires=_ADMINISTER,
    ),
)
