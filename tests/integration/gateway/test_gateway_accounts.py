"""Links, temporary and dormant accounts, clients and the administration log on a real database."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from chassis import clock
from chassis.errors import KeyReused
from chassis.testing import eventually
from contracts.access import Principal, Role
from contracts.language import NotFound, VersionMismatch
from gateway.identity import domain, passwords
from gateway.identity.administration import AdministrationLog
from gateway.identity.language import (
    AccessToken,
    AdministrationSearch,
    Credentials,
    ForgottenPassword,
    IssuedSecret,
    LinkRedemption,
    MembershipReference,
    NewClient,
    NewLink,
    NewMembership,
    NewUser,
    NewValidity,
    SecretRotation,
    User,
    UserSearch,
)
from gateway.identity.notifier import Mail
from tests.support.identity import ADDRESS, PASSWORD, House
from tests.support.post_office import PostOffice

_CHOSEN = "five other quite plain words"


def _invited(house: House) -> tuple[User, str]:
    """Return a user without password and the token of the link."""
    created = house.identity.create_user(
        NewUser(
            email=f"{clock.new_id()}@example.org",
            name="Nomen Nescio",
            agency_id=clock.new_id(),
            roles=(Role.CASE_WORKER,),
            invite=True,
        )
    )
    assert created.link is not None
    return created.user, created.link.token


def _redeem(house: House, token: str, password: str = _CHOSEN) -> None:
    redemption = LinkRedemption(token=token, password=password)
    house.identity.redeem(redemption, address=ADDRESS)


def _client(house: House, *scopes: str, days: int = 365) -> IssuedSecret:
    new = NewClient(
        name="Register of the municipality",
        agency_id=clock.new_id(),
        scopes=scopes or ("people:read", "catalogue:read"),
        expires_at=house.instant[0] + timedelta(days=days),
    )
    return house.identity.create_client(new, by=domain.MACHINE)


def _client_token(house: House, issued: IssuedSecret, scope: str | None = None) -> AccessToken:
    credentials = Credentials(
        grant_type="client_credentials",
        client_id=issued.client.client_id,
        client_secret=issued.client_secret,
        scope=scope,
    )
    return house.identity.client_token(credentials, address=ADDRESS)


def _administrator() -> Principal:
    return Principal(user_id=clock.new_id(), agency_id=clock.new_id(), roles=(Role.ADMINISTRATOR,))


def test_invited_user_has_no_password_before_choosing_one(house: House) -> None:
    """Nobody else ever knew one."""
    user, token = _invited(house)
    _redeem(house, token)
    shown = house.identity.user(user.user_id)
    assert (user.has_password, shown.has_password) == (False, True)
    assert house.sign_in(user, _CHOSEN).user_id == user.user_id


def test_link_is_good_for_once(house: House) -> None:
    """A second reader finds it used."""
    _, token = _invited(house)
    _redeem(house, token)
    with pytest.raises(domain.LinkUnusable):
        _redeem(house, token)


def test_newer_link_voids_the_older_one(house: House) -> None:
    """The last one sent is the one that works."""
    user, token = _invited(house)
    house.identity.make_link(domain.MACHINE, NewLink(user_id=user.user_id, purpose="invitation"))
    with pytest.raises(domain.LinkUnusable):
        _redeem(house, token)


@pytest.mark.parametrize(("purpose", "hours"), [("invitation", 73), ("reset", 2)])
def test_link_expires(house: House, purpose: Any, hours: int) -> None:
    """A forgotten mail opens nothing."""
    user = house.let_in()
    link = house.identity.make_link(domain.MACHINE, NewLink(user_id=user.user_id, purpose=purpose))
    house.later(hours=hours)
    with pytest.raises(domain.LinkUnusable):
        _redeem(house, link.token)


def test_redeemed_reset_ends_every_token(house: House) -> None:
    """Whoever made the reset necessary is out."""
    user = house.let_in()
    token = house.sign_in(user)
    link = house.identity.make_link(domain.MACHINE, NewLink(user_id=user.user_id, purpose="reset"))
    _redeem(house, link.token)
    assert house.identity.session(token.access_token) is None


def test_link_of_a_disabled_user_opens_nothing(house: House) -> None:
    """A shut door stays shut."""
    user, token = _invited(house)
    house.identity.disable_user(_administrator(), user.user_id)
    with pytest.raises(domain.LinkUnusable):
        _redeem(house, token)


def test_bad_password_leaves_the_link_usable(house: House) -> None:
    """Whoever chose badly chooses again."""
    _, token = _invited(house)
    with pytest.raises(domain.PasswordIsTheName):
        _redeem(house, token, "nomen-nescio!!")
    _redeem(house, token)


def test_stored_link_cannot_be_used(house: House) -> None:
    """The database holds a hash."""
    user, token = _invited(house)
    with house.identity.database.engine.connect() as connection:
        stored = connection.exec_driver_sql(
            "SELECT token_hash FROM links WHERE user_id = %s", (str(user.user_id),)
        ).scalar_one()
    assert stored != token
    with pytest.raises(domain.LinkUnusable):
        _redeem(house, stored)


def test_mail_holds_the_link_and_nothing_about_anybody(
    house: House, post_office: PostOffice
) -> None:
    """Neither name nor agency nor role travels."""
    house.identity = replace(house.identity, notifier=post_office.mail)
    user, token = _invited(house)
    eventually(lambda: bool(post_office.received))
    ((recipients, text),) = post_office.received
    plain = text.replace("=\r\n", "").replace("=3D", "=")
    assert (recipients, token in plain) == ([user.email], True)
    assert not [part for part in ("Nomen", "Nescio", "case_worker") if part in text]


def test_forgotten_password_sends_mail_to_users_alone(
    house: House, post_office: PostOffice
) -> None:
    """Both askers see the same; one mail goes out."""
    house.identity = replace(house.identity, notifier=post_office.mail)
    user = house.let_in()
    for email in (f"{clock.new_id()}@example.org", user.email):
        asked = ForgottenPassword(email=email)
        house.identity.forgotten(asked, address=ADDRESS)
    eventually(lambda: bool(post_office.received))
    assert [recipients for recipients, _ in post_office.received] == [[user.email]]


def test_mails_to_one_address_are_limited(house: House) -> None:
    """Nobody's box is filled, whether they are users or not."""
    asked = ForgottenPassword(email=f"{clock.new_id()}@example.org")
    for _ in range(3):
        house.identity.forgotten(asked, address=ADDRESS)
    with pytest.raises(domain.SignInLocked):
        house.identity.forgotten(asked, address=ADDRESS)


