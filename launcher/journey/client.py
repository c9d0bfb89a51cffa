"""The REST interface as a small client sees it: sign in, ask, learn from a problem."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any, Final, Self

import requests

from chassis.clock import new_id

_ROOT: Final = "/api/v1"
_JSON: Final = "application/json"
_TIMEOUT: Final = 15.0
_PAUSE: Final = 0.5
_PASSING: Final = frozenset({502, 503, 504})


class Problem(Exception):
    """What the gateway answered instead of doing what it was asked (RFC 9457)."""

    def __init__(self, status: int, body: Mapping[str, Any], *, media_type: str = "") -> None:
        """Keep the answer; its sentence never holds personal data."""
        super().__init__(f"{status}: {body.get('detail', 'no explanation was given')}")
        self.status = status
        self.body = dict(body)
        self.media_type = media_type

    @property
    def slug(self) -> str:
        """The stable name of the problem."""
        return str(self.body.get("type", "")).rpartition(":")[2]

    @property
    def fields(self) -> tuple[str, ...]:
        """The paths of the fields that the problem names."""
        return tuple(each["field"] for each in self.body.get("errors", ()))


class Unreachable(Exception):
    """Nobody answered in time."""


class Client:
    """One caller of one gateway; for ``patience`` seconds it repeats what a fault stopped."""

    def __init__(self, address: str, *, patience: float = 30.0) -> None:
        """Call the gateway at an address such as ``http://127.0.0.1:8080``."""
        self._address = address
        self._patience = patience
        self._session = requests.Session()
        # A proxy or a password file of the machine is not meant for this conversation.
        self._session.trust_env = False

    def __enter__(self) -> Self:
        """Use the client's connections for a while."""
        return self

    def __exit__(self, *_failure: object) -> None:
        """Give the connections back."""
        self._session.close()

    def sign_in(self, email: str, password: str, *, path: str = "/tokens") -> dict[str, Any]:
        """Take a bearer token and send it from now on."""
        answer = self.post(path, {"email": email, "password": password})
        self._session.headers["Authorization"] = f"Bearer {answer['access_token']}"
        return answer

    def get(self, path: str, **query: object) -> dict[str, Any]:
        """Show what stands at a path."""
        return self.ask("GET", path, query=query)

    def post(self, path: str, body: object = None, *, key: str | None = None) -> dict[str, Any]:
        """Ask for a change; repeated with the same key, it is done once."""
        return self.ask("POST", path, body, key=key)

    def patch(self, path: str, body: object, *, key: str | None = None) -> dict[str, Any]:
        """Ask for a part of something to change; repeated with the same key, it is done once."""
        return self.ask("PATCH", path, body, key=key)

    def put(
        self,
        path: str,
        body: object,
        *,
        key: str | None = None,
        seen: Mapping[str, Any] | None = None,
    ) -> dict[str, Any]:
        """Ask for a state in place of the one that was ``seen``, an empty one where there is none.

        Repeated with the same key, it is done once.
        """
        return self.ask("PUT", path, body, key=key, conditions=_conditions(seen))

    def every(self, path: str, **query: object) -> list[dict[str, Any]]:
        """Return the items of all pages of a list."""
        page = self.get(path, **query)
        items: list[dict[str, Any]] = page["items"]
        while page.get("next_cursor"):
            page = self.get(path, **query, cursor=page["next_cursor"])
            items += page["items"]
        return items

    def ask(  # noqa: PLR0913 - what a request is made of, each part by its name
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        query: Mapping[str, object] | None = None,
        key: str | None = None,
        conditions: Mapping[str, str] | None = None,
    ) -> dict[str, Any]:
        """Do any request; bytes are sent as they are, as JSON unless a condition says otherwise."""
        headers = {} if method == "GET" else {"Idempotency-Key": key or str(new_id())}
        headers.update(conditions or {})
        raw = isinstance(body, bytes)
        deadline = time.monotonic() + self._patience
        while True:
            try:
                answer = self._session.request(
                    method,
                    f"{self._address}{_ROOT}{path}",
                    params={name: str(value) for name, value in (query or {}).items()},
                    json=None if raw else body,
                    data=body if isinstance(body, bytes) else None,
                    headers={**({"Content-Type": _JSON} if raw else {}), **headers},
                    timeout=_TIMEOUT,
                )
            except requests.RequestException as error:
                if time.monotonic() > deadline:
                    raise Unreachable(f"{self._address} does not answer.") from error
            else:
                if answer.status_code not in _PASSING or time.monotonic() > deadline:
                    return _content(answer)
            # The same key goes with every repetition, so nothing is done twice.
            time.sleep(_PAUSE)


def _conditions(seen: Mapping[str, Any] | None) -> dict[str, str]:
    """Return the headers by which nothing happens unless it stands as it was seen."""
    if seen is None:
        return {}
    return {"If-Match": f'"{seen["version"]}"'} if seen else {"If-None-Match": "*"}


def _content(answer: requests.Response) -> dict[str, Any]:
    try:
        content = answer.json() if answer.content else {}
    except ValueError:
        content = {"detail": "the answer is not JSON"}
    if not answer.ok:
        media_type = answer.headers.get("Content-Type", "").partition(";")[0]
        raise Problem(answer.status_code, content, media_type=media_type)
    shown: dict[str, Any] = content
    return shown
