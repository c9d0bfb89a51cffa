"""Engines and stacks for every tier; a test that needs none never starts any."""

from __future__ import annotations

from collections.abc import Iterator

import hypothesis
import pytest

from launcher.stack import Stack
from tests.support.fresh import fresh_database, fresh_vhost
from tests.support.servers import given_or_private_engines, whole_stack

# How long an example takes says more of the machine than of the code.
hypothesis.settings.register_profile("plurali", deadline=None)
hypothesis.settings.load_profile("plurali")


@pytest.fixture(scope="session")
def engines() -> Iterator[None]:
    """Give a PostgreSQL and a RabbitMQ, and name them in the environment like given ones."""
    with given_or_private_engines() as addresses, pytest.MonkeyPatch.context() as environment:
        for name, address in addresses.items():
            environment.setenv(name, address)
        yield


@pytest.fixture
def database_url(engines: None) -> Iterator[str]:  # noqa: ARG001 - it must be there first
    """Give the address of a new, empty database."""
    with fresh_database() as url:
        yield url


@pytest.fixture(scope="module")
def amqp_uri(engines: None) -> Iterator[str]:  # noqa: ARG001 - it must be there first
    """Give the address of a new, empty virtual host."""
    with fresh_vhost() as uri:
        yield uri


@pytest.fixture(scope="session")
def stack() -> Iterator[Stack]:
    """Give the whole of Plurali, running, with the demonstration data."""
    with whole_stack() as running:
        yield running
