"""What the services find wrong with a field, beyond what its contract says."""

from __future__ import annotations

from typing import Final

from gateway.web.words.written import written

_PAGE_LOST: Final = (
    "Questa pagina dell'elenco non c'è più: ricominciare dalla prima.",
    "This page of the list is gone: begin with the first one.",
)
_YOUR_PASSWORD: Final = ("Scrivere la propria password.", "Give your password.")
_YOUR_CODE: Final = (
    "Scrivere il codice dell'app di autenticazione, o un codice di riserva.",
    "Give a code of your authenticator app, or a recovery code.",
)

_ANEW: Final = "fotografare o scansionare di nuovo."
_OF_FILES: Final = (
    written("Choose a file.", "Scegliere o fotografare il foglio.", "Choose a file."),
    written(
        "The file is larger than 6 MB.",
        "Supera 6 MB: fotografare con qualità più bassa, o scansionare in bianco e nero.",
        "Larger than 6 MB: photograph with less quality, or scan in black and white.",
    ),
    written(
        "Send a PDF, a JPEG or a PNG.",
        "Questo file non è un PDF, un JPEG o un PNG, qualunque sia il suo nome.",
        "This file is no PDF, JPEG or PNG, whatever its name says.",
    ),
    written(
        "The file is damaged or not whole.",
        f"Il file è rovinato o incompleto: {_ANEW}",
        "The file is damaged or not whole: photograph or scan it anew.",
    ),
    written(
        "The file holds a second one inside; scan or photograph it anew.",
        f"Il file ne nasconde un altro: {_ANEW}",
        "The file holds a second one inside: photograph or scan it anew.",
    ),
    written(
        "The file is not of the type that it is sent as.",
        f"Il contenuto non è quello che dice il nome del file: {_ANEW}",
        "The file is not what its name says: photograph or scan it anew.",
    ),
    written(
        "The scanner takes this file for dangerous; it was not kept.",
        "Il controllo lo ritiene pericoloso: non è stato tenuto.",
        "It was found to be dangerous and was not kept.",
    ),
    written("Not valid base64.", "Scegliere di nuovo il file.", "Choose the file again."),
)

_OF_PERSONS: Final = (
    written("Give a name.", "Scrivere un nome, con almeno una lettera.", "Give a name."),
    written("This date is still to come.", "Questo giorno deve ancora venire.", "Still to come."),
    written("This date is before 1900.", "Controllare l'anno.", "Look at the year again."),
    written(
        "This is not a country of ISO 3166-1.",
        "Scegliere un paese dell'elenco.",
        "Choose a country of the list.",
    ),
    written(
        "This is too short for a telephone number.",
        "È troppo corto per un numero di telefono.",
        "This is too short for a telephone number.",
    ),
    written(
        "It is the tax code of the person {_}.",
        "L'ente ha già registrato una persona con questo codice.",
        "Your agency has registered a person with this code already.",
    ),
    written(
        "STP and ENI codes are not recorded here: they would tell how a person stays in the country"
        " and that care was sought. Leave the field out.",
        "I codici STP ed ENI qui non si scrivono: rivelerebbero soggiorno e cure. Lasciare vuoto.",
        "STP and ENI codes are not recorded: they tell of stay and care. Leave it empty.",
    ),
    written(
        "This is neither a tax code of sixteen signs nor a provisional one of eleven.",
        "Un codice fiscale ha 16 segni, o 11 cifre se è provvisorio.",
        "A tax code has 16 signs, or 11 digits when provisional.",
    ),
    written(
        "The check sign does not fit the other signs; one of them is mistyped.",
        "Un segno è sbagliato: ricopiare il codice dal documento.",
        "One sign is mistyped: copy the code from the document again.",
    ),
    written(
        "The signs for the date of birth name no date.",
        "La data di nascita nel codice non esiste: ricopiarlo dal documento.",
        "The birth date in the code does not exist: copy it from the document again.",
    ),
    written(
        "Give name, family name and birth date together.",
        "Servono insieme nome, cognome e data di nascita.",
        "Name, family name and date of birth are needed together.",
    ),
    written(
        "Give the whole name with the birth date, or a tax code, or a telephone number.",
        "Servono nome, cognome e data di nascita, oppure il codice fiscale, oppure il telefono.",
        "Give the whole name with the birth date, or the tax code, or the telephone number.",
    ),
    written(
        "Choose an organization of the directory, or leave it out.",
        "Scegliere un ente dell'elenco, o nessuno per tutti gli enti della rete.",
        "Choose an agency of the list, or none for every agency of the network.",
    ),
    written(
        "A consent cannot end before it begins.",
        "Un consenso non può finire prima di cominciare: scegliere un giorno futuro.",
        "A consent cannot end before it begins: choose a day to come.",
    ),
    written(
        "A consent given today can last until {day} at most.",
        "Un consenso dato oggi può durare al massimo fino al {day}.",
        "A consent given today can last until {day} at most.",
    ),
    written(
        "Name one of this person's own cases, or none.",
        "Scegliere una presa in carico della persona, o nessuna.",
        "Choose one of this person's cases, or none.",
    ),
    written(
        "Name people who work for your agency.",
        "Scegliere tra chi lavora nell'ente.",
        "Choose among those who work for the agency.",
    ),
)

