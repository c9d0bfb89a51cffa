"""The documentation of the interface, as a browser shows it."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Thread

import pytest
from werkzeug.serving import make_server

from tests.support.axe import axe
from tests.support.browsing import Browse, Width
from tests.support.gateway import new_gateway


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    """Serve the gateway over fakes; its documentation needs nothing behind it."""
    with ThreadPoolExecutor(max_workers=1) as side:
        server = make_server("127.0.0.1", 0, new_gateway(side).client.application, threaded=True)
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.mark.parametrize("path", ["/docs", "/docs/people", "/docs/schemas"])
def test_everybody_can_read_the_documentation(
    browse: Browse, site: str, width: Width, path: str
) -> None:
    """On a desk and on a telephone, with nothing that the policy forbids."""
    page = browse(site=site, width=width, language="en").page
    page.goto(f"/api/v1{path}")
    assert axe(page) == []
