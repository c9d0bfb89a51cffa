"""A rotation that is killed while it speaks to an engine: ``python -m`` this, SECRET, before|after.

The scratch stack is found as tests find it, by what `launcher.scratch` tells in the environment.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from typing import Final, Literal

from launcher import broker_users, provisioning, rotation, scratch
from launcher.settings import ROOT
from launcher.stack import Stack

When = Literal["before", "after"]
WHENS: Final[tuple[When, ...]] = ("before", "after")


def kill_a_rotation(stack: Stack, secret: str, when: When) -> None:
    """Rotate a secret in a process that ends before, or after, an engine takes it."""
    ended = subprocess.run(  # noqa: S603 - this module runs itself
        [sys.executable, "-m", __name__, secret, when],
        cwd=ROOT,
        env={**os.environ, **scratch.variables(stack)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == -signal.SIGKILL, ended.stderr


def _fatal(door: Callable[..., None], when: str) -> Callable[..., None]:
    def call(*arguments: object) -> None:
        if when == "after":
            door(*arguments)
        os.kill(os.getpid(), signal.SIGKILL)

    return call


def main(secret: str, when: str) -> None:
    """Put a trap at the doors of both engines, and rotate."""
    for engine in (provisioning, broker_users):
        setattr(engine, "set_password", _fatal(engine.set_password, when))  # noqa: B010 - a trap
    stack = scratch.attached()
    if stack is None:
        raise LookupError("the environment names no scratch stack")
    rotation.rotate(stack, [secret])


if __name__ == "__main__":
    main(*sys.argv[1:])