_OF_SCREENINGS: Final = (
    written(
        "Form {_} has no such question; ask for the form.",
        "Questa domanda non è nella scheda: ricaricare la pagina.",
        "The form has no such question: load the page again.",
    ),
    written(
        "This question is not in the brief form; start a full screening to ask it.",
        "La scheda breve non ha questa domanda: per farla, iniziare la scheda intera.",
        "The short form has no such question; to ask it, start a whole one.",
    ),
    written(
        "Give one code of: {_}; or null to clear.",
        "Scegliere una delle risposte della domanda.",
        "Choose one of the question's answers.",
    ),
    written(
        "Give a list with codes of: {_}.",
        "Scegliere una o più risposte della domanda.",
        "Choose one or more of the question's answers.",
    ),
    written(
        "This question is not asked here: it depends on {_}. Change that first, or leave this"
        " answer out.",
        "Con le risposte date prima questa domanda non si fa: rivedere quelle.",
        "With the answers before it this question is not asked: look at those again.",
    ),
    written(
        "Changed by somebody else at version {_}.",
        "Intanto qualcun altro ha cambiato questa risposta: scegliere quale vale.",
        "Somebody else has changed this answer meanwhile: choose which one counts.",
    ),
    written(
        "Answer this question; {_} if there is no answer.",
        "Manca la risposta; se la persona non sa o non vuole dire, segnarlo.",
        "Not answered yet; if the person does not know or prefers not to say, mark that.",
    ),
    written(
        "This is not suggested; preview the screening to see what is.",
        "Non è più tra i suggerimenti: rivedere il risultato.",
        "No longer suggested: look at the result again.",
    ),
    written(
        "There is a choice about this already; send one.",
        "È scelto due volte: lasciarne una.",
        "Chosen twice: leave one.",
    ),
    written(
        "A refusal needs its reason; prefers-not-to-say is one.",
        "Scegliere il motivo; va bene anche «Preferisce non dirlo».",
        "Choose the reason; “Prefers not to say” is one.",
    ),
    written(
        "Only a refusal has a reason; leave it out.",
        "Il motivo serve solo se la persona non vuole: toglierlo.",
        "Only a refusal has a reason: leave it empty.",
    ),
    written(
        "Expected {_}.",
        "Intanto qualcun altro ha cambiato questi dati: ricaricare la pagina.",
        "Somebody else has changed this meanwhile: load the page again.",
    ),
)

