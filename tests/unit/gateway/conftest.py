"""The gateway over fakes: no database, no broker, no socket."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.support.gateway import Gateway, new_gateway


@pytest.fixture(scope="session")
def assembled() -> Iterator[Gateway]:
    """Share one application: putting it together takes longer than asking it."""
    with ThreadPoolExecutor(max_workers=4) as side:
        yield new_gateway(side)


@pytest.fixture
def gateway(assembled: Gateway) -> Gateway:
    """Return a gateway whose caller is a case worker and whose services know nothing yet."""
    assembled.forget()
    return assembled
