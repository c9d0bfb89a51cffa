"""A small OpenID provider, to be run as a process: one client, whoever comes is let in at once.

What it signs can be bent from outside (``POST /bending``), so that a test sees what is refused.
It prints its address when it listens.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar, Final
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT_ID: Final = "plurali"
CLIENT_SECRET: Final = "secret-of-the-tests"  # noqa: S105 - opens nothing but these tests
_KEY_BITS: Final = 2048


@dataclass
class Provider:
    """What the provider knows: its key, the codes that wait, and how it is bent."""

    key: RSAKey = field(default_factory=lambda: _new_key("first"))
    published: RSAKey | None = None
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    claims: dict[str, Any] = field(default_factory=dict)
    issuer: str = ""
    moved: frozenset[str] = frozenset()
    followed: bool = False

    def bend(self, how: Mapping[str, Any]) -> None:
        """Sign these claims instead, perhaps with another key, or lead elsewhere from a path."""
        self.moved, self.followed = frozenset(how.get("moved", ())), False
        self.claims = dict(how.get("claims", {}))
        if how.get("key") == "new":
            self.key = _new_key("second")
        self.published = _new_key("unrelated") if how.get("key") == "strange" else None

    def metadata(self) -> dict[str, Any]:
        """Return the discovery document."""
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/jwks",
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "code_challenge_methods_supported": ["S256"],
        }

    def authorize(self, query: Mapping[str, str]) -> str:
        """Let whoever comes in and return where they go back to."""
        if query["code_challenge_method"] != "S256" or query["client_id"] != CLIENT_ID:
            raise ValueError("invalid_request")
        code = secrets.token_urlsafe(16)
        self.codes[code] = dict(query)
        answer = {"code": code, "state": query["state"], "iss": self.issuer}
        return f"{query['redirect_uri']}?{urlencode(answer)}"

    def redeem(self, form: Mapping[str, str], authorization: str) -> dict[str, Any]:
        """Return the tokens that a code buys, once, for who holds verifier and secret."""
        asked = self.codes.pop(form["code"], None)
        given = base64.b64decode(authorization.removeprefix("Basic ")).decode()
        digest = hashlib.sha256(form["code_verifier"].encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        if (
            asked is None
            or given != f"{CLIENT_ID}:{CLIENT_SECRET}"
            or asked["code_challenge"] != challenge
            or asked["redirect_uri"] != form["redirect_uri"]
        ):
            raise ValueError("invalid_grant")
        now = int(time.time())
        claims = {
            "iss": self.issuer,
            "sub": "subject-1",
            "aud": CLIENT_ID,
            "iat": now,
            "exp": now + 300,
            "nonce": asked["nonce"],
            **self.claims,
        }
        signed = jwt.encode({"alg": "RS256", "kid": self.key.kid}, claims, self.key)
        return {"access_token": "none", "token_type": "Bearer", "id_token": signed}

    def keys(self) -> dict[str, Any]:
        """Return the public keys."""
        return {"keys": [(self.published or self.key).as_dict(private=False)]}


def _new_key(name: str) -> RSAKey:
    return RSAKey.generate_key(_KEY_BITS, {"kid": name, "use": "sig"})


class _Handler(BaseHTTPRequestHandler):
    """Answers one request."""

    provider: ClassVar[Provider] = Provider()

    def do_GET(self) -> None:
        """Discovery, keys and the page where people sign in."""
        parts = urlsplit(self.path)
        pages: dict[str, Callable[[], dict[str, Any]]] = {
            "/.well-known/openid-configuration": self.provider.metadata,
            "/jwks": self.provider.keys,
            "/followed": lambda: {"followed": self.provider.followed},
        }
        if self._leads_elsewhere(parts.path):
            return
        if parts.path in pages:
            self._answer(200, pages[parts.path]())
            return
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        try:
            self._answer(303, {}, location=self.provider.authorize(query))
        except (KeyError, ValueError):
            self._answer(400, {"error": "invalid_request"})

    def do_POST(self) -> None:
        """Redeem a code, or bend the provider."""
        raw = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        if self.path == "/bending":
            self.provider.bend(json.loads(raw))
            self._answer(200, {})
            return
        if self._leads_elsewhere(self.path):
            return
        form = {name: values[0] for name, values in parse_qs(raw).items()}
        try:
            self._answer(200, self.provider.redeem(form, self.headers.get("Authorization", "")))
        except (KeyError, ValueError):
            self._answer(400, {"error": "invalid_grant"})

    def _leads_elsewhere(self, path: str) -> bool:
        """Send whoever asks a path that has moved to another one, and remember who went."""
        self.provider.followed = self.provider.followed or path == "/elsewhere"
        if path in self.provider.moved:
            self._answer(307, {}, location=f"{self.provider.issuer}/elsewhere")
        return path in self.provider.moved

    def log_message(self, *_arguments: Any) -> None:
        """Say nothing."""

    def _answer(self, status: int, body: Mapping[str, Any], *, location: str = "") -> None:
        text = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        if location:
            self.send_header("Location", location)
        self.end_headers()
        self.wfile.write(text)


def main() -> None:
    """Listen on a free port of this machine until the process is ended."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    issuer = _Handler.provider.issuer = f"http://127.0.0.1:{server.server_port}"
    sys.stdout.write(f"{issuer}\n")
    sys.stdout.flush()
    server.serve_forever()


if __name__ == "__main__":
    main()
