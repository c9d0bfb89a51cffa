"""The network of the running stack: its people, and an ear where partners listen."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from contracts.access import Role
from launcher.demonstration import REFERRER
from launcher.journey.chain import Network
from launcher.journey.client import Client
from launcher.journey.command import network_of
from launcher.stack import Stack
from tests.support.running import signed_in

PATIENCE = 60.0


@pytest.fixture(scope="module")
def network(stack: Stack) -> Iterator[Network]:
    """Give the network with a subscriber that goes when the module ends."""
    with network_of(stack, patience=PATIENCE) as network:
        yield network


@pytest.fixture(scope="module")
def desk(stack: Stack) -> Iterator[Client]:
    """Give the desk of the referring agency."""
    with signed_in(stack, REFERRER, Role.DESK_OPERATOR) as client:
        yield client


@pytest.fixture(scope="module")
def worker(stack: Stack) -> Iterator[Client]:
    """Give a case worker of the referring agency."""
    with signed_in(stack, REFERRER, Role.CASE_WORKER) as client:
        yield client


@pytest.fixture(scope="module")
def stranger(stack: Stack) -> Iterator[Client]:
    """Give a case worker of an agency that has nothing to do with the others' work."""
    with signed_in(stack, "Associazione Demo Ponti", Role.CASE_WORKER) as client:
        yield client
