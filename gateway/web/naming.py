"""Names of the persons on a page: everything else carries ids, and one question names them all."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final
from uuid import UUID

from contracts.intake import ListNames, PersonName
from gateway.web.screen import Visit

_AT_ONCE: Final = 100


def names_of(visit: Visit, person_ids: Iterable[UUID]) -> Mapping[UUID, PersonName]:
    """Return the names in the caller's reach by id; who is out of reach, or silent, is absent."""
    wanted = tuple(dict.fromkeys(person_ids))[:_AT_ONCE]
    if not wanted:
        return {}
    named = visit.gather(names=ListNames(person_ids=wanted)).names
    return {each.person_id: each for each in named.items} if named is not None else {}
