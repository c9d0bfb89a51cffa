"""Pages: the next one is named in the body, and as a link where it can be fetched with GET."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlencode

from flask import Request as HttpRequest

from gateway.api.operation import Operation


def link_headers(
    operation: Operation, request: HttpRequest, shown: Mapping[str, Any]
) -> dict[str, str]:
    """Return the header that links to the next page, if there is one."""
    cursor = shown.get("next_cursor")
    if cursor is None or operation.method != "GET":
        return {}
    query = urlencode({**request.args.to_dict(), "cursor": cursor})
    return {"Link": f'<{quote(request.path)}?{query}>; rel="next"'}
