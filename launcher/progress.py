"""One line per step with the seconds since the command began, and signs of life in long steps."""

import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

SILENCE = 15.0
_VARIABLE = "PLURALI_STARTED"
_BEGUN = float(os.environ.pop(_VARIABLE, time.monotonic()))


def hand_over() -> None:
    """Let the process that this one is about to become go on counting."""
    os.environ[_VARIABLE] = repr(_BEGUN)


def say(sentence: str) -> None:
    """Print a step with the seconds since the command began."""
    print(f"[{time.monotonic() - _BEGUN:6.1f} s] {sentence}", flush=True)


@contextmanager
def step(sentence: str) -> Iterator[None]:
    """Announce a step, and say every quarter of a minute that it still goes on."""
    say(sentence)
    done = threading.Event()

    def reassure() -> None:
        while not done.wait(SILENCE):
            say(f"  still at it: {sentence}")

    voice = threading.Thread(target=reassure, daemon=True)
    voice.start()
    try:
        yield
    finally:
        done.set()
        voice.join()
