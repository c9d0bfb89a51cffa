"""Words of events: what happened, as a person's story and the queues of dead letters tell it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from gateway.web.words.word import Tone, Word

EVENTS: Final[Mapping[str, Word]] = {
    "person.registered.v1": Word("La persona è stata registrata", "The person was registered"),
    "person.corrected.v1": Word(
        "I dati della persona sono stati corretti", "The person's details were corrected"
    ),
    "case.opened.v1": Word("Presa in carico aperta", "Case opened", Tone.INFO),
    "case.staffed.v1": Word("Équipe del caso stabilita", "Case team set"),
    "consent.granted.v1": Word(
        "Consenso alla condivisione registrato", "Consent to share recorded", Tone.SUCCESS
    ),
    "consent.withdrawn.v1": Word(
        "Consenso alla condivisione revocato", "Consent to share withdrawn", Tone.WARNING
    ),
    "emergency_access.opened.v1": Word(
        "Accesso di emergenza aperto", "Emergency access opened", Tone.WARNING
    ),
    "emergency_access.reviewed.v1": Word(
        "Accesso di emergenza esaminato", "Emergency access reviewed", Tone.INFO
    ),
    "screening.started.v1": Word("Scheda iniziata", "Screening started", Tone.INFO),
    "screening.completed.v1": Word("Scheda completata", "Screening completed", Tone.SUCCESS),
    "need.opened.v1": Word("Emerso un bisogno", "A need was found", Tone.INFO),
    "need.agreed.v1": Word(
        "La persona ora è d'accordo", "The person has agreed meanwhile", Tone.SUCCESS
    ),
    "need.closed.v1": Word("Bisogno chiuso", "Need closed", Tone.SUCCESS),
    "referral.drafted.v1": Word("Invio preparato", "Referral prepared"),
    "referral.requested.v1": Word("Invio spedito", "Referral sent", Tone.INFO),
    "referral.accepted.v1": Word("Invio accettato", "Referral accepted", Tone.SUCCESS),
    "referral.rejected.v1": Word("Invio non accettato", "Referral rejected", Tone.WARNING),
    "referral.cancelled.v1": Word("Invio annullato", "Referral cancelled"),
    "referral.discarded.v1": Word("Invio scartato prima di spedirlo", "Draft referral discarded"),
    "referral.started.v1": Word("Primo contatto avvenuto", "First contact made", Tone.SUCCESS),
    "referral.completed.v1": Word("Invio concluso", "Referral completed", Tone.SUCCESS),
    "referral.failed.v1": Word("Invio senza esito", "Referral came to nothing", Tone.WARNING),
    "enrolment.proposed.v1": Word("Percorso proposto", "Pathway proposed", Tone.INFO),
    "enrolment.confirmed.v1": Word("Posto nel percorso", "Place in the pathway", Tone.SUCCESS),
    "enrolment.waitlisted.v1": Word(
        "In lista d'attesa per il percorso", "On the pathway's waiting list", Tone.INFO
    ),
    "enrolment.refused.v1": Word("Percorso non voluto", "Pathway refused"),
    "enrolment.withdrawn.v1": Word("Posto nel percorso lasciato", "Place given back"),
    "gathering.scheduled.v1": Word("Incontro in calendario", "Gathering scheduled"),
    "attendance.recorded.v1": Word("Presenza a un incontro", "Came to a gathering", Tone.INFO),
    "organization.published.v1": Word("Ente pubblicato", "Organization published"),
    "service.published.v1": Word("Servizio pubblicato", "Service published"),
}

DEAD_LETTERS: Final[Mapping[str, Word]] = {
    **dict.fromkeys(
        (
            "not-json",
            "not-an-object",
            "not-an-event",
            "too-large",
            "no-message-id",
            "other-message-id",
        ),
        Word(
            "Non è un messaggio dei nostri servizi",
            "No service of ours wrote it",
            Tone.DANGER,
            Word("Trovare chi lo manda, poi eliminarlo.", "Find who publishes it, then drop it."),
        ),
    ),
    **dict.fromkeys(
        ("unknown-type", "invalid-event", "invalid-data"),
        Word(
            "Chi lo riceve non conosce ancora questa versione",
            "The receiver does not know this version yet",
            Tone.WARNING,
            Word(
                "Aggiornare chi riceve, poi far ripartire tutti.",
                "Deploy the receiver, then replay all.",
            ),
        ),
    ),
    "attempts-exhausted": Word(
        "Otto tentativi non riusciti",
        "Eight attempts failed",
        Tone.DANGER,
        Word("Rimuovere la causa, poi far ripartire tutti.", "Mend the cause, then replay all."),
    ),
    "delivered-too-often": Word(
        "Ogni volta ha fermato il processo",
        "It ended the process each time",
        Tone.DANGER,
        Word("Rimuovere la causa, poi provarne uno.", "Mend the cause, then replay one."),
    ),
}
"""Why a message was given up; any other reason is the slug of a refusal."""

PARTS: Final[Mapping[str, Word]] = {
    "intake": Word("Persone e consensi", "Persons and consents"),
    "screening": Word("Schede di screening", "Screenings"),
    "catalogue": Word("Elenco dei servizi", "Services directory"),
    "referrals": Word("Bisogni e invii", "Needs and referrals"),
    "pathways": Word("Percorsi", "Pathways"),
    "events": Word("Incontri e presenze", "Gatherings and attendance"),
    "reporting": Word("Storia e indicatori", "Story and indicators"),
    "database": Word("Banca dati degli accessi", "Database of the gateway"),
    "broker": Word("Collegamento tra i servizi", "Message broker"),
}
"""The parts of the system, as the pages name one that cannot be reached."""
