"""Tax codes at rest: sealed so that the database alone tells nothing, marked so as to be found.

The mark is a keyed hash. Its key is derived from the sealing key, so one secret is enough and both
rotate together: until every row is sealed anew, a code is searched by its mark under every key.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Final

from cryptography.fernet import Fernet, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from chassis.settings import SettingMissing, secret

VARIABLE: Final = "INTAKE_KEY"
BYTES_OF_A_KEY: Final = 32
LENGTH_OF_A_NAME: Final = 8


@dataclass(frozen=True, kw_only=True)
class Sealed:
    """A tax code as the database keeps it."""

    sealed: str
    mark: str
    key_name: str


@dataclass(frozen=True)
class _Key:
    """One key: what it is called in the rows, and the secret of its marks."""

    name: str
    secret: bytes = field(repr=False)

    def mark(self, text: str) -> str:
        return hmac.new(self.secret, text.encode(), hashlib.sha256).hexdigest()


class Seal:
    """Seals with the newest key and opens with any."""

    def __init__(self, *keys: str) -> None:
        """Take Fernet keys, the newest first.

        Raises:
            ValueError: there is none, or one is not 32 bytes in URL-safe base64.

        """
        self._fernet = MultiFernet([Fernet(key) for key in keys])
        self._keys = [_derive(key) for key in keys]

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Seal:
        """Read the keys.

        Raises:
            SettingMissing: they are absent or unreadable; the sentence does not repeat them.

        """
        try:
            keys = [key.strip() for key in secret(environment, VARIABLE).split(",") if key.strip()]
            return cls(*keys)
        except (ValueError, binascii.Error):
            raise SettingMissing(
                f"set {VARIABLE}, or the file of {VARIABLE}_FILE, to one or more Fernet keys, "
                "newest first, separated by commas"
            ) from None

    @property
    def newest(self) -> str:
        """The name of the key that seals."""
        return self._keys[0].name

    def seal(self, text: str) -> Sealed:
        """Seal and mark with the newest key."""
        newest = self._keys[0]
        return Sealed(
            sealed=self._fernet.encrypt(text.encode()).decode(),
            mark=newest.mark(text),
            key_name=newest.name,
        )

    def open(self, sealed: str) -> str:
        """Return the text.

        Raises:
            cryptography.fernet.InvalidToken: none of the keys sealed it, or it was altered.

        """
        return self._fernet.decrypt(sealed).decode()

    def marks(self, text: str) -> tuple[str, ...]:
        """Return the mark under every key."""
        return tuple(key.mark(text) for key in self._keys)


def _derive(key: str) -> _Key:
    """Derive the name and the marking secret of a key; neither tells anything of the key."""
    derived = HKDF(
        algorithm=SHA256(),
        length=BYTES_OF_A_KEY + LENGTH_OF_A_NAME // 2,
        salt=None,
        info=b"plurali.intake.tax_code.mark.v1",
    ).derive(base64.urlsafe_b64decode(key))
    return _Key(name=derived[BYTES_OF_A_KEY:].hex(), secret=derived[:BYTES_OF_A_KEY])


@cache
def process_seal() -> Seal:
    """Return the seal of this process."""
    return Seal.from_environment(os.environ)
