"""Notes every person whom a visit's questions and answers name, so that no screen can forget it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any, TypeVar
from uuid import UUID

from chassis.call import Call
from contracts.language import Request, Resource
from gateway.access_log import persons_of
from gateway.rpc import RpcPort

A = TypeVar("A", bound=Resource)


@dataclass
class WatchedPort:
    """The port to the services during one visit.

    Every command gets a key of its own from the key of what was sent, so that a form sent twice is
    done once even where it stands for several commands.
    """

    port: RpcPort
    met: list[UUID] = field(default_factory=list)

    def ask(self, request: Request[A], call: Call, *, timeout: float) -> A:
        """Put the question, and note whom it and its answer name."""
        self.met += persons_of(request)
        if request.changes_state and call.key is not None:
            call = replace(call, key=f"{call.key}:{request.method}:{_target(request.dump())}"[:255])
        answer = self.port.ask(request, call, timeout=timeout)
        self.met += persons_of(answer)
        return answer


def _target(given: dict[str, Any]) -> str:
    """Return what tells two commands of one kind in one form apart: the ids that they name."""
    return ",".join(value for name, value in sorted(given.items()) if name.endswith("_id"))
