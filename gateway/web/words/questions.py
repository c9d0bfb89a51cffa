"""Words beside the questions of the scheda: why they are asked, how, and what some answers ask for.

The form names its questions; what a worker should know while asking is said here by the codes of
its sections and items. A code without words is simply asked without them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from gateway.web.words.word import Word

WHY: Final[Mapping[str, Word]] = {
    "CAS": Word(
        "Una casa sicura viene prima di quasi tutto: chi rischia di perderla va aiutato in fretta.",
        "A safe home comes before almost everything: whoever may lose it needs help fast.",
    ),
    "DOC": Word(
        "Senza documenti e residenza molti servizi restano chiusi. La situazione del soggiorno non "
        "si registra.",
        "Without papers and residence many services stay closed. The legal status of the stay is "
        "not recorded.",
    ),
    "LIN": Word(
        "Serve a proporre il corso di italiano giusto, per livello, orari e figli.",
        "It helps to propose the right Italian course, by level, hours and children.",
    ),
    "IST": Word(
        "Titoli e capacità, anche quelli mai certificati, aprono a corsi e lavori diversi.",
        "Qualifications and skills, also uncertified ones, open up courses and jobs.",
    ),
    "LAV": Word(
        "Serve a capire da dove partire: orientamento, dote, tirocinio o un corso.",
        "It tells where to begin: guidance, an employment dote, a traineeship or a course.",
    ),
    "ECO": Word(
        "Fa vedere se manca il necessario e quali aiuti non sono ancora stati chiesti.",
        "It shows whether essentials are missing and which benefits were never claimed.",
    ),
    "SAL": Word(
        "Solo come la salute pesa sulle giornate: nessuna diagnosi, nessun dettaglio.",
        "Only how health weighs on daily life: no diagnoses, no details.",
    ),
    "SIC": Word(
        "Chi non è al sicuro deve poterlo dire a qualcuno. Si chiede solo da soli con la persona.",
        "Whoever is not safe must be able to tell somebody. Ask only when alone with the person.",
    ),
    "CON": Word(
        "Chi cura altri ha poco tempo per sé: serve a proporre orari e sostegni possibili.",
        "Carers have little time: it helps to propose hours and support that are possible.",
    ),
    "FIG": Word(
        "Scuola e crescita dei figli: per sostenerli, mai per giudicare.",
        "School and growing up: to support the children, never to judge.",
    ),
    "RET": Word(
        "Su chi può contare la persona, e dove il paese può aprirle una porta.",
        "Whom the person can count on, and where the town can open a door.",
    ),
    "ACC": Word(
        "Servizi, telefono, spostamenti: piccoli ostacoli che fermano percorsi grandi.",
        "Services, phone, transport: small obstacles that stop great plans.",
    ),
}
"""Why each section is asked."""

NOTES: Final[Mapping[str, Word]] = {
    "DOC1": Word(
        "L'ultima risposta non dice, di proposito, qual è la situazione del soggiorno.",
        "On purpose, the last answer does not tell the legal status of the stay.",
    ),
    "LIN1": Word(
        "Lo osserva chi fa il colloquio, o lo dice un certificato: non è un esame.",
        "The worker observes it, or a certificate tells: it is no exam.",
    ),
    "SAL1": Word("Non si chiede se la persona ha un codice STP o ENI.", "Do not ask for STP/ENI."),
    "SIC1": Word(
        "Se non siete soli, rispondi «No» e riprendi queste domande un'altra volta.",
        "If you are not alone, answer “No” and come back to these questions another time.",
    ),
    "RET3": Word(
        "Si chiede il fatto, mai il motivo: nessuna nota su origine, fede o altro.",
        "Ask for the fact, never for the ground: nothing on origin, faith or the like.",
    ),
}
"""What to know while asking a question."""

_SAFE_TALK: Final = Word(
    "Parlane oggi con una persona formata: centro antiviolenza, o il 1522, gratuito a ogni ora.",
    "Talk to a trained person today: the anti-violence centre, or 1522, free at any hour.",
    hint=Word(
        "Nessun messaggio al telefono senza un canale sicuro concordato.",
        "No message to the phone unless a safe channel is agreed.",
    ),
)

URGENT: Final[Mapping[str, Word]] = {
    "CAS1": Word(
        "Chiama il pronto intervento sociale e cercate insieme un posto per la notte.",
        "Call the emergency social service and look together for a place for the night.",
    ),
    "ECO1": Word(
        "Attiva l'aiuto alimentare e segnala al pronto intervento sociale.",
        "Arrange food aid and tell the emergency social service.",
    ),
    "ECO2": Word(
        "Attiva l'aiuto alimentare e per le medicine; verifica gli aiuti non chiesti.",
        "Arrange food and medicine aid; check for benefits not claimed.",
    ),
    "SAL4": Word(
        "Accompagna la persona oggi a un servizio sanitario; se è grave, il 112.",
        "Take the person to a health service today; if it is serious, call 112.",
    ),
    "SIC2": _SAFE_TALK,
    "SIC3": _SAFE_TALK,
    "SIC4": _SAFE_TALK,
}
"""What to do where an answer to this question is urgent."""
