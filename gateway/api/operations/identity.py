"""Operations on tokens and users."""

from __future__ import annotations

from typing import Final

from gateway.api.operation import Operation, Turn
from gateway.identity.language import (
    AccessToken,
    CreatedUser,
    Credentials,
    Me,
    NewMembership,
    NewPassword,
    NewUser,
    Nothing,
    TokenPage,
    TokenReference,
    User,
    UserPage,
    UserReference,
    UserSearch,
)

_TAG: Final = "identity"
_ADMINISTER: Final = "user:administer"


def _sign_in(turn: Turn, asked: Credentials) -> AccessToken:
    return turn.identity.sign_in(asked, address=turn.address)


def _tokens(turn: Turn, _asked: Nothing) -> TokenPage:
    return turn.identity.tokens(turn.caller)


def _end_current_token(turn: Turn, _asked: Nothing) -> None:
    turn.identity.end_token(turn.caller, turn.caller.token_id)


def _end_token(turn: Turn, asked: TokenReference) -> None:
    turn.identity.end_token(turn.caller, asked.token_id)


def _me(turn: Turn, _asked: Nothing) -> Me:
    return turn.identity.me(turn.caller)


def _create_user(turn: Turn, asked: NewUser) -> CreatedUser:
    return turn.identity.create_user(asked, key=turn.line.call.key)


def _users(turn: Turn, asked: UserSearch) -> UserPage:
    return turn.identity.users(asked)


def _user(turn: Turn, asked: UserReference) -> User:
    return turn.identity.user(asked.user_id)


def _set_membership(turn: Turn, asked: NewMembership) -> User:
    return turn.identity.set_membership(asked)


def _reset_password(turn: Turn, asked: NewPassword) -> CreatedUser:
    return turn.identity.reset_password(asked)


def _disable_user(turn: Turn, asked: UserReference) -> User:
    return turn.identity.disable_user(turn.principal, asked.user_id)


def _enable_user(turn: Turn, asked: UserReference) -> User:
    return turn.identity.enable_user(asked.user_id)


OPERATIONS: Final = (
    Operation(
        name="token_creation",
        tag=_TAG,
        method="POST",
        path="/tokens",
        status=201,
        summary="Sign in",
        about="Give e-mail and password, get a bearer token that is good for twelve hours.",
        asks=Credentials,
        answers=AccessToken,
        does=_sign_in,
        anonymous=True,
    ),
    Operation(
        name="own_tokens",
        tag=_TAG,
        method="GET",
        path="/tokens",
        summary="Own live tokens",
        about="Show the caller's tokens that still open the door.",
        asks=Nothing,
        answers=TokenPage,
        does=_tokens,
    ),
    Operation(
        name="current_token_end",
        tag=_TAG,
        method="DELETE",
        path="/tokens/current",
        status=204,
        summary="Sign out",
        about="End the token that this request carries.",
        asks=Nothing,
        does=_end_current_token,
    ),
    Operation(
        name="token_end",
        tag=_TAG,
        method="DELETE",
        path="/tokens/{token_id}",
        status=204,
        summary="End one of the own tokens",
        about="End a token of the caller, such as one left on another desk.",
        asks=TokenReference,
        does=_end_token,
    ),
    Operation(
        name="me",
        tag=_TAG,
        method="GET",
        path="/me",
        summary="Who the caller is",
        about="Show the user, the agency acted for, the roles and what they permit.",
        asks=Nothing,
        answers=Me,
        does=_me,
    ),
    Operation(
        name="user_creation",
        tag=_TAG,
        method="POST",
        path="/users",
        status=201,
        summary="Let a user in",
        about="Create a member of staff; a password that was made is shown this once.",
        asks=NewUser,
        answers=CreatedUser,
        does=_create_user,
        requires=_ADMINISTER,
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
    ),
    Operation(
        name="user_disablement",
        tag=_TAG,
        method="POST",
        path="/users/{user_id}/disablement",
        summary="Shut the door for a user",
        about="End every token of a user and let nobody sign in as them.",
        asks=UserReference,
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
        asks=UserReference,
        answers=User,
        does=_enable_user,
        requires=_ADMINISTER,
    ),
)
