"""Rules of identity that need no database."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pyotp
import pytest
from argon2 import extract_parameters
from cryptography.fernet import Fernet

from chassis.settings import SettingMissing
from contracts.access import CLIENT_ROLES, PERMISSIONS, STAFF_ROLES, Role
from gateway.identity import codes, conduct, domain, passwords
from gateway.identity.domain import Pending
from gateway.identity.policy import Policy
from gateway.identity.sealing import Seal

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
def test_no_composition_is_asked_of_a_password(password: str) -> None:
    """A few plain words are as good as signs that nobody can remember."""
    assert domain.check_password(password) == password


@pytest.mark.parametrize(("length", "refused"), [(128, False), (129, True)])
def test_password_ends_at_128_characters(length: int, refused: bool) -> None:  # noqa: FBT001 - a table
    """What is hashed has a bound."""
    try:
        domain.check_password("a" * length)
    except domain.PasswordTooLong:
        assert refused
    else:
        assert not refused


@pytest.mark.parametrize(
    "password",
    ["Alba.Prova@example.org", "alba prova-alba", "ALBA.PROVA.ALBA", "alba@@prova--alba"],
)
def test_own_name_is_no_password(password: str) -> None:
    """Neither the address nor its first part nor the name, however they are spelled."""
    names = ("alba.prova@example.org", "alba.prova.alba@example.org", "Alba Prova Alba")
    with pytest.raises(domain.PasswordIsTheName):
        domain.check_password(password, *names)


@pytest.mark.parametrize(
    ("enrolled", "stepped", "required", "accepted", "owed"),
    [
        (False, False, False, True, ()),
        (True, False, False, True, (Pending.SECOND_STEP,)),
        (True, True, True, True, ()),
        (False, False, True, True, (Pending.SECOND_STEP_ENROLMENT,)),
        (False, True, True, True, ()),
        (True, False, True, False, (Pending.SECOND_STEP, Pending.CODE_OF_CONDUCT)),
    ],
)
def test_what_a_person_owes(
    *, enrolled: bool, stepped: bool, required: bool, accepted: bool, owed: tuple[Pending, ...]
) -> None:
    """Who has a second step takes it; who needs one enrols, unless a provider vouched for it."""
    assert owed == domain.owed(
        enrolled=enrolled, stepped=stepped, required=required, conduct_accepted=accepted
    )


@pytest.mark.parametrize(("day", "due"), [(date(2026, 12, 31), False), (date(2027, 1, 1), True)])
def test_second_step_is_asked_from_its_day_on(day: date, due: bool) -> None:  # noqa: FBT001 - a table
    """A role's date gives everybody time to enrol."""
    since = {Role.CASE_WORKER: date(2027, 1, 1)}
    assert domain.is_second_step_required([Role.CASE_WORKER], since, day) is due


def test_every_scope_is_a_role_of_clients() -> None:
    """No program gets what only a person's role holds."""
    assert set(domain.SCOPES.values()) == CLIENT_ROLES


def test_scopes_reach_no_administration_and_no_safety_answers() -> None:
    """A program sees neither, whatever scopes it has."""
    reached = {name for role in CLIENT_ROLES for name in PERMISSIONS[role]}
    assert reached.isdisjoint({"user:administer", "safety:read"})


def test_client_without_wish_gets_all_its_scopes() -> None:
    """The wish can only narrow."""
    assert domain.granted_scopes(None, ["people:read", "catalogue:read"]) == (
        "catalogue:read",
        "people:read",
    )


@pytest.mark.parametrize("wish", ["people:write", "people:read people:write", "user:administer"])
def test_scope_beyond_the_clients_own_is_refused(wish: str) -> None:
    """A wish never widens."""
    with pytest.raises(domain.ScopeExceeded):
        domain.granted_scopes(wish, ["people:read"])


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("SESSION_HOURS", "0"),
        ("SESSION_IDLE_MINUTES", "soon"),
        ("DORMANT_DAYS", "-1"),
        ("SECOND_STEP_FROM", "everybody=2026-01-01"),
        ("SECOND_STEP_FROM", "administrator=tomorrow"),
        ("SECOND_STEP_FROM", "client_people_read=2026-01-01"),
    ],
)
def test_policy_that_makes_no_sense_names_its_variable(variable: str, value: str) -> None:
    """The gateway does not start with a slip of the finger."""
    with pytest.raises(SettingMissing, match=variable):
        Policy.from_environment({variable: value})


