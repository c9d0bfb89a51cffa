"""What was done on the pages, in the words of the access log: one deed for each screen.

A screen's name is its key. A deed is written like the operations' own: ``participle/infinitive
object`` in Italian and ``past/infinitive object`` in English.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

PEOPLE: Final[Mapping[str, tuple[str, str]]] = {
    "person_search": ("cercato/cercare tra le persone", "searched/search among the people"),
    "person_registration": ("registrato/registrare la persona", "registered/register the person"),
    "person_edit": ("corretto/correggere i dati della persona", "corrected/correct the details"),
    "person_duplicates": (
        "cercato/cercare se la persona c'era già",
        "looked/look whether the person was there already",
    ),
    "person": ("aperto/aprire la pagina della persona", "opened/open the person's page"),
    "person_story": ("letto/leggere la storia della persona", "read/read the person's story"),
    "case_opening": ("aperto/aprire un caso", "opened/open a case"),
    # The same address shows the team and changes it.
    "case_team": (
        "guardato/guardare l'équipe di un caso per cambiarla",
        "looked/look at the team of a case to change it",
    ),
    "consents": ("letto/leggere i consensi", "read/read the consents"),
    # The same address shows the form and takes it: opening it is no consent yet.
    "consent_record": (
        "usato/usare il modulo di un consenso della persona",
        "used/use the form of a consent of the person",
    ),
    "consent_withdrawal": ("revocato/revocare un consenso", "withdrew/withdraw a consent"),
    "signed_sheet": (
        "usato/usare il modulo del foglio firmato di un consenso",
        "used/use the form of the signed sheet of a consent",
    ),
    "signed_sheet_file": (
        "scaricato/scaricare il foglio firmato di un consenso",
        "downloaded/download the signed sheet of a consent",
    ),
    "access_choice": (
        "cercato/cercare gli accessi ai dati di una persona",
        "searched/search the accesses to a person's data",
    ),
    "accesses": ("letto/leggere chi ha visto i dati", "read/read who saw the data"),
    "accesses_export": ("scaricato/scaricare gli accessi", "downloaded/download the accesses"),
    "emergency_opening": (
        "cercato/cercare in emergenza la persona",
        "looked/look for the person in an emergency",
    ),
    "emergency_person": (
        "letto/leggere in emergenza i dati della persona",
        "read/read the person's details in an emergency",
    ),
    "emergency_reviews": (
        "guardato/guardare gli accessi di emergenza ai dati della persona",
        "looked/look at the emergency accesses to the person",
    ),
    "emergency_review": (
        "esaminato/esaminare un accesso di emergenza ai dati della persona",
        "reviewed/review an emergency access to the person",
    ),
    "work": ("guardato/guardare il proprio lavoro", "looked/look at their own work"),
}

REFERRALS: Final[Mapping[str, tuple[str, str]]] = {
    "work_count": ("visto/vedere quanto aspetta il proprio ente", "saw/see how much waits"),
    "referrals": ("letto/leggere l'elenco degli invii", "read/read the list of referrals"),
    "referral": ("aperto/aprire un invio", "opened/open a referral"),
    "referral_request": ("spedito/spedire un invio", "sent/send a referral"),
    "referral_acceptance": ("accettato/accettare un invio", "accepted/accept a referral"),
    "referral_rejection": ("rifiutato/rifiutare un invio", "rejected/reject a referral"),
    "referral_start": ("registrato/registrare il primo contatto", "recorded/record first contact"),
    "referral_completion": ("concluso/concludere un invio", "completed/complete a referral"),
    "referral_failure": (
        "registrato/registrare un invio senza esito",
        "recorded/record that a referral came to nothing",
    ),
    "referral_cancellation": ("annullato/annullare un invio", "cancelled/cancel a referral"),
    "needs": ("letto/leggere l'elenco dei bisogni", "read/read the list of needs"),
    "need": ("aperto/aprire un bisogno", "opened/open a need"),
    "need_decision": (
        "registrato/registrare che cosa decide la persona",
        "recorded/record what the person decided",
    ),
    "need_closure": ("chiuso/chiudere un bisogno", "closed/close a need"),
    "need_reroute": (
        "scelto/scegliere un altro servizio per un bisogno",
        "picked/pick another service for a need",
    ),
}

SCREENINGS: Final[Mapping[str, tuple[str, str]]] = {
    "screenings": ("letto/leggere l'elenco delle schede", "read/read the list of screenings"),
    "new_screening": (
        "usato/usare il modulo per iniziare una scheda",
        "used/use the form of a new screening",
    ),
    "screening": ("aperto/aprire una scheda di screening", "opened/open a screening"),
    "answers": (
        "registrato/registrare risposte della scheda",
        "recorded/record answers of a screening",
    ),
    # The same address shows what the answers suggest and completes the screening.
    "completion": (
        "guardato/guardare il risultato di una scheda per completarla",
        "looked/look at the result of a screening to complete it",
    ),
    "arrivals": (
        "seguito/seguire gli invii nati da una scheda",
        "followed/follow what a screening set going",
    ),
    "screening_print": ("stampato/stampare una scheda", "printed/print a screening"),
}

SHEETS: Final[Mapping[str, tuple[str, str]]] = {
    "referral_letter": ("stampato/stampare la lettera di un invio", "printed/print a letter"),
    "consent_sheet_new": (
        "stampato/stampare il foglio di un consenso da firmare",
        "printed/print a consent to be signed",
    ),
    "consent_sheet": ("stampato/stampare il foglio di un consenso", "printed/print a consent"),
}

NETWORK: Final[Mapping[str, tuple[str, str]]] = {
    "pathways": ("letto/leggere l'elenco dei percorsi", "read/read the list of pathways"),
    "pathway": ("letto/leggere le iscrizioni a un percorso", "read/read a pathway's enrolments"),
    "pathway_places": ("cambiato/cambiare i posti di un percorso", "changed/change the places"),
    "person_pathways": ("letto/leggere i percorsi della persona", "read/read the pathways"),
    "enrolment_confirmation": ("iscritto/iscrivere a un percorso", "enrolled/enrol in a pathway"),
    "enrolment_refusal": (
        "registrato/registrare il no a un percorso",
        "recorded/record a no to a pathway",
    ),
    "enrolment_withdrawal": ("restituito/restituire un posto", "gave/give back a place"),
    "services": ("cercato/cercare tra i servizi", "searched/search the services"),
    "services_export": ("scaricato/scaricare i servizi", "downloaded/download the services"),
    "service_new": ("pubblicato/pubblicare un servizio", "published/publish a service"),
    "service": ("aperto/aprire un servizio", "opened/open a service"),
    "service_edit": ("modificato/modificare un servizio", "edited/edit a service"),
    "network": ("letto/leggere gli enti della rete", "read/read the agencies"),
    "organization": ("aperto/aprire un ente", "opened/open an agency"),
    "gatherings": ("letto/leggere gli incontri", "read/read the gatherings"),
    "gathering_new": ("messo/mettere in calendario un incontro", "scheduled/schedule a gathering"),
    "gathering": ("aperto/aprire un incontro", "opened/open a gathering"),
    "gathering_headcount": ("contato/contare chi è venuto", "counted/count who came"),
    "gathering_search": (
        "cercato/cercare chi è venuto tra le persone",
        "searched/search the people for who came",
    ),
    "gathering_attendance": ("registrato/registrare una presenza", "recorded/record a presence"),
    "indicators": ("letto/leggere gli indicatori", "read/read the indicators"),
    "indicators_export": ("scaricato/scaricare gli indicatori", "downloaded/download indicators"),
}

ADMINISTRATION: Final[Mapping[str, tuple[str, str]]] = {
    "users": ("letto/leggere l'elenco degli utenti", "read/read the users"),
    "user_new": ("usato/usare il modulo di un nuovo utente", "used/use the form of a new user"),
    "user": ("aperto/aprire la pagina di un utente", "opened/open a user's page"),
    "user_agency_new": ("usato/usare il modulo dei ruoli", "used/use the form of roles"),
    "user_agency": ("usato/usare il modulo dei ruoli", "used/use the form of roles"),
    "user_agency_end": ("tolto/togliere un utente da un ente", "took/take a user out of an agency"),
    "user_link": ("creato/creare un collegamento monouso", "made/make a one-time link"),
    "user_validity": ("cambiato/cambiare la scadenza di un utente", "changed/change a user's end"),
    "user_disablement": ("chiuso/chiudere l'accesso di un utente", "shut/shut a user's account"),
    "user_enablement": ("riaperto/riaprire l'accesso di un utente", "opened/open a user's account"),
    "user_sessions_end": (
        "chiuso/chiudere le sessioni di un utente",
        "ended/end a user's sessions",
    ),
    "user_second_step_end": (
        "tolto/togliere a un utente la verifica in due passaggi",
        "removed/remove a user's second step",
    ),
    "user_tie": ("collegato/collegare un'identità esterna", "tied/tie an external identity"),
    "user_untie": ("scollegato/scollegare un'identità esterna", "untied/untie an identity"),
    "programs": ("letto/leggere l'elenco dei programmi", "read/read the programs"),
    "program_new": ("usato/usare il modulo di un programma", "used/use the form of a program"),
    "program": ("aperto/aprire la pagina di un programma", "opened/open a program's page"),
    "program_secret": ("dato/dare un nuovo segreto a un programma", "gave/give a new secret"),
    "program_end": ("chiuso/chiudere l'accesso di un programma", "shut/shut a program"),
    "administration_log": ("letto/leggere il registro", "read/read the administration log"),
    "administration_verdict": ("verificato/verificare il registro", "verified/verify the log"),
    "reports": ("letto/leggere le segnalazioni", "read/read the reports"),
    "report_settled": ("sistemato/sistemare una segnalazione", "settled/settle a report"),
}

OPERATIONS: Final[Mapping[str, tuple[str, str]]] = {
    "components": ("letto/leggere lo stato del sistema", "read/read how the services stand"),
    "dead_letters": ("letto/leggere i messaggi fermi", "read/read the dead letters"),
    "dead_letters_replay": (
        "fatto_ripartire/far_ripartire messaggi fermi",
        "replayed/replay dead letters",
    ),
    "dead_letters_removal": ("eliminato/eliminare messaggi fermi", "dropped/drop dead letters"),
}

AREAS: Final = (PEOPLE, REFERRALS, SCREENINGS, SHEETS, NETWORK, ADMINISTRATION, OPERATIONS)

PAGES: Final[Mapping[str, tuple[str, str]]] = {
    f"page.{name}": words for area in AREAS for name, words in area.items()
}
"""The deeds of all areas by the name that stands in the access log."""
