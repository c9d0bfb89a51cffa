"""Rules of identity: passwords, tokens, and when the door stays shut for a while."""

from __future__ import annotations

import hashlib
import secrets
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from contracts.language import Category, DomainError

PASSWORD_MINIMUM: Final = 12
TOKEN_LIFE: Final = timedelta(hours=12)
TOKEN_PREFIX: Final = "plurali_"  # noqa: S105 - a mark by which leaked tokens are recognised
_MADE_PASSWORD_BYTES: Final = 15


class PasswordTooShort(DomainError, category=Category.INVALID, slug="password-too-short"):
    """A new password is shorter than the minimum; nothing else is asked of it."""


class EmailTaken(DomainError, category=Category.CONFLICT, slug="email-taken"):
    """Another user signs in with this e-mail address."""


class AgencyNotChosen(DomainError, category=Category.INVALID, slug="agency-not-chosen"):
    """The user belongs to several agencies, or not to the one that was named."""


class OwnAccountProtected(DomainError, category=Category.CONFLICT, slug="own-account-protected"):
    """An administrator may not shut the own account, so that one always remains."""


class SignInRefused(Exception):
    """The credentials do not open the door; nobody is told which part of them is wrong."""


class SignInLocked(Exception):
    """Too many failed attempts for this account or from this address."""

    def __init__(self, retry_after: timedelta) -> None:
        """Keep how long the door stays shut."""
        super().__init__()
        self.retry_after = retry_after


@dataclass(frozen=True, kw_only=True)
class Limit:
    """How many failures within the window shut the door."""

    failures: int
    window: timedelta


ACCOUNT_LIMIT: Final = Limit(failures=10, window=timedelta(minutes=15))
ADDRESS_LIMIT: Final = Limit(failures=50, window=timedelta(minutes=15))


def wait(limit: Limit, failures: list[datetime], now: datetime) -> timedelta:
    """Return how long to wait until the failures in the sliding window are below the limit."""
    inside = sorted(at for at in failures if at > now - limit.window)
    if len(inside) < limit.failures:
        return timedelta(0)
    return inside[-limit.failures] + limit.window - now


def account_name(email: str) -> str:
    """Return the one spelling under which an e-mail address is kept and compared."""
    return unicodedata.normalize("NFKC", email).strip().casefold()


def account_key(email: str) -> str:
    """Return what failures of an account are counted under, whether it exists or not."""
    return hashlib.sha256(account_name(email).encode()).hexdigest()


def readable_password(password: str) -> str:
    """Return the one spelling of a password, however the keyboard composed its letters."""
    return unicodedata.normalize("NFKC", password)


def check_password(password: str) -> str:
    """Return a new password in its one spelling.

    Raises:
        PasswordTooShort: it has fewer characters than the minimum.

    """
    spelled = readable_password(password)
    if len(spelled) < PASSWORD_MINIMUM:
        sentence = f"Use at least {PASSWORD_MINIMUM} characters; a few unrelated words are good."
        raise PasswordTooShort(sentence, fields={"password": [sentence]})
    return spelled


def make_password() -> str:
    """Return a new random password."""
    return secrets.token_urlsafe(_MADE_PASSWORD_BYTES)


def make_token() -> str:
    """Return a new random bearer token."""
    return TOKEN_PREFIX + secrets.token_urlsafe(32)


def token_hash(token: str) -> str:
    """Return what is stored of a token, which is too random for its hash to be turned back."""
    return hashlib.sha256(token.encode()).hexdigest()
