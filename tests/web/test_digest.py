"""The choice of a digest in the browser, at a gateway over fakes that has a way out for mails."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Thread

import pytest
from playwright.sync_api import expect
from werkzeug.serving import make_server

from gateway.identity.digest_language import DigestFrequency
from gateway.identity.notifier import Mail
from gateway.web.static import serve_static
from tests.support.axe import axe
from tests.support.browsing import Browse, Width, photograph
from tests.support.gateway import TOKEN, Gateway, new_gateway


@pytest.fixture
def served() -> Iterator[tuple[Gateway, str]]:
    """Serve a gateway over fakes, and give it with its address."""
    with ThreadPoolExecutor(max_workers=2) as side:
        gateway = new_gateway(side)
        gateway.forget()
        gateway.identity.notifier = Mail.at("smtp://127.0.0.1", sender="plurali@example.org")
        app = gateway.client.application
        serve_static(app)
        server = make_server("127.0.0.1", 0, app, threaded=True)
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield gateway, f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()
        server.server_close()


def test_somebody_chooses_a_digest(
    browse: Browse, served: tuple[Gateway, str], width: Width
) -> None:
    """It is off until then, and said to be chosen afterwards."""
    gateway, site = served
    page = browse(site=site, width=width).page
    page.context.add_cookies([{"name": "plurali", "value": TOKEN, "url": site}])
    page.goto("/account")
    digest = page.locator("#digest")
    expect(digest.locator("[value=never]")).to_be_checked()
    digest.locator("label", has=page.locator("[value=weekly]")).click()
    digest.locator("[type=submit]").click()
    expect(page.locator(".notice-success")).to_be_visible()
    expect(digest.locator("[value=weekly]")).to_be_checked()
    photograph(page, f"account-digest-{width.name.lower()}")
    assert gateway.identity.chosen.frequency is DigestFrequency.WEEKLY
    assert axe(page) == []