def test_mail_server_that_is_away_stops_nothing(house: House) -> None:
    """The administrator has the link in hand."""
    mail = Mail.at("smtp://127.0.0.1:9", sender="plurali@example.org")
    house.identity = replace(house.identity, notifier=mail)
    _redeem(house, _invited(house)[1])


@pytest.mark.parametrize("state", ["unknown", "wrong", "disabled", "expired", "invited"])
def test_every_refused_sign_in_checks_one_password(
    house: House, state: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What costs time is done once, whoever is asked for: the time tells nothing."""
    emails = {"unknown": f"{clock.new_id()}@example.org", "invited": _invited(house)[0].email}
    if state not in emails:
        user = house.let_in()
        emails[state] = user.email
        if state == "disabled":
            house.identity.disable_user(_administrator(), user.user_id)
        if state == "expired":
            until = house.instant[0] - timedelta(days=1)
            house.identity.set_validity(NewValidity(user_id=user.user_id, valid_until=until))
    checked: list[str] = []
    hasher = passwords._HASHER

    class Counting:
        """Counts what is checked."""

        def verify(self, stored: str, password: str) -> bool:
            checked.append(stored)
            return hasher.verify(stored, password)

        def hash(self, password: str) -> str:
            checked.append("hashed")
            return hasher.hash(password)

    monkeypatch.setattr(passwords, "_HASHER", Counting())
    given = PASSWORD if state in {"disabled", "expired"} else "not the right one"
    with pytest.raises(domain.SignInRefused):
        house.sign_in(emails[state], given)
    assert len(checked) == 1


def test_temporary_account_ends_by_itself(house: House) -> None:
    """Tokens too, at the very instant."""
    user = house.let_in()
    until = house.instant[0] + timedelta(minutes=10)
    house.identity.set_validity(NewValidity(user_id=user.user_id, valid_until=until))
    token = house.sign_in(user)
    house.later(minutes=10)
    assert house.identity.session(token.access_token) is None
    with pytest.raises(domain.SignInRefused):
        house.sign_in(user)


def test_time_shuts_the_expired_and_the_dormant(house: House) -> None:
    """Each with its reason; who came lately stays."""
    expired, dormant, present = house.let_in(), house.let_in(), house.let_in()
    until = house.instant[0] + timedelta(days=30)
    house.identity.set_validity(NewValidity(user_id=expired.user_id, valid_until=until))
    house.later(days=95)
    house.sign_in(present)
    house.identity.shut_what_is_over()
    assert [
        house.identity.user(each.user_id).disabled_for for each in (expired, dormant, present)
    ] == ["expired", "dormant", None]


def test_enabled_account_is_not_dormant_at_once(house: House) -> None:
    """Whoever is let back gets their time."""
    user = house.let_in()
    house.later(days=95)
    house.identity.shut_what_is_over()
    house.identity.enable_user(user.user_id)
    house.identity.shut_what_is_over()
    assert house.identity.user(user.user_id).disabled_at is None


def test_one_administrator_remains_however_long_nobody_came(house: House) -> None:
    """Somebody must be able to open the doors again."""
    house.let_in(Role.ADMINISTRATOR)
    house.later(days=400)
    house.identity.shut_what_is_over()
    everybody = house.identity.users(UserSearch(limit=100)).items
    assert [
        each
        for each in everybody
        if each.disabled_at is None and each.memberships[0].roles == (Role.ADMINISTRATOR,)
    ]


@pytest.mark.parametrize("invite", [True, False])
def test_person_gets_no_role_of_a_program(house: House, *, invite: bool) -> None:
    """Neither at first nor later."""
    with pytest.raises(domain.RoleNotForStaff):
        house.identity.create_user(
            NewUser(
                email="a@example.org",
                name="Somebody",
                agency_id=clock.new_id(),
                roles=(Role.CLIENT_PEOPLE_READ,),
                invite=invite,
            )
        )
    with pytest.raises(domain.RoleNotForStaff):
        house.identity.set_membership(
            NewMembership(
                user_id=house.let_in().user_id,
                agency_id=clock.new_id(),
                roles=(Role.CLIENT_PEOPLE_READ,),
            )
        )


def test_person_taken_out_of_an_agency_is_out_at_once(house: House) -> None:
    """Tokens for the other agency live on."""
    user, second = house.let_in(), clock.new_id()
    house.identity.set_membership(
        NewMembership(user_id=user.user_id, agency_id=second, roles=(Role.VIEWER,))
    )
    here = house.sign_in(user, agency_id=user.memberships[0].agency_id)
    there = house.sign_in(user, agency_id=second)
    reference = MembershipReference(user_id=user.user_id, agency_id=second)
    house.identity.end_membership(domain.MACHINE, reference)
    assert (house.identity.session(there.access_token), house.session(here).token_id) == (
        None,
        here.token_id,
    )


def test_what_another_administrator_changed_is_not_overruled(house: House) -> None:
    """Roles, end and door of an account are changed only as they were seen."""
    user, by = house.let_in(), domain.MACHINE
    place = {"user_id": user.user_id, "agency_id": user.memberships[0].agency_id}
    seen = user.version
    changed = house.identity.set_membership(
        NewMembership(**place, roles=(Role.VIEWER,), version=seen)
    )
    stale: tuple[Callable[[], Any], ...] = (
        lambda: house.identity.set_membership(
            NewMembership(**place, roles=(Role.CASE_WORKER,), version=seen)
        ),
        lambda: house.identity.end_membership(by, MembershipReference(**place, version=seen)),
        lambda: house.identity.set_validity(NewValidity(user_id=user.user_id, version=seen)),
        lambda: house.identity.disable_user(_administrator(), user.user_id, version=seen),
        lambda: house.identity.enable_user(user.user_id, version=seen),
    )
    for deed in stale:
        with pytest.raises(VersionMismatch):
            deed()
    assert house.identity.user(user.user_id) == changed


def test_a_place_that_is_to_be_new_must_be_new(house: House) -> None:
    """Whoever adds a user to an agency does not change the roles that somebody gave meanwhile."""
    user, agency_id = house.let_in(), clock.new_id()
    new = NewMembership(user_id=user.user_id, agency_id=agency_id, roles=(Role.VIEWER,), version=0)
    assert len(house.identity.set_membership(new).memberships) == 2
    with pytest.raises(VersionMismatch):
        house.identity.set_membership(replace(new, roles=(Role.CASE_WORKER,)))


def test_a_client_that_another_administrator_changed_is_left_alone(house: House) -> None:
    """A secret that was made meanwhile is not shortened by one who does not know of it."""
    client = _client(house).client
    rotation = SecretRotation(client_id=client.client_id, version=client.version)
    rotated = house.identity.rotate_secret(rotation, by=domain.MACHINE).client
    with pytest.raises(VersionMismatch):
        house.identity.rotate_secret(rotation, by=domain.MACHINE)
    with pytest.raises(VersionMismatch):
        house.identity.disable_client(client.client_id, by=domain.MACHINE, version=client.version)
    assert house.identity.client(client.client_id) == rotated


def test_nobody_takes_oneself_out(house: House) -> None:
    """One administrator always remains."""
    user = house.let_in(Role.ADMINISTRATOR)
    reference = MembershipReference(user_id=user.user_id, agency_id=user.memberships[0].agency_id)
    with pytest.raises(domain.OwnAccountProtected):
        house.identity.end_membership(user.user_id, reference)


def test_client_acts_for_its_agency_within_its_scopes(house: House) -> None:
    """A scope is a role, and services know roles."""
    issued = _client(house)
    session = house.session(_client_token(house, issued))
    assert (session.principal, session.pending, session.is_client) == (
        Principal(
            user_id=issued.client.client_id,
            agency_id=issued.client.agency_id,
            roles=(Role.CLIENT_CATALOGUE_READ, Role.CLIENT_PEOPLE_READ),
        ),
        (),
        True,
    )


def test_client_may_ask_for_less(house: House) -> None:
    """A job that reads the directory carries no more than that."""
    token = _client_token(house, _client(house), "catalogue:read")
    assert house.session(token).principal.roles == (Role.CLIENT_CATALOGUE_READ,)


@pytest.mark.parametrize("part", ["client_id", "client_secret"])
def test_wrong_id_and_wrong_secret_are_refused_alike(house: House, part: str) -> None:
    """Nobody learns which clients there are."""
    issued = _client(house)
    given: dict[str, Any] = {
        "client_id": issued.client.client_id,
        "client_secret": issued.client_secret,
    }
    given[part] = clock.new_id() if part == "client_id" else "pluralisecret_x"
    with pytest.raises(domain.ClientRefused):
        house.identity.client_token(
            Credentials(grant_type="client_credentials", **given), address=ADDRESS
        )


def test_client_locks_after_its_failures(house: House) -> None:
    """Even the right secret has to wait then."""
    issued = _client(house)
    wrong = issued.client_secret and replace(issued, client_secret="pluralisecret_x")  # noqa: S106 - opens nothing
    assert wrong
    for _ in range(3):
        with pytest.raises(domain.ClientRefused):
            _client_token(house, wrong)
    with pytest.raises(domain.SignInLocked):
        _client_token(house, issued)


def test_earlier_secret_lives_on_for_the_overlap(house: House) -> None:
    """A program changes its secret without an hour of silence."""
    first = _client(house)
    rotation = SecretRotation(client_id=first.client.client_id, overlap_hours=24)
    second = house.identity.rotate_secret(rotation, by=domain.MACHINE)
    assert [_client_token(house, each).user_id for each in (first, second)] == [
        first.client.client_id
    ] * 2
    house.later(hours=24)
    _client_token(house, second)
    with pytest.raises(domain.ClientRefused):
        _client_token(house, first)


def test_last_use_of_each_secret_is_known(house: House) -> None:
    """Whoever rotates sees when the old one fell silent."""
    issued = _client(house)
    _client_token(house, issued)
    shown = house.identity.client(issued.client.client_id)
    assert [shown.last_used_at, shown.secrets[0].last_used_at] == [house.instant[0]] * 2


def test_expired_client_is_out(house: House) -> None:
    """Its tokens end no later than it does, and it gets no other secret."""
    issued = _client(house, days=1)
    house.later(hours=23, minutes=30)
    token = _client_token(house, issued)
    house.later(minutes=30)
    assert house.identity.session(token.access_token) is None
    with pytest.raises(domain.ClientUnusable):
        house.identity.rotate_secret(
            SecretRotation(client_id=issued.client.client_id), by=domain.MACHINE
        )


def test_disabled_client_is_out_at_once(house: House) -> None:
    """With every token."""
    issued = _client(house)
    token = _client_token(house, issued)
    house.identity.disable_client(issued.client.client_id, by=domain.MACHINE)
    assert house.identity.session(token.access_token) is None
    with pytest.raises(domain.ClientRefused):
        _client_token(house, issued)


def test_client_has_no_account_of_its_own(house: House) -> None:
    """What is for persons is refused to it, but it may sign out."""
    token = _client_token(house, _client(house))
    session = house.session(token)
    with pytest.raises(domain.StaffOnly):
        house.identity.me(session)
    house.identity.end_token(session, session.token_id)
    assert house.identity.session(token.access_token) is None


@pytest.mark.parametrize("days", [0, 800])
def test_client_lives_between_now_and_two_years(house: House, days: int) -> None:
    """A program that is forgotten ends by itself."""
    with pytest.raises(domain.ClientExpiryInvalid):
        _client(house, days=days)


def test_scope_that_does_not_exist_is_refused(house: House) -> None:
    """No client is made."""
    with pytest.raises(domain.ScopeExceeded):
        _client(house, "user:administer")


def test_repeated_creation_of_a_client_shows_no_secret(house: House) -> None:
    """And another client under the same key is a conflict."""
    new = NewClient(
        name="A program",
        agency_id=clock.new_id(),
        scopes=("people:read",),
        expires_at=house.instant[0] + timedelta(days=9),
    )
    key = str(clock.new_id())
    first = house.identity.create_client(new, by=domain.MACHINE, key=key)
    second = house.identity.create_client(new, by=domain.MACHINE, key=key)
    assert (second.client, second.client_secret) == (first.client, None)
    with pytest.raises(KeyReused):
        house.identity.create_client(replace(new, name="Another"), by=domain.MACHINE, key=key)


def test_log_tells_who_did_what_to_whom(house: House) -> None:
    """Newest first, in codes and ids alone."""
    user, by = house.let_in(), _administrator()
    house.identity.disable_user(by, user.user_id)
    shown = house.identity.administration(AdministrationSearch(target_id=user.user_id)).items
    assert [(each.actor_id, each.action) for each in shown] == [
        (by.user_id, "user-disabled"),
        (domain.MACHINE, "user-created"),
    ]


def test_log_has_no_gaps_and_follows_its_chain(house: House) -> None:
    """The verdict names how many entries there are."""
    _client(house)
    verdict = house.identity.administration_verdict()
    newest = house.identity.administration(AdministrationSearch(limit=1)).items[0]
    assert (verdict.whole, verdict.entries, verdict.last_hash) == (
        True,
        newest.number,
        newest.hash,
    )


def test_pages_of_the_log_meet_without_gap(house: House) -> None:
    """A cursor goes on where the page ended."""
    user_id = house.let_in().user_id
    house.identity.end_tokens_of(domain.MACHINE, user_id)
    first = house.identity.administration(AdministrationSearch(target_id=user_id, limit=1))
    second = house.identity.administration(
        AdministrationSearch(target_id=user_id, limit=1, cursor=first.next_cursor)
    )
    assert [first.items[0].action, second.items[0].action] == ["tokens-ended", "user-created"]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE administration_log SET actor_id = target_id",
        "DELETE FROM administration_log",
        "TRUNCATE administration_log",
    ],
)
def test_log_is_only_ever_added_to(house: House, statement: str) -> None:
    """The database itself refuses to change what was done."""
    house.let_in()
    with pytest.raises(sa.exc.DBAPIError, match="only ever added to"):
        house.identity.database.transact(lambda connection: connection.execute(sa.text(statement)))


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE administration_log SET action = 'nothing' WHERE number = 2",
        "DELETE FROM administration_log WHERE number = 2",
    ],
    ids=["changed", "cut out"],
)
def test_log_that_was_changed_past_the_guard_is_noticed(house: House, change: str) -> None:
    """Whoever owns the database can lift the guard, but not make the chain fit."""
    for _ in range(2):
        house.let_in()
    with house.identity.database.engine.connect() as connection, connection.begin() as undone:
        connection.execute(sa.text("ALTER TABLE administration_log DISABLE TRIGGER USER"))
        connection.execute(sa.text(change))
        verdict = AdministrationLog(connection).verdict()
        undone.rollback()
    assert (verdict.whole, verdict.broken_at) == (False, 2)


def test_nothing_is_done_to_who_does_not_exist(house: House) -> None:
    """Every deed names its target."""
    nobody = UUID(int=1)
    for deed in (house.identity.tokens_of, house.identity.user, house.identity.client):
        with pytest.raises(NotFound):
            deed(nobody)
