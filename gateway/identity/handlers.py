"""Identity as a whole: the sum of its rooms, each of which is a module of use cases."""

from __future__ import annotations

from gateway.identity.accounts import Accounts
from gateway.identity.clients import ClientRoom
from gateway.identity.digests import Digests
from gateway.identity.federation import Federation
from gateway.identity.second_step import SecondSteps


class Identity(Federation, Accounts, SecondSteps, ClientRoom, Digests):
    """Everything that can be asked of identity; each method is one use case."""
