"""Hashing of passwords with argon2id, a few at a time."""

from __future__ import annotations

import threading
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

_AT_ONCE: Final = threading.BoundedSemaphore(2)
"""Each hashing takes 64 MiB; a storm of sign-ins must not take the machine's memory."""

_HASHER: Final = PasswordHasher(time_cost=3, memory_cost=64 * 1024, parallelism=4)

DECOY: Final = (
    "$argon2id$v=19$m=65536,t=3,p=4"
    "$cGx1cmFsaS1kZWNveS0wMQ$3fOSWJ4QMMXHBTFPzTIuC0Vp7aLX0+Zj3tJ7JLVXEOA"
)
"""A hash that no password fits, checked for unknown accounts so that they take the same time."""


def hash_password(password: str) -> str:
    """Return the hash to store."""
    with _AT_ONCE:
        return _HASHER.hash(password)


def fits(stored: str | None, password: str) -> bool:
    """Tell whether the password fits the stored hash; without one it takes as long to say no."""
    with _AT_ONCE:
        try:
            return _HASHER.verify(stored or DECOY, password) and stored is not None
        except (VerificationError, InvalidHashError):
            return False


def is_outdated(stored: str) -> bool:
    """Tell whether the hash was made with other costs than today's."""
    return _HASHER.check_needs_rehash(stored)
