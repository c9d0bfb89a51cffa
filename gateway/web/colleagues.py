"""What members of staff are called, kept for a minute: a page names them and never needs more."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Mapping
from uuid import UUID

from gateway.web.reference import SECONDS_KEPT

_MOST: int = 5_000


class Colleagues:
    """Names of staff by id."""

    def __init__(
        self,
        look_up: Callable[[Collection[UUID]], Mapping[UUID, str]],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Remember where names are looked up."""
        self._look_up = look_up
        self._clock = clock
        self._known: dict[UUID, tuple[float, str | None]] = {}

    def name(self, user_id: UUID) -> str | None:
        """Return what somebody is called, or nothing where nobody knows."""
        return self.names((user_id,)).get(user_id)

    def names(self, user_ids: Collection[UUID]) -> dict[UUID, str]:
        """Return what several are called, asking once for all who are not known yet."""
        now = self._clock()
        unknown = [each for each in user_ids if self._known.get(each, (0.0, None))[0] <= now]
        if unknown:
            if len(self._known) > _MOST:
                self._known.clear()
            found = self._look_up(unknown)
            self._known |= {each: (now + SECONDS_KEPT, found.get(each)) for each in unknown}
        known = ((each, self._known[each][1]) for each in user_ids)
        return {each: name for each, name in known if name is not None}
