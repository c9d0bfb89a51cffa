"""What every page needs to name things: agencies, services and categories, kept for a while.

None of it is about persons, so the gateway asks for it in its own name, as a viewer. While the
catalogue is down, what was known last is good enough to read by.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Generic, TypeVar
from uuid import UUID

from chassis.call import Call
from chassis.errors import ServiceError, ServiceUnavailable
from contracts.access import Principal, Role
from contracts.catalogue import (
    FindServices,
    GetTaxonomy,
    ListOrganizations,
    Organization,
    Service,
    TaxonomyTerm,
)
from contracts.language import Request, Resource
from contracts.pathways import ListOffers, Offer
from contracts.screening import Form, GetForm
from gateway.identity.domain import MACHINE
from gateway.rpc import RpcPort

T = TypeVar("T")
A = TypeVar("A", bound=Resource)

SECONDS_KEPT: Final = 60.0
_SECONDS_ASKED: Final = 2.0
_PAGE: Final = 100
_MOST_FORMS: Final = 40
_MOST_PAGES: Final = 20
_GATEWAY: Final = Principal(
    user_id=MACHINE,
    agency_id=MACHINE,
    roles=(Role.VIEWER, Role.CLIENT_PATHWAYS_READ, Role.CLIENT_SCREENINGS_READ),
)


@dataclass
class _Kept(Generic[T]):
    """Something that is fetched again when it is old; one thread fetches, the others go on."""

    fetch: Callable[[], T]
    value: T
    clock: Callable[[], float]
    until: float = float("-inf")
    lock: threading.Lock = field(default_factory=threading.Lock)

    def get(self) -> T:
        now = self.clock()
        if now >= self.until and self.lock.acquire(blocking=self.until == float("-inf")):
            try:
                if self.clock() >= self.until:
                    self._renew()
            finally:
                self.lock.release()
        return self.value

    def _renew(self) -> None:
        try:
            self.value = self.fetch()
        except ServiceError:
            # Asked again at the next page, not by every page of the next minute.
            self.until = self.clock() + _SECONDS_ASKED
        else:
            self.until = self.clock() + SECONDS_KEPT


class Reference:
    """Names of agencies, services, categories and pathways, and the texts of the form."""

    def __init__(self, port: RpcPort, clock: Callable[[], float] = time.monotonic) -> None:
        """Remember whom to ask; nothing is asked before a page needs it."""
        self._port = port
        self._agencies = _Kept[Mapping[UUID, Organization]](self._fetch_agencies, {}, clock)
        self._services = _Kept[Mapping[UUID, Service]](self._fetch_services, {}, clock)
        self._terms = _Kept[Mapping[str, TaxonomyTerm]](self._fetch_terms, {}, clock)
        self._offers = _Kept[Mapping[str, Offer]](self._fetch_offers, {}, clock)
        self._forms: dict[tuple[str | None, str | None], _Kept[Form | None]] = {}
        self._clock = clock

    @property
    def agencies(self) -> Mapping[UUID, Organization]:
        """The agencies of the network by id."""
        return self._agencies.get()

    @property
    def services(self) -> Mapping[UUID, Service]:
        """The services of the directory by id."""
        return self._services.get()

    @property
    def terms(self) -> Mapping[str, TaxonomyTerm]:
        """The categories of the taxonomy by code."""
        return self._terms.get()

    @property
    def offers(self) -> Mapping[str, Offer]:
        """The pathways on offer by code, with places that may be a minute old."""
        return self._offers.get()

    def form(self, version: str | None = None, language: str | None = None) -> Form:
        """Return a version of the form, or the one in force, with its texts in a language.

        Raises:
            ServiceUnavailable: it was never read, and cannot be read now.

        """
        wanted = (version, language)
        if wanted not in self._forms:
            if len(self._forms) >= _MOST_FORMS:
                self._forms.clear()
            asked = GetForm(version=version, language=language)
            self._forms[wanted] = _Kept(lambda: self._ask(asked), None, self._clock)
        form = self._forms[wanted].get()
        if form is None:
            raise ServiceUnavailable
        return form

    def _fetch_agencies(self) -> Mapping[UUID, Organization]:
        return {each.organization_id: each for each in self._ask(ListOrganizations()).items}

    def _fetch_services(self) -> Mapping[UUID, Service]:
        found: dict[UUID, Service] = {}
        cursor: str | None = None
        for _ in range(_MOST_PAGES):
            page = self._ask(FindServices(cursor=cursor, limit=_PAGE))
            found |= {each.service_id: each for each in page.items}
            cursor = page.next_cursor
            if cursor is None:
                break
        return found

    def _fetch_terms(self) -> Mapping[str, TaxonomyTerm]:
        return {each.code: each for each in self._ask(GetTaxonomy()).items}

    def _fetch_offers(self) -> Mapping[str, Offer]:
        return {each.pathway: each for each in self._ask(ListOffers()).items}

    def _ask(self, request: Request[A]) -> Any:
        return self._port.ask(request, Call(principal=_GATEWAY), timeout=_SECONDS_ASKED)
