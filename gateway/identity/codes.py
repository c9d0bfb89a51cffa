"""Codes of the second step: those that an authenticator counts, and those kept on paper."""

from __future__ import annotations

import hmac
import io
import secrets
from datetime import datetime
from typing import Final

import pyotp
import segno

RECOVERY_CODES: Final = 10
_ISSUER: Final = "Plurali"
_STEP_SECONDS: Final = 30
_TOLERANCE: Final = 1
_ALPHABET: Final = "abcdefghjkmnpqrstuvwxyz23456789"
_HALF: Final = 5


def make_secret() -> str:
    """Return a new secret for an authenticator."""
    return pyotp.random_base32()


def address_of(secret: str, *, account: str) -> str:
    """Return the otpauth address that an authenticator takes."""
    return pyotp.TOTP(secret).provisioning_uri(name=account, issuer_name=_ISSUER)


def drawing_of(address: str) -> str:
    """Return the address as a QR code in SVG, without script or style."""
    drawn = io.BytesIO()
    segno.make(address, error="m", micro=False).save(
        drawn, kind="svg", scale=4, xmldecl=False, nl=False, svgclass=None, lineclass=None
    )
    return drawn.getvalue().decode()


def counter_of(secret: str, code: str, now: datetime, *, after: int | None) -> int | None:
    """Return the counter whose code this is; one that was used already, or an older one, is not.

    All codes of the window are compared, so that the time tells nothing.
    """
    present = int(now.timestamp()) // _STEP_SECONDS
    counters = range(present - _TOLERANCE, present + _TOLERANCE + 1)
    otp = pyotp.TOTP(secret)
    given = "".join(code.split()).encode()
    fitting = [
        counter
        for counter in counters
        if hmac.compare_digest(otp.generate_otp(counter).encode(), given)
    ]
    fresh = [counter for counter in fitting if after is None or counter > after]
    return max(fresh, default=None)


def make_recovery_codes() -> tuple[str, ...]:
    """Return new codes to be kept on paper, in signs that nobody confuses."""
    return tuple(f"{_signs()}-{_signs()}" for _ in range(RECOVERY_CODES))


def bare_recovery_code(code: str) -> str:
    """Return a recovery code in its one spelling."""
    return "".join(sign for sign in code.lower() if sign.isalnum())


def _signs() -> str:
    return "".join(secrets.choice(_ALPHABET) for _ in range(_HALF))
