"""Words of needs and referrals: states, reasons, outcomes, and why a service was chosen or not."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from contracts.referrals import (
    Blocker,
    CancellationReason,
    FailureReason,
    Ground,
    Mode,
    NeedOutcome,
    NeedQueue,
    NeedState,
    Obstacle,
    ReferralOutcome,
    ReferralQueue,
    ReferralState,
    RejectionReason,
)
from gateway.web.words.word import Tone, Word

_COULD_NOT_CONTACT: Final = Word(
    "Non si è riusciti a contattare la persona", "The person could not be reached"
)
_LEFT_TERRITORY: Final = Word("Si è trasferita altrove", "Moved away")
_NO_LONGER_NEEDED: Final = Word("Non serve più", "No longer needed")
ALREADY_SERVED: Final = Word("È già seguita per questo", "Already helped with this")

_STATES: Final[Mapping[type[StrEnum], Mapping[StrEnum, Word]]] = {
    NeedState: {
        NeedState.ACTIVE: Word("Aperto", "Open", Tone.INFO),
        NeedState.COMPLETED: Word(
            "Chiuso",
            "Closed",
            Tone.SUCCESS,
            Word(
                "L'esito è stato letto e se ne è parlato con la persona.",
                "The outcome was read and talked over with the person.",
            ),
        ),
        NeedState.REVOKED: Word(
            "Ritirato",
            "Dropped",
            Tone.NEUTRAL,
            Word("La persona non lo vuole o non serve più.", "Not wanted or no longer needed."),
        ),
    },
    ReferralState: {
        ReferralState.DRAFT: Word(
            "Da inviare",
            "To be sent",
            Tone.WARNING,
            Word(
                "L'altro ente non lo vede ancora: qualcosa manca per inviarlo.",
                "The other agency does not see it yet: something is missing to send it.",
            ),
        ),
        ReferralState.REQUESTED: Word(
            "In attesa di risposta",
            "Waiting for an answer",
            Tone.INFO,
            Word("L'ente che riceve deve rispondere.", "The receiving agency has to answer."),
        ),
        ReferralState.ACCEPTED: Word(
            "Accettato",
            "Accepted",
            Tone.SUCCESS,
            Word(
                "L'ente ha detto sì; il primo incontro deve ancora avvenire.",
                "The agency said yes; the first meeting is still to come.",
            ),
        ),
        ReferralState.IN_PROGRESS: Word(
            "In corso",
            "Under way",
            Tone.SUCCESS,
            Word("L'ente ha incontrato la persona.", "The agency has met the person."),
        ),
        ReferralState.COMPLETED: Word(
            "Concluso",
            "Completed",
            Tone.SUCCESS,
            Word(
                "C'è un esito: chi ha inviato lo legge e chiude il cerchio.",
                "There is an outcome: the referrer reads it and closes the loop.",
            ),
        ),
        ReferralState.FAILED: Word(
            "Senza esito",
            "Came to nothing",
            Tone.WARNING,
            Word(
                "Accettato, ma non è andato a buon fine: il bisogno resta aperto.",
                "Accepted, but it came to nothing: the need stays open.",
            ),
        ),
        ReferralState.REJECTED: Word(
            "Non accettato",
            "Rejected",
            Tone.WARNING,
            Word(
                "Il bisogno resta aperto: si può provare un altro servizio.",
                "The need stays open: another service can be tried.",
            ),
        ),
        ReferralState.CANCELLED: Word("Annullato", "Cancelled", Tone.NEUTRAL),
        ReferralState.ENTERED_IN_ERROR: Word(
            "Inserito per errore", "Entered in error", Tone.NEUTRAL
        ),
    },
    Mode: {
        Mode.INFORMATION: Word(
            "Informazione",
            "Information",
            Tone.NEUTRAL,
            Word("La persona si muove da sola.", "The person acts alone."),
        ),
        Mode.WARM: Word(
            "Invio accompagnato",
            "Warm referral",
            Tone.INFO,
            Word(
                "Chi invia prende contatto con il servizio insieme alla persona.",
                "The referrer contacts the service together with the person.",
            ),
        ),
        Mode.PRIORITY: Word(
            "Invio prioritario",
            "Priority referral",
            Tone.DANGER,
            Word("Da trattare prima degli altri.", "To be dealt with before the others."),
        ),
    },
    Blocker: {
        Blocker.DECISION: Word(
            "Manca la decisione della persona",
            "The person has not decided",
            Tone.WARNING,
            Word(
                "Parlarne con la persona; se è d'accordo, inviare.",
                "Talk it over with the person; once agreed, send it.",
            ),
        ),
        Blocker.CONSENT: Word(
            "Manca il consenso alla condivisione",
            "No consent to share",
            Tone.WARNING,
            Word(
                "Registrare un consenso valido per l'ente che riceve: l'invio parte da solo.",
                "Record a consent that covers the recipient: the referral goes out by itself.",
            ),
        ),
        Blocker.SERVICE: Word(
            "Il servizio non è utilizzabile ora",
            "The service cannot be used now",
            Tone.WARNING,
            Word(
                "Non è attivo o la sua voce va verificata: scegliere un altro servizio.",
                "It is not active or its entry is due for review: choose another service.",
            ),
        ),
    },
}

_REASONS: Final[Mapping[type[StrEnum], Mapping[StrEnum, Word]]] = {
    RejectionReason: {
        RejectionReason.NO_CAPACITY: Word("Non ci sono posti", "No places"),
        RejectionReason.WAITLIST_ONLY: Word("Solo lista d'attesa", "Waiting list only"),
        RejectionReason.NOT_ELIGIBLE: Word("Mancano i requisiti", "Not eligible"),
        RejectionReason.OUT_OF_AREA: Word("Fuori dal territorio servito", "Out of our area"),
        RejectionReason.MISSING_DOCUMENTS: Word("Mancano dei documenti", "Documents are missing"),
        RejectionReason.ALREADY_SERVED: ALREADY_SERVED,
        RejectionReason.WRONG_SERVICE: Word("Non è il servizio giusto", "Not the right service"),
        RejectionReason.INSUFFICIENT_INFORMATION: Word(
            "Le informazioni non bastano", "Too little information"
        ),
        RejectionReason.SAFETY: Word(
            "Il servizio non può garantire la sicurezza", "The service cannot keep it safe"
        ),
    },
    CancellationReason: {
        CancellationReason.PERSON_DECLINED: Word("La persona non lo vuole", "The person declined"),
        CancellationReason.NO_LONGER_NEEDED: _NO_LONGER_NEEDED,
        CancellationReason.CONSENT_WITHDRAWN: Word(
            "La persona ha revocato il consenso", "The person withdrew the consent"
        ),
        CancellationReason.COULD_NOT_CONTACT: _COULD_NOT_CONTACT,
        CancellationReason.LEFT_TERRITORY: _LEFT_TERRITORY,
        CancellationReason.SENT_BY_MISTAKE: Word("Inviato per sbaglio", "Sent by mistake"),
    },
    FailureReason: {
        FailureReason.COULD_NOT_CONTACT: _COULD_NOT_CONTACT,
        FailureReason.NO_SHOW: Word("Non si è presentata", "Did not come"),
        FailureReason.NOT_ELIGIBLE_AFTER_ASSESSMENT: Word(
            "Dopo la valutazione mancano i requisiti", "Not eligible after assessment"
        ),
        FailureReason.LEFT_TERRITORY: _LEFT_TERRITORY,
    },
    ReferralOutcome: {
        ReferralOutcome.SERVICE_RECEIVED: Word(
            "Ha ricevuto il servizio", "Received the service", Tone.SUCCESS
        ),
        ReferralOutcome.ENROLLED: Word("Ha un posto", "Has a place", Tone.SUCCESS),
        ReferralOutcome.ENROLLED_WAITLIST: Word(
            "È in lista d'attesa", "Is on the waiting list", Tone.INFO
        ),
        ReferralOutcome.REFERRED_ELSEWHERE: Word(
            "Accompagnata a un altro servizio", "Referred elsewhere", Tone.INFO
        ),
        ReferralOutcome.PARTIAL: Word(
            "Ha ricevuto solo una parte", "Received only a part", Tone.WARNING
        ),
    },
    NeedOutcome: {
        NeedOutcome.MET: Word("Risolto", "Met", Tone.SUCCESS),
        NeedOutcome.PARTLY_MET: Word("Risolto in parte", "Partly met", Tone.WARNING),
        NeedOutcome.NOT_MET: Word("Non risolto", "Not met", Tone.DANGER),
        NeedOutcome.NO_LONGER_NEEDED: _NO_LONGER_NEEDED,
    },
}

_MATCHING: Final[Mapping[type[StrEnum], Mapping[StrEnum, Word]]] = {
    Ground: {
        Ground.ONLY_CANDIDATE: Word("È l'unico servizio adatto", "The only service that fits"),
        Ground.LANGUAGE: Word("Parla la lingua della persona", "Speaks the person's language"),
        Ground.SPECIFICITY: Word(
            "È il più specifico per questo bisogno o questo comune",
            "The most specific for this need or this town",
        ),
        Ground.LOAD: Word("Ha meno invii aperti", "Has fewer open referrals"),
        Ground.TIE: Word(
            "Alla pari con un altro: preso il primo dell'elenco",
            "As good as another one: the first of the list was taken",
        ),
        Ground.WORKER: Word("Scelto da chi segue la persona", "Chosen by the worker"),
    },
    Obstacle: {
        Obstacle.NO_SERVICE: Word(
            "Nessun servizio della rete offre questo", "No service of the network offers this"
        ),
        Obstacle.OTHER_CATEGORY: Word("Offre altro", "Offers something else"),
        Obstacle.INACTIVE: Word("Non è attivo", "Not active"),
        Obstacle.STALE: Word(
            "La sua voce nell'elenco non è verificata da tempo",
            "Its entry has not been checked for long",
        ),
        Obstacle.OUT_OF_AREA: Word(
            "Non serve il comune della persona", "Does not serve the person's town"
        ),
        Obstacle.AREA_UNKNOWN: Word(
            "Il comune della persona non è noto", "The person's town is not known"
        ),
    },
}

_QUEUES: Final[Mapping[type[StrEnum], Mapping[StrEnum, Word]]] = {
    ReferralQueue: {
        ReferralQueue.TO_ANSWER: Word("Invii a cui rispondere", "Referrals to answer", Tone.INFO),
        ReferralQueue.CONTACT_DUE: Word(
            "Primo contatto in ritardo", "First contact overdue", Tone.WARNING
        ),
        ReferralQueue.TO_DECIDE: Word(
            "Da decidere con la persona", "To decide with the person", Tone.INFO
        ),
        ReferralQueue.AWAITING_CONSENT: Word(
            "Manca il consenso alla condivisione", "Consent to share is missing", Tone.WARNING
        ),
        ReferralQueue.AWAITING_SERVICE: Word(
            "Il servizio non è più disponibile", "The service is no longer available", Tone.WARNING
        ),
    },
    NeedQueue: {
        NeedQueue.TO_CLOSE: Word(
            "Risposte da leggere e bisogni da chiudere",
            "Answers to read and needs to close",
            Tone.INFO,
        ),
        NeedQueue.WITHOUT_SERVICE: Word(
            "Bisogni senza un servizio", "Needs without a service", Tone.WARNING
        ),
    },
}

LABELS: Final[Mapping[type[StrEnum], Mapping[StrEnum, Word]]] = {
    **_STATES,
    **_REASONS,
    **_MATCHING,
    **_QUEUES,
}

REASONS: Final = tuple(_REASONS)
"""The lists from which the reason or the outcome of a referral or a need is taken."""
