"""The table of operations: from it follow routes, checks, OpenAPI and documentation."""

from __future__ import annotations

from typing import Any, Final

from contracts.language import Request
from gateway.api.operation import Operation
from gateway.api.operations import (
    accesses,
    administration,
    catalogue,
    emergencies,
    gatherings,
    identity,
    indicators,
    operating,
    pathways,
    people,
    providers,
    referrals,
    screenings,
)

OPERATIONS: Final[tuple[Operation, ...]] = (
    *identity.OPERATIONS,
    *providers.OPERATIONS,
    *administration.OPERATIONS,
    *people.OPERATIONS,
    *accesses.OPERATIONS,
    *emergencies.OPERATIONS,
    *screenings.OPERATIONS,
    *referrals.OPERATIONS,
    *pathways.OPERATIONS,
    *catalogue.OPERATIONS,
    *gatherings.OPERATIONS,
    *indicators.OPERATIONS,
    *operating.OPERATIONS,
)

TAGS: Final[dict[str, str]] = {
    "identity": "Signing in and the own account: tokens, second step, code of conduct",
    "administration": "Users, clients of agencies' systems, and the log of what was done to them",
    "people": "Persons, their cases and consents: the only place of personal data",
    "accesses": "Who looked at a person's data",
    "emergencies": "Persons of other agencies opened in an emergency, and the reviews of it",
    "screenings": "The form, a person's answers and what they suggest",
    "referrals": "Needs and the referrals that try to meet them",
    "pathways": "Pathways of accompaniment and enrolments in them",
    "catalogue": "Organizations, services and the taxonomy",
    "gatherings": "Gatherings at the community hubs and who came",
    "indicators": "The project's indicators",
    "operating": "How the services stand, and the messages that they gave up",
}

INTERNAL: Final[dict[type[Request[Any]], str]] = {}
"""Contracts that no operation reaches, each with its reason."""