def test_policy_is_told_by_the_environment() -> None:
    """Lifetimes in their units, roles with their days."""
    policy = Policy.from_environment(
        {"SESSION_IDLE_MINUTES": "5", "SECOND_STEP_FROM": "administrator=2026-05-01"}
    )
    assert (policy.session_idle, dict(policy.second_step_since)) == (
        timedelta(minutes=5),
        {Role.ADMINISTRATOR: date(2026, 5, 1)},
    )


def test_untold_policy_asks_a_second_step_of_all_who_meet_personal_data() -> None:
    """Forgetting the variable is safe."""
    free = STAFF_ROLES - Policy().second_step_since.keys()
    reached = {name for role in free for name in PERMISSIONS[role]}
    assert reached.isdisjoint({"person:read", "user:administer"})


def test_nobody_may_be_freed_of_the_second_step_by_word() -> None:
    """The demonstration says ``none`` aloud."""
    assert Policy.from_environment({"SECOND_STEP_FROM": "none"}).second_step_since == {}


@pytest.mark.parametrize("offset", [-30, 0, 29])
def test_code_of_the_half_minutes_around_now_fits(offset: int) -> None:
    """Clocks of telephones differ."""
    secret = codes.make_secret()
    code = pyotp.TOTP(secret).at(_NOW + timedelta(seconds=offset))
    assert codes.counter_of(secret, code, _NOW, after=None) is not None


@pytest.mark.parametrize("offset", [-90, 90])
def test_code_of_another_time_does_not_fit(offset: int) -> None:
    """A code that was noted down is of no use."""
    secret = codes.make_secret()
    code = pyotp.TOTP(secret).at(_NOW + timedelta(seconds=offset))
    assert codes.counter_of(secret, code, _NOW, after=None) is None


def test_code_is_good_for_once() -> None:
    """Neither it nor an older one fits again."""
    secret = codes.make_secret()
    used = codes.counter_of(secret, pyotp.TOTP(secret).at(_NOW), _NOW, after=None)
    earlier = pyotp.TOTP(secret).at(_NOW - timedelta(seconds=30))
    assert [
        codes.counter_of(secret, code, _NOW, after=used)
        for code in (pyotp.TOTP(secret).at(_NOW), earlier)
    ] == [None, None]


def test_drawing_of_the_secret_needs_no_script_and_no_style() -> None:
    """It stands under the strictest content policy."""
    drawn = codes.drawing_of(codes.address_of(codes.make_secret(), account="a@example.org"))
    assert (drawn.startswith("<svg"), "script" in drawn, "style" in drawn) == (True, False, False)


def test_recovery_codes_are_ten_and_differ() -> None:
    """One for each bad day."""
    assert len(set(codes.make_recovery_codes())) == 10


def test_recovery_code_is_read_however_it_is_typed() -> None:
    """Capitals, blanks and hyphens do not matter."""
    assert codes.bare_recovery_code("ABCDE fghjk") == codes.bare_recovery_code("abcde-fghjk")


def test_sealed_text_opens_with_an_older_key() -> None:
    """Keys are changed without anybody enrolling anew."""
    old, new = Fernet.generate_key().decode(), Fernet.generate_key().decode()
    sealed, digest = Seal(old).seal("secret"), Seal(old).digest("code")
    assert (Seal(new, old).open(sealed), digest in Seal(new, old).digests("code")) == (
        "secret",
        True,
    )


@pytest.mark.parametrize("value", ["", "short", ","])
def test_identity_does_not_start_without_a_key(value: str) -> None:
    """The sentence names the variable and does not repeat its value."""
    with pytest.raises(SettingMissing, match="IDENTITY_KEY"):
        Seal.from_environment({"IDENTITY_KEY": value})


def test_conduct_in_force_is_the_latest_of_the_past() -> None:
    """A version that begins tomorrow binds nobody today."""
    assert conduct.version_in_force(date(2026, 11, 22)) == "2026-11-01"


@pytest.mark.parametrize("language", conduct.LANGUAGES)
def test_conduct_stands_in_every_language(language: str) -> None:
    """Nobody accepts what they cannot read."""
    assert all(len(conduct.text_of(each, language)) > 500 for each in conduct.versions())


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
