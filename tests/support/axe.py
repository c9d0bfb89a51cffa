"""Whether everybody can use a page, as far as a machine can tell."""

from __future__ import annotations

import json
from typing import Any, Final

from axe_playwright_python.base import AXE_SCRIPT  # type: ignore[import-untyped]  # says nothing of its types
from playwright.sync_api import Page

RULES: Final = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
"""The rules of the law (EN 301 549 is WCAG 2.1 AA), of WCAG 2.2, and good practice."""


def axe(page: Page, *, within: str | None = None) -> list[str]:
    """Return every fault of a page, or of the part that a selector names, in a line each.

    Contrast is judged as it is painted, so what still fades in would be judged half pale.
    """
    page.evaluate(
        "() => Promise.all(document.getAnimations()"
        ".filter((each) => each.effect?.getComputedTiming().iterations !== Infinity)"
        ".map((each) => each.finished.catch(() => null)))"
    )
    page.evaluate(AXE_SCRIPT)
    options = {"runOnly": {"type": "tag", "values": list(RULES)}, "resultTypes": ["violations"]}
    result: dict[str, Any] = page.evaluate(
        f"(part) => axe.run(part ? {{include: [part]}} : document, {json.dumps(options)})", within
    )
    return [
        f"{fault['id']} ({fault['impact']}): {node['target']}: {node['html'][:160]}"
        for fault in result["violations"]
        for node in fault["nodes"]
    ]
