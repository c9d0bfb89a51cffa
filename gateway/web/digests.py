"""What a digest says: how much waits and where to look, and nothing about anybody."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from flask import Flask
from flask_babel import force_locale
from flask_babel import gettext as _

from gateway.digests import Waiting, Written
from gateway.identity.digest_language import DigestChoice, DigestFrequency
from gateway.web import words

STOP: Final = "/digests/{stop_id}/stop"
"""Where whoever was given the id ends these mails, without signing in."""


@dataclass(frozen=True, kw_only=True)
class DigestWriter:
    """Writes digests in their readers' languages; ``site`` is where people reach the pages."""

    app: Flask
    site: str

    def __call__(self, waiting: Waiting, choice: DigestChoice, stop_id: UUID) -> Written:
        """Write one."""
        stop = self.site + STOP.format(stop_id=stop_id)
        with self.app.app_context(), force_locale(choice.language):
            return Written(
                subject=_("Plurali: che cosa ti aspetta"),
                text="\n".join(self._lines(waiting, choice, stop)),
                headers={
                    "List-Unsubscribe": f"<{stop}>",
                    "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
                },
            )

    def _lines(self, waiting: Waiting, choice: DigestChoice, stop: str) -> Iterator[str]:
        yield _("Buongiorno,")
        yield ""
        if waiting.agencies > 1:
            yield _("in tutti i tuoi enti insieme ora ci sono:")
        else:
            yield _("ora ci sono:")
        yield ""
        for queue, number in waiting.queues.items():
            if number:
                yield f"- {words.label(queue, choice.language)}: {number}"
        if waiting.drafts:
            more = "+" if waiting.more_drafts else ""
            yield f"- {_('Schede in compilazione')}: {waiting.drafts}{more}"
        yield ""
        yield _("Il tuo lavoro:") + f" {self.site}/"
        yield ""
        if choice.frequency is DigestFrequency.DAILY:
            yield _("Ricevi questo messaggio ogni giorno di lavoro in cui qualcosa aspetta.")
        else:
            yield _("Ricevi questo messaggio ogni settimana in cui qualcosa aspetta.")
        yield _("Per non riceverlo più:") + f" {stop}"
