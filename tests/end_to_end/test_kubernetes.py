"""What the manifests say works: every pod as a process, with its own secrets and least rights."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from launcher import health, startup
from launcher.journey.chain import CHOICES, Journey
from launcher.journey.client import Client
from launcher.journey.command import network_of
from launcher.journey.vignettes import vignettes
from launcher.kubernetes.kustomize import MANIFESTS
from launcher.settings import DATABASES
from launcher.stack import Stack
from tests.support.pods import Pods, running_pods

PATIENCE = 240.0


@pytest.fixture(scope="module")
def pods(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Stack, Pods]]:
    """Give the pods, all started at once, when every process is ready."""
    with running_pods(tmp_path_factory.mktemp("pods")) as (stack, found):
        deadline = time.monotonic() + PATIENCE
        while not all(health.is_ready(stack.health_url(name)) for name in DATABASES):
            assert found.failures == [], found.told()
            assert time.monotonic() < deadline, found.told()
            time.sleep(0.5)
        startup.seed_once(stack)
        yield stack, found


def test_no_container_failed(pods: tuple[Stack, Pods]) -> None:
    """Jobs ended well; processes that were started before them have waited."""
    assert pods[1].failures == []


def test_the_whole_way_is_open_with_least_rights(pods: tuple[Stack, Pods]) -> None:
    """Each process works as its own user of the broker and as a role that owns no table."""
    vignette, *_ = vignettes()
    with network_of(pods[0], patience=PATIENCE) as network:
        assert Journey(network, vignette, next(iter(CHOICES))).run().missing == []


def test_the_first_administrator_is_let_in(pods: tuple[Stack, Pods]) -> None:
    """In a pod of the gateway, where no launcher is."""
    email, program = "first@example.org", MANIFESTS / "first_administrator.py"
    told = pods[1].execute("gateway", program, email, "Prima Persona")
    with Client(pods[0].gateway_url) as client:
        assert client.sign_in(email, told.split()[-1])