_OF_THE_NETWORK: Final = (
    written("Wrong or missing here.", "Controllare questo campo.", "Look at this field again."),
    written(
        "Must lie between {day} and {day2}.",
        "Scegliere un giorno tra il {day} e il {day2}.",
        "Choose a day between {day} and {day2}.",
    ),
    written(
        "There is no such organization; publish it first.",
        "Questo ente non è nell'elenco: va inserito prima.",
        "This agency is not in the directory: enter it first.",
    ),
    written(
        "This is not a category; see the taxonomy's leaves.",
        "Scegliere una categoria dell'elenco.",
        "Choose a category of the list.",
    ),
    written(
        "See the taxonomy for the codes.",
        "Scegliere una categoria dell'elenco.",
        "Choose a category of the list.",
    ),
    written(
        "This municipality is not in the network's territory.",
        "Questo comune non è nel territorio della rete.",
        "This municipality is not in the network's territory.",
    ),
    written(
        "The review must be due after the day of the last check.",
        "La prossima verifica viene dopo l'ultima: scegliere un giorno più avanti.",
        "The next review comes after the last check: choose a later day.",
    ),
    written(
        "Must be 1 for a known person.",
        "Una persona conosciuta vale uno: contare le altre senza nome.",
        "A known person counts as one: record the others without a name.",
    ),
    written(
        "Must not be before {day}.",
        "Scegliere il {day} o un giorno dopo.",
        "Choose {day} or a later day.",
    ),
    written("Not a cursor.", *_PAGE_LOST),
    written("Send back next_cursor as it came, or leave it out.", *_PAGE_LOST),
    written("Send back the next_cursor of the page before, unchanged.", *_PAGE_LOST),
)

_OF_ACCOUNTS: Final = (
    written(
        "Use at least {n} characters; a few unrelated words are good.",
        "Almeno {n} caratteri: vanno bene alcune parole senza legame tra loro.",
        "At least {n} characters: a few unrelated words are good.",
    ),
    written("Use at most {n} characters.", "Al massimo {n} caratteri.", "At most {n} characters."),
    written(
        "Use something else than the person's own name or e-mail address.",
        "Non usare il proprio nome o la propria e-mail.",
        "Use something else than your own name or e-mail address.",
    ),
    written(
        "Another user has this address; use another one, or change that user.",
        "Questa e-mail è già di un altro utente.",
        "Another user has this address already.",
    ),
    written(
        "Roles that begin with client_ are for clients; choose another one.",
        "Questo ruolo è per i programmi: sceglierne uno di persona.",
        "This role is for programs: choose one of staff.",
    ),
    written(
        "Ask for some of: {_}.",
        "Scegliere tra i permessi dell'elenco.",
        "Choose among the scopes of the list.",
    ),
    written(
        "Let it end in the future, at most two years ahead.",
        "Scegliere un giorno futuro, al massimo fra due anni.",
        "Choose a day to come, at most two years ahead.",
    ),
    written(
        "Read the version in force with GET /code-of-conduct and accept that one.",
        "Intanto è in vigore un altro testo: leggere quello.",
        "Another text is in force by now: read that one.",
    ),
    written(
        "Name the agency that you sign in for, one of: {_}.",
        "Scegliere per quale ente entrare.",
        "Choose for which agency to sign in.",
    ),
    written(
        "Give the e-mail address that you sign in with.",
        "Scrivere l'e-mail con cui si entra.",
        "Give the e-mail address that you sign in with.",
    ),
    written("Give your password.", *_YOUR_PASSWORD),
    written("Give a code of your authenticator, or a recovery code.", *_YOUR_CODE),
    written(
        "A client signs in with client_id and client_secret.",
        "Un programma entra con identificativo e segreto.",
        "A program signs in with its id and its secret.",
    ),
    written(
        "There is no such service; there are {_}.",
        "Questa parte del sistema non c'è.",
        "There is no such part of the system.",
    ),
    written("There is no such user.", "Questo utente non c'è.", "There is no such user."),
)

FAULTS: Final = (*_OF_FILES, *_OF_PERSONS, *_OF_SCREENINGS, *_OF_THE_NETWORK, *_OF_ACCOUNTS)
