"""The choice of a digest on the own account, and its end by one press."""

from __future__ import annotations

import pytest

from chassis import clock
from gateway.identity.digest_language import DigestChoice, DigestFrequency
from gateway.identity.notifier import Mail
from tests.support.gateway import Gateway
from tests.support.pages import Browser, at_the_desk


@pytest.fixture
def desk(gateway: Gateway) -> Browser:
    """Give a browser in which a case worker is signed in, at a gateway that sends mails."""
    gateway.identity.notifier = Mail.at("smtp://127.0.0.1", sender="plurali@example.org")
    return at_the_desk(gateway)


def test_nobody_gets_a_digest_unasked(desk: Browser) -> None:
    """The box for never is ticked in the beginning."""
    assert 'value="never" checked' in desk.look("/account").text


def test_without_mail_there_is_nothing_to_choose(gateway: Gateway) -> None:
    """A promise that nobody could keep is not offered."""
    assert 'action="/account/digest"' not in at_the_desk(gateway).look("/account").text


def test_a_digest_is_chosen(gateway: Gateway, desk: Browser) -> None:
    """How often, and in which language."""
    answer = desk.send("/account/digest", frequency="weekly", language="en")
    assert answer.headers["Location"] == "/account#digest"
    assert gateway.identity.chosen == DigestChoice(frequency=DigestFrequency.WEEKLY, language="en")


def test_a_choice_that_there_is_not_is_refused_at_its_field(desk: Browser) -> None:
    """The page is shown again."""
    answer = desk.send("/account/digest", frequency="hourly", language="en")
    assert (answer.status_code, 'id="f-frequency-problem1"' in answer.text) == (422, True)


def test_opening_the_link_of_a_mail_ends_nothing(gateway: Gateway) -> None:
    """Programs open links before people do."""
    stranger = at_the_desk(gateway, token=None)
    answer = stranger.look(f"/digests/{clock.new_id()}/stop")
    assert (answer.status_code, gateway.identity.stopped) == (200, [])


def test_a_mail_program_ends_the_digest(gateway: Gateway) -> None:
    """It has no cookie and no form of ours, and is not sent elsewhere."""
    stop_id = clock.new_id()
    answer = at_the_desk(gateway, token=None).send_unproven(
        f"/digests/{stop_id}/stop", {"List-Unsubscribe": "One-Click"}
    )
    assert (answer.status_code, gateway.identity.stopped) == (200, [stop_id])
