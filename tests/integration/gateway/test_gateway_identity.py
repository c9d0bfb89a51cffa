"""Signing in, tokens, lock-out and users on a real database."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import pytest

from chassis import clock
from contracts.access import Principal, Role
from contracts.language import InvalidRequest, NotFound
from gateway.identity import domain
from gateway.identity.language import (
    NewMembership,
    NewPassword,
    NewUser,
    UserSearch,
)
from tests.support.identity import PASSWORD, House

_WRONG = "not the right password"
_NOBODY = "nobody@example.org"


def _fail(house: House, email: str, times: int, *, address: str = "192.0.2.9") -> None:
    """Fail to sign in so often."""
    for _ in range(times):
        with pytest.raises(domain.SignInRefused):
            house.sign_in(email, _WRONG, address=address)


def test_token_speaks_for_the_user_in_the_agency(house: House) -> None:
    """A session has user, agency and roles."""
    user = house.let_in(Role.CASE_WORKER, Role.AGENCY_COORDINATOR)
    session = house.identity.session(house.sign_in(user).access_token)
    assert session is not None
    assert session.principal == Principal(
        user_id=user.user_id,
        agency_id=user.memberships[0].agency_id,
        roles=(Role.CASE_WORKER, Role.AGENCY_COORDINATOR),
    )


def test_address_is_compared_in_one_spelling(house: House) -> None:
    """Case and blanks do not keep anybody out."""
    user = house.let_in()
    assert house.sign_in(f" {user.email.upper()} ").user_id == user.user_id


def test_wrong_password_and_unknown_user_are_refused_alike(house: House) -> None:
    """Neither the class nor the text of the refusal tells them apart."""
    refusals = []
    for email in (house.let_in().email, _NOBODY):
        with pytest.raises(domain.SignInRefused) as refused:
            house.sign_in(email, _WRONG)
        refusals.append(str(refused.value))
    assert refusals[0] == refusals[1]


def test_token_dies_after_twelve_hours(house: House) -> None:
    """Nobody stays signed in overnight."""
    token = house.sign_in(house.let_in()).access_token
    house.later(hours=12)
    assert house.identity.session(token) is None


def test_token_of_a_disabled_user_dies(house: House) -> None:
    """Disabling works at once, for tokens and for sign-ins."""
    user = house.let_in()
    token = house.sign_in(user).access_token
    house.identity.disable_user(_administrator(), user.user_id)
    with pytest.raises(domain.SignInRefused):
        house.sign_in(user)
    assert house.identity.session(token) is None


def test_old_token_stays_dead_when_the_user_is_enabled_again(house: House) -> None:
    """Who comes back signs in again."""
    user = house.let_in()
    token = house.sign_in(user).access_token
    house.identity.disable_user(_administrator(), user.user_id)
    house.identity.enable_user(user.user_id)
    assert (house.identity.session(token), house.sign_in(user).user_id) == (None, user.user_id)


def test_administrator_cannot_shut_the_own_account(house: House) -> None:
    """One administrator always remains."""
    user = house.let_in(Role.ADMINISTRATOR)
    principal = _administrator(user.user_id)
    with pytest.raises(domain.OwnAccountProtected):
        house.identity.disable_user(principal, user.user_id)


def test_reset_password_ends_every_token(house: House) -> None:
    """Whoever had the old password is out."""
    user = house.let_in()
    token = house.sign_in(user).access_token
    made = house.identity.reset_password(NewPassword(user_id=user.user_id)).password
    assert made is not None
    assert (house.identity.session(token), house.sign_in(user, made).user_id) == (
        None,
        user.user_id,
    )


def test_ended_token_opens_nothing(house: House) -> None:
    """Signing out works at once."""
    token = house.sign_in(house.let_in()).access_token
    session = house.identity.session(token)
    assert session is not None
    house.identity.end_token(session, session.token_id)
    assert house.identity.session(token) is None


def test_nobody_ends_the_token_of_another(house: House) -> None:
    """A strange token does not exist."""
    mine, other = (house.sign_in(house.let_in()) for _ in range(2))
    session = house.identity.session(mine.access_token)
    assert session is not None
    with pytest.raises(NotFound):
        house.identity.end_token(session, other.token_id)


def test_own_live_tokens_are_listed_newest_first(house: House) -> None:
    """The list tells which one is in use."""
    user = house.let_in()
    first, second = house.sign_in(user), house.sign_in(user)
    session = house.identity.session(first.access_token)
    assert session is not None
    assert [(each.token_id, each.current) for each in house.identity.tokens(session).items] == [
        (second.token_id, False),
        (first.token_id, True),
    ]


def test_changed_roles_hold_for_tokens_already_given(house: House) -> None:
    """A role that was taken away is gone at once."""
    user = house.let_in(Role.CASE_WORKER)
    token = house.sign_in(user).access_token
    agency_id = user.memberships[0].agency_id
    house.identity.set_membership(
        NewMembership(user_id=user.user_id, agency_id=agency_id, roles=(Role.VIEWER,))
    )
    session = house.identity.session(token)
    assert session is not None
    assert session.principal.roles == (Role.VIEWER,)


def test_member_of_two_agencies_names_one(house: House) -> None:
    """A token speaks for one agency."""
    user, second = house.let_in(), clock.new_id()
    house.identity.set_membership(
        NewMembership(user_id=user.user_id, agency_id=second, roles=(Role.VIEWER,))
    )
    with pytest.raises(domain.AgencyNotChosen):
        house.sign_in(user)
    assert house.sign_in(user, agency_id=second).agency_id == second


def test_account_is_locked_after_its_failures(house: House) -> None:
    """Even the right password has to wait, and the wait is told."""
    user = house.let_in()
    _fail(house, user.email, 3)
    with pytest.raises(domain.SignInLocked) as locked:
        house.sign_in(user)
    assert locked.value.retry_after.total_seconds() == 900


def test_unknown_account_locks_like_a_known_one(house: House) -> None:
    """The lock does not tell who exists."""
    _fail(house, _NOBODY, 3)
    with pytest.raises(domain.SignInLocked):
        house.sign_in(_NOBODY)


def test_locked_account_opens_when_the_window_has_passed(house: House) -> None:
    """Attempts made while it was locked do not prolong it."""
    user = house.let_in()
    _fail(house, user.email, 3)
    house.later(minutes=10)
    with pytest.raises(domain.SignInLocked):
        house.sign_in(user, _WRONG)
    house.later(minutes=5)
    assert house.sign_in(user).user_id == user.user_id


def test_success_forgets_the_failures_of_the_account(house: House) -> None:
    """Two slips today and two tomorrow lock nobody out."""
    user = house.let_in()
    _fail(house, user.email, 2)
    house.sign_in(user)
    _fail(house, user.email, 2)
    assert house.sign_in(user).user_id == user.user_id


def test_address_is_locked_after_failures_on_many_accounts(house: House) -> None:
    """Trying one password on everybody is stopped as well, and only for that address."""
    for number in range(5):
        _fail(house, f"{number}@example.org", 1, address="203.0.113.7")
    user = house.let_in()
    with pytest.raises(domain.SignInLocked):
        house.sign_in(user, address="203.0.113.7")
    assert house.sign_in(user, address="203.0.113.8").user_id == user.user_id


def test_neighbours_in_one_network_are_locked_together(house: House) -> None:
    """Whoever holds an IPv6 network could guess from another address of it each time."""
    for number in range(5):
        _fail(house, f"{number}@example.com", 1, address=f"2001:db8:7:1::{number}")
    user = house.let_in()
    with pytest.raises(domain.SignInLocked):
        house.sign_in(user, address="2001:db8:7:1::ffff")
    assert house.sign_in(user, address="2001:db8:7:2::1").user_id == user.user_id


def test_simultaneous_guesses_all_count(house: House) -> None:
    """No more guesses pass than the limit allows, however many come at once."""
    user = house.let_in()

    def guess(number: int) -> type[BaseException] | None:
        try:
            house.sign_in(user, _WRONG, address=f"198.51.100.{number}")
        except (domain.SignInRefused, domain.SignInLocked) as refusal:
            return type(refusal)
        return None

    with ThreadPoolExecutor(max_workers=8) as pool:
        outcomes = list(pool.map(guess, range(8)))
    assert outcomes.count(domain.SignInRefused) == 3


def test_sign_in_clears_away_what_decides_nothing_any_more(house: House) -> None:
    """Failures beyond the window and tokens dead for a month are dropped."""
    user = house.let_in()
    old = house.sign_in(user).token_id
    _fail(house, _NOBODY, 1)
    house.later(days=31)
    house.sign_in(user)
    with house.identity.database.engine.connect() as connection:
        failures = connection.exec_driver_sql("SELECT count(*) FROM sign_in_failures")
        tokens = connection.exec_driver_sql(
            "SELECT count(*) FROM access_tokens WHERE token_id = %s", (str(old),)
        )
        assert (failures.scalar_one(), tokens.scalar_one()) == (0, 0)


def test_second_user_with_an_address_is_refused(house: House) -> None:
    """An address signs in one user."""
    user = house.let_in()
    with pytest.raises(domain.EmailTaken) as refused:
        house.identity.create_user(_new(user.email.upper()))
    assert list(refused.value.fields) == ["email"]


def test_repeated_creation_shows_the_same_user_without_password(house: House) -> None:
    """The password is shown once."""
    new, key = _new(f"{clock.new_id()}@example.org"), str(clock.new_id())
    first = house.identity.create_user(new, key=key)
    second = house.identity.create_user(new, key=key)
    assert (first.password is None, second.password, second.user) == (False, None, first.user)


def test_key_of_another_creation_is_a_conflict(house: House) -> None:
    """A key stands for one user."""
    key = str(clock.new_id())
    house.identity.create_user(_new(f"{clock.new_id()}@example.org"), key=key)
    with pytest.raises(domain.EmailTaken):
        house.identity.create_user(_new(f"{clock.new_id()}@example.org"), key=key)


def test_made_password_opens_the_door(house: House) -> None:
    """What is shown once is what works."""
    created = house.identity.create_user(_new(f"{clock.new_id()}@example.org"))
    assert house.sign_in(created.user, str(created.password)).user_id == created.user.user_id


def test_stored_password_cannot_be_read(house: House) -> None:
    """The database holds a hash of argon2id."""
    user = house.let_in()
    with house.identity.database.engine.connect() as connection:
        stored = connection.exec_driver_sql(
            "SELECT password_hash FROM users WHERE user_id = %s", (str(user.user_id),)
        ).scalar_one()
    assert (stored.startswith("$argon2id$"), PASSWORD in stored) == (True, False)


def test_stored_token_cannot_be_used(house: House) -> None:
    """The database holds a hash of the token."""
    token = house.sign_in(house.let_in())
    with house.identity.database.engine.connect() as connection:
        stored = connection.exec_driver_sql(
            "SELECT token_hash FROM access_tokens WHERE token_id = %s", (str(token.token_id),)
        ).scalar_one()
    assert house.identity.session(stored) is None


def test_pages_of_users_meet_without_gap(house: House) -> None:
    """A cursor goes on where the page ended."""
    made = [house.let_in().user_id for _ in range(3)]
    first = house.identity.users(UserSearch(limit=2))
    second = house.identity.users(UserSearch(limit=1, cursor=first.next_cursor))
    assert [each.user_id for each in (*first.items, *second.items)] == made[::-1]


def test_made_up_cursor_is_refused_by_name(house: House) -> None:
    """The way out is the cursor as it came."""
    with pytest.raises(InvalidRequest) as refused:
        house.identity.users(UserSearch(cursor="page-2"))
    assert list(refused.value.fields) == ["cursor"]


def test_what_the_caller_may_do_is_told(house: House) -> None:
    """A page can hide what would be refused."""
    user = house.let_in(Role.VIEWER)
    session = house.identity.session(house.sign_in(user).access_token)
    assert session is not None
    assert house.identity.me(session).permissions["indicator:read"] == "network"


def _new(email: str) -> NewUser:
    return NewUser(
        email=email, name="Somebody", agency_id=clock.new_id(), roles=(Role.CASE_WORKER,)
    )


def _administrator(user_id: UUID | None = None) -> Principal:
    return Principal(
        user_id=user_id or clock.new_id(), agency_id=clock.new_id(), roles=(Role.ADMINISTRATOR,)
    )
