"""Labels of form fields, with what to write in them and what not."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from contracts import catalogue, events, intake, pathways, referrals, reporting, screening
from contracts.language import Message
from gateway.identity import language as identity
from gateway.web.words.word import Tone, Word


def _field(label: tuple[str, str], hint: tuple[str, str] | None = None) -> Word:
    """Return the label of a field, with what is to be known before filling it in."""
    return Word(*label, Tone.NEUTRAL, Word(*hint) if hint else None)


_NAME_ON_DOCUMENTS: Final = ("Come è scritto sui documenti, se ci sono.", "As on the documents.")
_WHOLE: Final = ("Per intero.", "The whole of it.")
_MUNICIPALITY: Final = ("Comune", "Municipality")
_STATUS: Final = ("Stato", "Status")
_EMAIL: Final = ("E-mail", "E-mail")
_QUEUE: Final = _field(("Che cosa aspetta il tuo ente", "What waits for your agency"))
_PASSWORD: Final = _field(
    ("Nuova password", "New password"),
    (
        "Almeno 12 caratteri: vanno bene alcune parole senza legame tra loro.",
        "At least 12 characters: a few unrelated words are good.",
    ),
)
_MADE_PASSWORD: Final = _field(
    ("Password", "Password"),
    (
        "Lasciare vuoto: se ne crea una e si mostra una volta sola.",
        "Leave it empty: one is made and shown once.",
    ),
)
_AGENCY: Final = _field(("Ente", "Agency"))
_ROLES: Final = _field(
    ("Ruoli", "Roles"), ("Solo quelli che servono al suo lavoro.", "Only those the work needs.")
)
_CODE: Final = _field(
    ("Codice di verifica", "Verification code"),
    (
        "Le sei cifre dell'app di autenticazione, o un codice di riserva.",
        "The six digits of the authenticator app, or a recovery code.",
    ),
)
_VALID_UNTIL: Final = _field(
    ("L'account finisce il", "The account ends on"),
    ("Lasciare vuoto se non ha una fine.", "Leave it empty if it has no end."),
)

_INTAKE: Final[Mapping[type[Message], Mapping[str, Word]]] = {
    intake.PersonDetails: {
        "given_name": _field(("Nome", "Given name"), _NAME_ON_DOCUMENTS),
        "family_name": _field(("Cognome", "Family name"), _NAME_ON_DOCUMENTS),
        "birth_date": _field(
            ("Data di nascita", "Date of birth"),
            ("Giorno, mese, anno: 22/11/1990.", "Day, month, year: 22/11/1990."),
        ),
        "gender": _field(
            ("Genere", "Gender"), ("Come lo dice la persona.", "As the person tells it.")
        ),
        "citizenships": _field(
            ("Cittadinanze", "Citizenships"),
            (
                "Anche più di una; nessuna se la persona è apolide.",
                "More than one if so; none for a stateless person.",
            ),
        ),
        "birth_country": _field(("Paese di nascita", "Country of birth")),
        "mother_tongue": _field(("Lingua madre", "Mother tongue")),
        "language": _field(
            ("Lingua per parlare e scrivere", "Language to speak and write"),
            (
                "Quella in cui la persona capisce meglio.",
                "The one that the person understands best.",
            ),
        ),
        "municipality": _field(("Comune in cui vive", "Municipality where the person lives")),
        "resident": _field(("Ha la residenza in questo comune", "Registered as resident there")),
        "studied_abroad": _field(("Ha studiato all'estero", "Studied abroad")),
        "parent_born_abroad": _field(("Un genitore è nato all'estero", "A parent was born abroad")),
        "permit_allows_traineeship": _field(
            ("Può fare un tirocinio", "May take a traineeship"),
            (
                "Del soggiorno non si registra altro: né titolo, né numero, né scadenza.",
                "Nothing else of the stay is recorded: no title, number or end.",
            ),
        ),
        "in_charge_public_service": _field(
            ("È in carico a un servizio pubblico", "In charge of a public service"),
            ("Solo sì o no: non scrivere quale e perché.", "Yes or no only: not which and why."),
        ),
        "safe_contact": _field(
            ("Come contattarla senza rischi", "How to reach the person without risk"),
            ("Chiedere chi altro vede quel telefono.", "Ask who else sees that phone."),
        ),
        "tax_code": _field(
            ("Codice fiscale", "Tax code"),
            (
                "Non è obbligatorio. Mai codici STP o ENI.",
                "Not required. Never STP or ENI codes.",
            ),
        ),
        "phone": _field(
            ("Telefono", "Phone"),
            ("Solo se si può usare senza rischi.", "Only if it can be used without risk."),
        ),
        "email": _field(_EMAIL, ("Solo se è sua.", "Only if it is the person's own.")),
        "household": _field(
            ("Chi vive con la persona", "Who lives with the person"),
            ("Solo le date di nascita, senza nomi.", "Dates of birth alone, no names."),
        ),
    },
    intake.HouseholdMember: {"birth_date": _field(("Data di nascita", "Date of birth"))},
    intake.FindDuplicates: {
        "given_name": _field(("Nome", "Given name")),
        "family_name": _field(("Cognome", "Family name")),
        "birth_date": _field(("Data di nascita", "Date of birth")),
        "tax_code": _field(("Codice fiscale", "Tax code")),
        "phone": _field(("Telefono", "Phone")),
    },
    intake.FindPeople: {
        "name": _field(
            ("Nome o cognome", "Given or family name"),
            ("Anche solo una parte.", "A part is enough."),
        ),
        "birth_date": _field(("Data di nascita", "Date of birth")),
        "tax_code": _field(("Codice fiscale", "Tax code"), _WHOLE),
    },
    intake.OpenEmergencyAccess: {
        "reason": _field(("Che cosa succede", "What is happening")),
        "given_name": _field(("Nome", "Given name"), _WHOLE),
        "family_name": _field(("Cognome", "Family name"), _WHOLE),
        "birth_date": _field(("Data di nascita", "Date of birth")),
        "tax_code": _field(("Codice fiscale", "Tax code"), _WHOLE),
        "phone": _field(("Telefono", "Phone"), _WHOLE),
        "note": _field(
            ("Che cosa è successo, in breve", "What happened, in short"),
            (
                "Per chi esaminerà l'accesso: mai nomi di persone.",
                "For whoever reviews the access: never names of persons.",
            ),
        ),
    },
    intake.ListEmergencyAccesses: {"queue": _field(_STATUS)},
    intake.ReviewEmergencyAccess: {
        "outcome": _field(("Era giustificato?", "Was it justified?")),
        "note": _field(
            ("Perché", "Why"),
            ("Facoltativo, mai nomi di persone.", "Optional, never names of persons."),
        ),
    },
    intake.RecordSignedSheet: {
        "content": _field(
            ("Foglio firmato", "Signed sheet"),
            (
                "Una foto o una scansione: PDF, JPEG o PNG, al massimo 6 MB.",
                "A photograph or a scan: PDF, JPEG or PNG, 6 MB at most.",
            ),
        ),
        "declared": _field(("Tipo di file", "Type of file")),
    },
    intake.SetCaseTeam: {
        "worker_id": _field(
            ("Referente", "Lead"), ("Chi risponde del caso.", "Who answers for the case.")
        ),
        "members": _field(
            ("Chi altro segue il caso", "Who else works on the case"),
            (
                "Solo chi ne ha bisogno per lavorare con la persona.",
                "Only who needs it to work with the person.",
            ),
        ),
    },
    intake.RecordConsent: {
        "recipient_id": _field(
            ("Con chi si può condividere", "With whom it may be shared"),
            (
                "Un ente, oppure tutti gli enti della rete: è la persona a scegliere.",
                "One agency, or every agency of the network: the person chooses.",
            ),
        ),
        "purpose": _field(("Per che cosa", "What for")),
        "categories": _field(
            ("Che cosa si può condividere", "What may be shared"),
            ("Solo ciò che la persona ha capito e detto.", "Only what the person understood."),
        ),
        "expires_on": _field(
            ("Vale fino al", "Valid until"),
            (
                "Ultimo giorno compreso. La persona può cambiare idea prima.",
                "The last day counts. The person may have a change of mind before.",
            ),
        ),
    },
}

_WORK: Final[Mapping[type[Message], Mapping[str, Word]]] = {
    screening.StartScreening: {
        "mode": _field(("Quale scheda", "Which form")),
        "language": _field(
            ("Lingua del colloquio", "Language of the talk"),
            ("Le domande restano anche in italiano.", "The questions stay in Italian, too."),
        ),
        "case_id": _field(("Presa in carico", "Case")),
    },
    screening.ListScreenings: {"status": _field(_STATUS)},
    screening.Choice: {
        "decision": _field(("Che cosa dice la persona", "What the person says")),
        "reason": _field(("Perché no", "Why not")),
    },
    referrals.AcceptReferral: {
        "first_contact_on": _field(
            ("Primo incontro previsto il", "First contact expected on"),
            (
                "Il giorno in cui contattare la persona; si può cambiare.",
                "The day to reach the person; it may change.",
            ),
        ),
    },
    referrals.StartReferral: {
        "first_contact_on": _field(("Primo incontro avvenuto il", "First contact made on")),
    },
    referrals.RejectReferral: {
        "reason": _field(
            ("Perché non si accetta", "Why you say no"),
            ("Lo legge chi ha inviato; il bisogno resta aperto.", "The referrer reads it."),
        ),
    },
    referrals.CancelReferral: {"reason": _field(("Perché si annulla", "Why it is cancelled"))},
    referrals.CompleteReferral: {
        "outcome": _field(("Che cosa ha ricevuto la persona", "What the person received")),
    },
    referrals.FailReferral: {"reason": _field(("Perché non è riuscito", "Why it came to nothing"))},
    referrals.RerouteNeed: {
        "service_id": _field(
            ("Un altro servizio", "Another service"),
            ("Attivo, verificato e adatto al bisogno.", "Active, checked and fit for the need."),
        ),
    },
    referrals.DecideNeed: {
        "decision": _field(("Che cosa decide la persona", "What the person decides")),
        "reason": _field(("Perché no", "Why not")),
    },
    referrals.CloseNeed: {
        "outcome": _field(
            ("Com'è finita", "How it ended"),
            ("Prima parlarne con la persona.", "Ask the person first."),
        ),
    },
    referrals.ListReferrals: {
        "direction": _field(("Inviati o ricevuti", "Sent or received")),
        "queue": _QUEUE,
        "state": _field(_STATUS),
    },
    referrals.ListNeeds: {"state": _field(_STATUS), "queue": _QUEUE},
    pathways.RefusePathway: {"reason": _field(("Perché non lo vuole", "Why it is refused"))},
    pathways.SetPlaces: {
        "places": _field(
            ("Posti", "Places"),
            (
                "Vuoto: senza limite. I posti nuovi vanno prima a chi è in lista d'attesa.",
                "Empty: no limit. New places go to the waiting list first.",
            ),
        ),
    },
    pathways.ListEnrolments: {
        "pathway": _field(("Percorso", "Pathway")),
        "state": _field(_STATUS),
    },
    reporting.GetIndicators: {
        "period_from": _field(("Dal", "From")),
        "period_to": _field(("Al", "To")),
    },
}

_NETWORK: Final[Mapping[type[Message], Mapping[str, Word]]] = {
    catalogue.Organization: {
        "name": _field(("Nome dell'ente", "Name of the agency")),
        "kind": _field(("Tipo di ente", "Kind of agency")),
        "demonstration": _field(("È un ente di prova", "For demonstration only")),
    },
    catalogue.ServiceDetails: {
        "organization_id": _field(("Ente che lo offre", "Agency that offers it")),
        "name": _field(("Nome del servizio", "Name of the service")),
        "description": _field(
            ("Che cosa offre", "What it offers"),
            (
                "Due o tre frasi semplici, per chi lo cerca.",
                "Two or three plain sentences for whoever looks for it.",
            ),
        ),
        "status": _field(_STATUS),
        "categories": _field(("Categorie", "Categories")),
        "municipalities": _field(("Comuni serviti", "Municipalities served")),
        "languages": _field(("Lingue parlate", "Languages spoken")),
        "access_mode": _field(("Come si accede", "How to get in")),
        "cost": _field(("Costo", "Cost"), ("Per esempio: gratuito.", "For instance: free.")),
        "audience": _field(("A chi è rivolto", "For whom")),
        "opening_hours": _field(("Orari", "Opening hours")),
        "address": _field(("Indirizzo", "Address")),
        "address_public": _field(
            ("L'indirizzo si può mostrare a tutti", "Everybody may see the address"),
            (
                "Togliere la spunta per i luoghi protetti: lo vede solo l'ente.",
                "Untick it for protected places: only the agency sees it.",
            ),
        ),
        "phone": _field(("Telefono", "Phone")),
        "email": _field(_EMAIL),
        "assured_date": _field(
            ("Verificato il", "Checked on"),
            ("Il giorno dell'ultimo controllo.", "The day of the last check."),
        ),
        "review_due_on": _field(
            ("Da verificare entro il", "Review due on"),
            (
                "Da quel giorno il servizio non riceve invii finché non è verificato.",
                "From that day on it takes no referrals until it is checked.",
            ),
        ),
        "demonstration": _field(("È un servizio di prova", "For demonstration only")),
    },
    catalogue.FindServices: {
        "text": _field(("Cerca nell'elenco", "Search the directory")),
        "category": _field(("Categoria", "Category")),
        "municipality": _field(_MUNICIPALITY),
        "language": _field(("Lingua parlata", "Language spoken")),
        "status": _field(_STATUS),
    },
    events.ScheduleGathering: {
        "title": _field(
            ("Titolo", "Title"),
            (
                "È pubblico: mai il nome di una persona.",
                "It is public: never a person's name.",
            ),
        ),
        "kind": _field(("Tipo di incontro", "Kind of gathering")),
        "municipality": _field(_MUNICIPALITY),
        "starts_at": _field(("Giorno e ora", "Day and hour")),
    },
    events.ListGatherings: {
        "municipality": _field(_MUNICIPALITY),
        "kind": _field(("Tipo di incontro", "Kind of gathering")),
    },
    events.RecordAttendance: {
        "person_id": _field(
            ("Persona conosciuta", "Known person"),
            ("Solo se è d'accordo; altrimenti contarla.", "Only if agreed; else count only."),
        ),
        "headcount": _field(
            ("Quante altre persone", "How many others"), ("Senza nomi.", "Without names.")
        ),
    },
}

_STAFF: Final[Mapping[type[Message], Mapping[str, Word]]] = {
    identity.Credentials: {
        "email": _field(_EMAIL),
        "password": _field(("Password", "Password")),
        "agency_id": _field(("Per quale ente", "For which agency")),
        "code": _CODE,
    },
    identity.ForgottenPassword: {
        "email": _field(_EMAIL, ("Quella con cui si entra.", "The one that you sign in with.")),
    },
    identity.LinkRedemption: {"password": _PASSWORD},
    identity.ChangedPassword: {
        "current": _field(("Password attuale", "Present password")),
        "password": _PASSWORD,
    },
    identity.Proof: {"code": _CODE, "password": _field(("Password", "Password"))},
    identity.FirstCode: {"code": _CODE},
    identity.NewUser: {
        "email": _field(
            _EMAIL, ("Di lavoro e personale: non condivisa.", "For work and not shared.")
        ),
        "name": _field(("Nome e cognome", "Name")),
        "agency_id": _AGENCY,
        "roles": _ROLES,
        "password": _MADE_PASSWORD,
        "invite": _field(
            ("Inviare un invito", "Send an invitation"),
            (
                "Un collegamento monouso, valido tre giorni, per scegliere la password.",
                "A one-time link, good for three days, to choose the password.",
            ),
        ),
        "valid_until": _VALID_UNTIL,
    },
    identity.NewMembership: {"agency_id": _AGENCY, "roles": _ROLES},
    identity.NewValidity: {"valid_until": _VALID_UNTIL},
    identity.NewPassword: {"password": _MADE_PASSWORD},
    identity.NewLink: {"purpose": _field(("Tipo di collegamento", "Kind of link"))},
    identity.ExternalIdentity: {
        "provider": _field(("Gestore di identità", "Identity provider")),
        "subject": _field(
            ("Identificativo presso il gestore", "Subject at the provider"),
            (
                "Quello che il gestore comunica, verificato con la persona.",
                "As the provider tells it, verified with the person.",
            ),
        ),
    },
    identity.NewClient: {
        "name": _field(("Nome del programma", "Name of the program")),
        "agency_id": _AGENCY,
        "scopes": _field(
            ("Che cosa può fare", "What it may do"),
            ("Solo ciò che serve.", "Only what it needs."),
        ),
        "expires_at": _field(
            ("L'accesso finisce il", "Access ends on"),
            ("Al massimo fra due anni.", "At most two years ahead."),
        ),
    },
    identity.SecretRotation: {
        "overlap_hours": _field(
            ("Ore in cui il segreto vecchio vale ancora", "Hours the old secret still works"),
            (
                "Il tempo per aggiornare il programma senza fermarlo.",
                "Time to update the program without stopping it.",
            ),
        ),
    },
    identity.UserSearch: {
        "agency_id": _AGENCY,
        "state": _field(_STATUS),
    },
    identity.AdministrationSearch: {"target_id": _field(("Utente o programma", "User or program"))},
}

FIELDS: Final[Mapping[type[Message], Mapping[str, Word]]] = {
    **_INTAKE,
    **_WORK,
    **_NETWORK,
    **_STAFF,
}
"""The labels of what a person fills in, by contract and attribute."""


def word_of_field(kind: type[Message], name: str) -> Word:
    """Return the label and the hint of an attribute of a contract."""
    return FIELDS[kind][name]


_NAMES: Final[Mapping[str, Word]] = {
    name: word for labels in reversed(tuple(FIELDS.values())) for name, word in labels.items()
}


def word_of_path(path: str) -> Word | None:
    """Return the label of the field at a path, by its last name that has one, in any contract."""
    parts = (part for part in reversed(path.split(".")) if not part.isdigit())
    return next((_NAMES[part] for part in parts if part in _NAMES), None)
