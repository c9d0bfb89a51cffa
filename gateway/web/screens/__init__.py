"""The table of screens: from it follow routes, checks and the menu."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from gateway.web.screen import Screen
from gateway.web.screens import (
    about,
    accesses,
    account,
    administration,
    answers,
    arrivals,
    case_teams,
    completion,
    consents,
    digests,
    emergencies,
    entrance,
    feedback,
    gatherings,
    indicators,
    links,
    needs,
    operations,
    pathways,
    people,
    person_details,
    programs,
    referrals,
    screenings,
    second_step,
    services,
    sheets,
    signed_sheets,
    work,
)

SCREENS: Final[tuple[Screen, ...]] = (
    *entrance.SCREENS,
    *account.SCREENS,
    *digests.SCREENS,
    *second_step.SCREENS,
    *links.SCREENS,
    *work.SCREENS,
    *people.SCREENS,
    *person_details.SCREENS,
    *case_teams.SCREENS,
    *consents.SCREENS,
    *signed_sheets.SCREENS,
    *accesses.SCREENS,
    *emergencies.SCREENS,
    *referrals.SCREENS,
    *needs.SCREENS,
    *pathways.SCREENS,
    *services.SCREENS,
    *sheets.SCREENS,
    *gatherings.SCREENS,
    *indicators.SCREENS,
    *administration.SCREENS,
    *programs.SCREENS,
    *operations.SCREENS,
    *feedback.SCREENS,
    *screenings.SCREENS,
    *answers.SCREENS,
    *completion.SCREENS,
    *arrivals.SCREENS,
    *about.SCREENS,
)

BY_NAME: Final[Mapping[str, Screen]] = {screen.name: screen for screen in SCREENS}
