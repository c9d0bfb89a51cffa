"""Operations of a caller upon the own account: signing in, tokens, second step, code of conduct."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Final

from gateway.api.operation import Operation
from gateway.desk import Turn
from gateway.identity.domain import Pending
from gateway.identity.language import (
    AccessToken,
    Authenticator,
    ChangedPassword,
    CodeOfConduct,
    ConductAcceptance,
    ConductLanguage,
    Credentials,
    FirstCode,
    ForgottenPassword,
    LinkRedemption,
    Me,
    Nothing,
    Proof,
    RecoveryCodes,
    TokenPage,
    TokenReference,
    TokenState,
)

_TAG: Final = "identity"
_ANYBODY: Final = frozenset(Pending)
_STEPPED: Final = _ANYBODY - {Pending.SECOND_STEP}
"""Whoever has a second step took it; what else is owed may wait."""

_GRANTS: Final[Mapping[str, Callable[[Turn, Credentials], AccessToken]]] = {
    "password": lambda turn, asked: turn.identity.sign_in(asked, address=turn.address),
    "client_credentials": lambda turn, asked: turn.identity.client_token(
        asked, address=turn.address
    ),
}


def _token(turn: Turn, asked: Credentials) -> AccessToken:
    return _GRANTS[asked.grant_type](turn, asked)


def _tokens(turn: Turn, _asked: Nothing) -> TokenPage:
    return turn.identity.tokens(turn.caller)


def _end_tokens(turn: Turn, _asked: Nothing) -> None:
    turn.identity.end_all_tokens(turn.caller)


def _end_current_token(turn: Turn, _asked: Nothing) -> None:
    turn.identity.end_token(turn.caller, turn.caller.token_id)


def _end_token(turn: Turn, asked: TokenReference) -> None:
    turn.identity.end_token(turn.caller, asked.token_id)


def _prove(turn: Turn, asked: Proof) -> TokenState:
    return turn.identity.prove(turn.caller, asked, address=turn.address)


def _me(turn: Turn, _asked: Nothing) -> Me:
    return turn.identity.me(turn.caller)


def _change_password(turn: Turn, asked: ChangedPassword) -> None:
    turn.identity.change_password(turn.caller, asked, address=turn.address)


def _enrol(turn: Turn, _asked: Nothing) -> Authenticator:
    return turn.identity.enrol(turn.caller)


def _confirm_enrolment(turn: Turn, asked: FirstCode) -> RecoveryCodes:
    return turn.identity.confirm_enrolment(turn.caller, asked, address=turn.address)


def _renew_recovery_codes(turn: Turn, _asked: Nothing) -> RecoveryCodes:
    return turn.identity.renew_recovery_codes(turn.caller)


def _give_up_second_step(turn: Turn, _asked: Nothing) -> None:
    turn.identity.give_up_second_step(turn.caller)


def _conduct(turn: Turn, asked: ConductLanguage) -> CodeOfConduct:
    return turn.identity.conduct(turn.caller, asked)


def _accept_conduct(turn: Turn, asked: ConductAcceptance) -> None:
    turn.identity.accept_conduct(turn.caller, asked)


def _redeem(turn: Turn, asked: LinkRedemption) -> None:
    turn.identity.redeem(asked, address=turn.address)


def _forgotten(turn: Turn, asked: ForgottenPassword) -> None:
    turn.identity.forgotten(asked, address=turn.address)


OPERATIONS: Final = (
    Operation(
        name="token_creation",
        tag=_TAG,
        method="POST",
        path="/tokens",
        status=201,
        summary="Sign in",
        about=(
            "Give e-mail and password, and a code where there is a second step, or as a client its "
            "id and secret; get a bearer token. What pending lists must be settled before the "
            "token opens everything."
        ),
        asks=Credentials,
        answers=AccessToken,
        does=_token,
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
        admits=_STEPPED,
    ),
    Operation(
        name="own_tokens_end",
        tag=_TAG,
        method="DELETE",
        path="/tokens",
        status=204,
        summary="Sign out everywhere",
        about="End every token of the caller, the one of this request too.",
        asks=Nothing,
        does=_end_tokens,
        admits=_STEPPED,
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
        admits=_ANYBODY,
    ),
    Operation(
        name="token_proof",
        tag=_TAG,
        method="POST",
        path="/tokens/current/proof",
        summary="Second step, or a fresh proof",
        about=(
            "Give a code of the authenticator or a recovery code, without a second step the "
            "password. It settles the second step of a new token and, later, lets the caller do "
            "what needs a fresh proof."
        ),
        asks=Proof,
        answers=TokenState,
        does=_prove,
        admits=_ANYBODY,
        refuses=frozenset({HTTPStatus.TOO_MANY_REQUESTS}),
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
        admits=_STEPPED,
    ),
    Operation(
        name="me",
        tag=_TAG,
        method="GET",
        path="/me",
        summary="Who the caller is",
        about="Show the user, the agency acted for, the roles, what they permit and what is owed.",
        asks=Nothing,
        answers=Me,
        does=_me,
        admits=_STEPPED,
    ),
    Operation(
        name="own_password",
        tag=_TAG,
        method="PUT",
        path="/me/password",
        status=204,
        summary="Change the own password",
        about="Replace the caller's password; every other token of theirs ends.",
        asks=ChangedPassword,
        does=_change_password,
        admits=_STEPPED,
        refuses=frozenset({HTTPStatus.TOO_MANY_REQUESTS}),
    ),
    Operation(
        name="second_step_enrolment",
        tag=_TAG,
        method="POST",
        path="/me/second-step",
        status=201,
        summary="Begin with a second step",
        about="Get the secret of an authenticator, also as a QR code; it counts once confirmed.",
        asks=Nothing,
        answers=Authenticator,
        does=_enrol,
        admits=_STEPPED,
        fresh=True,
    ),
    Operation(
        name="second_step_confirmation",
        tag=_TAG,
        method="POST",
        path="/me/second-step/confirmation",
        summary="Confirm the second step",
        about=(
            "Give the authenticator's first code; get ten recovery codes, shown this once. Every "
            "other token of the caller ends."
        ),
        asks=FirstCode,
        answers=RecoveryCodes,
        does=_confirm_enrolment,
        admits=_STEPPED,
        fresh=True,
        refuses=frozenset({HTTPStatus.TOO_MANY_REQUESTS}),
    ),
    Operation(
        name="recovery_codes",
        tag=_TAG,
        method="POST",
        path="/me/second-step/recovery-codes",
        status=201,
        summary="New recovery codes",
        about="Get ten new recovery codes; those before open nothing any more.",
        asks=Nothing,
        answers=RecoveryCodes,
        does=_renew_recovery_codes,
        admits=_STEPPED,
        fresh=True,
    ),
    Operation(
        name="second_step_end",
        tag=_TAG,
        method="DELETE",
        path="/me/second-step",
        status=204,
        summary="Give up the second step",
        about="Remove the caller's second step, unless a role asks for it.",
        asks=Nothing,
        does=_give_up_second_step,
        admits=_STEPPED,
        fresh=True,
        refuses=frozenset({HTTPStatus.CONFLICT}),
    ),
    Operation(
        name="code_of_conduct",
        tag=_TAG,
        method="GET",
        path="/code-of-conduct",
        summary="Code of conduct",
        about="Show the code of conduct in force, and whether the caller accepted it.",
        asks=ConductLanguage,
        answers=CodeOfConduct,
        does=_conduct,
        admits=_STEPPED,
    ),
    Operation(
        name="code_of_conduct_acceptance",
        tag=_TAG,
        method="POST",
        path="/code-of-conduct/acceptance",
        status=204,
        summary="Accept the code of conduct",
        about="Accept the version in force; until then the token opens nothing else.",
        asks=ConductAcceptance,
        does=_accept_conduct,
        admits=_STEPPED,
    ),
    Operation(
        name="link_redemption",
        tag=_TAG,
        method="POST",
        path="/links/redemption",
        status=204,
        summary="Choose a password with a one-time link",
        about="Set the password of the user whom an invitation or reset link is for.",
        asks=LinkRedemption,
        does=_redeem,
        anonymous=True,
        refuses=frozenset({HTTPStatus.CONFLICT}),
    ),
    Operation(
        name="forgotten_password",
        tag=_TAG,
        method="POST",
        path="/forgotten-passwords",
        status=204,
        summary="Forgotten password",
        about=(
            "Where the installation sends mail, send a reset link to the address if it is a "
            "user's. The answer never tells whether it is."
        ),
        asks=ForgottenPassword,
        does=_forgotten,
        anonymous=True,
    ),
)
