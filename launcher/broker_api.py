"""RabbitMQ's management interface: the few calls that set-up, status and the commands need."""

import base64
import http.client
import json
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from launcher.failures import EngineFailure

_TIMEOUT = 15
_NOT_FOUND = 404
_REFUSED = 400


@dataclass(frozen=True)
class BrokerApi:
    """The management interface of one broker, for one user."""

    url: str
    user: str
    password: str = field(repr=False)

    @classmethod
    def at(cls, address: str) -> "BrokerApi":
        """Return the interface of an address that carries its user and password."""
        parts = urlsplit(address)
        host = parts.netloc.rpartition("@")[2]
        user, password = unquote(parts.username or "guest"), unquote(parts.password or "guest")
        return cls(f"{parts.scheme}://{host}{parts.path.rstrip('/')}", user, password)

    @property
    def address(self) -> str:
        """Return the address with user and password, as `at` reads it."""
        parts = urlsplit(self.url)
        account = f"{quote(self.user, safe='')}:{quote(self.password, safe='')}"
        return f"{parts.scheme}://{account}@{parts.netloc}{parts.path}"

    def get(self, *path: str, query: str = "") -> Any:
        """Return what stands at a path, or nothing when nothing does."""
        return self._call("GET", path, query)

    def put(self, *path: str, body: Any = None) -> None:
        """Make or replace what stands at a path."""
        self._call("PUT", path, body={} if body is None else body)

    def post(self, *path: str, body: Any = None) -> Any:
        """Send something to a path and return the answer."""
        return self._call("POST", path, body={} if body is None else body)

    def delete(self, *path: str) -> None:
        """Remove what stands at a path, if anything does."""
        self._call("DELETE", path)

    def is_ready(self) -> bool:
        """Tell whether the broker answers this user."""
        try:
            return self.get("overview", query="columns=node") is not None
        except (OSError, http.client.HTTPException, EngineFailure):
            return False

    def dead_letters(self, vhost: str) -> int:
        """Count the messages that wait in queues of dead letters."""
        queues = self.get("queues", vhost, query="columns=name,messages") or ()
        return sum(row.get("messages", 0) for row in queues if row["name"].endswith(".dead"))

    def _call(self, method: str, path: tuple[str, ...], query: str = "", body: Any = None) -> Any:
        parts = urlsplit(self.url)
        kinds = {"http": http.client.HTTPConnection, "https": http.client.HTTPSConnection}
        connection = kinds[parts.scheme](parts.netloc, timeout=_TIMEOUT)
        token = base64.b64encode(f"{self.user}:{self.password}".encode()).decode()
        headers = {"Authorization": f"Basic {token}", "Content-Type": "application/json"}
        target = "/".join(("", "api", *(quote(part, safe="") for part in path)))
        text = None if body is None else json.dumps(body)
        try:
            connection.request(method, f"{parts.path}{target}?{query}", text, headers)
            answer = connection.getresponse()
            content = answer.read()
        finally:
            connection.close()
        if answer.status == _NOT_FOUND:
            return None
        if answer.status >= _REFUSED:
            raise EngineFailure(f"The broker refused {method} {target}: {answer.status}.")
        return json.loads(content) if content else {}
