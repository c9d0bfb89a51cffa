"""The door of time: a unit of work from time to time, on one process at a time."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import structlog

from chassis.call import Call
from chassis.edge.doors import Door, Doors, V
from chassis.framework import Timer, register_entrypoint
from chassis.unit import S, Unit, Units

log = structlog.get_logger()


class TimerDoor(Door, Timer):  # type: ignore[misc]  # nameko is untyped
    """Runs a unit of work from time to time, on one process at a time."""

    kind = "tick"

    def __init__(self, function: Callable[..., Any], seconds: float) -> None:
        """Keep the handler and the interval; nameko also calls this for every container."""
        super().__init__(seconds)
        self.function = function

    def enter(self, doors: Doors, name: str) -> None:
        """Enter this door among those of its class."""
        doors.every[name] = self.interval

    def handle_timer_tick(self) -> None:
        """Do what nameko's timer asks for at each tick."""
        self.spawn(self.tick, ended=self.worker_complete.send)

    def tick(self, service: Any, units: Units[Any]) -> None:
        """Run the handler unless another process is at it."""
        outcome = ["error"]
        call = Call()
        with self.watched(outcome, correlation_id=call.correlation_id):
            try:
                ran = units.run(call, partial(self._alone, service))
                outcome.append("ok" if ran else "elsewhere")
            except Exception:
                log.exception("tick_failed")  # the next tick tries again

    def _alone(self, service: Any, unit: Unit[Any]) -> bool:
        """Run the handler if the lock of this timer is free; the transaction's end frees it."""
        free = unit.store.connection.exec_driver_sql(
            "SELECT pg_try_advisory_xact_lock(hashtext(%(door)s))", {"door": self.door}
        ).scalar_one()
        if free:
            self.function(service, unit)
        return bool(free)


def every(
    *, seconds: float
) -> Callable[[Callable[[V, Unit[S]], None]], Callable[[V, Unit[S]], None]]:
    """Make the method run every so many seconds, as one unit of work."""

    def register(function: Callable[[V, Unit[S]], None]) -> Callable[[V, Unit[S]], None]:
        register_entrypoint(function, TimerDoor(function, seconds))
        return function

    return register
