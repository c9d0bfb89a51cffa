"""When a digest is due, what it says, and what a line to the mail server can come to."""

from __future__ import annotations

import smtplib
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import Any, Final, cast
from uuid import UUID

import pytest

from chassis import clock
from contracts.access import Role
from contracts.referrals import GetWorklist, NeedQueue, ReferralQueue, Worklist
from contracts.screening import ListScreenings, ScreeningPage
from gateway.digests import DigestRounds, Waiting
from gateway.identity import notifier
from gateway.identity.digest_language import DigestChoice, DigestFrequency
from gateway.identity.digest_times import DigestTimes, times_in_force
from gateway.identity.digests import DueDigest
from gateway.identity.handlers import Identity
from gateway.identity.language import Membership
from gateway.identity.notifier import Letter, Posting
from gateway.web.digests import DigestWriter
from tests.support.gateway import FakePort, Gateway

_MONDAY: Final = datetime(2026, 11, 23, 6, 30, tzinfo=UTC)
_TIMES: Final = times_in_force(date(2026, 11, 27))
_WAITING: Final = Waiting(
    queues={ReferralQueue.TO_ANSWER: 2, NeedQueue.TO_CLOSE: 0},
    drafts=1,
    more_drafts=False,
    agencies=1,
)


@pytest.mark.parametrize(
    ("instant", "is_open"),
    [
        ("2026-11-23T05:59:00+00:00", False),
        ("2026-11-23T06:00:00+00:00", True),
        ("2026-11-23T10:59:00+00:00", True),
        ("2026-11-23T11:00:00+00:00", False),
        ("2026-07-06T05:00:00+00:00", True),
        ("2026-11-22T08:00:00+00:00", False),
    ],
)
def test_mails_go_out_in_the_morning_of_working_days(instant: str, *, is_open: bool) -> None:
    """By the clock in Italy, in summer as in winter."""
    assert _TIMES.is_open(datetime.fromisoformat(instant)) is is_open


@pytest.mark.parametrize(
    ("frequency", "begun"),
    [
        (DigestFrequency.NEVER, None),
        (DigestFrequency.DAILY, date(2026, 11, 26)),
        (DigestFrequency.WEEKLY, date(2026, 11, 23)),
    ],
)
def test_a_mail_is_for_the_stretch_that_has_begun(
    frequency: DigestFrequency, begun: date | None
) -> None:
    """A week that was missed on its Monday is caught up on."""
    assert _TIMES.begun(frequency, datetime(2026, 11, 26, 8, tzinfo=UTC)) == begun


@dataclass
class OneDue:
    """Identity with one digest that is due, and a letter box."""

    due: list[DueDigest]
    letters: list[Letter] = field(default_factory=list)
    posting: Posting = Posting.SENT
    noted: list[str] = field(default_factory=list)

    @property
    def notifier(self) -> OneDue:
        """Return the letter box."""
        return self

    def now(self) -> datetime:
        """Return an instant in the morning."""
        return _MONDAY

    def deliver(self, letter: Letter) -> Posting:
        """Keep the letter."""
        self.letters.append(letter)
        return self.posting

    def claim_digest(self, _times: DigestTimes) -> DueDigest | None:
        """Give the digest away."""
        return self.due.pop() if self.due else None

    def postpone_digest(self, _due: DueDigest, _times: DigestTimes) -> bool:
        """Remember that it waits."""
        self.noted.append("postponed")
        return True

    def note_digest(self, _due: DueDigest) -> None:
        """Remember that it went out."""
        self.noted.append("sent")


def _due(*roles: Role, locked: bool = False, agencies: int = 1) -> DueDigest:
    return DueDigest(
        user_id=clock.new_id(),
        email="desk@example.org",
        memberships=tuple(
            Membership(agency_id=clock.new_id(), roles=roles or (Role.CASE_WORKER,))
            for _ in range(agencies)
        ),
        choice=DigestChoice(frequency=DigestFrequency.DAILY),
        stop_id=clock.new_id(),
        day=date(2026, 11, 23),
        tries=1,
        locked=locked,
    )


def _send(due: DueDigest, port: FakePort, writer: DigestWriter, **box: Any) -> OneDue:
    identity = OneDue([due], **box)
    DigestRounds(identity=cast("Identity", identity), rpc=port, write=writer).send_due()
    return identity


@pytest.fixture
def writer(gateway: Gateway) -> DigestWriter:
    """Give what writes digests."""
    return DigestWriter(app=gateway.client.application, site="https://plurali.example.org")


@pytest.fixture
def port(gateway: Gateway) -> FakePort:
    """Give services in which two referrals wait."""
    none = dict.fromkeys(ReferralQueue, 0)
    gateway.port.teach(
        GetWorklist,
        Worklist(referrals={**none, ReferralQueue.TO_ANSWER: 2}, needs=dict.fromkeys(NeedQueue, 0)),
    )
    gateway.port.teach(ListScreenings, ScreeningPage(items=()))
    return gateway.port


def test_the_services_are_asked_as_the_reader(port: FakePort, writer: DigestWriter) -> None:
    """They alone decide what counts for whom."""
    due = _due()
    _send(due, port, writer)
    asked = {(call.caller().user_id, call.caller().agency_id) for call in port.calls}
    assert asked == {(due.user_id, due.memberships[0].agency_id)}


