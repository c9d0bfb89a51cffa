"""A stage for the greeting service: a database and a virtual host of its own for each module."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from chassis.broker_admin import BrokerAdmin
from tests.support.databases import migrated_database
from tests.support.fresh import fresh_vhost, rabbit_api
from tests.support.stage import PACKAGE, Process, Stage


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """Give a stage with nothing running yet; ``stage.process`` starts what is missing."""
    with migrated_database(PACKAGE) as database_url, fresh_vhost() as amqp_uri:
        stage = Stage(database_url, amqp_uri, tmp_path_factory.mktemp("stage"))
        yield stage
        stage.close()


@pytest.fixture
def process(stage: Stage) -> Process:
    """Give a living process of the service."""
    return stage.process


@pytest.fixture(scope="session")
def admin() -> Iterator[BrokerAdmin]:
    """Give the broker's management interface."""
    admin = BrokerAdmin(*rabbit_api())
    yield admin
    admin.close()
