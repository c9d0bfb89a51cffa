"""A mail server of this machine that keeps what it is given, or refuses it as it is told."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller

from gateway.identity.notifier import Mail

KEPT = "250 kept"


@dataclass
class PostOffice:
    """What came, and what is said to the next mails; ``mail`` goes through here."""

    mail: Mail
    received: list[tuple[list[str], str]] = field(default_factory=list)
    letters: list[EmailMessage] = field(default_factory=list)
    replies: list[str] = field(default_factory=list)

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        """Keep one mail, unless something else is to be said."""
        reply = self.replies.pop(0) if self.replies else KEPT
        if reply == KEPT:
            letter = message_from_bytes(envelope.content, policy=policy.default)
            self.received.append((envelope.rcpt_tos, envelope.content.decode()))
            self.letters.append(letter)
        return reply


@contextmanager
def opened() -> Iterator[PostOffice]:
    """Yield a post office that takes mails over a socket."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
    office = PostOffice(Mail.at(f"smtp://127.0.0.1:{port}", sender="plurali@example.org"))
    controller = Controller(office, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield office
    finally:
        controller.stop()
