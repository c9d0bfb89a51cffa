"""Processor time of whole families of processes: what a chain costs on however busy a machine."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

from launcher import processes

_TICK: Final = os.sysconf("SC_CLK_TCK")
_USER_FIELD: Final = 11


def snapshot(roots: Iterable[int]) -> dict[int, float]:
    """Return, by process number, the seconds that the roots and their descendants have used."""
    among = processes.everyone()
    family = {each.pid for root in roots for each in processes.family(root, among)}
    return {pid: _used(pid) for pid in family}


def between(before: Mapping[int, float], after: Mapping[int, float]) -> float:
    """Return the seconds used from one snapshot to the other; who ended meanwhile is left out."""
    return sum(used - before.get(pid, 0.0) for pid, used in after.items())


def _used(pid: int) -> float:
    try:
        text = Path(f"/proc/{pid}/stat").read_text(errors="replace")
    except OSError:
        return 0.0
    user, system = text.rpartition(")")[2].split()[_USER_FIELD : _USER_FIELD + 2]
    return (int(user) + int(system)) / _TICK
