"""An identity provider as a plain client of OpenID Connect meets it: code, PKCE, state and nonce.

A provider is an agency's own, or a proxy that speaks SPID and CIE towards the country; both look
alike from here.
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final, Self
from urllib.parse import urlsplit
from uuid import UUID

import requests
from authlib.integrations.base_client import OAuthError
from authlib.integrations.requests_client import OAuth2Session
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from chassis.settings import SettingMissing
from gateway.identity.domain import ProviderRefused, ProviderUnavailable

VARIABLE: Final = "OIDC_PROVIDERS_FILE"
_ALGORITHMS: Final = ("RS256", "PS256", "ES256")
_TIMEOUT: Final = 5.0
_LEEWAY: Final = 60
_METADATA_LIFE: Final = timedelta(minutes=10)
_LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "::1"})
_NAME: Final = re.compile(r"[a-z0-9-]{1,40}")


@dataclass(frozen=True, kw_only=True)
class ProviderSettings:
    """One provider as it is configured; ``agency_id`` is absent where it serves every agency."""

    name: str
    label: str
    issuer: str
    client_id: str
    client_secret: str = field(default="", repr=False)
    agency_id: UUID | None = None
    scope: str = "openid"
    second_step: bool = False
    """Whether the provider itself asks for a second factor and is trusted with it."""

    @classmethod
    def load(cls, data: Mapping[str, Any]) -> Self:
        """Read one entry of the file of providers.

        Raises:
            ValueError: it is incomplete or leads to an address that anybody could listen at.

        """
        read = {**data, "agency_id": UUID(data["agency_id"]) if data.get("agency_id") else None}
        settings = cls(**read)
        if not _NAME.fullmatch(settings.name):
            raise ValueError("a provider's name takes a-z, 0-9 and hyphens")
        if not is_safe(settings.issuer):
            raise ValueError("an issuer is an https address")
        return settings


@dataclass(frozen=True, kw_only=True)
class Metadata:
    """What a provider tells of itself, and until when that is believed."""

    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    good_until: datetime


@dataclass(frozen=True, kw_only=True)
class Return:
    """What is needed to turn a returned code into a subject."""

    code: str
    verifier: str
    nonce: str
    redirect_uri: str


class OpenIdProvider:
    """One provider over HTTP; what it tells of itself is kept for some minutes."""

    def __init__(self, settings: ProviderSettings) -> None:
        """Know the provider; it is asked when it is first needed."""
        self.settings = settings
        self._guard = threading.Lock()
        self._metadata: Metadata | None = None
        self._keys: KeySet | None = None

    def authorization_url(
        self, *, state: str, nonce: str, verifier: str, redirect_uri: str, now: datetime
    ) -> str:
        """Return where the person goes on.

        Raises:
            ProviderUnavailable: the provider does not tell.

        """
        endpoint = self._known(now).authorization_endpoint
        with self._conversation(redirect_uri) as conversation:
            url, _ = conversation.create_authorization_url(
                endpoint, state=state, nonce=nonce, code_verifier=verifier
            )
        return str(url)

    def subject(self, returned: Return, now: datetime) -> str:
        """Return whom the provider vouches for, for this very attempt and this very client.

        Raises:
            ProviderRefused: the code buys nothing, or what it buys proves nothing.
            ProviderUnavailable: the provider does not answer as it should.

        """
        endpoint = self._known(now).token_endpoint
        try:
            with self._conversation(returned.redirect_uri) as conversation:
                bought = conversation.fetch_token(
                    endpoint,
                    code=returned.code,
                    code_verifier=returned.verifier,
                    timeout=_TIMEOUT,
                )
        except OAuthError as refusal:
            raise ProviderRefused from refusal
        except (requests.RequestException, ValueError) as failure:
            raise _unavailable() from failure
        return self._vouched(str(bought.get("id_token", "")), returned.nonce, now)

    def _vouched(self, id_token: str, nonce: str, now: datetime) -> str:
        """Check everything that ties the token to this provider, client and attempt."""
        claims = self._claims(id_token, now)
        rules = jwt.JWTClaimsRegistry(
            now=int(now.timestamp()),
            leeway=_LEEWAY,
            iss={"essential": True, "value": self.settings.issuer},
            aud={"essential": True, "value": self.settings.client_id},
            exp={"essential": True},
            iat={"essential": True},
            sub={"essential": True},
            nonce={"essential": True, "value": nonce},
        )
        try:
            rules.validate(claims)
        except JoseError as failure:
            raise ProviderRefused from failure
        audience = claims["aud"]
        shared = isinstance(audience, list) and len(audience) > 1
        if (shared or "azp" in claims) and claims.get("azp") != self.settings.client_id:
            raise ProviderRefused
        return str(claims["sub"])

    def _claims(self, id_token: str, now: datetime) -> dict[str, Any]:
        """Return what is signed; a key that is not known yet is asked for once."""
        for fresh in (False, True):
            try:
                return jwt.decode(
                    id_token, self._key_set(now, fresh=fresh), algorithms=list(_ALGORITHMS)
                ).claims
            except (JoseError, ValueError) as failure:
                if fresh:
                    raise ProviderRefused from failure
        raise ProviderRefused

    def _known(self, now: datetime) -> Metadata:
        with self._guard:
            if self._metadata is None or self._metadata.good_until <= now:
                self._metadata = self._discovered(now)
            return self._metadata

    def _discovered(self, now: datetime) -> Metadata:
        told = self._get(f"{self.settings.issuer.rstrip('/')}/.well-known/openid-configuration")
        addresses = {
            name: str(told.get(name, ""))
            for name in ("authorization_endpoint", "token_endpoint", "jwks_uri")
        }
        safe = all(is_safe(each, beside=self.settings.issuer) for each in addresses.values())
        if told.get("issuer") != self.settings.issuer or not safe:
            raise _unavailable()
        return Metadata(**addresses, good_until=now + _METADATA_LIFE)

    def _key_set(self, now: datetime, *, fresh: bool) -> KeySet:
        address = self._known(now).jwks_uri
        with self._guard:
            if self._keys is None or fresh:
                try:
                    self._keys = KeySet.import_key_set(self._get(address))  # type: ignore[arg-type]  # it checks what it is given
                except (JoseError, KeyError, TypeError, ValueError) as failure:
                    raise _unavailable() from failure
            return self._keys

    def _get(self, address: str) -> dict[str, Any]:
        with requests.Session() as session:
            session.trust_env = False
            try:
                answer = session.get(address, timeout=_TIMEOUT, allow_redirects=False)
                told = answer.json() if answer.ok else None
            except (requests.RequestException, ValueError) as failure:
                raise _unavailable() from failure
        if not isinstance(told, dict):
            raise _unavailable()
        return told

    def _conversation(self, redirect_uri: str) -> Any:
        session = OAuth2Session(
            self.settings.client_id,
            self.settings.client_secret or None,
            scope=self.settings.scope,
            redirect_uri=redirect_uri,
            code_challenge_method="S256",
        )
        session.trust_env = False
        session.max_redirects = 0
        return session


def configured(environment: Mapping[str, str]) -> dict[str, OpenIdProvider]:
    """Return the providers that the file lists, by name.

    Raises:
        SettingMissing: the file cannot be read; the sentence repeats nothing of it.

    """
    path = environment.get(VARIABLE)
    if not path:
        return {}
    try:
        listed = json.loads(Path(path).read_text(encoding="utf-8"))["providers"]
        known = [ProviderSettings.load(each) for each in listed]
    except (OSError, ValueError, KeyError, TypeError):
        raise SettingMissing(f"set {VARIABLE} to a file as docs/identity.md describes it") from None
    return {each.name: OpenIdProvider(each) for each in known}


def is_safe(address: str, *, beside: str = "http:") -> bool:
    """Tell whether nobody on the way can listen: https, or this very machine.

    A provider ``beside`` that is elsewhere cannot send us to this machine.
    """
    parts = urlsplit(address)
    ours = parts.scheme == "http" and parts.hostname in _LOOPBACK
    return parts.scheme == "https" or (ours and not beside.startswith("https:"))


def _unavailable() -> ProviderUnavailable:
    return ProviderUnavailable("The identity provider does not answer as it should; try later.")