def test_what_the_reader_may_not_see_is_not_asked(port: FakePort, writer: DigestWriter) -> None:
    """Nothing waits for somebody without lists."""
    identity = _send(_due(Role.VIEWER), port, writer)
    assert (port.asked, identity.letters) == ([], [])


def test_agencies_are_counted_together(port: FakePort, writer: DigestWriter) -> None:
    """A mail names none of them."""
    identity = _send(_due(agencies=2), port, writer)
    assert "Invii a cui rispondere: 4" in identity.letters[0].text


def test_a_silent_service_postpones_the_digest(port: FakePort, writer: DigestWriter) -> None:
    """Half a count would be a wrong one."""
    del port.lessons[ListScreenings]
    identity = _send(_due(), port, writer)
    assert (identity.noted, identity.letters) == (["postponed"], [])


def test_a_locked_account_waits(port: FakePort, writer: DigestWriter) -> None:
    """Somebody else may be guessing at it."""
    identity = _send(_due(locked=True), port, writer)
    assert (identity.noted, identity.letters) == (["postponed"], [])


@pytest.mark.parametrize(
    ("posting", "noted"),
    [
        (Posting.SENT, ["sent"]),
        (Posting.DELAYED, ["postponed"]),
        (Posting.REFUSED, []),
        (Posting.UNCERTAIN, []),
    ],
)
def test_only_what_surely_was_not_sent_is_tried_again(
    port: FakePort, writer: DigestWriter, posting: Posting, noted: list[str]
) -> None:
    """A mail that may have arrived must not come twice."""
    assert _send(_due(), port, writer, posting=posting).noted == noted


@pytest.mark.parametrize(
    ("language", "says", "subject"),
    [
        ("it", "- Invii a cui rispondere: 2", "Plurali: che cosa ti aspetta"),
        ("en", "- Referrals to answer: 2", "Plurali: what waits for you"),
    ],
)
def test_a_digest_speaks_its_readers_language(
    writer: DigestWriter, language: Any, says: str, subject: str
) -> None:
    """And says what waits, not what does not."""
    choice = DigestChoice(frequency=DigestFrequency.DAILY, language=language)
    written = writer(_WAITING, choice, clock.new_id())
    assert (written.subject, says in written.text.splitlines()) == (subject, True)
    assert ": 0" not in written.text


def test_a_digest_can_be_ended_by_mail_programs(writer: DigestWriter) -> None:
    """With one press, as RFC 8058 has it."""
    stop_id = UUID(int=7)
    written = writer(_WAITING, DigestChoice(frequency=DigestFrequency.WEEKLY), stop_id)
    assert written.headers == {
        "List-Unsubscribe": f"<https://plurali.example.org/digests/{stop_id}/stop>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }


class Line:
    """A line to a mail server that fails in one way when something is sent."""

    def __init__(self, failure: Exception | None, parting: Exception | None = None) -> None:
        """Keep how it fails."""
        self._failure, self._parting = failure, parting

    def send_message(self, _message: Any) -> None:
        """Fail, or take the message."""
        if self._failure is not None:
            raise self._failure

    def quit(self) -> None:
        """Say good-bye, badly or well."""
        if self._parting is not None:
            raise self._parting

    def close(self) -> None:
        """Hang up."""


@pytest.mark.parametrize(
    ("failure", "posting"),
    [
        (None, Posting.SENT),
        (smtplib.SMTPDataError(451, b"later"), Posting.DELAYED),
        (smtplib.SMTPDataError(554, b"never"), Posting.REFUSED),
        (smtplib.SMTPRecipientsRefused({"a@b.example": (550, b"nobody")}), Posting.REFUSED),
        (smtplib.SMTPRecipientsRefused({"a@b.example": (450, b"busy")}), Posting.DELAYED),
        (smtplib.SMTPNotSupportedError(), Posting.REFUSED),
        (smtplib.SMTPServerDisconnected("gone"), Posting.UNCERTAIN),
        (TimeoutError(), Posting.UNCERTAIN),
    ],
)
def test_a_failure_says_whether_the_mail_may_have_gone(
    monkeypatch: pytest.MonkeyPatch, failure: Exception | None, posting: Posting
) -> None:
    """A reply is certain, silence is not."""
    monkeypatch.setattr(smtplib, "SMTP", lambda *_, **__: Line(failure))
    assert _mail().deliver(_LETTER) is posting


def test_a_bad_parting_takes_nothing_back(monkeypatch: pytest.MonkeyPatch) -> None:
    """The server had said that it keeps the mail."""
    gone = smtplib.SMTPServerDisconnected("gone")
    monkeypatch.setattr(smtplib, "SMTP", lambda *_, **__: Line(None, gone))
    assert _mail().deliver(_LETTER) is Posting.SENT


def test_a_server_that_cannot_be_reached_was_told_nothing() -> None:
    """The mail may be tried again."""
    assert replace(_mail(), port=9).deliver(_LETTER) is Posting.DELAYED


_LETTER: Final = Letter(to="desk@example.org", subject="Plurali", text="2")


def _mail() -> notifier.Mail:
    return notifier.Mail.at("smtp://127.0.0.1", sender="plurali@example.org")
