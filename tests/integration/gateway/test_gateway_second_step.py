"""The second step, fresh proofs and sessions on a real database."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pyotp
import pytest

from contracts.access import Role
from contracts.language import InvalidRequest, NotFound
from gateway.identity import domain
from gateway.identity.domain import Pending
from gateway.identity.language import (
    AccessToken,
    ChangedPassword,
    ConductAcceptance,
    ConductLanguage,
    FirstCode,
    Proof,
    User,
)
from tests.support.identity import ADDRESS, PASSWORD, House

_WRONG = "a wrong one"
_OTHER = "five other quite plain words"


class Enrolled:
    """A user with an authenticator."""

    def __init__(self, house: House, *roles: Role) -> None:
        """Let a user in and enrol."""
        self.house = house
        self.user: User = house.let_in(*roles)
        self.token: AccessToken = house.sign_in(self.user)
        self.secret, self.codes = self.enrol()

    def enrol(self) -> tuple[str, tuple[str, ...]]:
        """Enrol an authenticator with the present token."""
        session = self.house.session(self.token)
        secret = self.house.identity.enrol(session).secret
        first = FirstCode(code=pyotp.TOTP(secret).at(self.house.instant[0]))
        made = self.house.identity.confirm_enrolment(session, first, address=ADDRESS)
        self.house.later(seconds=60)
        return secret, made.codes

    @property
    def code(self) -> str:
        """The code that the authenticator shows now."""
        return pyotp.TOTP(self.secret).at(self.house.instant[0])


def _sensitive(code: str) -> str:
    """Return a code that is none, whatever the code is."""
    return "000000" if code != "000000" else "000001"


@pytest.fixture
def enrolled(house: House) -> Enrolled:
    """Give a user with an authenticator."""
    return Enrolled(house)


def test_password_alone_gives_a_token_that_owes_the_second_step(enrolled: Enrolled) -> None:
    """It is short-lived, too."""
    token = enrolled.house.sign_in(enrolled.user)
    assert (token.pending[0], token.expires_at - enrolled.house.instant[0]) == (
        Pending.SECOND_STEP,
        timedelta(minutes=10),
    )


def test_password_and_code_together_settle_it(enrolled: Enrolled) -> None:
    """A program of one step can sign in."""
    token = enrolled.house.sign_in(enrolled.user, code=enrolled.code)
    assert Pending.SECOND_STEP not in token.pending


def test_proof_turns_the_token_into_a_whole_one(enrolled: Enrolled) -> None:
    """From then on it lives its twelve hours."""
    token = enrolled.house.sign_in(enrolled.user)
    proof = Proof(code=enrolled.code)
    state = enrolled.house.identity.prove(enrolled.house.session(token), proof, address=ADDRESS)
    after = enrolled.house.session(token)
    assert (
        Pending.SECOND_STEP in state.pending,
        Pending.SECOND_STEP in after.pending,
        after.expires_at - enrolled.house.instant[0],
    ) == (False, False, timedelta(hours=12))


def test_code_opens_one_door_only(enrolled: Enrolled) -> None:
    """Whoever looked over a shoulder comes too late."""
    code = enrolled.code
    enrolled.house.sign_in(enrolled.user, code=code)
    with pytest.raises(domain.CodeRefused):
        enrolled.house.sign_in(enrolled.user, code=code)


def test_code_used_by_many_at_once_opens_once(enrolled: Enrolled) -> None:
    """The row is locked while a code is looked at."""
    code = enrolled.code

    def enter(number: int) -> bool:
        try:
            enrolled.house.sign_in(enrolled.user, code=code, address=f"198.51.100.{number}")
        except (domain.CodeRefused, domain.SignInLocked):
            return False
        return True

    with ThreadPoolExecutor(max_workers=4) as pool:
        assert sum(pool.map(enter, range(3))) == 1


def test_recovery_code_opens_once(enrolled: Enrolled) -> None:
    """Then it is used up."""
    enrolled.house.sign_in(enrolled.user, code=enrolled.codes[0])
    with pytest.raises(domain.CodeRefused):
        enrolled.house.sign_in(enrolled.user, code=enrolled.codes[0].upper())


def test_wrong_codes_lock_the_second_step(enrolled: Enrolled) -> None:
    """Even the right one has to wait then, though the password always fitted."""
    for number in range(5):
        with pytest.raises(domain.CodeRefused):
            enrolled.house.sign_in(
                enrolled.user, code=_sensitive(enrolled.code), address=f"198.51.100.{number}"
            )
    with pytest.raises(domain.SignInLocked):
        enrolled.house.sign_in(enrolled.user, code=enrolled.code, address="198.51.100.9")


def test_wrong_codes_leave_the_account_open_for_its_password(enrolled: Enrolled) -> None:
    """The two are counted apart."""
    with pytest.raises(domain.CodeRefused):
        enrolled.house.sign_in(enrolled.user, code=_sensitive(enrolled.code))
    assert enrolled.house.sign_in(enrolled.user).user_id == enrolled.user.user_id


def test_new_authenticator_replaces_the_old_one_only_when_proven(enrolled: Enrolled) -> None:
    """Half an enrolment locks nobody out."""
    enrolled.house.identity.enrol(enrolled.house.session(enrolled.token))
    token = enrolled.house.sign_in(enrolled.user, code=enrolled.code)
    assert Pending.SECOND_STEP not in token.pending


def test_confirming_nothing_is_refused(house: House) -> None:
    """There is no candidate."""
    session = house.session(house.sign_in(house.let_in()))
    with pytest.raises(domain.SecondStepAbsent):
        house.identity.confirm_enrolment(session, FirstCode(code="123456"), address=ADDRESS)


def test_enrolling_ends_the_other_tokens(house: House) -> None:
    """Whoever sits elsewhere with the password alone is out."""
    user = house.let_in()
    other, mine = house.sign_in(user), house.sign_in(user)
    session = house.session(mine)
    secret = house.identity.enrol(session).secret
    first = FirstCode(code=pyotp.TOTP(secret).at(house.instant[0]))
    house.identity.confirm_enrolment(session, first, address=ADDRESS)
    assert (house.identity.session(other.access_token), house.session(mine).token_id) == (
        None,
        mine.token_id,
    )


def test_secret_and_codes_cannot_be_read_from_the_database(enrolled: Enrolled) -> None:
    """The one is sealed, the others are digests with a key."""
    with enrolled.house.identity.database.engine.connect() as connection:
        stored = str(
            connection.exec_driver_sql(
                "SELECT * FROM second_steps s JOIN recovery_codes r USING (user_id)"
                " WHERE s.user_id = %s",
                (str(enrolled.user.user_id),),
            ).all()
        )
    bare = enrolled.codes[0].replace("-", "")
    assert (enrolled.secret in stored, bare in stored) == (False, False)


def test_new_recovery_codes_void_the_old_ones(enrolled: Enrolled) -> None:
    """A lost sheet of paper is worth nothing."""
    session = enrolled.house.session(enrolled.token)
    enrolled.house.identity.renew_recovery_codes(session)
    with pytest.raises(domain.CodeRefused):
        enrolled.house.sign_in(enrolled.user, code=enrolled.codes[1])


def test_role_with_a_date_asks_for_enrolment_from_that_day(house: House) -> None:
    """The same token that opened everything yesterday owes it today."""
    house.under(second_step_since={Role.CASE_WORKER: date(2026, 11, 23)}, session_idle=timedelta(2))
    house.instant[0] += timedelta(hours=23)
    token = house.sign_in(house.let_in())
    house.later(hours=2)
    assert Pending.SECOND_STEP_ENROLMENT not in token.pending
    assert Pending.SECOND_STEP_ENROLMENT in house.session(token).pending


def test_required_second_step_cannot_be_given_up(house: House) -> None:
    """The role asks for it."""
    enrolled = Enrolled(house)
    house.under(second_step_since={Role.CASE_WORKER: date(2026, 1, 1)})
    with pytest.raises(domain.SecondStepRequired):
        house.identity.give_up_second_step(house.session(enrolled.token))


def test_second_step_of_ones_own_will_can_be_given_up(enrolled: Enrolled) -> None:
    """Then the password opens everything again."""
    enrolled.house.identity.give_up_second_step(enrolled.house.session(enrolled.token))
    assert Pending.SECOND_STEP not in enrolled.house.sign_in(enrolled.user).pending


def test_administrator_takes_a_lost_second_step_away(enrolled: Enrolled) -> None:
    """Every token ends; the user enrols anew."""
    enrolled.house.identity.take_second_step_away(domain.MACHINE, enrolled.user.user_id)
    assert enrolled.house.identity.session(enrolled.token.access_token) is None
    with pytest.raises(NotFound):
        enrolled.house.identity.take_second_step_away(domain.MACHINE, enrolled.user.user_id)


def test_fresh_proof_of_who_has_a_second_step_is_a_code(enrolled: Enrolled) -> None:
    """The password is no proof any more."""
    session = enrolled.house.session(enrolled.token)
    with pytest.raises(InvalidRequest):
        enrolled.house.identity.prove(session, Proof(password=PASSWORD), address=ADDRESS)


def test_fresh_proof_of_who_has_none_is_the_password(house: House) -> None:
    """The instant of the proof moves on."""
    token = house.sign_in(house.let_in())
    house.later(minutes=20)
    house.identity.prove(house.session(token), Proof(password=PASSWORD), address=ADDRESS)
    assert house.session(token).proved_at == house.instant[0]


def test_wrong_proofs_lock_like_wrong_sign_ins(house: House) -> None:
    """A desk left alone is no place to guess a password."""
    session = house.session(house.sign_in(house.let_in()))
    for _ in range(3):
        with pytest.raises(domain.CodeRefused):
            house.identity.prove(session, Proof(password=_WRONG), address=ADDRESS)
    with pytest.raises(domain.SignInLocked):
        house.identity.prove(session, Proof(password=PASSWORD), address=ADDRESS)


def test_own_password_is_changed_by_who_knows_it(house: House) -> None:
    """The new one opens, the old one does not, and other desks are signed out."""
    user = house.let_in()
    other, mine = house.sign_in(user), house.sign_in(user)
    changed = ChangedPassword(current=PASSWORD, password=_OTHER)
    house.identity.change_password(house.session(mine), changed, address=ADDRESS)
    assert house.identity.session(other.access_token) is None
    assert house.sign_in(user, changed.password).user_id == user.user_id
    with pytest.raises(domain.SignInRefused):
        house.sign_in(user)


def test_idle_token_dies(house: House) -> None:
    """Whoever went for lunch signs in again."""
    token = house.sign_in(house.let_in())
    house.later(minutes=31)
    assert house.identity.session(token.access_token) is None


def test_used_token_lives_on(house: House) -> None:
    """Every use begins the half hour anew."""
    token = house.sign_in(house.let_in())
    for _ in range(3):
        house.later(minutes=20)
        house.session(token)
    assert house.session(token).token_id == token.token_id


def test_use_does_not_prolong_the_absolute_life(house: House) -> None:
    """A day at the desk ends."""
    token = house.sign_in(house.let_in())
    for _ in range(23):
        house.later(minutes=29)
        house.session(token)
    house.later(minutes=29)
    house.later(minutes=25)
    assert house.identity.session(token.access_token) is None


def test_administrator_sees_and_ends_all_tokens_of_a_user(house: House) -> None:
    """A stolen computer is signed out from elsewhere."""
    user = house.let_in()
    tokens = [house.sign_in(user) for _ in range(2)]
    assert len(house.identity.tokens_of(user.user_id).items) == 2
    house.identity.end_tokens_of(domain.MACHINE, user.user_id)
    assert [house.identity.session(each.access_token) for each in tokens] == [None, None]


def test_person_signs_out_everywhere(house: House) -> None:
    """The present token ends too."""
    user = house.let_in()
    first, second = house.sign_in(user), house.sign_in(user)
    house.identity.end_all_tokens(house.session(second))
    assert [house.identity.session(each.access_token) for each in (first, second)] == [None, None]


def test_new_user_owes_the_code_of_conduct_until_it_is_accepted(house: House) -> None:
    """The acceptance holds for tokens already given."""
    token = house.sign_in(house.let_in())
    session = house.session(token)
    shown = house.identity.conduct(session, ConductLanguage(language="en"))
    house.identity.accept_conduct(session, ConductAcceptance(version=shown.version))
    assert (token.pending, shown.accepted, house.session(token).pending) == (
        (Pending.CODE_OF_CONDUCT,),
        False,
        (),
    )


def test_another_version_of_the_code_of_conduct_cannot_be_accepted(house: House) -> None:
    """Nobody accepts what is not in force."""
    session = house.session(house.sign_in(house.let_in()))
    with pytest.raises(domain.CodeOfConductOutdated):
        house.identity.accept_conduct(session, ConductAcceptance(version="2020-01-01"))
