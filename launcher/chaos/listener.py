"""A subscriber that listens through all faults and remembers what it was told."""

from __future__ import annotations

import threading
from types import TracebackType
from typing import Any, Final, Self

from chassis.broker import BrokerGone
from launcher.stack import Stack
from launcher.subscriber import Mailbox, Subscriber, Subscribers

_NAME: Final = "chaos"
_PATTERNS: Final = ("referral.#",)
_PAUSE: Final = 0.5


class Listener:
    """Reads the queue of a subscriber made for the occasion, and connects again when cut off."""

    def __init__(self, stack: Stack, *, resumes: bool = False) -> None:
        """Make no subscriber yet; one that resumes finds it where an earlier one left it."""
        self._resumes = resumes
        self._subscribers = Subscribers(stack)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._listen, name="listener", daemon=True)
        self.events: dict[str, dict[str, Any]] = {}

    def __enter__(self) -> Self:
        """Make the subscriber, unless this resumes, and begin to listen."""
        if not self._resumes:
            self._make()
        self._subscriber: Subscriber = self._subscribers.one(_NAME)
        self._thread.start()
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        """Stop listening and remove the subscriber."""
        self._stop.set()
        self._thread.join()
        self._subscribers.remove(_NAME)

    def waiting(self) -> int:
        """Count what lies in the subscriber's queues."""
        depths = self._subscribers.waiting(self._subscriber)
        return depths["ready"] + depths["on the way"]

    def _make(self) -> None:
        if _NAME in {each.name for each in self._subscribers.all()}:
            self._subscribers.remove(_NAME)
        self._subscribers.add(_NAME, _PATTERNS)

    def _listen(self) -> None:
        while not self._stop.wait(_PAUSE):
            try:
                with Mailbox(self._subscriber) as mailbox:
                    while not self._stop.wait(_PAUSE):
                        self._hear(mailbox)
            except BrokerGone:
                continue

    def _hear(self, mailbox: Mailbox) -> None:
        """Note each event before the next is asked for: that is when it is acknowledged."""
        for event in mailbox.each():
            self.events[event["id"]] = event
