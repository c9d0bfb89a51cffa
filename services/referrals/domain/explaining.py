"""What would be sent if the person agreed now: the same choice as when it is, with its reasons."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Final
from uuid import UUID

from contracts.referrals import (
    AreaMatches,
    Candidate,
    ExplainMatches,
    Matches,
    Misfit,
    WantedArea,
)
from services.referrals.domain import consent, matching
from services.referrals.domain.consent import Grant, Sharing
from services.referrals.domain.matching import Ranking, Service, Wish

SHOWN: Final = 20
"""At most so many services that fit, and as many that do not, are told of one category."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Viewpoint:
    """For whom it is explained: the agency that would send, and the person's consents if known."""

    agency_id: UUID
    grants: tuple[Grant, ...] | None
    today: date


def explain(
    query: ExplainMatches, services: Mapping[UUID, Service], viewpoint: Viewpoint
) -> Matches:
    """Explain each category in turn, as if what was chosen before it were sent already."""
    busy = dict(services)
    items = []
    for area in query.areas:
        wish = Wish(
            category=area.category, municipality=query.municipality, language=query.language
        )
        ranking = matching.rank(busy.values(), wish, on=viewpoint.today)
        items.append(_explained(area, ranking, wish, viewpoint))
        for chosen in ranking.fitting[:1]:
            busy[chosen.service_id] = replace(chosen, load=chosen.load + 1)
    return Matches(items=tuple(items))


def _explained(area: WantedArea, ranking: Ranking, wish: Wish, viewpoint: Viewpoint) -> AreaMatches:
    """Return what is to be said of one category."""
    shown = ranking.fitting[:SHOWN]
    unfit = sorted(ranking.unfit.items(), key=lambda each: (len(each[1]), each[0].service_id))
    return AreaMatches(
        category=area.category,
        fitting=tuple(_candidates(area, shown, wish, viewpoint)),
        unfit=tuple(
            Misfit(
                service_id=service.service_id,
                organization_id=service.organization_id,
                obstacles=obstacles,
            )
            for service, obstacles in unfit[:SHOWN]
        ),
        left_out=max(0, len(ranking.fitting) - SHOWN) + max(0, len(unfit) - SHOWN),
        unmatched=ranking.unmatched,
    )


def _candidates(
    area: WantedArea, fitting: tuple[Service, ...], wish: Wish, viewpoint: Viewpoint
) -> Iterable[Candidate]:
    """Yield the services that fit, each with its ground and with what the person allows."""
    for place, service in enumerate(fitting):
        compared = (fitting[0], service) if place else fitting[:2]
        yield Candidate(
            service_id=service.service_id,
            organization_id=service.organization_id,
            ground=matching.ground(compared, wish),
            covered=_covered(area, service, viewpoint),
        )


def _covered(area: WantedArea, service: Service, viewpoint: Viewpoint) -> bool | None:
    """Tell whether the service may be told of the need, where the person is known."""
    if viewpoint.grants is None:
        return None
    sharing = Sharing(
        from_agency_id=viewpoint.agency_id,
        to_agency_id=service.organization_id,
        safety=area.safety,
    )
    return consent.permitted(sharing, viewpoint.grants, on=viewpoint.today)
