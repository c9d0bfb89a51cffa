"""Rules of identity: passwords, tokens, what is still owed, and when the door stays shut."""

from __future__ import annotations

import hashlib
import re
import secrets
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from contracts.access import CLIENT_ROLES, Role
from contracts.language import Category, DomainError, VersionMismatch

PASSWORD_MINIMUM: Final = 12
PASSWORD_MAXIMUM: Final = 128
MACHINE: Final = UUID(int=0)
"""Who acts when nobody is signed in: the owner of the machine, or a rule that time applies."""

TOKEN_PREFIX: Final = "plurali_"  # noqa: S105 - a mark by which leaked tokens are recognised
CLIENT_TOKEN_PREFIX: Final = "pluraliclient_"  # noqa: S105 - as above
SECRET_PREFIX: Final = "pluralisecret_"  # noqa: S105 - as above
LINK_PREFIX: Final = "pluralilink_"
_MADE_PASSWORD_BYTES: Final = 15
_CLIENT_PREFIX: Final = "client_"


class Pending(StrEnum):
    """What a person still owes before the door opens wholly, in the order in which it is asked."""

    SECOND_STEP = "second-step"
    SECOND_STEP_ENROLMENT = "second-step-enrolment"
    CODE_OF_CONDUCT = "code-of-conduct"


class PasswordTooShort(DomainError, category=Category.INVALID, slug="password-too-short"):
    """A new password is shorter than the minimum; its composition is free."""


class PasswordTooLong(DomainError, category=Category.INVALID, slug="password-too-long"):
    """A new password is longer than anybody needs and than is hashed."""


class PasswordIsTheName(DomainError, category=Category.INVALID, slug="password-is-the-name"):
    """A new password is the person's own e-mail address or name."""


class SecondStepNeeded(DomainError, category=Category.FORBIDDEN, slug="second-step-needed"):
    """The token opens nothing before a code of the second step was given."""


class SecondStepNotEnrolled(
    DomainError, category=Category.FORBIDDEN, slug="second-step-not-enrolled"
):
    """A role of the caller asks for a second step and the caller has none yet."""


class SecondStepRequired(DomainError, category=Category.CONFLICT, slug="second-step-required"):
    """A role of the caller asks for the second step, which so cannot be given up."""


class SecondStepAbsent(DomainError, category=Category.CONFLICT, slug="second-step-absent"):
    """There is no second step, or none waiting for its first code."""


class CodeOfConductNotAccepted(
    DomainError, category=Category.FORBIDDEN, slug="code-of-conduct-not-accepted"
):
    """The caller has not accepted the code of conduct in force."""


class CodeOfConductOutdated(
    DomainError, category=Category.CONFLICT, slug="code-of-conduct-outdated"
):
    """Another version of the code of conduct is in force."""


class StepUpNeeded(DomainError, category=Category.FORBIDDEN, slug="step-up-needed"):
    """The operation wants a fresh proof of who is at the desk."""


class StaffOnly(DomainError, category=Category.FORBIDDEN, slug="staff-only"):
    """The operation is for persons; a client has no such thing."""


class RoleNotForStaff(DomainError, category=Category.INVALID, slug="role-not-for-staff"):
    """A role that only the clients of agencies' systems hold was given to a person."""


class LinkUnusable(DomainError, category=Category.CONFLICT, slug="link-unusable"):
    """The one-time link is unknown, used, replaced or too old."""


class ClientExpiryInvalid(DomainError, category=Category.INVALID, slug="client-expiry-invalid"):
    """A client cannot end before it begins."""


class ClientUnusable(DomainError, category=Category.CONFLICT, slug="client-unusable"):
    """The client is disabled or expired and gets no further secret."""


class ScopeExceeded(DomainError, category=Category.INVALID, slug="scope-exceeded"):
    """The client was not given a scope that it asks for."""


