"""What everybody may read, in the browser: help, privacy, accessibility."""

from __future__ import annotations

import pytest

from tests.support.axe import axe
from tests.support.browsing import Browse, Width, photograph


@pytest.mark.parametrize("path", ["/help", "/privacy", "/accessibility"])
def test_everybody_can_read_what_everybody_may(
    browse: Browse, width: Width, language: str, path: str
) -> None:
    """Without an account, on both widths, in both languages, and nothing runs out of the page."""
    page = browse(None, width=width, language=language).page
    page.goto(path)
    photograph(page, f"{path.strip('/')}-{language}-{width.name.lower()}")
    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width.value[0]
    assert page.locator("html").get_attribute("lang") == language
