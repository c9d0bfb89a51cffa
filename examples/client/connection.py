"""The way to a gateway: a program's token, keys for changes, patience, and problems as errors."""

from __future__ import annotations

import time
import uuid
from collections.abc import Mapping
from typing import Any, Final, Self
from urllib.parse import quote

import requests

_TIMEOUT: Final = 30.0
_UNAUTHORIZED: Final = 401
_COME_BACK: Final = frozenset({429, 503, 504})


class Problem(Exception):
    """What the gateway answered instead of doing what it was asked (RFC 9457)."""

    def __init__(self, status: int, body: Mapping[str, Any]) -> None:
        """Keep the answer; ``type`` is its stable name, ``errors`` are the wrong fields."""
        super().__init__(f"{status}: {body.get('detail', 'no explanation was given')}")
        self.status = status
        self.type = str(body.get("type", ""))
        self.errors: list[dict[str, str]] = list(body.get("errors", ()))
        self.correlation_id = str(body.get("correlation_id", ""))


class Connection:
    """One program at one gateway; it signs in when it must and comes back when it is told to."""

    def __init__(
        self, address: str, client_id: str, client_secret: str, *, patience: float = 60.0
    ) -> None:
        """Keep the credentials; for ``patience`` seconds a request is repeated."""
        self._root = f"{address.rstrip('/')}/api/v1"
        self._credentials = {
            "grant_type": "client_credentials",
            "client_id": client_id,
            "client_secret": client_secret,
        }
        self._patience = patience
        self._session = requests.Session()

    def __enter__(self) -> Self:
        """Use the connection for a while."""
        return self

    def __exit__(self, *_failure: object) -> None:
        """Close it."""
        self._session.close()

    def sign_in(self) -> None:
        """Take a token and send it from now on."""
        answer = self._session.post(
            f"{self._root}/tokens", json=self._credentials, timeout=_TIMEOUT
        )
        if not answer.ok:
            raise _problem(answer)
        self._session.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"

    def ask(  # noqa: PLR0913 - what a request is made of, each part by its name
        self,
        method: str,
        path: str,
        *,
        places: Mapping[str, str] | None = None,
        query: Mapping[str, object] | None = None,
        body: Mapping[str, Any] | None = None,
        file: tuple[str, bytes] | None = None,
        headers: Mapping[str, str | None] | None = None,
    ) -> Any:
        """Do one request and return what is shown; a change is done once, however often it is sent.

        A ``file`` is its media type and its content, and stands for a body.

        Raises:
            Problem: the gateway refused, or could not answer for as long as there was patience.

        """
        named = {name: quote(value, safe="") for name, value in (places or {}).items()}
        sent = _headers(method, headers or {}, file)
        deadline = time.monotonic() + self._patience
        signed_in = "Authorization" in self._session.headers
        if not signed_in:
            self.sign_in()
        while True:
            answer = self._session.request(
                method,
                self._root + path.format(**named),
                params={k: _text(v) for k, v in (query or {}).items() if v is not None},
                json=body,
                data=file[1] if file is not None else None,
                headers=sent,
                timeout=_TIMEOUT,
            )
            if answer.ok:
                return _content(answer)
            pause = float(answer.headers.get("Retry-After", 1))
            if answer.status_code == _UNAUTHORIZED and signed_in:
                signed_in = False
                self.sign_in()
            elif answer.status_code in _COME_BACK and time.monotonic() + pause < deadline:
                time.sleep(pause)
            else:
                raise _problem(answer)


def _headers(
    method: str, given: Mapping[str, str | None], file: tuple[str, bytes] | None
) -> dict[str, str]:
    sent = {name: value for name, value in given.items() if value is not None}
    if method != "GET":
        sent.setdefault("Idempotency-Key", str(uuid.uuid4()))  # noqa: TID251 - nothing of Plurali's own is at hand here
    if method == "PATCH":
        sent["Content-Type"] = "application/merge-patch+json"
    if file is not None:
        sent["Content-Type"] = file[0]
    return sent


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _content(answer: requests.Response) -> Any:
    if answer.headers.get("Content-Type", "").startswith("application/json"):
        return answer.json()
    if answer.headers.get("Content-Type", "").startswith("text/"):
        return answer.text
    return answer.content


def _problem(answer: requests.Response) -> Problem:
    try:
        return Problem(answer.status_code, answer.json())
    except ValueError:
        return Problem(answer.status_code, {})
