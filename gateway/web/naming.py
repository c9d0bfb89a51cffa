"""Names of the persons on a page: everything else carries ids, and one question names them all."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final
from uuid import UUID

from contracts.intake import ListNames, PersonName
from gateway.web.screen import Visit

_AT_ONCE: Final = 100


class Names(dict[UUID, PersonName]):
    """Names by id; ``silent`` names the register where it does not answer."""

    silent: tuple[str, ...] = ()


def names_of(visit: Visit, person_ids: Iterable[UUID]) -> Names:
    """Return the names in the caller's reach by id; who is out of reach is absent."""
    wanted = tuple(dict.fromkeys(person_ids))[:_AT_ONCE]
    names = Names()
    if wanted:
        found = visit.gather(names=ListNames(person_ids=wanted))
        names.update((each.person_id, each) for each in (found.names.items if found.names else ()))
        names.silent = found.silent
    return names
