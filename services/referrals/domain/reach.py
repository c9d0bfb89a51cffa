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
    part of it: there the network's reach ends. At the sender it reaches as far as the permission
    does; the recipient has no case of its own with the person, so whoever may see safety in a
    team's cases may see what was sent.
    """

    agency_id: UUID
    user_id: UUID
    network: bool
    safety: Scope | None

    @property
    def received_safety(self) -> bool:
        """Whether the caller sees what is about safety and was sent to the agency."""
        return self.safety is not None and self.safety.covers(Scope.CASE_TEAM)

    @classmethod
    def of(cls, principal: Principal) -> Self:
        """Return the caller's reach."""
        return cls(
            agency_id=principal.agency_id,
            user_id=principal.user_id,
            network=principal.require("referral:read") is Scope.NETWORK,
            safety=principal.scope("safety:read"),
        )
