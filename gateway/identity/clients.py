"""Clients: programs of agencies that come in with a secret, within scopes, for a while."""

from __future__ import annotations

import hmac
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from chassis import clock
from chassis.errors import KeyReused
from contracts.language import InvalidRequest, NotFound
from gateway.identity import domain
from gateway.identity.ground import Books, Ground, cursor_id
from gateway.identity.language import (
    AccessToken,
    Client,
    ClientPage,
    ClientSearch,
    ClientSecret,
    Credentials,
    IssuedSecret,
    NewClient,
    SecretRotation,
)

_LONGEST: Final = timedelta(days=731)


class ClientRoom(Ground):
    """The room of programs; ``by`` is the administrator who acts."""

    def client_token(self, credentials: Credentials, *, address: str) -> AccessToken:
        """Return a new token of a client.

        Raises:
            ClientRefused: no open client has this id and secret.
            SignInLocked: the client or the caller's address failed too often lately.
            ScopeExceeded: the client has not got a scope that it asks for.

        """
        client_id, given = credentials.client_id, credentials.client_secret
        if client_id is None or given is None:
            name = "client_id" if client_id is None else "client_secret"
            sentence = "A client signs in with client_id and client_secret."
            raise InvalidRequest(sentence, fields={name: [sentence]})
        attempt = self._begin_attempt(domain.client_key(str(client_id)), address)
        live = self._transact(lambda books: books.clients.live_secrets(client_id, books.now))
        hashed = domain.token_hash(given)
        fitting = [each for each in live if hmac.compare_digest(each.secret_hash, hashed)]
        if not fitting:
            raise domain.ClientRefused
        self._transact(lambda books: books.users.forgive(attempt))
        (secret, *_) = fitting
        scopes = domain.granted_scopes(credentials.scope, secret.scopes)
        token, token_id = domain.make_token(domain.CLIENT_TOKEN_PREFIX), clock.new_id()

        def enter(books: Books) -> datetime:
            expires_at = min(books.now + self.policy.client_token_life, secret.expires_at)
            books.tokens.add_of_client(
                token_id,
                token_hash=domain.token_hash(token),
                client_id=client_id,
                secret_id=secret.secret_id,
                scopes=scopes,
                created_at=books.now,
                expires_at=expires_at,
            )
            return expires_at

        return AccessToken(
            token_id=token_id,
            access_token=token,
            token_type="Bearer",  # noqa: S106 - the word of RFC 6750, not a secret
            expires_at=self._transact(enter),
            user_id=client_id,
            agency_id=secret.agency_id,
            roles=tuple(domain.SCOPES[each] for each in scopes),
            scope=" ".join(scopes),
        )

    def create_client(self, new: NewClient, *, by: UUID, key: str | None = None) -> IssuedSecret:
        """Let a program in; repeated with its key, the same client is shown without the secret.

        Raises:
            ScopeExceeded: a scope does not exist.
            ClientExpiryInvalid: it would end before it began, or last too long.
            KeyReused: another client was made with the key.

        """
        scopes = domain.granted_scopes(" ".join(new.scopes), domain.SCOPES)
        now, secret = self.now(), domain.make_token(domain.SECRET_PREFIX)
        if not now < new.expires_at <= now + _LONGEST:
            sentence = "Let it end in the future, at most two years ahead."
            raise domain.ClientExpiryInvalid(sentence, fields={"expires_at": [sentence]})
        client = Client(
            client_id=clock.new_id(),
            name=new.name,
            agency_id=new.agency_id,
            scopes=scopes,
            created_at=now,
            expires_at=new.expires_at,
        )

        def enter(books: Books) -> Client:
            if not books.clients.add(client, creation_key=key):
                return _made_before(books, key, client)
            self._add_secret(books, client, secret)
            books.note(
                by, "client-created", client.client_id, agency_id=client.agency_id, scopes=scopes
            )
            return _existing(books, client.client_id)

        entered = self._transact(enter)
        mine = entered.client_id == client.client_id
        return IssuedSecret(client=entered, client_secret=secret if mine else None)

    def rotate_secret(self, rotation: SecretRotation, *, by: UUID) -> IssuedSecret:
        """Give a client a new secret; the earlier ones live on for the overlap.

        Raises:
            NotFound: there is no such client.
            VersionMismatch: somebody was faster.
            ClientUnusable: it is disabled or expired.

        """
        secret = domain.make_token(domain.SECRET_PREFIX)

        def rotate(books: Books) -> Client:
            client = _existing(books, rotation.client_id, locked=True)
            domain.demand_version(rotation.version, client.version)
            if client.disabled_at is not None or client.expires_at <= books.now:
                raise domain.ClientUnusable("Make a new client instead.")
            until = books.now + timedelta(hours=rotation.overlap_hours)
            books.clients.shorten_secrets(client.client_id, until)
            self._add_secret(books, client, secret)
            books.clients.raise_version(client.client_id)
            books.note(
                by,
                "client-secret-rotated",
                client.client_id,
                overlap_hours=rotation.overlap_hours,
            )
            return _existing(books, client.client_id)

        return IssuedSecret(client=self._transact(rotate), client_secret=secret)

    def disable_client(self, client_id: UUID, *, by: UUID, version: int | None = None) -> Client:
        """Shut the door for a client, for good; its tokens end.

        Raises:
            NotFound: there is no such client.
            VersionMismatch: somebody was faster.

        """

        def disable(books: Books) -> Client:
            client = _existing(books, client_id, locked=True)
            domain.demand_version(version, client.version)
            if client.disabled_at is None:
                books.clients.disable(client_id, books.now)
                books.clients.raise_version(client_id)
                books.tokens.end_of_client(client_id, books.now)
                books.note(by, "client-disabled", client_id)
            return _existing(books, client_id)

        return self._transact(disable)

    def client(self, client_id: UUID) -> Client:
        """Return one client.

        Raises:
            NotFound: there is none with this id.

        """
        return self._transact(lambda books: _existing(books, client_id))

    def clients(self, search: ClientSearch) -> ClientPage:
        """Return a page of clients; the cursor is the id of the last one shown."""
        before = cursor_id(search.cursor)
        found = self._transact(
            lambda books: books.clients.clients(
                before=before, limit=search.limit + 1, now=books.now
            )
        )
        shown = found[: search.limit]
        more = len(found) > search.limit
        return ClientPage(items=shown, next_cursor=str(shown[-1].client_id) if more else None)

    def _add_secret(self, books: Books, client: Client, secret: str) -> None:
        books.clients.add_secret(
            client.client_id,
            ClientSecret(
                secret_id=clock.new_id(), created_at=books.now, expires_at=client.expires_at
            ),
            secret_hash=domain.token_hash(secret),
        )


def _existing(books: Books, client_id: UUID, *, locked: bool = False) -> Client:
    client = books.clients.client(client_id, books.now, locked=locked)
    if client is None:
        raise NotFound("There is no such client.")
    return client


def _made_before(books: Books, key: str | None, wanted: Client) -> Client:
    """Return the client that was made with the key, which must be the one wanted now."""
    earlier = books.clients.client_made_with(key, books.now) if key else None
    if earlier is None or _wish(earlier) != _wish(wanted):
        raise KeyReused("Another client was made with this key; use a new key.")
    return earlier


def _wish(client: Client) -> tuple[object, ...]:
    return (client.name, client.agency_id, client.scopes, client.expires_at)
