"""One service as a process: ``python -m chassis.runtime SERVICE``.

It starts whatever is away, waits for it, and tells through ``/ready`` what is missing. On SIGTERM
it takes nothing new, finishes and acknowledges what it has, and leaves; after the grace time it
leaves anyway, which is safe by design.
"""

# ruff: noqa: E402 - the standard library must be patched before anything else is imported
from chassis import green

green.patch()

import logging
import os
import signal
import sys
import threading
from types import FrameType
from typing import Any, Final

import structlog

from chassis import health, log, metrics, revisions, topology
from chassis.consumer import Consumption
from chassis.edge import Database
from chassis.framework import ServiceContainer
from chassis.green import eventlet
from chassis.settings import SettingMissing, Settings
from chassis.tracing import TRACING

BEAT_LIMIT_SECONDS: Final = 60.0
CHECK_SECONDS: Final = 2.0

logger = structlog.get_logger()


class Process:
    """A service's container, its health pages and its way to end."""

    def __init__(self, service: type[Any], settings: Settings) -> None:
        """Prepare; nothing connects yet."""
        self.settings = settings
        self.stopping = False
        self._started = threading.Event()
        self.container = ServiceContainer(
            service, {"settings": settings, "max_workers": settings.workers}
        )

    def run(self) -> None:
        """Serve until told to end; leaves the interpreter."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._on_signal)
        self._open_health_pages()
        eventlet.spawn_n(_keep_awake)
        self.container.start()
        self._started.set()
        logger.info("service_started", pid=os.getpid(), version=self.settings.version)
        try:
            self.container.wait()
        except Exception:
            logger.exception("service_died")
            _leave(1)
        if not self.stopping:
            _leave(1)
        while True:
            eventlet.sleep(1)

    def _on_signal(self, number: int, _frame: FrameType | None) -> None:
        if not self.stopping:
            self.stopping = True
            eventlet.spawn_n(self._stop, number)

    def _stop(self, number: int) -> None:
        logger.info("service_stopping", signal=number)
        with eventlet.Timeout(self.settings.grace_seconds, False):  # noqa: FBT003 - eventlet's own signature
            # What has only half started cannot be stopped.
            self._started.wait()
            self.container.stop()
            logger.info("service_stopped")
            _leave(0)
        logger.warning("service_left_in_haste", seconds=self.settings.grace_seconds)
        _leave(0)

    def _open_health_pages(self) -> None:
        if not self.settings.health_port:
            return
        socket = eventlet.listen((self.settings.health_host, self.settings.health_port))
        eventlet.spawn_n(
            eventlet.wsgi.server,
            socket,
            health.pages(self.checks()),
            log=logging.getLogger("chassis.health"),
            log_output=False,
        )

    def checks(self) -> dict[str, health.Check]:
        """Return what must hold for the process to be ready."""
        extensions = list(self.container.extensions)
        (database,) = (each for each in extensions if isinstance(each, Database))
        return {
            "stopping": lambda: not self.stopping,
            "broker": lambda: all(each.ready for each in extensions if _consumes(each)),
            "database": lambda: _answers(database),
            "relay": lambda: database.relay.beat_age < BEAT_LIMIT_SECONDS,
        }


def _consumes(extension: Any) -> bool:
    return isinstance(extension, Consumption) and bool(extension.posts)


def _answers(database: Database[Any]) -> bool:
    """Tell whether the database answers in time."""
    with (
        eventlet.Timeout(CHECK_SECONDS, TimeoutError("the database does not answer")),
        database.units.engine.connect() as connection,
    ):
        return bool(connection.exec_driver_sql("SELECT 1").scalar_one())


def _keep_awake() -> None:
    """Let the hub look around often: a signal alone does not end its sleep."""
    while True:
        eventlet.sleep(0.2)


def _leave(code: int) -> None:
    logging.shutdown()
    os._exit(code)


def main(arguments: list[str]) -> None:
    """Run the service named by the one argument."""
    (name,) = arguments
    log.configure(os.environ.get("LOG_LEVEL", "INFO").upper())
    try:
        settings = Settings.from_environment(os.environ)
    except SettingMissing as error:
        sys.stderr.write(f"{error}\n")
        raise SystemExit(2) from None
    service = topology.load_service(name)
    log.configure(settings.log_level, service=service.name)
    metrics.prepare_process(service.name, settings.version, revisions.newest_of(name))
    TRACING.configure(service.name, settings.version)
    Process(service, settings).run()


if __name__ == "__main__":
    main(sys.argv[1:])
