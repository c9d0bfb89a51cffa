"""Words of the scheda di screening: levels, profiles, reasons and what the person decided."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from contracts.screening import (
    CitizenshipGroup,
    Decision,
    Direction,
    Gender,
    Level,
    LevelReason,
    Profile,
    Reviewer,
    ScreeningMode,
    ScreeningStatus,
    SuggestionKind,
    TaskCode,
    Term,
    TextState,
)
from gateway.web.words.word import Tone, Word

LABELS: Final[Mapping[type[StrEnum], Mapping[StrEnum, Word]]] = {
    CitizenshipGroup: {
        CitizenshipGroup.IT: Word("Italiana", "Italian"),
        CitizenshipGroup.EU: Word("Di un altro paese dell'Unione europea", "Other EU country"),
        CitizenshipGroup.EXTRA_EU: Word(
            "Di un paese fuori dall'Unione europea", "Country outside the EU"
        ),
        CitizenshipGroup.APOLIDE: Word("Nessuna (apolide)", "None (stateless)"),
    },
    Gender: {
        Gender.FEMALE: Word("Donna", "Woman"),
        Gender.MALE: Word("Uomo", "Man"),
        Gender.OTHER: Word("Altro", "Other"),
        Gender.UNKNOWN: Word("Non detto", "Not told"),
    },
    ScreeningMode: {
        ScreeningMode.FULL: Word(
            "Scheda intera",
            "Whole form",
            hint=Word(
                "Tutte le aree di vita, in un colloquio riservato: circa mezz'ora.",
                "Every area of life, in a private talk: about half an hour.",
            ),
        ),
        ScreeningMode.BRIEF: Word(
            "Scheda breve",
            "Short form",
            hint=Word(
                "Dodici domande per il presidio, senza documenti, salute e sicurezza.",
                "Twelve questions for the hub, without documents, health and safety.",
            ),
        ),
    },
    ScreeningStatus: {
        ScreeningStatus.DRAFT: Word(
            "In compilazione",
            "In progress",
            Tone.INFO,
            Word(
                "Si può riprendere da dove ci si è fermati, anche da un'altra postazione.",
                "It can be taken up where it was left, also from another desk.",
            ),
        ),
        ScreeningStatus.COMPLETED: Word(
            "Completata",
            "Completed",
            Tone.SUCCESS,
            Word(
                "Non si modifica più; per aggiornarla se ne apre una nuova.",
                "It no longer changes; to bring it up to date, start a new one.",
            ),
        ),
    },
    Level: {
        Level.L0: Word(
            "Nessun bisogno",
            "No need",
            Tone.SUCCESS,
            Word("In quest'area non emergono bisogni.", "No need was found in this area."),
        ),
        Level.L1: Word(
            "Bisogno lieve",
            "Slight need",
            Tone.INFO,
            Word(
                "Basta di solito un'informazione: la persona può muoversi da sola.",
                "Information is mostly enough: the person can act alone.",
            ),
        ),
        Level.L2: Word(
            "Bisogno evidente",
            "Clear need",
            Tone.WARNING,
            Word(
                "Serve un invio accompagnato a un servizio.",
                "An accompanied referral to a service is called for.",
            ),
        ),
        Level.L3: Word(
            "Bisogno grave",
            "Serious need",
            Tone.DANGER,
            Word(
                "Serve un invio prioritario e un lavoro comune tra gli enti.",
                "A priority referral and joint work of the agencies are called for.",
            ),
        ),
        Level.ND: Word(
            "Da completare",
            "To be completed",
            Tone.NEUTRAL,
            Word(
                "Le risposte sono troppo poche per dire un livello.",
                "There are too few answers to tell a level.",
            ),
        ),
        Level.NA: Word(
            "Non richiesto",
            "Not asked",
            Tone.NEUTRAL,
            Word(
                "L'area non è stata chiesta o non riguarda la persona.",
                "The area was not asked or does not concern the person.",
            ),
        ),
    },
    Profile: {
        Profile.P0: Word(
            "Informazione",
            "Information",
            Tone.SUCCESS,
            Word(
                "Bastano informazioni sui servizi e le attività del presidio.",
                "Information on services and the hub's activities is enough.",
            ),
        ),
        Profile.P1: Word(
            "Orientamento leggero",
            "Light guidance",
            Tone.INFO,
            Word(
                "Uno o due bisogni evidenti: invii accompagnati, orientamento di gruppo.",
                "One or two clear needs: accompanied referrals, group orientation.",
            ),
        ),
        Profile.P2: Word(
            "Percorso integrato",
            "Integrated pathway",
            Tone.WARNING,
            Word(
                "Più bisogni insieme: una persona di riferimento e un piano individuale.",
                "Several needs at once: one person in charge and an individual plan.",
            ),
        ),
        Profile.P3: Word(
            "Presa in carico multidimensionale",
            "Multidimensional case management",
            Tone.DANGER,
            Word(
                "Bisogni gravi o urgenti: gli enti lavorano insieme da subito.",
                "Serious or urgent needs: the agencies work together from the start.",
            ),
        ),
    },
    Term: {
        Term.SAME_DAY: Word("Oggi stesso", "The same day", Tone.DANGER),
        Term.TWO_WORKING_DAYS: Word(
            "Entro due giorni lavorativi", "Within two working days", Tone.WARNING
        ),
    },
    LevelReason: {
        LevelReason.THRESHOLD: Word(
            "Il punteggio dell'area raggiunge la soglia di questo livello",
            "The area's score reaches the threshold of this level",
        ),
        LevelReason.NO_NEED: Word(
            "Nessuna risposta segnala un bisogno", "No answer tells of a need"
        ),
        LevelReason.SINGLE_POINT: Word(
            "Solo una risposta segnala una piccola difficoltà: il livello resta lieve",
            "One answer alone tells of a small difficulty: the level stays slight",
        ),
        LevelReason.SINGLE_ANSWER: Word(
            "C'è una sola risposta: da sola non basta per il livello più alto",
            "There is a single answer: alone it is not enough for the highest level",
        ),
        LevelReason.ITEM_AT_MAXIMUM: Word(
            "Una risposta indica la difficoltà più grande della sua domanda",
            "One answer is the hardest that its question knows",
        ),
        LevelReason.OPTION_MINIMUM: Word(
            "Una risposta chiede almeno questo livello", "One answer asks for at least this level"
        ),
        LevelReason.CRITICAL_ANSWER: Word(
            "Una risposta critica porta sempre al livello più alto",
            "A critical answer always leads to the highest level",
        ),
        LevelReason.FEW_ANSWERS: Word(
            "Meno della metà delle domande ha una risposta",
            "Less than half of the questions have an answer",
        ),
        LevelReason.NOT_PRIVATE: Word(
            "Il colloquio non era riservato: l'area è da riprendere da soli con la persona",
            "The talk was not private: come back to this area alone with the person",
        ),
        LevelReason.NOT_APPLICABLE: Word(
            "Nessuna domanda dell'area riguarda la persona",
            "No question of this area concerns the person",
        ),
        LevelReason.NOT_IN_FORM: Word(
            "La scheda breve non comprende quest'area", "The short form leaves this area out"
        ),
    },
    TaskCode: {
        TaskCode.COMPLETE_DOMAIN: Word(
            "Completare quest'area in un altro colloquio",
            "Complete this area in another talk",
            Tone.WARNING,
        ),
        TaskCode.REPEAT_SAFETY_IN_PRIVATE: Word(
            "Riprendere le domande sulla sicurezza, da soli con la persona",
            "Come back to the questions on safety, alone with the person",
            Tone.WARNING,
        ),
    },
    SuggestionKind: {
        SuggestionKind.AREA: Word("Servizio", "Service"),
        SuggestionKind.PATHWAY: Word("Percorso", "Pathway"),
    },
    Decision: {
        Decision.AGREED: Word(
            "D'accordo",
            "Agreed",
            Tone.SUCCESS,
            Word("La persona lo vuole: si può inviare.", "The person wants it: it can be sent."),
        ),
        Decision.REFUSED: Word(
            "Non lo vuole",
            "Refused",
            Tone.NEUTRAL,
            Word("Non si invia nulla; il livello non cambia.", "Nothing is sent; the level stays."),
        ),
        Decision.TO_DISCUSS: Word(
            "Da riparlarne",
            "To discuss",
            Tone.WARNING,
            Word("Resta in attesa della persona.", "It waits for the person."),
        ),
        Decision.UNDECIDED: Word(
            "Non ancora deciso",
            "Not decided yet",
            Tone.NEUTRAL,
            Word("Nessuna scelta è stata registrata.", "No choice was recorded."),
        ),
    },
    Direction: {
        Direction.LTR: Word("Da sinistra a destra", "Left to right"),
        Direction.RTL: Word("Da destra a sinistra", "Right to left"),
    },
    TextState: {
        TextState.DRAFT: Word(
            "Traduzione non rivista",
            "Translation not reviewed",
            Tone.WARNING,
            Word(
                "Nessuna mediatrice l'ha ancora riletta: tenere accanto il testo italiano.",
                "No mediator has read it through yet: keep the Italian text beside it.",
            ),
        ),
        TextState.REVIEWED: Word("Traduzione rivista", "Translation reviewed", Tone.SUCCESS),
    },
    Reviewer: {
        Reviewer.MEDIATOR: Word("Mediatrice o mediatore interculturale", "Intercultural mediator"),
        Reviewer.TRANSLATOR: Word("Traduttrice o traduttore", "Translator"),
    },
}
