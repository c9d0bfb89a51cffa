"""Rules of identity that need no database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from argon2 import extract_parameters

from gateway.identity import domain, passwords

_NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
_LIMIT = domain.Limit(failures=3, window=timedelta(minutes=15))


def _ago(*minutes: int) -> list[datetime]:
    return [_NOW - timedelta(minutes=each) for each in minutes]


@pytest.mark.parametrize(
    ("failures", "wait"),
    [
        ([], 0),
        (_ago(1, 2), 0),
        (_ago(1, 2, 14), 1),
        (_ago(1, 2, 5, 14), 10),
        (_ago(1, 2, 15), 0),
        (_ago(1, 2, 16, 17), 0),
    ],
    ids=["none", "few", "limit", "beyond", "edge of the window", "old ones"],
)
def test_door_opens_when_failures_leave_the_window(failures: list[datetime], wait: int) -> None:
    """The window slides with the present."""
    assert domain.wait(_LIMIT, failures, _NOW) == timedelta(minutes=wait)


@pytest.mark.parametrize("password", ["", "elevensigns", "e\u0301" * 11])
def test_short_passwords_are_refused_by_name(password: str) -> None:
    """What counts are the characters a person sees."""
    with pytest.raises(domain.PasswordTooShort) as refused:
        domain.check_password(password)
    assert list(refused.value.fields) == ["password"]


@pytest.mark.parametrize("password", ["twelve signs", "aaaaaaaaaaaa", "123456789012"])
def test_nothing_but_length_is_asked_of_a_password(password: str) -> None:
    """No rule of composition."""
    assert domain.check_password(password) == password


def test_one_password_typed_on_two_keyboards_is_one_password() -> None:
    """Composed and decomposed letters are the same."""
    stored = passwords.hash_password(domain.check_password("perche\u0301 no, allora"))
    assert passwords.fits(stored, domain.readable_password("perch\u00e9 no, allora"))


def test_made_passwords_are_long_enough() -> None:
    """What the system proposes obeys its own rule."""
    made = domain.make_password()
    assert domain.check_password(made) == made


def test_one_address_in_two_spellings_is_one_account() -> None:
    """Case and blanks around do not matter."""
    assert domain.account_key(" A@Example.org") == domain.account_key("a@example.ORG ")


def test_unknown_account_costs_as_much_as_a_known_one() -> None:
    """The decoy is hashed with today's costs, so that both answers take the same time."""
    today = extract_parameters(passwords.hash_password("twelve signs"))
    decoy = extract_parameters(passwords.DECOY)
    assert (decoy.time_cost, decoy.memory_cost, decoy.parallelism, decoy.type) == (
        today.time_cost,
        today.memory_cost,
        today.parallelism,
        today.type,
    )


def test_no_password_fits_an_unknown_account() -> None:
    """The decoy opens nothing."""
    assert not passwords.fits(None, "twelve signs")


def test_tokens_are_recognisable_and_stored_as_hashes() -> None:
    """A leaked token can be searched for; a leaked table is worth nothing."""
    token = domain.make_token()
    assert (token.startswith("plurali_"), token in domain.token_hash(token)) == (True, False)
