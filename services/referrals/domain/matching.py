"""Which service fits a need best, and why the others do not.

A service without obstacles is ranked by whether it speaks the person's language, then by how
specific it is, then by how busy. The same input always gives the same answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from contracts.catalogue import ServiceStatus
from contracts.referrals import Ground, Obstacle


@dataclass(frozen=True, kw_only=True, slots=True)
class Service:
    """What is known of a service from the catalogue, with how many open attempts it has."""

    service_id: UUID
    organization_id: UUID
    status: ServiceStatus
    categories: tuple[str, ...]
    municipalities: tuple[str, ...]
    languages: tuple[str, ...]
    review_due_on: date
    load: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Wish:
    """What is looked for: a category, near where the person lives, in the person's language."""

    category: str
    municipality: str | None
    language: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Match:
    """The chosen service with the ground, or no service; and what spoke against each other one."""

    service: Service | None
    ground: Ground | None
    obstacles: dict[UUID, tuple[Obstacle, ...]]
    unmatched: tuple[Obstacle, ...]


def obstacles_to(service: Service, wish: Wish, *, on: date) -> tuple[Obstacle, ...]:
    """Return everything that keeps the service from meeting the wish on that day."""
    met = {
        Obstacle.OTHER_CATEGORY: wish.category not in service.categories,
        Obstacle.INACTIVE: service.status is not ServiceStatus.ACTIVE,
        Obstacle.STALE: on >= service.review_due_on,
        Obstacle.AREA_UNKNOWN: wish.municipality is None,
        Obstacle.OUT_OF_AREA: (
            wish.municipality is not None and wish.municipality not in service.municipalities
        ),
    }
    return tuple(obstacle for obstacle, stands in met.items() if stands)


@dataclass(frozen=True, kw_only=True, slots=True)
class Ranking:
    """Every service of the category: those that fit, best first, and what keeps the others."""

    fitting: tuple[Service, ...]
    unfit: dict[Service, tuple[Obstacle, ...]]

    @property
    def unmatched(self) -> tuple[Obstacle, ...]:
        """What spoke against all of them, each obstacle once; empty when a service fits."""
        if self.fitting:
            return ()
        met = {obstacle for obstacles in self.unfit.values() for obstacle in obstacles}
        return tuple(sorted(met)) or (Obstacle.NO_SERVICE,)


def rank(services: Iterable[Service], wish: Wish, *, on: date) -> Ranking:
    """Put the services of the category in order."""
    assessed = {
        service: obstacles_to(service, wish, on=on)
        for service in services
        if wish.category in service.categories
    }
    fitting = (service for service, met in assessed.items() if not met)
    return Ranking(
        fitting=tuple(sorted(fitting, key=lambda service: _rank(service, wish))),
        unfit={service: met for service, met in assessed.items() if met},
    )


def match(services: Iterable[Service], wish: Wish, *, on: date) -> Match:
    """Choose the best service for the wish."""
    ranking = rank(services, wish, on=on)
    best = ranking.fitting[:2]
    return Match(
        service=best[0] if best else None,
        ground=ground(best, wish) if best else None,
        obstacles={service.service_id: met for service, met in ranking.unfit.items()},
        unmatched=ranking.unmatched,
    )


def obstacles_anywhere(service: Service | None, category: str, *, on: date) -> tuple[Obstacle, ...]:
    """Return what keeps a service from taking a referral at all, wherever the person lives."""
    if service is None:
        return (Obstacle.NO_SERVICE,)
    wish = Wish(category=category, municipality=None, language=None)
    return tuple(
        obstacle
        for obstacle in obstacles_to(service, wish, on=on)
        if obstacle is not Obstacle.AREA_UNKNOWN
    )


_GROUNDS: Final = (Ground.LANGUAGE, Ground.SPECIFICITY, Ground.SPECIFICITY, Ground.LOAD, Ground.TIE)


def _rank(service: Service, wish: Wish) -> tuple[bool, int, int, int, UUID]:
    """Return the key that puts the best service first; ``_GROUNDS`` names its places."""
    return (
        wish.language not in service.languages,
        len(service.categories),
        len(service.municipalities),
        service.load,
        service.service_id,
    )


def ground(best: Sequence[Service], wish: Wish) -> Ground:
    """Name the first place in which a service differs from the one behind it, if there is one."""
    if len(best) == 1:
        return Ground.ONLY_CANDIDATE
    first, second = (_rank(service, wish) for service in best)
    places = zip(_GROUNDS, first, second, strict=True)
    return next(place for place, one, other in places if one != other)
