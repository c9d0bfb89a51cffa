"""Words of pathways: where a person stands with one, and why somebody does not want it."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from contracts.pathways import EnrolmentState, RefusalReason
from gateway.web.words.referrals import ALREADY_SERVED
from gateway.web.words.word import Tone, Word

LABELS: Final[Mapping[type[StrEnum], Mapping[StrEnum, Word]]] = {
    EnrolmentState: {
        EnrolmentState.PROPOSED: Word(
            "Proposto",
            "Proposed",
            Tone.WARNING,
            Word("Da decidere con la persona.", "To be decided with the person."),
        ),
        EnrolmentState.WAITING_LIST: Word(
            "In lista d'attesa",
            "On the waiting list",
            Tone.INFO,
            Word(
                "Il primo posto che si libera va a chi aspetta da più tempo.",
                "The first place that becomes free goes to whoever has waited longest.",
            ),
        ),
        EnrolmentState.ENROLLED: Word("Posto assegnato", "Enrolled", Tone.SUCCESS),
        EnrolmentState.REFUSED: Word("Non lo vuole", "Refused", Tone.NEUTRAL),
        EnrolmentState.WITHDRAWN: Word("Posto lasciato", "Place given back", Tone.NEUTRAL),
    },
    RefusalReason: {
        RefusalReason.NOT_INTERESTED: Word("Non le interessa", "Not interested"),
        RefusalReason.NOT_NOW: Word("Non in questo momento", "Not now"),
        RefusalReason.ALREADY_SERVED: ALREADY_SERVED,
        RefusalReason.CARE_DUTIES: Word(
            "Deve occuparsi di figli o familiari", "Has to care for children or relatives"
        ),
        RefusalReason.DISTANCE: Word("È troppo lontano", "Too far away"),
        RefusalReason.PREFERS_NOT_TO_SAY: Word("Preferisce non dirlo", "Prefers not to say"),
    },
}
