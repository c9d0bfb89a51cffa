"""How far a caller sees."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self
from uuid import UUID

from contracts.access import Principal, Scope


@dataclass(frozen=True, kw_only=True, slots=True)
class Reach:
    """What of needs and referrals exists for a caller.

    The sender sees its needs and referrals, the recipient what was sent to it, the network's
    coordinator everything but safety. Safety exists only for who may read it in an agency that is
    part of it: there the network's reach ends.
    """

    agency_id: UUID
    network: bool
    safety: bool

    @classmethod
    def of(cls, principal: Principal) -> Self:
        """Return the caller's reach."""
        return cls(
            agency_id=principal.agency_id,
            network=principal.require("referral:read") is Scope.NETWORK,
            safety=principal.scope("safety:read") is not None,
        )
