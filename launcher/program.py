"""What supervision needs to know of one process that must always run."""

import signal
from dataclasses import dataclass, field
from enum import IntEnum
from pathlib import Path


class Stage(IntEnum):
    """When a program starts; they end in the opposite order."""

    EPMD = 10
    DATABASE = 20
    BROKER = 30
    SERVICES = 40
    GATEWAY = 50


@dataclass(frozen=True, kw_only=True)
class Program:
    """A process kept alive by supervision."""

    name: str
    stage: Stage
    command: tuple[str, ...]
    directory: Path
    environment: dict[str, str] = field(default_factory=dict, repr=False)
    user: str | None = None
    stop_signal: signal.Signals = signal.SIGTERM
    stop_seconds: int = 30

    @property
    def is_engine(self) -> bool:
        """Tell whether this is a database or broker process rather than one of Plurali's own."""
        return self.stage < Stage.SERVICES
