"""What a refusal means for the person at the desk, by its slug: what happened, and the way out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from gateway.web.words import entrance
from gateway.web.words.word import Tone, Word, refused

_READ_AGAIN: Final = (
    "Ricaricare la pagina per vedere come stanno le cose ora.",
    "Load the page again to see how things stand now.",
)
_LATER: Final = (
    "Ciò che è stato scritto resta qui: riprovare tra poco.",
    "What was typed stays here: try again in a moment.",
)

_EVERYWHERE: Final[Mapping[str, Word]] = {
    "not-found": refused(
        ("Qui non c'è niente da vedere", "There is nothing to see here"),
        (
            "L'indirizzo è sbagliato, oppure riguarda un altro ente. Tornare alla ricerca.",
            "The address is wrong, or it belongs to another agency. Go back to the search.",
        ),
    ),
    "forbidden": refused(
        ("Questo non è permesso", "This is not allowed"),
        (
            "Se serve per il lavoro, chiedere al coordinamento dell'ente.",
            "If your work needs it, ask your agency's coordinator.",
        ),
        Tone.DANGER,
    ),
    "permission-missing": refused(
        ("Il ruolo non permette questa operazione", "Your role does not allow this"),
        (
            "Se serve per il lavoro, chiedere al coordinamento dell'ente un ruolo adatto.",
            "If your work needs it, ask your agency's coordinator for a role with it.",
        ),
        Tone.DANGER,
    ),
    "invalid-request": refused(
        ("Alcuni campi sono da correggere", "Some fields are to be corrected"),
        (
            "Accanto a ognuno è scritto che cosa cambiare; il resto è rimasto.",
            "Beside each of them it says what to change; the rest was kept.",
        ),
    ),
    "key-reused": refused(
        ("Questo modulo è già stato inviato", "This form was sent before"),
        (
            "Controllare se l'operazione risulta già fatta; se no, riaprire il modulo.",
            "See whether it is done already; if not, open the form anew.",
        ),
    ),
    "version-mismatch": refused(
        (
            "Intanto qualcun altro ha cambiato questi dati",
            "Somebody else has changed this meanwhile",
        ),
        (
            "Confrontare e confermare ciò che è giusto; quanto scritto non è andato perso.",
            "Compare, and confirm what is right; what was typed was not lost.",
        ),
    ),
    "form-outdated": refused(
        ("Il modulo è aperto da troppo tempo", "The form was opened too long ago"),
        (
            "Nulla è andato perso: inviarlo di nuovo da questa pagina.",
            "Nothing was lost: send it again from this page.",
        ),
    ),
    "unavailable": refused(
        ("Una parte del sistema non risponde", "A part of the system does not answer"),
        _LATER,
        Tone.DANGER,
    ),
    "service-unavailable": refused(
        ("Una parte del sistema non risponde", "A part of the system does not answer"),
        _LATER,
        Tone.DANGER,
    ),
    "too-many-requests": refused(
        ("Troppe richieste in poco tempo", "Too many requests in a short time"),
        (
            "Aspettare qualche secondo e riprovare: non si perde nulla.",
            "Wait some seconds and try again: nothing is lost.",
        ),
    ),
    "deadline-passed": refused(
        ("La risposta non è arrivata in tempo", "The answer did not come in time"),
        (
            "L'operazione può essere riuscita: controllare, e se no ripeterla. Non si raddoppia.",
            "It may have been done: look, and if not repeat it. It will not be done twice.",
        ),
        Tone.DANGER,
    ),
    "service-timeout": refused(
        ("La risposta non è arrivata in tempo", "The answer did not come in time"),
        (
            "L'operazione può essere riuscita: controllare, e se no ripeterla. Non si raddoppia.",
            "It may have been done: look, and if not repeat it. It will not be done twice.",
        ),
        Tone.DANGER,
    ),
    "printing-busy": refused(
        ("Si stanno stampando molti documenti", "Many sheets are being printed"),
        ("Riprovare tra poco: non si perde nulla.", "Try again in a moment: nothing is lost."),
        Tone.INFO,
    ),
    "printing-unavailable": refused(
        ("Qui ora non si può stampare in PDF", "No PDF can be made here now"),
        (
            "Chi gestisce il sistema può rimediare; intanto si può stampare la pagina.",
            "Whoever runs the system can mend it; meanwhile print the page itself.",
        ),
    ),
    "printing-failed": refused(
        ("Il documento non è stato stampato", "The sheet could not be printed"),
        (
            "Ciò che contiene è salvo e si legge nella pagina; segnalare il codice qui.",
            "What it shows is kept and stands on the page; report the code below.",
        ),
        Tone.DANGER,
    ),
    "internal": refused(
        ("Qualcosa non ha funzionato", "Something failed"),
        (
            "Non dipende da chi lavora. Riprovare; se succede ancora, segnalare il codice qui.",
            "It is not your fault. Try again; if it happens again, report the code below.",
        ),
        Tone.DANGER,
    ),
}

_PERSONS: Final[Mapping[str, Word]] = {
    "person-already-registered": refused(
        (
            "L'ente ha già registrato una persona con questo codice fiscale",
            "Your agency has registered a person with this tax code already",
        ),
        (
            "Aprire la pagina che esiste; se è un'altra persona, ricontrollare il codice.",
            "Open the page that exists; if it is somebody else, look at the code again.",
        ),
    ),
    "person-within-reach": refused(
        ("Questa persona è già del tuo ente", "This person is your agency's already"),
        (
            "Non serve un'emergenza: si trova con la ricerca.",
            "No emergency is needed: the search finds the person.",
        ),
    ),
    "emergency-limit-reached": refused(
        (
            "Per ora non si possono fare altri tentativi",
            "No more attempts can be made for now",
        ),
        (
            "Se qualcuno è in pericolo chiamare il 112. Poi chiedere al coordinamento.",
            "If somebody is in danger, call 112. Then ask your coordinator.",
        ),
        Tone.DANGER,
    ),
    "emergency-access-already-reviewed": refused(
        (
            "Qualcuno ha già esaminato questo accesso",
            "Somebody has reviewed this access already",
        ),
        _READ_AGAIN,
    ),
    "own-emergency-access": refused(
        ("Nessuno esamina i propri accessi", "Nobody reviews their own accesses"),
        (
            "Se ne occupa chi coordina l'ente della persona, o chi tutela la privacy.",
            "The person's agency or the privacy officer does it.",
        ),
        Tone.DANGER,
    ),
    "case-already-open": refused(
        ("L'ente segue già questa persona", "Your agency works with this person already"),
        ("La presa in carico aperta è nella pagina della persona.", "See the open case."),
        Tone.INFO,
    ),
    "not-a-colleague": refused(
        ("Nell'équipe entra solo chi lavora nell'ente", "A team is made of the agency's own staff"),
        (
            "Scegliere tra le persone che oggi lavorano nell'ente.",
            "Choose among those who work for the agency today.",
        ),
    ),
    "case-of-another-person": refused(
        ("Questa presa in carico è di un'altra persona", "This case is another person's"),
        ("Sceglierne una della persona, oppure nessuna.", "Choose one of the person's, or none."),
    ),
    "sheet-unusable": refused(
        ("Questo file non si può tenere come foglio firmato", "This file cannot be kept"),
        (
            "Serve una foto o una scansione: PDF, JPEG o PNG.",
            "A photograph or a scan is needed: PDF, JPEG or PNG.",
        ),
    ),
    "file-refused-by-scanner": refused(
        ("Il file è stato riconosciuto come pericoloso", "The file was found to be dangerous"),
        (
            "Non è stato tenuto. Fotografare o scansionare il foglio con un altro apparecchio.",
            "It was not kept. Photograph or scan the sheet with another device.",
        ),
        Tone.DANGER,
    ),
    "scanner-unavailable": refused(
        ("I file ora non si possono controllare", "Files cannot be examined just now"),
        (
            "Senza controllo non li prendiamo: riprovare fra qualche minuto.",
            "Unexamined we do not take them: retry in some minutes.",
        ),
    ),
    "consent-already-withdrawn": refused(
        ("Il consenso era già stato revocato", "This consent was withdrawn before"),
        _READ_AGAIN,
        Tone.INFO,
    ),
}

_SCREENINGS: Final[Mapping[str, Word]] = {
    "screening-completed": refused(
        ("Questa scheda è completata e non cambia più", "This screening is completed"),
        (
            "Per registrare ciò che è cambiato, iniziarne una nuova.",
            "To record what has changed, start a new one.",
        ),
    ),
    "not-conducting": refused(
        (
            "Questo colloquio tocca la sicurezza e lo conduce un'altra persona",
            "This talk touches on safety and somebody else conducts it",
        ),
        (
            "Può proseguire chi l'ha iniziato, o chi nell'ente può vedere la sicurezza.",
            "Whoever began it can go on, or a colleague who may see safety answers.",
        ),
        Tone.DANGER,
    ),
    "answers-invalid": refused(
        ("Alcune risposte non vanno bene", "Some answers do not fit their questions"),
        (
            "Nessuna è stata salvata: correggere quelle segnate.",
            "None was saved: correct those that are marked.",
        ),
    ),
    "answers-conflict": refused(
        (
            "Intanto qualcun altro ha cambiato le stesse risposte",
            "Somebody else has changed the same answers meanwhile",
        ),
        (
            "Scegliere, domanda per domanda, quale vale; quanto scritto non è andato perso.",
            "Choose question by question which one counts; what was typed was not lost.",
        ),
    ),
    "screening-incomplete": refused(
        ("Mancano ancora delle risposte", "Some questions are not answered yet"),
        (
            "Se la persona non sa o non vuole dire, segnarlo: vale come risposta.",
            "If the person does not know or prefers not to say, mark that: it is an answer.",
        ),
    ),
    "choices-invalid": refused(
        ("Alcune scelte non corrispondono ai suggerimenti", "Some choices do not fit"),
        (
            "Rivedere il risultato: forse una risposta è cambiata. Chi non vuole ha un motivo.",
            "Look at the result again: an answer may have changed. A refusal has a reason.",
        ),
    ),
}

_REFERRALS: Final[Mapping[str, Word]] = {
    "consent-missing": refused(
        (
            "Manca un consenso valido per l'ente che riceve",
            "No live consent of the person covers the recipient",
        ),
        (
            "Registrare il consenso: l'invio parte da solo.",
            "Record the consent: the referral goes out by itself.",
        ),
    ),
    "service-unsuitable": refused(
        ("Questo servizio non può ricevere l'invio", "This service cannot take the referral"),
        (
            "Sceglierne uno attivo, verificato e adatto al bisogno.",
            "Choose one that is active, checked and fits the need.",
        ),
    ),
    "referral-move-illegal": refused(
        (
            "L'invio intanto è cambiato: questo passo non è più possibile",
            "The referral has changed: this step is no longer possible",
        ),
        _READ_AGAIN,
    ),
    "sharing-suspended": refused(
        ("La persona ha revocato il consenso", "The person has withdrawn the consent"),
        (
            "L'invio si può solo chiudere; con un nuovo consenso può proseguire.",
            "The referral can only be ended; with a new consent it can go on.",
        ),
    ),
    "wrong-side": refused(
        ("Questo passo spetta all'altro ente", "This step is for the other agency"),
        (
            "Chi invia decide sul bisogno; chi riceve risponde all'invio.",
            "The referrer decides about the need; the recipient answers the referral.",
        ),
    ),
    "need-ended": refused(
        ("Questo bisogno è già chiuso", "This need is closed already"), _READ_AGAIN, Tone.INFO
    ),
    "attempt-open": refused(
        ("C'è ancora un invio aperto per questo bisogno", "A referral for this need is still open"),
        ("Prima attendere l'esito o annullarlo.", "Wait for its outcome or cancel it first."),
    ),
    "enrolment-move-impossible": refused(
        (
            "L'iscrizione intanto è cambiata: questo passo non è più possibile",
            "The enrolment has changed: this step is no longer possible",
        ),
        _READ_AGAIN,
    ),
    "pathway-not-offered": refused(
        ("La rete non offre ora questo percorso", "The network does not offer this pathway now"),
        (
            "Il coordinamento della rete può aggiungerlo; intanto se ne può proporre un altro.",
            "The network's coordinator can add it; meanwhile suggest another one.",
        ),
    ),
}

_DIRECTORY: Final[Mapping[str, Word]] = {
    "not-your-organization": refused(
        ("Si può pubblicare solo per il proprio ente", "You publish for your own agency only"),
        ("Segnalare la correzione all'altro ente.", "Tell the other agency what to correct."),
        Tone.DANGER,
    ),
    "service-of-another-organization": refused(
        ("Questa voce è di un altro ente", "This entry belongs to another agency"),
        ("Pubblicare il servizio come voce nuova.", "Publish the service as a new entry."),
    ),
    "attendance-already-recorded": refused(
        ("La presenza di questa persona c'è già", "This person's attendance is there already"),
        ("Non serve fare altro.", "Nothing more is needed."),
        Tone.INFO,
    ),
    "gathering-not-yet-held": refused(
        ("L'incontro deve ancora avvenire", "The gathering is still to come"),
        (
            "Le presenze si registrano dal giorno dell'incontro.",
            "Attendance is recorded from the day of the gathering on.",
        ),
    ),
}

REFUSALS: Final[Mapping[str, Word]] = {
    **_EVERYWHERE,
    **_PERSONS,
    **_SCREENINGS,
    **_REFERRALS,
    **_DIRECTORY,
    **entrance.REFUSALS,
}
"""What happened, and as explanation the way out, by the slug of the refusal."""


def word_of_refusal(slug: str, sentence: str = "") -> Word:
    """Return the words of a refusal; one without words says its own ``sentence``."""
    told = REFUSALS.get(slug)
    if told is not None or not sentence:
        return told or REFUSALS["internal"]
    return Word(sentence, sentence, Tone.WARNING)


def refusal(slug: str, language: str, sentence: str = "") -> str:
    """Say what happened and the way out, as running text."""
    word = word_of_refusal(slug, sentence)
    way = word.explained(language)
    return f"{word.said(language)}. {way}" if way else word.said(language)
