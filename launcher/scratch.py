"""A whole stack for one run of tests: under a temporary home, on free ports, gone afterwards."""

import os
import random
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from launcher import ports, storage
from launcher.failures import PortFailure
from launcher.settings import BLOCK, Settings
from launcher.stack import Stack

_FIRST, _LAST = 20000, 30000
_GATEWAY_OFFSET = 30
_HOME, _PORT_BASE = "TEST_STACK_HOME", "TEST_STACK_PORT_BASE"


@contextmanager
def scratch_stack(
    *,
    database_url: str | None = None,
    amqp_uri: str | None = None,
    rabbit_api: str | None = None,
) -> Iterator[Stack]:
    """Yield a stack that nobody else uses, not started yet; destroy it afterwards."""
    home = Path(tempfile.mkdtemp(prefix="plurali-test-")).resolve()
    storage.make_directory(home, storage.PASSABLE_DIRECTORY)
    settings = _settings(home, _free_block())
    stack = Stack(
        replace(settings, database_url=database_url, amqp_uri=amqp_uri, rabbit_api=rabbit_api)
    )
    try:
        yield stack
    finally:
        stack.supervisor.abandon()
        shutil.rmtree(home)


def moved(stack: Stack) -> Stack:
    """Return the same home on other ports, as a mistaken variable would have it."""
    return Stack(replace(stack.settings, port_base=stack.settings.port_base + BLOCK))


def variables(stack: Stack) -> dict[str, str]:
    """Return what lets another process find a scratch stack."""
    return {_HOME: str(stack.home), _PORT_BASE: str(stack.settings.port_base)}


def attached(environment: Mapping[str, str] = os.environ) -> Stack | None:
    """Return the scratch stack that the environment names, if it names one."""
    if _HOME not in environment:
        return None
    return Stack(_settings(Path(environment[_HOME]), int(environment[_PORT_BASE])))


def _settings(home: Path, port_base: int) -> Settings:
    # Engines that were unpacked for the stack of this checkout serve its tests too.
    engines = Settings.from_environment().engines
    return Settings(home, engines, port_base=port_base, gateway_port=port_base + _GATEWAY_OFFSET)


def _free_block() -> int:
    blocks = list(range(_FIRST, _LAST, BLOCK))
    # Two runs at once should not look at the blocks in the same order.
    random.shuffle(blocks)
    for block in blocks:
        if all(map(ports.free, _settings(Path(), block).all_ports)):
            return block
    raise PortFailure(f"There is no block of {BLOCK} free ports from {_FIRST} to {_LAST}.")
