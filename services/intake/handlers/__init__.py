"""What intake does: load, let the rules decide, keep, tell; each in one unit of work."""

from __future__ import annotations

from services.intake.handlers.cases import list_cases, open_case, set_case_team, tell_teams
from services.intake.handlers.consents import (
    get_signed_sheet,
    list_consents,
    on_organization_published,
    record_consent,
    record_signed_sheet,
    withdraw_consent,
)
from services.intake.handlers.emergencies import (
    get_emergency_person,
    list_emergency_accesses,
    list_own_emergency_accesses,
    open_emergency_access,
    review_emergency_access,
)
from services.intake.handlers.persons import (
    correct_person,
    find_duplicates,
    find_people,
    get_person,
    get_registration,
    get_screening_context,
    get_shared_person,
    list_names,
    on_referral_moved,
    register_person,
    reseal_tax_codes,
)

__all__ = [
    "correct_person",
    "find_duplicates",
    "find_people",
    "get_emergency_person",
    "get_person",
    "get_registration",
    "get_screening_context",
    "get_shared_person",
    "get_signed_sheet",
    "list_cases",
    "list_consents",
    "list_emergency_accesses",
    "list_names",
    "list_own_emergency_accesses",
    "on_organization_published",
    "on_referral_moved",
    "open_case",
    "open_emergency_access",
    "record_consent",
    "record_signed_sheet",
    "register_person",
    "reseal_tax_codes",
    "review_emergency_access",
    "set_case_team",
    "tell_teams",
    "withdraw_consent",
]
