"""The one way out for mails, which hold links and counts and nothing about anybody."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from enum import StrEnum
from types import MappingProxyType
from typing import Final, Protocol, Self
from urllib.parse import unquote, urlsplit

import structlog

from chassis.settings import SettingMissing, secret

_TIMEOUT: Final = 10.0
_LONGEST_LINE: Final = 998
"""Of a header, without its end (RFC 5322)."""

_FOR_GOOD: Final = 500
"""From here on a reply code of SMTP says that another try would end alike."""

_PORTS: Final = {"smtp": 25, "smtps": 465}
_SUBJECT: Final = "Plurali: accesso / access"
_TEXT: Final = """\
È stato chiesto un collegamento per scegliere la password di Plurali.
A link was requested to choose a password for Plurali.

{link}

Vale per una sola volta e scade presto. Se non ve l'aspettavate, ignorate questo messaggio e
avvisate il vostro amministratore.
It works once and expires soon. If you did not expect it, ignore this message and tell your
administrator.
"""

_log: Final = structlog.get_logger("gateway.notifier")


class Posting(StrEnum):
    """What became of a mail."""

    SENT = "sent"
    DELAYED = "delayed"
    """Certainly not sent; it may be tried again."""
    REFUSED = "refused"
    """Certainly not sent, and never will be."""
    UNCERTAIN = "uncertain"
    """Perhaps sent: the line broke between the text and the word that it is kept."""


@dataclass(frozen=True, kw_only=True)
class Letter:
    """A mail to be sent: to whom, what it says, and headers beside the usual ones."""

    to: str
    subject: str
    text: str
    headers: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


class Notifier(Protocol):
    """Whatever can bring somebody a mail."""

    @property
    def is_there(self) -> bool:
        """Whether anything can be sent at all."""
        ...

    def send_link(self, email: str, link: str) -> bool:
        """Send the link if there is a way, and tell whether there is; the caller never waits."""
        ...

    def deliver(self, letter: Letter) -> Posting:
        """Send a letter, wait, and tell what became of it."""
        ...


class NoMail:
    """An installation without mail: links go through the administrator's hands alone."""

    is_there = False

    def send_link(self, _email: str, _link: str) -> bool:
        """Send nothing."""
        return False

    def deliver(self, _letter: Letter) -> Posting:
        """Send nothing."""
        return Posting.REFUSED


@dataclass(frozen=True, kw_only=True)
class Mail:
    """Sends over SMTP from a thread of its own, so that no answer tells whether a mail went."""

    host: str
    port: int
    sender: str
    tls: bool = False
    start_tls: bool = False
    user: str = ""
    password: str = field(default="", repr=False)
    _side: ThreadPoolExecutor = field(
        default_factory=lambda: ThreadPoolExecutor(max_workers=1, thread_name_prefix="mail"),
        repr=False,
    )

    @property
    def is_there(self) -> bool:
        """Whether anything can be sent at all."""
        return True

    @classmethod
    def at(cls, url: str, *, sender: str) -> Self:
        """Read an address such as ``smtp://user:password@host:587?starttls``.

        Raises:
            SettingMissing: it is none; the sentence does not repeat it.

        """
        parts = urlsplit(url)
        if parts.scheme not in _PORTS or not parts.hostname or "@" not in sender:
            raise SettingMissing(
                "set SMTP_URL such as smtp://user:password@host:587?starttls and MAIL_FROM"
            )
        return cls(
            host=parts.hostname,
            port=parts.port or _PORTS[parts.scheme],
            sender=sender,
            tls=parts.scheme == "smtps",
            start_tls=parts.query == "starttls",
            user=unquote(parts.username or ""),
            password=unquote(parts.password or ""),
        )

    def send_link(self, email: str, link: str) -> bool:
        """Hand the mail over to the thread; what fails there, the log tells without the address."""
        self.post(email, link)
        return True

    def post(self, email: str, link: str) -> Future[Posting]:
        """Send the mail of a link from the thread, and return what becomes of it."""
        letter = Letter(to=email, subject=_SUBJECT, text=_TEXT.format(link=link))
        return self._side.submit(self.deliver, letter)

    def deliver(self, letter: Letter) -> Posting:
        """Send a letter, wait, and tell what became of it."""
        message = self._composed(letter)
        try:
            with self._connected() as server:
                posting = _sent(server, message)
        except (OSError, smtplib.SMTPException) as failure:
            # The server was not told yet whom the mail is for; a wrong password can be mended.
            return _told(Posting.DELAYED, failure)
        return posting

    def _composed(self, letter: Letter) -> EmailMessage:
        message = EmailMessage()
        message["From"] = self.sender
        message["To"] = letter.to
        message["Subject"] = letter.subject
        message["Date"] = formatdate()
        message["Message-ID"] = make_msgid(domain=self.sender.rpartition("@")[2].strip("> "))
        message["Auto-Submitted"] = "auto-generated"
        for name, value in letter.headers.items():
            message[name] = value
        message.set_content(letter.text)
        # An address in a header that was folded as encoded words is none for mail programs.
        message.policy = message.policy.clone(max_line_length=_LONGEST_LINE)
        return message

    @contextmanager
    def _connected(self) -> Iterator[smtplib.SMTP]:
        server = self._opened()
        try:
            if self.start_tls:
                server.starttls(context=ssl.create_default_context())
            if self.user:
                server.login(self.user, self.password)
            yield server
        finally:
            # How the good-bye goes says nothing about the mail.
            with suppress(OSError, smtplib.SMTPException):
                server.quit()
            server.close()

    def _opened(self) -> smtplib.SMTP:
        if self.tls:
            context = ssl.create_default_context()
            return smtplib.SMTP_SSL(self.host, self.port, timeout=_TIMEOUT, context=context)
        return smtplib.SMTP(self.host, self.port, timeout=_TIMEOUT)


def _sent(server: smtplib.SMTP, message: EmailMessage) -> Posting:
    """Send a message over a line that stands, and tell what became of it."""
    try:
        server.send_message(message)
    except (OSError, smtplib.SMTPException) as failure:
        return _told(_judged(failure), failure)
    return Posting.SENT


def _judged(failure: Exception) -> Posting:
    """Tell what a failure means: a reply says so by its code, silence could be anything."""
    match failure:
        case smtplib.SMTPRecipientsRefused(recipients=refused):
            codes = [int(code) for code, _ in refused.values()]
        case smtplib.SMTPResponseException(smtp_code=code):
            codes = [int(code)]
        case smtplib.SMTPNotSupportedError():
            return Posting.REFUSED
        case _:
            return Posting.UNCERTAIN
    return Posting.REFUSED if all(code >= _FOR_GOOD for code in codes) else Posting.DELAYED


def _told(posting: Posting, failure: Exception) -> Posting:
    """Let the log tell what failed, without the address."""
    _log.error("mail_failed", reason=type(failure).__name__, outcome=posting.value)
    return posting


def from_environment(environment: Mapping[str, str]) -> Notifier:
    """Return the mail that ``SMTP_URL`` (or its file) and ``MAIL_FROM`` describe, or none."""
    if not environment.get("SMTP_URL") and not environment.get("SMTP_URL_FILE"):
        return NoMail()
    return Mail.at(secret(environment, "SMTP_URL"), sender=environment.get("MAIL_FROM", ""))
