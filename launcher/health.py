"""Asks a process of Plurali whether it is ready."""

import http.client
from urllib.parse import urlsplit

_TIMEOUT = 5
_FINE = 200


def is_ready(url: str) -> bool:
    """Tell whether a process says of itself that it can work."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.netloc, timeout=_TIMEOUT)
    try:
        connection.request("GET", parts.path)
        return connection.getresponse().status == _FINE
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
