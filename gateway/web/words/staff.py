"""Words about whoever works with the system: roles, permissions, purposes, what is still owed."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from contracts.access import AccessPurpose, Role, Scope
from contracts.language import Category
from gateway.identity.digest_language import DigestFrequency
from gateway.identity.domain import Pending, scope_of
from gateway.identity.language import UserState
from gateway.web.words.word import Tone, Word

_STAFF: Final[Mapping[StrEnum, Word]] = {
    Role.DESK_OPERATOR: Word(
        "Operatrice/operatore di sportello",
        "Desk operator",
        hint=Word(
            "Accoglie: registra le persone, i consensi e la scheda; non invia.",
            "Welcomes: registers persons, consents and the form; does not send.",
        ),
    ),
    Role.CASE_WORKER: Word(
        "Assistente sociale o referente del caso",
        "Case worker",
        hint=Word(
            "Segue le persone: invia, risponde agli invii, decide i percorsi.",
            "Stands beside persons: sends and answers referrals, decides on pathways.",
        ),
    ),
    Role.AGENCY_COORDINATOR: Word(
        "Coordinamento dell'ente",
        "Agency coordinator",
        hint=Word(
            "In più: servizi nell'elenco, incontri, registro di chi ha visto i dati.",
            "Also: services in the directory, gatherings, who saw a person's data.",
        ),
    ),
    Role.NETWORK_COORDINATOR: Word(
        "Coordinamento della rete",
        "Network coordinator",
        hint=Word(
            "Vede il lavoro di tutti gli enti, tranne le risposte sulla sicurezza.",
            "Sees the work of every agency, but no answers about safety.",
        ),
    ),
    Role.EVENT_ORGANISER: Word(
        "Organizzazione degli incontri",
        "Event organiser",
        hint=Word("Incontri e presenze; nessun caso.", "Gatherings and attendance; no cases."),
    ),
    Role.VIEWER: Word(
        "Sola consultazione",
        "Viewer",
        hint=Word(
            "Indicatori, elenco dei servizi e incontri; nessuna persona.",
            "Indicators, directory and gatherings; no persons.",
        ),
    ),
    Role.PRIVACY_OFFICER: Word(
        "Responsabile della protezione dei dati",
        "Privacy officer",
        hint=Word(
            "Vede consensi e accessi; né nomi delle persone né risposte.",
            "Sees consents and accesses; neither names of persons nor answers.",
        ),
    ),
    Role.ADMINISTRATOR: Word(
        "Amministrazione del sistema",
        "Administrator",
        hint=Word(
            "Gestisce utenti, programmi, servizi e posti; nessuna persona.",
            "Manages users, programs, services and places; no persons.",
        ),
    ),
}
_PROGRAMS: Final[Mapping[StrEnum, Word]] = {
    Role.CLIENT_PEOPLE_READ: Word(
        "Leggere persone, casi, consensi e storia", "Read persons, cases, consents and story"
    ),
    Role.CLIENT_PEOPLE_WRITE: Word(
        "Registrare persone, casi e consensi", "Register persons, cases and consents"
    ),
    Role.CLIENT_SCREENINGS_READ: Word(
        "Leggere le schede, senza la sicurezza", "Read screenings, without safety"
    ),
    Role.CLIENT_REFERRALS_READ: Word("Leggere bisogni e invii", "Read needs and referrals"),
    Role.CLIENT_REFERRALS_WRITE: Word(
        "Inviare e rispondere agli invii", "Send and answer referrals"
    ),
    Role.CLIENT_PATHWAYS_READ: Word("Leggere i percorsi", "Read pathways"),
    Role.CLIENT_CATALOGUE_READ: Word("Leggere l'elenco dei servizi", "Read the directory"),
    Role.CLIENT_CATALOGUE_WRITE: Word(
        "Pubblicare i servizi dell'ente", "Publish the agency's services"
    ),
    Role.CLIENT_GATHERINGS_READ: Word("Leggere gli incontri", "Read gatherings"),
    Role.CLIENT_GATHERINGS_WRITE: Word(
        "Organizzare incontri e registrare presenze", "Organise gatherings and record attendance"
    ),
    Role.CLIENT_INDICATORS_READ: Word("Leggere gli indicatori", "Read indicators"),
}

LABELS: Final[Mapping[type[StrEnum], Mapping[StrEnum, Word]]] = {
    Scope: {
        Scope.OWN: Word("Solo il proprio", "Own only"),
        Scope.CASE_TEAM: Word(
            "I casi di cui si fa parte dell'équipe", "Cases on whose team one is"
        ),
        Scope.AGENCY: Word("Solo il proprio ente", "Own agency only"),
        Scope.NETWORK: Word("Tutta la rete", "The whole network"),
    },
    Role: {**_STAFF, **_PROGRAMS},
    AccessPurpose: {
        AccessPurpose.CASE_WORK: Word("Lavoro con la persona", "Work with the person"),
        AccessPurpose.REFERRAL: Word("Invio a un servizio", "Referral to a service"),
        AccessPurpose.REQUEST_OF_THE_PERSON: Word(
            "Richiesta della persona", "Request of the person"
        ),
        AccessPurpose.SUPERVISION: Word("Supervisione del lavoro", "Supervision of the work"),
        AccessPurpose.AUDIT: Word("Verifica sulla privacy", "Privacy audit"),
        AccessPurpose.SUPPORT: Word("Assistenza tecnica", "Technical support"),
        AccessPurpose.EMERGENCY: Word("Emergenza", "Emergency", Tone.DANGER),
    },
    Category: {
        Category.NOT_FOUND: Word("Non trovato", "Not found"),
        Category.CONFLICT: Word("La situazione è cambiata", "Things have changed", Tone.WARNING),
        Category.INVALID: Word("Da correggere", "To be corrected", Tone.WARNING),
        Category.FORBIDDEN: Word("Non permesso", "Not allowed", Tone.DANGER),
        Category.UNAVAILABLE: Word("Non raggiungibile ora", "Cannot be reached now", Tone.DANGER),
    },
    DigestFrequency: {
        DigestFrequency.NEVER: Word("Mai", "Never"),
        DigestFrequency.DAILY: Word("Ogni giorno di lavoro", "Every working day"),
        DigestFrequency.WEEKLY: Word("Una volta alla settimana", "Once a week"),
    },
    UserState: {
        UserState.OPEN: Word("Aperto", "Open", Tone.SUCCESS),
        UserState.SHUT: Word("Chiuso o scaduto", "Shut or expired", Tone.WARNING),
        UserState.NEW: Word("Mai entrato", "Never signed in", Tone.INFO),
    },
    Pending: {
        Pending.SECOND_STEP: Word(
            "Inserire il codice di verifica",
            "Enter the verification code",
            Tone.WARNING,
            Word(
                "Le sei cifre dell'app di autenticazione, oppure un codice di riserva.",
                "The six digits of the authenticator app, or a recovery code.",
            ),
        ),
        Pending.SECOND_STEP_ENROLMENT: Word(
            "Attivare la verifica in due passaggi",
            "Set up the second step",
            Tone.WARNING,
            Word(
                "Il ruolo la richiede: serve un'app di autenticazione sul telefono.",
                "Your role asks for it: you need an authenticator app on your phone.",
            ),
        ),
        Pending.CODE_OF_CONDUCT: Word(
            "Accettare il codice di condotta",
            "Accept the code of conduct",
            Tone.WARNING,
            Word("Si legge in due minuti.", "It is read in two minutes."),
        ),
    },
}

API_SCOPES: Final[Mapping[str, Word]] = {
    scope_of(Role(role)): word for role, word in _PROGRAMS.items()
}
"""The scopes of programs, which are their roles under another name."""

PERMISSIONS: Final[Mapping[str, Word]] = {
    "person:register": Word("Registrare persone", "Register persons"),
    "person:read": Word("Vedere le persone", "See persons"),
    "case:open": Word("Aprire una presa in carico", "Open cases"),
    "case:read": Word("Vedere le prese in carico", "See cases"),
    "team:change": Word("Decidere l'équipe di un caso", "Decide who is on the team of a case"),
    "consent:record": Word("Registrare e revocare consensi", "Record and withdraw consents"),
    "consent:read": Word("Vedere i consensi", "See consents"),
    "screening:write": Word("Compilare la scheda", "Fill in the form"),
    "screening:read": Word("Vedere le schede", "See screenings"),
    "safety:read": Word("Vedere le risposte sulla sicurezza", "See the answers about safety"),
    "referral:send": Word("Inviare a un servizio", "Send referrals"),
    "referral:answer": Word("Rispondere agli invii ricevuti", "Answer referrals"),
    "referral:read": Word("Vedere bisogni e invii", "See needs and referrals"),
    "pathway:decide": Word("Decidere sui percorsi con la persona", "Decide on pathways"),
    "pathway:offer": Word("Stabilire i posti dei percorsi", "Set the places of pathways"),
    "pathway:read": Word("Vedere i percorsi", "See pathways"),
    "catalogue:publish": Word("Pubblicare servizi nell'elenco", "Publish services"),
    "catalogue:read": Word("Vedere l'elenco dei servizi", "See the directory"),
    "gathering:organise": Word("Organizzare incontri", "Organise gatherings"),
    "gathering:read": Word("Vedere gli incontri", "See gatherings"),
    "attendance:record": Word("Registrare le presenze", "Record attendance"),
    "indicator:read": Word("Vedere gli indicatori", "See indicators"),
    "timeline:read": Word("Vedere la storia di una persona", "See a person's story"),
    "accesses:read": Word("Vedere chi ha visto i dati", "See who looked at a person"),
    "emergency:open": Word(
        "Aprire in emergenza una persona di un altro ente",
        "Open a person of another agency in an emergency",
    ),
    "emergency:review": Word("Esaminare gli accessi di emergenza", "Review emergency accesses"),
    "operations:administer": Word("Tenere in funzione il sistema", "Keep the system running"),
    "user:administer": Word("Gestire utenti e programmi", "Manage users and programs"),
}

DISABLED_FOR: Final[Mapping[str, Word]] = {
    "administrator": Word("Chiuso dall'amministrazione", "Shut by the administrator", Tone.DANGER),
    "dormant": Word("Chiuso perché non usato da tempo", "Shut because long unused", Tone.WARNING),
    "expired": Word("Scaduto", "Expired", Tone.WARNING),
}

LINKS: Final[Mapping[str, Word]] = {
    "invitation": Word("Invito", "Invitation"),
    "reset": Word("Nuova password", "New password"),
}

ADMINISTRATION: Final[Mapping[str, Word]] = {
    "user-created": Word("ha aggiunto l'utente", "let the user in"),
    "roles-set": Word("ha cambiato i ruoli", "set the roles"),
    "membership-ended": Word("ha tolto l'utente dall'ente", "took the user out of the agency"),
    "password-reset": Word("ha dato una nuova password", "gave a new password"),
    "password-changed": Word("ha cambiato la propria password", "changed their own password"),
    "validity-set": Word("ha stabilito la scadenza dell'account", "set when the account ends"),
    "user-enabled": Word("ha riaperto l'account", "opened the account again"),
    "user-disabled": Word("ha chiuso l'account", "shut the account"),
    "tokens-ended": Word("ha chiuso tutte le sessioni", "ended every session"),
    "conduct-accepted": Word("ha accettato il codice di condotta", "accepted the code of conduct"),
    "external-identity-tied": Word(
        "ha collegato un'identità esterna", "tied an account at an identity provider"
    ),
    "external-identity-untied": Word(
        "ha scollegato un'identità esterna", "untied an account at an identity provider"
    ),
    "client-created": Word("ha aggiunto il programma", "let the program in"),
    "client-secret-rotated": Word("ha dato un nuovo segreto al programma", "gave a new secret"),
    "client-disabled": Word("ha chiuso l'accesso del programma", "shut the program"),
    "link-made": Word("ha creato un collegamento monouso", "made a one-time link"),
    "link-redeemed": Word(
        "ha scelto la password con il collegamento monouso", "chose a password by one-time link"
    ),
    "second-step-enrolled": Word("ha attivato la verifica in due passaggi", "set up a second step"),
    "second-step-removed": Word(
        "ha tolto la verifica in due passaggi", "took the second step away"
    ),
    "dead-letters-replayed": Word(
        "ha fatto ripartire messaggi fermi", "gave dead letters back to their queue"
    ),
    "dead-letters-dropped": Word("ha eliminato messaggi fermi", "threw dead letters away"),
    "recovery-codes-renewed": Word("ha rinnovato i codici di riserva", "made new recovery codes"),
}
"""Actions of the administration log, to be read after the name of whoever acted."""
