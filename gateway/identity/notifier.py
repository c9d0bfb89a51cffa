"""Mails of identity: a link and nothing about anybody, sent beside the request, never instead."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from typing import Final, Protocol, Self
from urllib.parse import unquote, urlsplit

import structlog

from chassis.settings import SettingMissing, secret

_TIMEOUT: Final = 10.0
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


class Notifier(Protocol):
    """Whatever can bring somebody a link."""

    @property
    def is_there(self) -> bool:
        """Whether anything can be sent at all."""
        ...

    def send_link(self, email: str, link: str) -> bool:
        """Send the link if there is a way, and tell whether there is; the caller never waits."""
        ...


class NoMail:
    """An installation without mail: links go through the administrator's hands alone."""

    is_there = False

    def send_link(self, _email: str, _link: str) -> bool:
        """Send nothing."""
        return False


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

    def post(self, email: str, link: str) -> Future[None]:
        """Send, and return what becomes of it."""
        return self._side.submit(self._send, self._composed(email, link))

    def _composed(self, email: str, link: str) -> EmailMessage:
        message = EmailMessage()
        message["From"] = self.sender
        message["To"] = email
        message["Subject"] = _SUBJECT
        message["Date"] = formatdate()
        message["Message-ID"] = make_msgid(domain=self.sender.rpartition("@")[2].strip("> "))
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(_TEXT.format(link=link))
        return message

    def _send(self, message: EmailMessage) -> None:
        try:
            with self._connected() as server:
                server.send_message(message)
        except (OSError, smtplib.SMTPException) as failure:
            _log.error("mail_failed", reason=type(failure).__name__)

    def _connected(self) -> smtplib.SMTP:
        context = ssl.create_default_context()
        if self.tls:
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                self.host, self.port, timeout=_TIMEOUT, context=context
            )
        else:
            server = smtplib.SMTP(self.host, self.port, timeout=_TIMEOUT)
        if self.start_tls:
            server.starttls(context=context)
        if self.user:
            server.login(self.user, self.password)
        return server


def from_environment(environment: Mapping[str, str]) -> Notifier:
    """Return the mail that ``SMTP_URL`` (or its file) and ``MAIL_FROM`` describe, or none."""
    if not environment.get("SMTP_URL") and not environment.get("SMTP_URL_FILE"):
        return NoMail()
    return Mail.at(secret(environment, "SMTP_URL"), sender=environment.get("MAIL_FROM", ""))
