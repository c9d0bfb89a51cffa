"""The one port to the services: questions of one API call share its caller and its deadline."""

from __future__ import annotations

import time
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from chassis.call import Call
from chassis.errors import ServiceError, ServiceTimeout, ServiceUnavailable
from contracts.language import DomainError, Request, Resource

A = TypeVar("A", bound=Resource)


class RpcPort(Protocol):
    """Whatever can put a request to the service that answers it."""

    def ask(self, request: Request[A], call: Call, *, timeout: float) -> A:
        """Return the service's answer within the seconds given."""
        ...


@dataclass(frozen=True)
class Line:
    """The questions that one API call may put, until its deadline (a monotonic instant)."""

    port: RpcPort
    call: Call
    deadline: float
    side: ThreadPoolExecutor

    def ask(self, request: Request[A]) -> A:
        """Put one question."""
        left = self.deadline - time.monotonic()
        if left <= 0:
            raise ServiceTimeout
        return self.port.ask(request, self.call, timeout=left)

    def ask_all(self, *requests: Request[Any]) -> Sequence[Any]:
        """Put questions at the same time; when several fail, the first one's failure is raised."""
        futures: list[Future[Any]] = [
            self.side.submit(copy_context().run, self.ask, request) for request in requests[1:]
        ]
        try:
            first = self.ask(requests[0])
        except BaseException:
            for future in futures:
                future.cancel()
            raise
        return [first, *(future.result() for future in futures)]

    def ask_each(self, *requests: Request[Any]) -> Sequence[Any]:
        """Put questions at the same time; in the place of an answer stands what failed instead."""
        futures = [
            self.side.submit(copy_context().run, self._outcome, request) for request in requests[1:]
        ]
        return [self._outcome(each) for each in requests[:1]] + [each.result() for each in futures]

    def _outcome(self, request: Request[Any]) -> Any:
        try:
            return self.ask(request)
        except (DomainError, ServiceError, ServiceTimeout, ServiceUnavailable) as failure:
            return failure
