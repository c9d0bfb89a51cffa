"""Circuit breakers: a service that keeps failing is left alone for a while, and asked again."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic
from typing import Final, TypeVar

import structlog

from chassis import metrics
from chassis.call import Call
from chassis.clients import NoPlace
from chassis.errors import ServiceError, ServiceTimeout, ServiceUnavailable
from chassis.roster import SERVICES
from contracts.language import Category, Request, Resource
from gateway.rpc import RpcPort

FAILURES: Final = 5
"""How many questions in a row must fail until a service is left alone."""

PAUSE_SECONDS: Final = 5.0
"""How long it is left alone before one question may try it."""

FAIR_SECONDS: Final = 1.0
"""A question that had less time than this says nothing about the service when it comes late."""

A = TypeVar("A", bound=Resource)

_log: Final = structlog.get_logger("gateway.circuits")


class CircuitOpen(ServiceUnavailable):
    """The service failed too often lately and was not asked; ``retry_after`` is in seconds."""

    def __init__(self, retry_after: float) -> None:
        """Keep how long it is left alone."""
        super().__init__("The service is being left alone after repeated failures.")
        self.retry_after = retry_after


class Circuit:
    """What is known of one service, from whichever thread asks it.

    Closed, every question passes. Open, none does until the pause is over; then one at a time
    tries, and its outcome closes the circuit or opens it for another pause.
    """

    def __init__(self, service: str, clock: Callable[[], float]) -> None:
        """Begin closed."""
        self._service = service
        self._clock = clock
        self._lock = threading.Lock()
        self._failures = 0
        self._opened_at: float | None = None
        self._trying = False
        metrics.RPC_CIRCUIT_OPEN.labels(service).set(0)
        metrics.RPC_CIRCUIT_REFUSALS.labels(service)

    @contextmanager
    def question(self, seconds: float) -> Iterator[None]:
        """Let a question with so much time pass, and learn from how it ends.

        Raises:
            CircuitOpen: it may not pass now.

        """
        tries = self._pass()
        try:
            yield
        except ServiceError as error:
            self._answered(tries=tries, fine=_speaks(error), counts=_counts(error, seconds))
            raise
        except BaseException:
            self._answered(tries=tries, fine=False, counts=False)
            raise
        self._answered(tries=tries, fine=True, counts=False)

    def _pass(self) -> bool:
        """Tell whether the question is the one that tries an open circuit."""
        with self._lock:
            if self._opened_at is None:
                return False
            left = self._opened_at + PAUSE_SECONDS - self._clock()
            if left > 0 or self._trying:
                metrics.RPC_CIRCUIT_REFUSALS.labels(self._service).inc()
                raise CircuitOpen(max(left, 1.0))
            self._trying = True
            return True

    def _answered(self, *, tries: bool, fine: bool, counts: bool) -> None:
        """Close or open by the outcome of a question."""
        with self._lock:
            if tries:
                self._trying = False
            if fine:
                self._close()
            elif counts:
                self._failures += 1
                # One that began before the circuit opened must not make the pause longer.
                if tries or (self._opened_at is None and self._failures >= FAILURES):
                    self._open()

    def _open(self) -> None:
        self._opened_at = self._clock()
        metrics.RPC_CIRCUIT_OPEN.labels(self._service).set(1)
        _log.warning("circuit_opened", service=self._service, failures=self._failures)

    def _close(self) -> None:
        self._failures = 0
        if self._opened_at is not None:
            self._opened_at = None
            metrics.RPC_CIRCUIT_OPEN.labels(self._service).set(0)
            _log.info("circuit_closed", service=self._service)


class GuardedPort:
    """A port to the services with a circuit breaker for each."""

    def __init__(self, port: RpcPort, *, clock: Callable[[], float] = monotonic) -> None:
        """Keep the port that it guards."""
        self._port = port
        self._circuits = {service: Circuit(service, clock) for service in SERVICES}

    def ask(self, request: Request[A], call: Call, *, timeout: float) -> A:
        """Return the service's answer within the seconds given.

        Raises:
            CircuitOpen: the service is being left alone.
            ServiceError: the question failed or was refused.

        """
        with self._circuits[request.addressee].question(timeout):
            return self._port.ask(request, call, timeout=timeout)


def _speaks(error: ServiceError) -> bool:
    """Tell whether the service itself answered: a refusal, or a fault of its own, is an answer."""
    return error.category != Category.UNAVAILABLE


def _counts(error: ServiceError, seconds: float) -> bool:
    """Tell whether the failure is the service's, and not one of the gateway or of the deadline."""
    hurried = isinstance(error, ServiceTimeout) and seconds < FAIR_SECONDS
    return not _speaks(error) and not hurried and not isinstance(error, NoPlace)
