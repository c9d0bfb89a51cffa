"""What somebody did or tried to do, operation by operation, as the access log tells it.

A sentence follows the name of whoever acted: «Anna Verdi ha letto i dati della persona». An attempt
that was refused showed nothing, and is told as an attempt.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from gateway.web.words.pages import PAGES
from gateway.web.words.word import Tone, Word


def _deed(it: str, en: str) -> tuple[Word, Word]:
    """Return a deed done and the same deed refused.

    A deed is written as ``participle/infinitive object`` in Italian and as ``past/infinitive
    object`` in English.
    """
    (it_done, it_begun), (en_done, en_begun) = _forms(it), _forms(en)
    return (
        Word(f"ha {it_done}", en_done),
        Word(
            f"ha cercato di {it_begun}, senza riuscirci",
            f"tried to {en_begun}, without success",
            Tone.WARNING,
        ),
    )


def _forms(text: str) -> tuple[str, str]:
    """Return ``done/begun object`` as two phrases."""
    verbs, _, thing = text.partition(" ")
    done, _, begun = verbs.partition("/")
    return f"{done} {thing}".replace("_", " "), f"{begun} {thing}".replace("_", " ")


_DEEDS: Final[Mapping[str, tuple[Word, Word]]] = {
    "token_creation": _deed("aperto/aprire una sessione", "opened/open a session"),
    "own_tokens": _deed("letto/leggere le proprie sessioni", "read/read their own sessions"),
    "own_tokens_end": _deed(
        "chiuso/chiudere ogni propria sessione", "ended/end all of their own sessions"
    ),
    "current_token_end": _deed("chiuso/chiudere la sessione", "ended/end the session"),
    "token_proof": _deed("confermato/confermare la propria identità", "proved/prove who they are"),
    "token_end": _deed(
        "chiuso/chiudere una propria sessione", "ended/end one of their own sessions"
    ),
    "me": _deed("letto/leggere il proprio profilo", "read/read their own profile"),
    "own_password": _deed(
        "cambiato/cambiare la propria password", "changed/change their own password"
    ),
    "second_step_enrolment": _deed(
        "cominciato/cominciare con la verifica in due passaggi", "began/begin with a second step"
    ),
    "second_step_confirmation": _deed(
        "confermato/confermare la verifica in due passaggi", "confirmed/confirm the second step"
    ),
    "recovery_codes": _deed(
        "rinnovato/rinnovare i codici di riserva", "renewed/renew the recovery codes"
    ),
    "second_step_end": _deed(
        "tolto/togliere la verifica in due passaggi", "removed/remove the second step"
    ),
    "code_of_conduct": _deed(
        "letto/leggere il codice di condotta", "read/read the code of conduct"
    ),
    "code_of_conduct_acceptance": _deed(
        "accettato/accettare il codice di condotta", "accepted/accept the code of conduct"
    ),
    "link_redemption": _deed(
        "usato/usare un collegamento monouso", "redeemed/redeem a one-time link"
    ),
    "forgotten_password": _deed(
        "chiesto/chiedere una nuova password", "asked/ask for a new password"
    ),
    "oidc_providers": _deed("letto/leggere i gestori di identità", "read/read identity providers"),
    "oidc_authorization": _deed(
        "chiesto/chiedere l'accesso a un gestore di identità",
        "went/go to an identity provider",
    ),
    "oidc_invitation": _deed(
        "usato/usare un invito con un gestore di identità",
        "redeemed/redeem an invitation with an identity provider",
    ),
    "oidc_callback": _deed(
        "concluso/concludere l'accesso con un gestore di identità",
        "finished/finish signing in with an identity provider",
    ),
    "user_creation": _deed("aggiunto/aggiungere un utente", "let_in/let_in a user"),
    "users": _deed("letto/leggere l'elenco degli utenti", "read/read the users"),
    "user": _deed("letto/leggere i dati di un utente", "read/read a user"),
    "user_membership": _deed(
        "cambiato/cambiare i ruoli di un utente", "changed/change the roles of a user"
    ),
    "user_membership_end": _deed(
        "tolto/togliere un utente da un ente", "took/take a user out of an agency"
    ),
    "user_validity": _deed(
        "stabilito/stabilire la scadenza di un utente", "set/set when a user's account ends"
    ),
    "user_password_reset": _deed(
        "dato/dare una nuova password a un utente", "reset/reset a user's password"
    ),
    "user_link": _deed(
        "creato/creare un collegamento monouso per un utente", "made/make a one-time link"
    ),
    "user_disablement": _deed(
        "chiuso/chiudere l'accesso di un utente", "shut/shut the door for a user"
    ),
    "user_enablement": _deed(
        "riaperto/riaprire l'accesso di un utente", "opened/open the door for a user"
    ),
    "user_tokens": _deed("letto/leggere le sessioni di un utente", "read/read a user's sessions"),
    "user_tokens_end": _deed(
        "chiuso/chiudere le sessioni di un utente", "ended/end a user's sessions"
    ),
    "user_second_step_end": _deed(
        "tolto/togliere a un utente la verifica in due passaggi",
        "removed/remove a user's second step",
    ),
    "user_external_identity": _deed(
        "collegato/collegare un utente a un'identità esterna", "tied/tie a user to a provider"
    ),
    "user_external_identity_end": _deed(
        "scollegato/scollegare un utente da un'identità esterna",
        "untied/untie a user from a provider",
    ),
    "client_creation": _deed("aggiunto/aggiungere un programma", "let_in/let_in a program"),
    "clients": _deed("letto/leggere l'elenco dei programmi", "read/read the programs"),
    "client": _deed("letto/leggere i dati di un programma", "read/read a program"),
    "client_secret_rotation": _deed(
        "dato/dare un nuovo segreto a un programma", "gave/give a program a new secret"
    ),
    "client_disablement": _deed(
        "chiuso/chiudere l'accesso di un programma", "shut/shut the door for a program"
    ),
    "administration_log": _deed(
        "letto/leggere il registro di amministrazione", "read/read the administration log"
    ),
    "administration_log_verdict": _deed(
        "verificato/verificare il registro di amministrazione",
        "verified/verify the administration log",
    ),
    "components": _deed("letto/leggere lo stato dei servizi", "read/read how the services stand"),
    "dead_letters": _deed("letto/leggere i messaggi fermi", "read/read the dead letters"),
    "dead_letters_replay": _deed(
        "fatto_ripartire/far_ripartire i messaggi fermi di una coda",
        "replayed/replay a queue's dead letters",
    ),
    "dead_letters_removal": _deed(
        "eliminato/eliminare i messaggi fermi di una coda", "dropped/drop a queue's dead letters"
    ),
    "dead_letter_replay": _deed(
        "fatto_ripartire/far_ripartire un messaggio fermo", "replayed/replay a dead letter"
    ),
    "dead_letter_removal": _deed(
        "eliminato/eliminare un messaggio fermo", "dropped/drop a dead letter"
    ),
    "person_registration": _deed(
        "registrato/registrare la persona", "registered/register the person"
    ),
    "person_search": _deed(
        "trovato/trovare la persona con una ricerca", "found/find the person in a search"
    ),
    "person_duplicates": _deed(
        "trovato/trovare la persona cercando chi è già registrato",
        "found/find the person when looking for duplicates",
    ),
    "person_names": _deed(
        "letto/leggere il nome della persona in un elenco", "read/read the person's name in a list"
    ),
    "person": _deed("letto/leggere i dati della persona", "read/read the person's details"),
    "person_correction": _deed(
        "corretto/correggere i dati della persona", "corrected/correct the person's details"
    ),
    "case_opening": _deed("aperto/aprire una presa in carico", "opened/open a case"),
    "case_team": _deed("cambiato/cambiare l'équipe di un caso", "changed/change a case's team"),
    "person_cases": _deed(
        "letto/leggere le prese in carico della persona", "read/read the person's cases"
    ),
    "consent_record": _deed("registrato/registrare un consenso", "recorded/record a consent"),
    "person_consents": _deed(
        "letto/leggere i consensi della persona", "read/read the person's consents"
    ),
    "consent_withdrawal": _deed(
        "registrato/registrare la revoca di un consenso",
        "recorded/record the withdrawal of a consent",
    ),
    "consent_sheet_record": _deed(
        "allegato/allegare il foglio firmato di un consenso",
        "added/add the signed sheet of a consent",
    ),
    "consent_sheet": _deed(
        "scaricato/scaricare il foglio firmato di un consenso",
        "downloaded/download the signed sheet of a consent",
    ),
    "screening_start": _deed(
        "iniziato/iniziare una scheda di screening", "started/start a screening"
    ),
    "person_screenings": _deed(
        "letto/leggere l'elenco delle schede della persona", "read/read the person's screenings"
    ),
    "person_needs": _deed("letto/leggere i bisogni della persona", "read/read the person's needs"),
    "person_referrals": _deed(
        "letto/leggere gli invii della persona", "read/read the person's referrals"
    ),
    "person_enrolments": _deed(
        "letto/leggere i percorsi della persona", "read/read the person's enrolments"
    ),
    "person_timeline": _deed(
        "letto/leggere la storia della persona", "read/read the person's story"
    ),
    "person_accesses": _deed(
        "letto/leggere chi ha visto i dati della persona", "read/read who looked at the person"
    ),
    "person_accesses_export": _deed(
        "esportato/esportare chi ha visto i dati della persona",
        "exported/export who looked at the person",
    ),
    "emergency_access_opening": _deed(
        "aperto/aprire i dati della persona in emergenza", "opened/open the person in an emergency"
    ),
    "emergency_accesses_own": _deed(
        "letto/leggere i propri accessi di emergenza", "read/read their own emergency accesses"
    ),
    "emergency_person": _deed(
        "letto/leggere i dati della persona in emergenza", "read/read the person in an emergency"
    ),
    "emergency_accesses": _deed(
        "letto/leggere gli accessi di emergenza ai dati della persona",
        "read/read the emergency accesses to the person",
    ),
    "emergency_access_review": _deed(
        "esaminato/esaminare un accesso di emergenza ai dati della persona",
        "reviewed/review an emergency access to the person",
    ),
    "form_in_force": _deed("letto/leggere le domande della scheda", "read/read the form"),
    "form": _deed(
        "letto/leggere una versione della scheda", "looked/look at a version of the form"
    ),
    "screenings": _deed("letto/leggere l'elenco delle schede", "read/read the list of screenings"),
    "screening": _deed("aperto/aprire una scheda di screening", "opened/open a screening"),
    "screening_answers": _deed(
        "registrato/registrare risposte della scheda", "recorded/record answers of a screening"
    ),
    "screening_preview": _deed(
        "letto/leggere il risultato provvisorio di una scheda",
        "read/read the result of a screening so far",
    ),
    "screening_completion": _deed(
        "completato/completare una scheda di screening", "completed/complete a screening"
    ),
    "worklist": _deed("letto/leggere che cosa c'è da fare", "read/read what there is to do"),
    "referrals": _deed("letto/leggere l'elenco degli invii", "read/read the list of referrals"),
    "referral": _deed("aperto/aprire un invio", "opened/open a referral"),
    "referral_matches": _deed(
        "chiesto/chiedere quali servizi sarebbero adatti", "asked/ask which services would fit"
    ),
    "referral_person": _deed(
        "letto/leggere i dati che un invio condivide", "read/read what a referral shares"
    ),
    "referral_request": _deed("spedito/spedire un invio", "sent/send a referral"),
    "referral_acceptance": _deed("accettato/accettare un invio", "accepted/accept a referral"),
    "referral_rejection": _deed("rifiutato/rifiutare un invio", "rejected/reject a referral"),
    "referral_cancellation": _deed("annullato/annullare un invio", "cancelled/cancel a referral"),
    "referral_start": _deed(
        "registrato/registrare il primo contatto", "recorded/record the first contact"
    ),
    "referral_completion": _deed("concluso/concludere un invio", "completed/complete a referral"),
    "referral_failure": _deed(
        "registrato/registrare un invio senza esito",
        "recorded/record that a referral came to nothing",
    ),
    "needs": _deed("letto/leggere l'elenco dei bisogni", "read/read the list of needs"),
    "need_decision": _deed(
        "registrato/registrare che cosa ha deciso la persona",
        "recorded/record what the person decided",
    ),
    "need_closure": _deed("chiuso/chiudere un bisogno", "closed/close a need"),
    "need_reroute": _deed(
        "provato/provare un altro servizio per un bisogno", "picked/pick another service for a need"
    ),
    "enrolments": _deed("letto/leggere l'elenco delle iscrizioni", "read/read the enrolments"),
    "enrolment_confirmation": _deed(
        "iscritto/iscrivere la persona a un percorso", "enrolled/enrol the person in a pathway"
    ),
    "enrolment_refusal": _deed(
        "registrato/registrare che un percorso non è voluto",
        "recorded/record that a pathway is not wanted",
    ),
    "enrolment_withdrawal": _deed(
        "liberato/liberare il posto in un percorso", "gave_back/give_back a place in a pathway"
    ),
    "pathways": _deed("letto/leggere i percorsi offerti", "read/read the pathways on offer"),
    "pathway_places": _deed(
        "cambiato/cambiare i posti di un percorso", "changed/change the places of a pathway"
    ),
    "organizations": _deed("letto/leggere l'elenco degli enti", "read/read the organizations"),
    "organization_publication": _deed(
        "pubblicato/pubblicare un ente", "published/publish an agency"
    ),
    "services": _deed(
        "consultato/consultare l'elenco dei servizi", "searched/search the directory"
    ),
    "service": _deed("letto/leggere la voce di un servizio", "read/read the entry of a service"),
    "service_publication": _deed(
        "pubblicato/pubblicare un servizio", "published/publish a service"
    ),
    "taxonomy": _deed("letto/leggere le categorie dei servizi", "read/read the taxonomy"),
    "gathering_scheduling": _deed(
        "messo/mettere un incontro in calendario", "scheduled/schedule a gathering"
    ),
    "gatherings": _deed("letto/leggere il calendario degli incontri", "read/read the gatherings"),
    "gathering": _deed("letto/leggere i dati di un incontro", "read/read a gathering"),
    "attendance_record": _deed(
        "registrato/registrare una presenza", "recorded/record an attendance"
    ),
    "indicators": _deed("letto/leggere gli indicatori", "read/read the indicators"),
}

_ALL: Final[Mapping[str, tuple[Word, Word]]] = dict(_DEEDS) | {
    name: _deed(*words) for name, words in PAGES.items()
}

OPERATIONS: Final[Mapping[str, Word]] = {name: done for name, (done, _) in _ALL.items()}
"""What was done, by the name of the operation."""

REFUSED_OPERATIONS: Final[Mapping[str, Word]] = {name: tried for name, (_, tried) in _ALL.items()}
"""What was tried without success, by the name of the operation."""
