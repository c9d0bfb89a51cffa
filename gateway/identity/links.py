"""One-time links: invitations and resets, by which nobody but their reader learns a password."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Final
from uuid import UUID

from chassis import clock
from gateway.identity import domain, passwords
from gateway.identity.ground import Books, Ground
from gateway.identity.language import ForgottenPassword, Link, LinkRedemption, NewLink, User
from gateway.identity.step_store import KeptLink

_SIDE: Final = ThreadPoolExecutor(max_workers=1, thread_name_prefix="forgotten")


class LinkMaking(Ground):
    """The room where one-time links are made and redeemed."""

    def make_link(self, by: UUID, new: NewLink) -> Link:
        """Make a link for a user, instead of any that waits; the password stays until it is used.

        Raises:
            NotFound: there is no such user.

        """

        def make(books: Books) -> tuple[User, str]:
            user = books.existing(new.user_id)
            books.note(by, "link-made", user.user_id, purpose=new.purpose)
            return user, self._new_link(books, user.user_id, new.purpose)

        user, token = self._transact(make)
        return self._sent(user, token, new.purpose)

    def redeem(self, redemption: LinkRedemption, *, address: str) -> None:
        """Set the password that the reader of a link chose; every token of the user ends.

        Raises:
            LinkUnusable: the link is unknown, used, replaced or too old.
            SignInLocked: too many links from this address opened nothing.

        """
        hashed_token = domain.token_hash(redemption.token)
        attempt = self._begin_attempt(hashed_token, address)
        user = self._transact(lambda books: self._reader(books, hashed_token)[1])
        password = domain.check_password(redemption.password, user.email, user.name)
        hashed = passwords.hash_password(password)

        def redeem(books: Books) -> None:
            link, reader = self._reader(books, hashed_token)
            books.users.set_password(reader.user_id, hashed)
            books.links.void(reader.user_id, books.now)
            books.tokens.end(reader.user_id, books.now)
            books.users.clear_failures(domain.account_key(reader.email))
            books.users.forgive(attempt)
            books.note(reader.user_id, "link-redeemed", reader.user_id, purpose=link.purpose)

        self._transact(redeem)

    def forgotten(self, forgotten: ForgottenPassword, *, address: str) -> None:
        """Send a reset link to the address if it is a user's; the caller learns nothing of that.

        Raises:
            SignInLocked: it was asked too often for this address or from this one.

        """
        email = domain.account_name(forgotten.email)
        self._begin_attempt(domain.account_key(f"forgotten:{email}"), address)
        # Whatever differs between the known and the unknown happens where no caller waits.
        _SIDE.submit(self._remind, email)

    def _remind(self, email: str) -> None:
        def make(books: Books) -> tuple[User, str] | None:
            account = books.users.account(email, books.now)
            if account is None or not account.open:
                return None
            books.note(account.user_id, "link-made", account.user_id, purpose="reset")
            return books.existing(account.user_id), self._new_link(books, account.user_id, "reset")

        # Without mail the link would reach nobody.
        made = self._transact(make) if self.notifier.is_there else None
        if made is not None:
            self._sent(*made, "reset")

    def _new_link(self, books: Books, user_id: UUID, purpose: str) -> str:
        """Keep a new link and return its token."""
        token = domain.make_token(domain.LINK_PREFIX)
        books.links.replace(
            clock.new_id(),
            token_hash=domain.token_hash(token),
            user_id=user_id,
            purpose=purpose,
            created_at=books.now,
            expires_at=books.now + self._link_life(purpose),
        )
        return token

    def _sent(self, user: User, token: str, purpose: str) -> Link:
        """Send the link where there is mail, and show it to who asked."""
        # Behind the hash no server on the way sees or logs the token.
        url = f"{self.policy.public_url}/link#{token}"
        return Link(
            url=url,
            token=token,
            expires_at=self.now() + self._link_life(purpose),
            mailed=self.notifier.send_link(user.email, url),
        )

    def _link_life(self, purpose: str) -> timedelta:
        invited = purpose == "invitation"
        return self.policy.invitation_life if invited else self.policy.reset_life

    def _reader(self, books: Books, hashed_token: str) -> tuple[KeptLink, User]:
        """Return a usable link and whom it is for."""
        link = books.links.usable(hashed_token, books.now)
        account = books.users.account_of(link.user_id, books.now) if link else None
        if link is None or account is None or not account.open:
            raise domain.LinkUnusable(
                "The link was used, replaced or has expired; ask your administrator for a new one."
            )
        return link, books.existing(link.user_id)
