"""The dated configuration, as the rules read it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from contracts.intake import DuplicateGround
from contracts.referrals import ReferralState


@dataclass(frozen=True, kw_only=True)
class Likeness:
    """How much each ground speaks for a duplicate, and from where on one is shown.

    A name counts by how alike it is in per cent, from ``similar_from`` on.
    """

    weights: Mapping[DuplicateGround, int]
    similar_from: int
    threshold: int
    shown: int


@dataclass(frozen=True, kw_only=True)
class EmergencyTerms:
    """How long an emergency access lasts, and how many attempts one account has in a while."""

    lasting: timedelta
    attempts: int
    within: timedelta


@dataclass(frozen=True, kw_only=True)
class Rules:
    """The configuration in force on a day."""

    countries: frozenset[str]
    european_union: frozenset[str]
    project_towns: frozenset[str]
    longest_consent: timedelta
    seen_after_end: Mapping[ReferralState, timedelta]
    """How long a referral that ended still shows the person to the agency that received it; an end
    that is not named here closes the person at once."""
    likeness: Likeness
    emergency: EmergencyTerms