class ExternalIdentityUnknown(
    DomainError, category=Category.FORBIDDEN, slug="external-identity-unknown"
):
    """The provider vouches for somebody whom nobody has tied to a user here."""


class ExternalIdentityTaken(
    DomainError, category=Category.CONFLICT, slug="external-identity-taken"
):
    """The provider's subject is tied to another user, or the user to another subject."""


class ProviderUnavailable(DomainError, category=Category.UNAVAILABLE, slug="provider-unavailable"):
    """The identity provider does not answer as it should."""


class EmailTaken(DomainError, category=Category.CONFLICT, slug="email-taken"):
    """Another user signs in with this e-mail address."""


class AgencyNotChosen(DomainError, category=Category.INVALID, slug="agency-not-chosen"):
    """The user belongs to several agencies, or not to the one that was named."""

    def __init__(self, agency_ids: Sequence[UUID]) -> None:
        """Name the agencies among which to choose."""
        known = ", ".join(map(str, agency_ids))
        sentence = f"Name the agency that you sign in for, one of: {known}."
        super().__init__(sentence, fields={"agency_id": [sentence]})
        self.agency_ids = tuple(agency_ids)


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


class ClientRefused(Exception):
    """The client's credentials open no door; nobody is told which part of them is wrong."""


class CodeRefused(Exception):
    """The code of the second step, or the password of a step-up, does not fit."""


class ProviderRefused(Exception):
    """What came back from an identity provider proves nothing."""


@dataclass(frozen=True, kw_only=True)
class Limit:
    """How many failures within the window shut the door."""

    failures: int
    window: timedelta


ACCOUNT_LIMIT: Final = Limit(failures=10, window=timedelta(minutes=15))
ADDRESS_LIMIT: Final = Limit(failures=50, window=timedelta(minutes=15))
CODE_LIMIT: Final = Limit(failures=5, window=timedelta(minutes=15))


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


def code_key(user_id: UUID) -> str:
    """Return what failures of a user's second step are counted under."""
    return hashlib.sha256(f"second-step:{user_id}".encode()).hexdigest()


def client_key(client_id: str) -> str:
    """Return what failures of a client are counted under, whether it exists or not."""
    return hashlib.sha256(f"client:{client_id}".encode()).hexdigest()


def readable_password(password: str) -> str:
    """Return the one spelling of a password, however the keyboard composed its letters."""
    return unicodedata.normalize("NFKC", password)


def check_password(password: str, *names: str) -> str:
    """Return a new password in its one spelling; ``names`` are what the person is called.

    Raises:
        PasswordTooShort: it has fewer characters than the minimum.
        PasswordTooLong: it has more than the maximum.
        PasswordIsTheName: it is the person's own address, or the part before the @, or the name.

    """
    spelled = readable_password(password)
    if len(spelled) < PASSWORD_MINIMUM:
        sentence = f"Use at least {PASSWORD_MINIMUM} characters; a few unrelated words are good."
        raise PasswordTooShort(sentence, fields={"password": [sentence]})
    if len(spelled) > PASSWORD_MAXIMUM:
        sentence = f"Use at most {PASSWORD_MAXIMUM} characters."
        raise PasswordTooLong(sentence, fields={"password": [sentence]})
    known = {part for name in names for part in (name, name.partition("@")[0])}
    if _bare(spelled) in {_bare(each) for each in known}:
        sentence = "Use something else than the person's own name or e-mail address."
        raise PasswordIsTheName(sentence, fields={"password": [sentence]})
    return spelled


def _bare(text: str) -> str:
    """Return a text without case, blanks and punctuation."""
    return re.sub(r"[\W_]+", "", account_name(text))


def owed(
    *, enrolled: bool, stepped: bool, required: bool, conduct_accepted: bool
) -> tuple[Pending, ...]:
    """Return what a person still owes: who has a second step must take it, whatever the roles."""
    debts = (
        (Pending.SECOND_STEP, enrolled and not stepped),
        (Pending.SECOND_STEP_ENROLMENT, required and not enrolled and not stepped),
        (Pending.CODE_OF_CONDUCT, not conduct_accepted),
    )
    return tuple(pending for pending, due in debts if due)


