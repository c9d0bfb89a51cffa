"""Secrets at rest: sealed where they must be read again, digested where they are only compared."""

from __future__ import annotations

import binascii
import hashlib
import hmac
from collections.abc import Mapping
from typing import Final, Self

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from chassis.settings import SettingMissing, secret

VARIABLE: Final = "IDENTITY_KEY"
_PURPOSE: Final = b"plurali.identity.digest.v1"
_FORMS: Final = b"plurali.web.forms.v1"
_KEY_BYTES: Final = 32


class Seal:
    """Seals with the newest key and opens with any; a leaked database is of no use without one."""

    def __init__(self, *keys: str) -> None:
        """Take Fernet keys, the newest first; ``form_keys`` are for signing what browsers keep.

        Raises:
            ValueError: there is none, or one is none.

        """
        self._fernet = MultiFernet([Fernet(key) for key in keys])
        self._digest_keys = [_derived(key, _PURPOSE) for key in keys]
        self.form_keys = tuple(_derived(key, _FORMS).hex() for key in keys)

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Self:
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

    def seal(self, text: str) -> str:
        """Return the text as it is stored."""
        return self._fernet.encrypt(text.encode()).decode()

    def open(self, sealed: str) -> str:
        """Return the text that was sealed.

        Raises:
            LookupError: it was sealed with a key that is not known any more.

        """
        try:
            return self._fernet.decrypt(sealed.encode()).decode()
        except InvalidToken:
            raise LookupError(f"sealed with a key that {VARIABLE} no longer holds") from None

    def digest(self, text: str) -> str:
        """Return what is stored of a text that is too short for a plain hash."""
        return self.digests(text)[0]

    def digests(self, text: str) -> tuple[str, ...]:
        """Return what may be stored of a text: its digest under every key, the newest first."""
        return tuple(
            hmac.new(key, text.encode(), hashlib.sha256).hexdigest() for key in self._digest_keys
        )


def _derived(key: str, purpose: bytes) -> bytes:
    """Return the secret that a key gives for one purpose."""
    return HKDF(SHA256(), _KEY_BYTES, None, purpose).derive(key.encode())
