"""Coming in by an identity provider: sent away with a state, taken back by the same browser."""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Final, Literal
from uuid import UUID

from contracts.language import NotFound
from gateway.identity import domain
from gateway.identity.accounts import tie_or_refuse
from gateway.identity.ground import Books
from gateway.identity.language import AccessToken, Provider, ProviderAnswer, ProviderList
from gateway.identity.openid import OpenIdProvider, Return
from gateway.identity.provider_store import Attempt
from gateway.identity.sign_in import SigningIn, chosen
from gateway.identity.store import Account

ATTEMPT_LIFE: Final = timedelta(minutes=10)
_CALLBACKS: Final = {"api": "/api/v1/oidc/{name}/callback", "pages": "/oidc/{name}/callback"}

Face = Literal["api", "pages"]
"""To which face of the gateway the provider sends somebody back; the way out names the way in."""


@dataclass(frozen=True, kw_only=True)
class Departure:
    """Where a person goes on, and what their browser has to keep until they come back."""

    url: str
    browser: str


class Federation(SigningIn):
    """The room where people come in whom somebody else vouches for."""

    def provider_list(self) -> ProviderList:
        """Return the providers of this installation."""
        return ProviderList(
            items=tuple(
                Provider(
                    name=each.settings.name,
                    label=each.settings.label,
                    agency_id=each.settings.agency_id,
                )
                for each in self.providers.values()
            )
        )

    def depart(
        self,
        name: str,
        *,
        agency_id: UUID | None = None,
        invitation: str | None = None,
        face: Face = "api",
    ) -> Departure:
        """Send somebody to a provider; an invitation is redeemed by whoever comes back with it.

        Raises:
            NotFound: there is no such provider.
            LinkUnusable: the invitation opens nothing.
            ProviderUnavailable: the provider does not answer.

        """
        provider = self._provider(name)
        state, nonce, browser = (secrets.token_urlsafe(32) for _ in range(3))
        verifier = secrets.token_urlsafe(48)
        url = provider.authorization_url(
            state=state,
            nonce=nonce,
            verifier=verifier,
            redirect_uri=self._callback(name, face),
            now=self.now(),
        )

        def begin(books: Books) -> None:
            link_id = self._invitation(books, invitation) if invitation else None
            books.external.prune(books.now)
            books.external.begin(
                Attempt(
                    state_hash=domain.token_hash(state),
                    provider=name,
                    browser_hash=domain.token_hash(browser),
                    sealed_nonce=self.seal.seal(nonce),
                    sealed_verifier=self.seal.seal(verifier),
                    agency_id=provider.settings.agency_id or agency_id,
                    link_id=link_id,
                    expires_at=books.now + ATTEMPT_LIFE,
                )
            )

        self._transact(begin)
        return Departure(url=url, browser=browser)

    def come_back(
        self, answer: ProviderAnswer, *, browser: str | None, address: str, face: Face = "api"
    ) -> AccessToken:
        """Return a token of the user whom the provider vouches for.

        Raises:
            ProviderRefused: state, browser, code or what the code bought do not fit.
            ExternalIdentityUnknown: nobody here is tied to that subject.
            SignInRefused: the account is shut.

        """
        provider = self._provider(answer.provider)
        attempt = self._attempt(answer, browser)
        # RFC 9207: another provider's answer must not be taken to this one.
        mixed_up = answer.iss is not None and answer.iss != provider.settings.issuer
        if answer.code is None or answer.error is not None or mixed_up:
            raise domain.ProviderRefused
        returned = Return(
            code=answer.code,
            verifier=self.seal.open(attempt.sealed_verifier),
            nonce=self.seal.open(attempt.sealed_nonce),
            redirect_uri=self._callback(answer.provider, face),
        )
        subject = provider.subject(returned, self.now())
        account = self._transact(lambda books: _account(books, attempt, subject))
        if not account.open:
            raise domain.SignInRefused
        membership = chosen(account, attempt.agency_id)
        trusted = provider.settings.second_step
        return self._enter(account, membership, None, address=address, stepped=trusted)

    def _attempt(self, answer: ProviderAnswer, browser: str | None) -> Attempt:
        """Return the attempt that this answer ends; it is used up whatever comes of it."""
        hashed = domain.token_hash(answer.state or "")
        attempt = self._transact(lambda books: books.external.take(hashed))
        same = attempt is not None and hmac.compare_digest(
            attempt.browser_hash, domain.token_hash(browser or "")
        )
        if (
            attempt is None
            or not same
            or attempt.provider != answer.provider
            or attempt.expires_at <= self.now()
        ):
            raise domain.ProviderRefused
        return attempt

    def _provider(self, name: str) -> OpenIdProvider:
        provider = self.providers.get(name)
        if provider is None:
            raise NotFound("There is no such provider.")
        return provider

    def _callback(self, name: str, face: Face) -> str:
        return self.policy.public_url + _CALLBACKS[face].format(name=name)

    def _invitation(self, books: Books, token: str) -> UUID:
        """Return the id of an invitation; a reset link ties nobody to a provider."""
        link = books.links.usable(domain.token_hash(token), books.now)
        if link is None or link.purpose != "invitation":
            raise _unusable()
        return link.link_id


def _account(books: Books, attempt: Attempt, subject: str) -> Account:
    """Return the account that is tied to the subject, or is being tied to it by an invitation."""
    if attempt.link_id is not None:
        link = books.links.usable_with_id(attempt.link_id, books.now)
        if link is None:
            raise _unusable()
        tie_or_refuse(books, attempt.provider, subject, link.user_id)
        books.links.void(link.user_id, books.now)
        books.note(link.user_id, "external-identity-tied", link.user_id, provider=attempt.provider)
    user_id = books.external.user_of(attempt.provider, subject)
    account = user_id and books.users.account_of(user_id, books.now)
    if not account:
        raise domain.ExternalIdentityUnknown(
            "Nobody here is tied to this account; ask your administrator for an invitation."
        )
    return account


def _unusable() -> domain.LinkUnusable:
    return domain.LinkUnusable(
        "The invitation was used, replaced or has expired; ask your administrator for a new one."
    )
