"""The broker's management interface, as far as partners and set-up need it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, Self
from urllib.parse import quote, unquote, urlsplit

import requests

SECONDS: Final = 10


class BrokerAdmin:
    """Manages virtual hosts, users and shovels of one broker; every call may be repeated."""

    def __init__(self, url: str, user: str, password: str) -> None:
        """Keep the address, such as ``http://127.0.0.1:15672``."""
        self._url = url.rstrip("/")
        self._session = requests.Session()
        self._session.auth = (user, password)

    @classmethod
    def at(cls, address: str) -> Self:
        """Return the interface at an address that carries its user and password."""
        parts = urlsplit(address)
        host = parts.netloc.rpartition("@")[2]
        user, password = unquote(parts.username or ""), unquote(parts.password or "")
        return cls(parts._replace(netloc=host).geturl(), user, password)

    def close(self) -> None:
        """Close the connection."""
        self._session.close()

    def define(self, definitions: Mapping[str, Any]) -> None:
        """Make virtual hosts, users and rights, or bring them to what is told here."""
        self._call("POST", "definitions", body=definitions)

    def put_vhost(self, vhost: str) -> None:
        """Make a virtual host."""
        self._put("vhosts", vhost)

    def put_user(
        self, user: str, password: str, *, most_connections: int, most_channels: int
    ) -> None:
        """Make a user without any tag, or give it a new password."""
        self._put("users", user, body={"password": password, "tags": ""})
        self._put("user-limits", user, "max-connections", body={"value": most_connections})
        self._put("user-limits", user, "max-channels", body={"value": most_channels})

    def permit(self, user: str, vhost: str, *, configure: str, write: str, read: str) -> None:
        """Set what a user may do in a virtual host, as regular expressions."""
        rights = {"configure": configure, "write": write, "read": read}
        self._put("permissions", vhost, user, body=rights)

    def put_shovel(self, vhost: str, name: str, definition: Mapping[str, Any]) -> None:
        """Make or replace a shovel."""
        body = {"value": dict(definition)}
        self._put("parameters", "shovel", vhost, name, body=body)

    def delete_shovel(self, vhost: str, name: str) -> None:
        """Remove a shovel, if there is one."""
        self._call("DELETE", "parameters", "shovel", vhost, name, absent_is_fine=True)

    def delete_user(self, user: str) -> None:
        """Remove a user, if there is one; its connections end."""
        self._call("DELETE", "users", user, absent_is_fine=True)

    def delete_vhost(self, vhost: str) -> None:
        """Remove a virtual host with everything in it, if there is one."""
        self._call("DELETE", "vhosts", vhost, absent_is_fine=True)

    def close_connections(self, vhost: str) -> int:
        """Cut every connection of a virtual host, and return how many there were."""
        rows = self._call("GET", "vhosts", vhost, "connections").json()
        for row in rows:
            self._call("DELETE", "connections", row["name"], absent_is_fine=True)
        return len(rows)

    def _put(self, *path: str, body: Mapping[str, Any] | None = None) -> None:
        self._call("PUT", *path, body=body or {})

    def _call(
        self,
        verb: str,
        *path: str,
        body: Mapping[str, Any] | None = None,
        absent_is_fine: bool = False,
    ) -> requests.Response:
        address = "/".join([self._url, "api", *(quote(part, safe="") for part in path)])
        response = self._session.request(verb, address, json=body, timeout=SECONDS)
        if not (absent_is_fine and response.status_code == requests.codes.not_found):
            response.raise_for_status()
        return response
