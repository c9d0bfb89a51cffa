"""Words of the directory and of the gatherings: kinds of organizations, states, ways in."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from contracts.catalogue import AccessMode, OrganizationKind, ServiceStatus
from contracts.events import GatheringKind
from gateway.web.words.word import Tone, Word

LABELS: Final[Mapping[type[StrEnum], Mapping[StrEnum, Word]]] = {
    OrganizationKind: {
        OrganizationKind.MUNICIPALITY: Word("Comune", "Municipality"),
        OrganizationKind.MANAGING_BODY: Word(
            "Ente gestore dei servizi sociali", "Managing body of social services"
        ),
        OrganizationKind.ASSOCIATION: Word("Associazione", "Association"),
        OrganizationKind.COOPERATIVE: Word("Cooperativa sociale", "Social cooperative"),
        OrganizationKind.PUBLIC_BODY: Word("Altro ente pubblico", "Other public body"),
        OrganizationKind.OTHER: Word("Altro", "Other"),
    },
    ServiceStatus: {
        ServiceStatus.ACTIVE: Word("Attivo", "Active", Tone.SUCCESS),
        ServiceStatus.INACTIVE: Word(
            "Non attivo",
            "Inactive",
            Tone.NEUTRAL,
            Word("Non riceve invii.", "It takes no referrals."),
        ),
        ServiceStatus.DEFUNCT: Word(
            "Cessato", "Ended", Tone.NEUTRAL, Word("Non esiste più.", "It exists no more.")
        ),
        ServiceStatus.TEMPORARILY_CLOSED: Word(
            "Chiuso per ora",
            "Temporarily closed",
            Tone.WARNING,
            Word("Riaprirà; intanto non riceve invii.", "It will reopen; no referrals until then."),
        ),
    },
    AccessMode: {
        AccessMode.OPEN: Word("Accesso libero", "Walk in"),
        AccessMode.APPOINTMENT: Word("Su appuntamento", "By appointment"),
        AccessMode.REFERRAL: Word("Con un invio della rete", "By referral of the network"),
        AccessMode.REGISTRATION: Word("Con iscrizione", "By enrolment"),
        AccessMode.APPLICATION: Word("Con una domanda", "By application"),
        AccessMode.ON_REQUEST_OF_SERVICES: Word(
            "Su richiesta dei servizi sociali", "On request of the social services"
        ),
    },
    GatheringKind: {
        GatheringKind.CULTURAL_PROGRAMMING: Word("Attività culturale", "Cultural programming"),
        GatheringKind.HUB_EVENT: Word("Evento del presidio di comunità", "Event at the hub"),
        GatheringKind.CO_DESIGN: Word("Co-progettazione", "Co-design"),
        GatheringKind.PATHWAY_ACTIVITY: Word("Attività di un percorso", "Activity of a pathway"),
    },
}
