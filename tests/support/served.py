"""A gateway over fakes that a browser can reach, and a browser that is signed in there."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Thread
from typing import NamedTuple

from playwright.sync_api import Page
from werkzeug.serving import make_server

from gateway.web.static import serve_static
from tests.support.gateway import TOKEN, Gateway, new_gateway


class Served(NamedTuple):
    """A gateway over fakes and the address where a browser finds it."""

    gateway: Gateway
    site: str


@contextmanager
def serve_over_fakes() -> Iterator[Served]:
    """Serve such a gateway on a free port."""
    with ThreadPoolExecutor(max_workers=2) as side:
        gateway = new_gateway(side)
        gateway.forget()
        app = gateway.client.application
        serve_static(app)
        server = make_server("127.0.0.1", 0, app, threaded=True)
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield Served(gateway, f"http://127.0.0.1:{server.server_port}")
        finally:
            server.shutdown()
            thread.join()
            server.server_close()


def let_in(page: Page, site: str) -> Page:
    """Give a page the cookie of the case worker."""
    page.context.add_cookies([{"name": "plurali", "value": TOKEN, "url": site}])
    return page
