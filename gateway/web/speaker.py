"""Says in the language of the request what ids and codes stand for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from flask_babel import gettext as _

from gateway.web.colleagues import Colleagues
from gateway.web.languages import chosen
from gateway.web.reference import Reference

NO_TEXT: Final = "\u2013"


@dataclass(frozen=True, kw_only=True)
class Speaker:
    """Says in the language of the request what ids and codes stand for."""

    reference: Reference
    colleagues: Colleagues

    def agency(self, agency_id: UUID | None) -> str:
        """Say the name of an agency."""
        if agency_id is None:
            return NO_TEXT
        known = self.reference.agencies.get(agency_id)
        return known.name if known else _("Ente non in elenco")

    def service(self, service_id: UUID | None) -> str:
        """Say the name of a service."""
        known = self.reference.services.get(service_id) if service_id else None
        return known.details.name if known else _("Servizio non in elenco")

    def category(self, code: str) -> str:
        """Say the name of a category."""
        known = self.reference.terms.get(code)
        return _named(known, code)

    def pathway(self, code: str) -> str:
        """Say the name of a pathway."""
        known = self.reference.offers.get(code)
        return _named(known, code)

    def colleague(self, user_id: UUID | None) -> str:
        """Say the name of a member of staff."""
        name = self.colleagues.name(user_id) if user_id else None
        return name or _("Persona non in elenco")


def _named(known: Any, code: str) -> str:
    """Say the name that something has in both languages."""
    if known is None:
        return code
    name: str = getattr(known, f"name_{chosen()}")
    return name
