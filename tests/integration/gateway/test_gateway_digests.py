"""Digests on a real database and through a real mail server."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Final

import pytest
import sqlalchemy as sa

from chassis import clock
from contracts.access import Principal, Role
from contracts.referrals import GetWorklist, NeedQueue, ReferralQueue, Worklist
from contracts.screening import ListScreenings, ScreeningPage
from gateway.digests import DigestRounds, Waiting, Written
from gateway.identity.digest_language import DigestChoice, DigestFrequency
from gateway.identity.domain import SignInRefused
from gateway.identity.language import NewValidity, User
from gateway.identity.models import digests
from gateway.identity.notifier import Letter, Mail, Posting
from tests.support.gateway import FakePort
from tests.support.identity import House
from tests.support.post_office import PostOffice

_MORNING: Final = datetime(2026, 11, 23, 6, 30, tzinfo=UTC)
"""Half past seven in Italy, on a Monday."""

_NEXT_DAY: Final = timedelta(days=1)


@pytest.fixture
def chosen(house: House, post_office: PostOffice) -> User:
    """Give a user who chose a digest on the day before, in a house that sends mails."""
    house.identity = replace(house.identity, notifier=post_office.mail)
    house.identity.database.transact(lambda connection: connection.execute(sa.delete(digests)))
    house.instant[0] = _MORNING - _NEXT_DAY
    user = house.let_in(Role.CASE_WORKER)
    _choose(house, user, DigestFrequency.DAILY)
    house.instant[0] = _MORNING
    return user


def _choose(house: House, user: User, frequency: DigestFrequency) -> None:
    session = house.session(house.sign_in(user))
    house.identity.choose_digest(session, DigestChoice(frequency=frequency, language="en"))


def _rounds(house: House, *, waits: int = 2) -> DigestRounds:
    """Return the rounds of one gateway, whose services say that so much waits."""
    port = FakePort()
    none: dict[ReferralQueue, int] = dict.fromkeys(ReferralQueue, 0)
    port.teach(
        GetWorklist,
        Worklist(
            referrals={**none, ReferralQueue.TO_ANSWER: waits},
            needs=dict.fromkeys(NeedQueue, 0),
        ),
    )
    port.teach(ListScreenings, ScreeningPage(items=()))
    return DigestRounds(identity=house.identity, rpc=port, write=_write)


def _write(waiting: Waiting, choice: DigestChoice, stop_id: object) -> Written:
    number = waiting.queues[ReferralQueue.TO_ANSWER]
    return Written(
        subject="Plurali", text=f"{choice.language} {number}", headers={"X-Stop": str(stop_id)}
    )


def test_a_digest_goes_out_once_a_day(house: House, chosen: User, post_office: PostOffice) -> None:
    """However often the gateway looks."""
    rounds = _rounds(house)
    assert (rounds.send_due(), rounds.send_due()) == (1, 0)
    assert [to for to, _ in post_office.received] == [[chosen.email]]
    assert post_office.letters[0].get_content().strip() == "en 2"


def test_several_gateways_send_one_mail(
    house: House, chosen: User, post_office: PostOffice
) -> None:
    """The database gives each mail to one of them."""
    with ThreadPoolExecutor(max_workers=4) as gateways:
        sent = list(gateways.map(lambda _: _rounds(house).send_due(), range(4)))
    assert (sum(sent), [to for to, _ in post_office.received]) == (1, [[chosen.email]])


def test_an_address_in_a_header_arrives_in_one_piece(post_office: PostOffice) -> None:
    """A mail program reads it and knows no folding of words."""
    stop = f"<https://plurali.example.org/digests/{clock.new_id()}/stop>"
    letter = Letter(
        to="desk@example.org", subject="Plurali", text="più", headers={"List-Unsubscribe": stop}
    )
    assert post_office.mail.deliver(letter) is Posting.SENT
    ((_, text),) = post_office.received
    assert f"\r\nList-Unsubscribe: {stop}\r\n" in text


@pytest.mark.usefixtures("chosen")
def test_a_digest_comes_again_on_the_next_day(house: House, post_office: PostOffice) -> None:
    """As long as something waits."""
    _rounds(house).send_due()
    house.instant[0] += _NEXT_DAY
    _rounds(house).send_due()
    assert len(post_office.received) == 2


def test_a_weekly_digest_waits_for_its_day(
    house: House, chosen: User, post_office: PostOffice
) -> None:
    """Chosen on a Monday, it comes on the Monday after."""
    _choose(house, chosen, DigestFrequency.WEEKLY)
    came: list[int] = []
    for _ in range(8):
        _rounds(house).send_due()
        came.append(len(post_office.received))
        house.instant[0] += _NEXT_DAY
    assert came == [0, 0, 0, 0, 0, 0, 0, 1]


@pytest.mark.usefixtures("chosen")
def test_nothing_is_sent_while_nothing_waits(house: House, post_office: PostOffice) -> None:
    """No mail says that there is none."""
    assert (_rounds(house, waits=0).send_due(), post_office.received) == (0, [])


@pytest.mark.usefixtures("chosen")
def test_a_refused_mail_is_tried_again_and_comes_once(
    house: House, post_office: PostOffice
) -> None:
    """A server that is busy now has time later."""
    post_office.replies.append("451 later")
    first = _rounds(house).send_due()
    house.later(minutes=20)
    again = (_rounds(house).send_due(), _rounds(house).send_due())
    assert (first, again, len(post_office.received)) == (0, (1, 0), 1)


@pytest.mark.usefixtures("chosen")
def test_a_server_that_stays_away_is_given_up_for_the_day(house: House) -> None:
    """Only so many tries, and none at night."""
    house.identity = replace(
        house.identity, notifier=Mail.at("smtp://127.0.0.1:9", sender="plurali@example.org")
    )
    for _ in range(10):
        _rounds(house).send_due()
        house.later(minutes=20)
    tries = house.identity.database.transact(lambda c: c.scalar(sa.select(digests.c.tries)))
    assert tries == 4


@pytest.mark.usefixtures("chosen")
def test_a_mail_that_is_refused_for_good_is_not_tried_again(
    house: House, post_office: PostOffice
) -> None:
    """The address will not be better in a quarter of an hour."""
    post_office.replies.append("550 nobody here")
    _rounds(house).send_due()
    house.later(minutes=20)
    assert (_rounds(house).send_due(), post_office.received) == (0, [])


def _disable(house: House, user: User) -> None:
    somebody = Principal(
        user_id=clock.new_id(), agency_id=clock.new_id(), roles=(Role.ADMINISTRATOR,)
    )
    house.identity.disable_user(somebody, user.user_id)


def _end(house: House, user: User) -> None:
    until = house.instant[0] - _NEXT_DAY
    house.identity.set_validity(NewValidity(user_id=user.user_id, valid_until=until))


def _lock(house: House, user: User) -> None:
    for _ in range(3):
        with pytest.raises(SignInRefused):
            house.sign_in(user, "not the right one")


def _stop(house: House, user: User) -> None:
    known = sa.select(digests.c.stop_id).where(digests.c.user_id == user.user_id)
    house.identity.stop_digest(house.identity.database.transact(lambda c: c.scalars(known).one()))


def _stay_away(house: House, _user: User) -> None:
    house.later(weeks=52)


def _sleep(house: House, _user: User) -> None:
    house.later(hours=12)


@pytest.mark.parametrize("happens", [_disable, _end, _lock, _stop, _stay_away, _sleep])
def test_who_is_out_gets_no_digest(
    house: House,
    chosen: User,
    post_office: PostOffice,
    happens: Callable[[House, User], None],
) -> None:
    """A door that is shut tells nothing through the letter box."""
    happens(house, chosen)
    assert (_rounds(house).send_due(), post_office.received) == (0, [])