_DEMANDS: Final[Mapping[Pending, DomainError]] = {
    Pending.SECOND_STEP: SecondStepNeeded(
        "Give a code of your authenticator, or a recovery code, with POST /tokens/current/proof."
    ),
    Pending.SECOND_STEP_ENROLMENT: SecondStepNotEnrolled(
        "Your role asks for a second step: begin with POST /me/second-step."
    ),
    Pending.CODE_OF_CONDUCT: CodeOfConductNotAccepted(
        "Read the code of conduct with GET /code-of-conduct and accept it."
    ),
}


def demand(pending: Iterable[Pending], *, admitted: frozenset[Pending]) -> None:
    """Refuse while something is owed that the operation does not admit.

    Raises:
        SecondStepNeeded, SecondStepNotEnrolled, CodeOfConductNotAccepted: that is what is owed.

    """
    for each in pending:
        if each not in admitted:
            refusal = _DEMANDS[each]
            raise type(refusal)(refusal.message)


def demand_version(seen: int | None, current: int) -> None:
    """Refuse a change to what is no longer as the caller saw it; who saw none takes it as it is.

    Raises:
        VersionMismatch: it was changed in the meantime.

    """
    if seen is not None and seen != current:
        raise VersionMismatch("It was changed in the meantime; read it again and repeat.")


def demand_fresh(proved_at: datetime | None, now: datetime, life: timedelta) -> None:
    """Refuse when who is at the desk was proven too long ago.

    Raises:
        StepUpNeeded: it was.

    """
    if proved_at is None or proved_at <= now - life:
        raise StepUpNeeded("Prove again who you are with POST /tokens/current/proof, then repeat.")


def is_second_step_required(roles: Iterable[Role], since: Mapping[Role, date], today: date) -> bool:
    """Tell whether any of the roles asks for a second step by now."""
    return any(role in since and since[role] <= today for role in roles)


def check_staff_roles(roles: Iterable[Role]) -> None:
    """Refuse to make a person a program.

    Raises:
        RoleNotForStaff: one of the roles belongs to clients.

    """
    if CLIENT_ROLES.intersection(roles):
        sentence = "Roles that begin with client_ are for clients; choose another one."
        raise RoleNotForStaff(sentence, fields={"roles": [sentence]})


def scope_of(role: Role) -> str:
    """Return the scope of a client's role, such as ``people:read``."""
    return role.value.removeprefix(_CLIENT_PREFIX).replace("_", ":")


SCOPES: Final[Mapping[str, Role]] = {scope_of(role): role for role in Role if role in CLIENT_ROLES}


def granted_scopes(wanted: str | None, held: Iterable[str]) -> tuple[str, ...]:
    """Return the scopes of a token: those asked for, or all that the client has.

    Raises:
        ScopeExceeded: the client has not got one that it asks for.

    """
    known = tuple(sorted(set(held)))
    if wanted is None:
        return known
    asked = tuple(sorted(set(wanted.split())))
    if not asked or not set(asked) <= set(known):
        sentence = f"Ask for some of: {' '.join(known)}."
        raise ScopeExceeded(sentence, fields={"scope": [sentence]})
    return asked


def make_password() -> str:
    """Return a new random password."""
    return secrets.token_urlsafe(_MADE_PASSWORD_BYTES)


def make_token(prefix: str = TOKEN_PREFIX) -> str:
    """Return a new random token, by its prefix known for what it is."""
    return prefix + secrets.token_urlsafe(32)


def token_hash(token: str) -> str:
    """Return what is stored of a token, which is too random for its hash to be turned back."""
    return hashlib.sha256(token.encode()).hexdigest()
