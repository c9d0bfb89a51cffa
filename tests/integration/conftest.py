"""Every integration test has the engines, whether or not it asks for them by name."""

from __future__ import annotations

import pytest


@pytest.fixture(scope="session", autouse=True)
def with_engines(engines: None) -> None:
    """Have the engines named in the environment before anything else is set up."""
