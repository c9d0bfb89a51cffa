"""Words about persons: how to reach them, their consents, their cases and their tax codes."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from contracts.intake import (
    CaseState,
    ConsentState,
    DataCategory,
    DuplicateGround,
    EmergencyOutcome,
    EmergencyQueue,
    EmergencyReason,
    Purpose,
    SafeContact,
    SheetMedia,
    TaxCodeKind,
    TaxCodeRemark,
)
from gateway.web.words.word import Tone, Word

LABELS: Final[Mapping[type[StrEnum], Mapping[StrEnum, Word]]] = {
    SafeContact: {
        SafeContact.ANY: Word("Telefonate e messaggi", "Calls and messages"),
        SafeContact.CALL_ONLY: Word(
            "Solo telefonate",
            "Calls only",
            Tone.WARNING,
            Word("Non lasciare nulla di scritto.", "Leave nothing in writing."),
        ),
        SafeContact.MESSAGE_ONLY: Word(
            "Solo messaggi",
            "Messages only",
            Tone.WARNING,
            Word("Non telefonare.", "Do not call."),
        ),
        SafeContact.NEVER: Word(
            "Non contattare",
            "Do not contact",
            Tone.DANGER,
            Word("È la persona a farsi viva.", "The person gets in touch."),
        ),
    },
    Purpose: {
        Purpose.REFERRAL: Word("Invio a un servizio della rete", "Referral to a network service"),
    },
    DataCategory: {
        DataCategory.IDENTITY: Word(
            "Nome e dati anagrafici",
            "Name and personal details",
            hint=Word("Chi è la persona.", "Who the person is."),
        ),
        DataCategory.CONTACTS: Word(
            "Recapiti",
            "Contacts",
            hint=Word("Come raggiungerla senza rischi.", "How to reach the person without risk."),
        ),
        DataCategory.NEEDS: Word(
            "Bisogni emersi",
            "Needs that were found",
            hint=Word(
                "Che cosa serve e con quale urgenza; mai le singole risposte.",
                "What is needed and how soon; never the single answers.",
            ),
        ),
        DataCategory.SAFETY: Word(
            "Sicurezza personale",
            "Personal safety",
            hint=Word(
                "Solo se la persona lo chiede: rivela che ha parlato della sua sicurezza.",
                "Only if the person asks for it: it reveals that safety was spoken of.",
            ),
        ),
    },
    SheetMedia: {
        SheetMedia.PDF: Word("PDF", "PDF"),
        SheetMedia.JPEG: Word("Foto JPEG", "JPEG photo"),
        SheetMedia.PNG: Word("Immagine PNG", "PNG image"),
    },
    ConsentState: {
        ConsentState.LIVE: Word("Valido", "Live", Tone.SUCCESS),
        ConsentState.EXPIRED: Word(
            "Scaduto",
            "Expired",
            Tone.WARNING,
            Word("Per inviare ancora ne serve uno nuovo.", "To send again, record a new one."),
        ),
        ConsentState.WITHDRAWN: Word(
            "Revocato",
            "Withdrawn",
            Tone.NEUTRAL,
            Word(
                "La persona ha cambiato idea: non si condivide altro.",
                "The person has had a change of mind: nothing more is shared.",
            ),
        ),
    },
    CaseState: {
        CaseState.OPEN: Word("Aperta", "Open", Tone.SUCCESS),
    },
    TaxCodeKind: {
        TaxCodeKind.DEFINITIVE: Word("Codice fiscale", "Tax code"),
        TaxCodeKind.PROVISIONAL: Word("Codice fiscale provvisorio", "Provisional tax code"),
        TaxCodeKind.ABSENT: Word("Senza codice fiscale", "No tax code"),
    },
    TaxCodeRemark: {
        TaxCodeRemark.BIRTHPLACE_UNKNOWN: Word(
            "Il luogo di nascita nel codice fiscale non è conosciuto: da ricontrollare",
            "The birthplace in the tax code is unknown: look at it again",
            Tone.WARNING,
        ),
        TaxCodeRemark.BIRTH_DATE_DIFFERS: Word(
            "La data di nascita nel codice fiscale è diversa da quella scritta: da ricontrollare",
            "The birth date in the tax code differs from the one given: look at it again",
            Tone.WARNING,
        ),
        TaxCodeRemark.GENDER_DIFFERS: Word(
            "Il genere nel codice fiscale è diverso da quello scritto: può essere giusto così",
            "The gender in the tax code differs from the one given: it may well be right",
            Tone.INFO,
        ),
    },
    DuplicateGround: {
        DuplicateGround.SAME_TAX_CODE: Word("Stesso codice fiscale", "Same tax code", Tone.DANGER),
        DuplicateGround.SAME_BIRTH_DATE: Word(
            "Stessa data di nascita", "Same birth date", Tone.WARNING
        ),
        DuplicateGround.BIRTH_DATE_DIGITS_SWAPPED: Word(
            "Data di nascita con cifre scambiate", "Birth date with digits swapped", Tone.INFO
        ),
        DuplicateGround.SIMILAR_NAME: Word("Nome simile", "Similar name", Tone.WARNING),
        DuplicateGround.SWAPPED_NAMES: Word(
            "Nome e cognome scambiati", "Given and family name swapped", Tone.WARNING
        ),
        DuplicateGround.SAME_PHONE: Word("Stesso telefono", "Same telephone", Tone.INFO),
    },
    EmergencyReason: {
        EmergencyReason.DANGER_TO_LIFE_OR_HEALTH: Word(
            "Pericolo per la vita o la salute", "Danger to life or health", Tone.DANGER
        ),
        EmergencyReason.VIOLENCE_OR_THREAT: Word(
            "Violenza o minacce", "Violence or threats", Tone.DANGER
        ),
        EmergencyReason.MINOR_AT_RISK: Word("Un minore a rischio", "A minor at risk", Tone.DANGER),
        EmergencyReason.UNABLE_TO_CONSENT: Word(
            "La persona non è in grado di dare il consenso",
            "The person is not able to consent",
            Tone.WARNING,
        ),
        EmergencyReason.REQUEST_OF_AN_AUTHORITY: Word(
            "Richiesta di un'autorità, che non può aspettare",
            "Request of an authority that cannot wait",
            Tone.WARNING,
        ),
    },
    EmergencyOutcome: {
        EmergencyOutcome.JUSTIFIED: Word(
            "Giustificato",
            "Justified",
            Tone.SUCCESS,
            Word(
                "C'era un'emergenza, e serviva vedere questi dati.",
                "There was an emergency, and these data were needed.",
            ),
        ),
        EmergencyOutcome.NOT_JUSTIFIED: Word(
            "Non giustificato",
            "Not justified",
            Tone.DANGER,
            Word(
                "Se è ancora aperto, l'accesso si chiude subito.",
                "If it is still open, the access ends at once.",
            ),
        ),
    },
    EmergencyQueue: {
        EmergencyQueue.TO_REVIEW: Word("Da esaminare", "To be reviewed", Tone.WARNING),
        EmergencyQueue.OPEN: Word("Ancora aperti", "Still open", Tone.INFO),
        EmergencyQueue.REVIEWED: Word("Esaminati", "Reviewed", Tone.SUCCESS),
        EmergencyQueue.NOBODY_FOUND: Word("Nessuna persona trovata", "Nobody found"),
    },
}
