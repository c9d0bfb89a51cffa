"""Operations of coming in by an identity provider (OpenID Connect)."""

from __future__ import annotations

from http import HTTPStatus
from typing import Final

from gateway.api.operation import Operation
from gateway.desk import Turn
from gateway.identity.federation import ATTEMPT_LIFE, Departure
from gateway.identity.language import (
    AccessToken,
    Authorization,
    Nothing,
    ProviderAnswer,
    ProviderEntry,
    ProviderInvitation,
    ProviderList,
)

_TAG: Final = "identity"
_COOKIE: Final = "plurali_oidc"
_COOKIE_PATH: Final = "/api/v1/oidc"


def _providers(turn: Turn, _asked: Nothing) -> ProviderList:
    return turn.identity.provider_list()


def _depart(turn: Turn, asked: ProviderEntry) -> None:
    departure = turn.identity.depart(asked.provider, agency_id=asked.agency_id)
    _remember(turn, departure)
    turn.headers["Location"] = departure.url


def _depart_invited(turn: Turn, asked: ProviderInvitation) -> Authorization:
    departure = turn.identity.depart(asked.provider, invitation=asked.token)
    _remember(turn, departure)
    return Authorization(authorization_url=departure.url)


def _come_back(turn: Turn, asked: ProviderAnswer) -> AccessToken:
    browser = turn.cookies.get(_COOKIE)
    turn.headers["Set-Cookie"] = _cookie(turn, "", seconds=0)
    return turn.identity.come_back(asked, browser=browser, address=turn.address)


def _remember(turn: Turn, departure: Departure) -> None:
    """Let only the browser that was sent away come back: a forged return carries no cookie."""
    seconds = int(ATTEMPT_LIFE.total_seconds())
    turn.headers["Set-Cookie"] = _cookie(turn, departure.browser, seconds=seconds)


def _cookie(turn: Turn, value: str, *, seconds: int) -> str:
    secure = "; Secure" if turn.identity.policy.public_url.startswith("https:") else ""
    # Lax, since the way back is a link of another site.
    about = f"Path={_COOKIE_PATH}; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}"
    return f"{_COOKIE}={value}; {about}"


OPERATIONS: Final = (
    Operation(
        name="oidc_providers",
        tag=_TAG,
        method="GET",
        path="/oidc",
        summary="Identity providers",
        about="Show by which identity providers people may come in.",
        asks=Nothing,
        answers=ProviderList,
        does=_providers,
        anonymous=True,
    ),
    Operation(
        name="oidc_authorization",
        tag=_TAG,
        method="GET",
        path="/oidc/{provider}/authorization",
        status=303,
        summary="Go to an identity provider",
        about="Send the browser to the provider, with state, nonce and PKCE.",
        asks=ProviderEntry,
        does=_depart,
        anonymous=True,
    ),
    Operation(
        name="oidc_invitation",
        tag=_TAG,
        method="POST",
        path="/oidc/{provider}/authorization",
        status=201,
        summary="Redeem an invitation with an identity provider",
        about=(
            "Begin as above; whoever comes back from the provider is tied to the invited user, who "
            "then needs no password."
        ),
        asks=ProviderInvitation,
        answers=Authorization,
        does=_depart_invited,
        anonymous=True,
        refuses=frozenset({HTTPStatus.CONFLICT}),
    ),
    Operation(
        name="oidc_callback",
        tag=_TAG,
        method="GET",
        path="/oidc/{provider}/callback",
        summary="Come back from an identity provider",
        about="Turn what the provider sends back into a token of the user whom it vouches for.",
        asks=ProviderAnswer,
        answers=AccessToken,
        does=_come_back,
        anonymous=True,
        refuses=frozenset({HTTPStatus.FORBIDDEN, HTTPStatus.CONFLICT}),
    ),
)
