"""Refusals at the door and about accounts: what happened, and the way out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from gateway.web.words.word import Tone, Word, refused

_ADMINISTRATOR: Final = (
    "Può aiutare l'amministrazione del sistema.",
    "Your administrator can help.",
)
_NEW_LINK: Final = (
    "Chiederne uno nuovo all'amministrazione del sistema.",
    "Ask your administrator for a new one.",
)
_START_AGAIN: Final = ("Ricominciare dall'accesso.", "Start again from the sign-in page.")
_FAULT_OF_PROGRAM: Final = (
    "È un errore del programma che ha chiamato, non di chi lavora: segnalarlo.",
    "This is a fault of the calling program and not of yours: please report it.",
)

_DOOR: Final[Mapping[str, Word]] = {
    "sign-in-refused": refused(
        ("E-mail o password non corrette", "E-mail or password is wrong"),
        (
            "Riprovare, o chiedere una nuova password; può aiutare l'amministrazione.",
            "Try again, or ask for a new password; your administrator can help.",
        ),
        Tone.DANGER,
    ),
    "sign-in-locked": refused(
        ("Troppi tentativi non riusciti", "Too many attempts failed"),
        (
            "La porta resta chiusa per qualche minuto: riprovare più tardi.",
            "The door stays shut for some minutes: come back later.",
        ),
        Tone.DANGER,
    ),
    "proof-refused": refused(
        ("Il codice o la password non corrisponde", "The code or password does not fit"),
        (
            "Un codice vale una volta sola e per mezzo minuto: aspettare il prossimo.",
            "A code is good once and for half a minute: wait for the next one.",
        ),
        Tone.DANGER,
    ),
    "provider-refused": refused(
        ("L'accesso con il gestore di identità non è riuscito", "Signing in failed there"),
        _START_AGAIN,
        Tone.DANGER,
    ),
    "provider-unavailable": refused(
        ("Il gestore di identità non risponde", "The identity provider does not answer"),
        (
            "Riprovare tra poco, o entrare con e-mail e password.",
            "Try again in a moment, or sign in with e-mail and password.",
        ),
    ),
    "external-identity-unknown": refused(
        (
            "A questa identità non è collegato nessun utente",
            "Nobody here is tied to this account",
        ),
        (
            "Chiedere un invito all'amministrazione del sistema.",
            "Ask your administrator for an invitation.",
        ),
    ),
    "token-missing": refused(
        ("Per questa pagina bisogna entrare", "This page is for those who have signed in"),
        (
            "Dopo l'accesso si torna qui, con ciò che è stato scritto.",
            "After signing in you come back here, with what was typed.",
        ),
        Tone.INFO,
    ),
    "token-invalid": refused(
        ("La sessione è finita", "Your session has ended"),
        (
            "Entrare di nuovo: si torna qui, con ciò che è stato scritto.",
            "Sign in again: you come back here, with what was typed.",
        ),
        Tone.INFO,
    ),
    "second-step-needed": refused(
        ("Serve ancora il codice di verifica", "The verification code is still owed"),
        (
            "Inserire le sei cifre dell'app di autenticazione, o un codice di riserva.",
            "Give the six digits of the authenticator app, or a recovery code.",
        ),
        Tone.INFO,
    ),
    "second-step-not-enrolled": refused(
        ("Il ruolo richiede la verifica in due passaggi", "Your role asks for a second step"),
        ("Attivarla ora: bastano due minuti.", "Set it up now: it takes two minutes."),
        Tone.INFO,
    ),
    "second-step-required": refused(
        (
            "Il ruolo richiede la verifica in due passaggi: non si può togliere",
            "Your role asks for the second step: it cannot be given up",
        ),
        (
            "Per cambiare telefono, attivare una nuova app di autenticazione.",
            "To change the phone, set up another authenticator.",
        ),
    ),
    "second-step-absent": refused(
        ("Non c'è una verifica in due passaggi", "There is no second step"),
        ("Attivarla prima dal proprio account.", "Set it up from your account first."),
        Tone.INFO,
    ),
    "code-of-conduct-not-accepted": refused(
        ("Manca il codice di condotta", "The code of conduct is still owed"),
        ("Leggerlo e accettarlo per andare avanti.", "Read and accept it to go on."),
        Tone.INFO,
    ),
    "code-of-conduct-outdated": refused(
        ("Intanto è in vigore un altro testo", "Another text is in force by now"),
        ("Leggere e accettare quello nuovo.", "Read and accept the new one."),
    ),
    "step-up-needed": refused(
        ("Confermare chi è alla postazione", "Confirm who is at the desk"),
        (
            "Dare di nuovo il codice o la password; poi l'operazione riprende.",
            "Give your code or password again; then the operation goes on.",
        ),
        Tone.INFO,
    ),
    "link-unusable": refused(
        (
            "Il collegamento è già usato, sostituito o scaduto",
            "The link was used, replaced or has expired",
        ),
        _NEW_LINK,
    ),
}

_ACCOUNTS: Final[Mapping[str, Word]] = {
    "password-too-short": refused(
        ("La password è troppo corta", "The password is too short"),
        (
            "Almeno 12 caratteri: vanno bene alcune parole senza legame tra loro.",
            "At least 12 characters: a few unrelated words are good.",
        ),
    ),
    "password-too-long": refused(
        ("La password è troppo lunga", "The password is too long"),
        ("Al massimo 128 caratteri.", "At most 128 characters."),
    ),
    "password-is-the-name": refused(
        ("La password è il nome o l'e-mail", "The password is the name or the e-mail address"),
        ("Sceglierne una che nessuno indovina.", "Choose one that nobody guesses."),
    ),
    "agency-not-chosen": refused(
        ("Si lavora per più enti", "You work for several agencies"),
        ("Scegliere per quale ente entrare.", "Choose for which one to sign in."),
        Tone.INFO,
    ),
    "email-taken": refused(
        ("Questa e-mail è di un altro utente", "Another user has this e-mail address"),
        ("Usarne un'altra, o cambiare quell'utente.", "Use another one, or change that user."),
    ),
    "own-account-protected": refused(
        ("Non si può chiudere il proprio account", "You cannot shut your own account"),
        ("Chiederlo a un'altra persona dell'amministrazione.", "Ask another administrator."),
    ),
    "role-not-for-staff": refused(
        ("Questo ruolo è per i programmi, non per le persone", "This role is for programs"),
        ("Scegliere un ruolo di persona.", "Choose a role of staff."),
    ),
    "staff-only": refused(
        ("Questo è per le persone, non per i programmi", "This is for persons, not programs"),
        _FAULT_OF_PROGRAM,
    ),
    "external-identity-taken": refused(
        (
            "L'identità o l'utente è già collegato altrimenti",
            "The identity or the user is tied already",
        ),
        ("Togliere prima quel collegamento.", "Untie that first."),
    ),
    "client-refused": refused(
        ("Il programma non è riconosciuto, o è scaduto", "The program is unknown, or has ended"),
        _ADMINISTRATOR,
        Tone.DANGER,
    ),
    "client-expiry-invalid": refused(
        ("La scadenza del programma non va bene", "The program's end is not possible"),
        ("Un giorno futuro, al massimo fra due anni.", "A day to come, at most two years ahead."),
    ),
    "client-unusable": refused(
        ("Il programma è chiuso o scaduto", "The program is shut or has ended"),
        ("Crearne uno nuovo.", "Make a new one."),
    ),
    "scope-exceeded": refused(
        ("Il programma chiede più di quanto ha", "The program asks for more than it has"),
        ("Scegliere tra i permessi indicati.", "Choose among the scopes that are named."),
    ),
}

_PROGRAMS: Final[Mapping[str, Word]] = {
    "malformed-request": refused(
        ("La richiesta non si può leggere", "The request cannot be read"),
        (
            "Ricaricare la pagina e riprovare; se succede ancora, segnalarlo.",
            "Load the page again and retry; if it happens again, report it.",
        ),
    ),
    "method-not-allowed": refused(
        ("Questo indirizzo non accetta l'operazione", "This address does not take that"),
        (
            "Tornare indietro e usare i pulsanti della pagina.",
            "Go back and use the page's buttons.",
        ),
    ),
    "body-too-large": refused(
        ("Quanto inviato è troppo grande", "What was sent is too large"),
        ("Inviare meno alla volta.", "Send less at a time."),
    ),
    "unsupported-media-type": refused(
        ("Il formato inviato non è accettato", "What was sent has the wrong format"),
        _FAULT_OF_PROGRAM,
    ),
    "unknown-purpose": refused(
        ("Il motivo dell'accesso non è tra quelli previsti", "The purpose is not a known one"),
        ("Sceglierne uno dell'elenco.", "Choose one of the list."),
    ),
    "malformed-precondition": refused(
        ("La versione indicata non si può leggere", "The version named cannot be read"),
        _FAULT_OF_PROGRAM,
    ),
    "precondition-required": refused(
        ("Manca la versione che si vuole cambiare", "The version to be changed is not named"),
        _FAULT_OF_PROGRAM,
    ),
    "malformed-idempotency-key": refused(
        ("La chiave della richiesta non è valida", "The key of the request is not valid"),
        _FAULT_OF_PROGRAM,
    ),
}

REFUSALS: Final[Mapping[str, Word]] = {**_DOOR, **_ACCOUNTS, **_PROGRAMS}
