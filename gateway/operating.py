"""How the services stand and what they gave up, for both faces of the gateway."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import replace
from typing import Any, Final, TypeVar
from uuid import UUID

from chassis.errors import ServiceError
from chassis.roster import SERVICES
from contracts.language import NotFound, Request, Resource
from contracts.operations import (
    ComponentList,
    DeadLetterOverview,
    DropDeadLetters,
    GetStanding,
    ListDeadLetters,
    ReplayDeadLetters,
    SettledLetters,
    UnreachedComponent,
    owner_of,
)
from gateway.desk import Turn

_PATIENCE_SECONDS: Final = 2.0
"""A service that is down never answers; who looks for it should not wait a whole deadline."""

_NO_ACCOUNT: Final = UUID(int=0)
_ACTIONS: Final[dict[type[Request[Any]], str]] = {
    ReplayDeadLetters: "dead-letters-replayed",
    DropDeadLetters: "dead-letters-dropped",
}

A = TypeVar("A", bound=Resource)


def components(turn: Turn) -> ComponentList:
    """Return how every service stands, and who did not answer."""
    items, unreached = _ask_each(turn, [GetStanding(component=name) for name in SERVICES])
    return ComponentList(items=tuple(items), unreached=unreached)


def dead_letters(turn: Turn, component: str | None, limit: int) -> DeadLetterOverview:
    """Return the first dead letters of each queue, of one service or of all.

    Raises:
        NotFound: there is no such service.

    """
    names = SERVICES if component is None else (_known(component, "component"),)
    lists, unreached = _ask_each(
        turn, [ListDeadLetters(component=name, limit=limit) for name in names]
    )
    return DeadLetterOverview(
        items=tuple(letter for each in lists for letter in each.items),
        total=sum(each.total for each in lists),
        unreached=unreached,
    )


def settle(turn: Turn, command: ReplayDeadLetters | DropDeadLetters) -> SettledLetters:
    """Have letters settled, and write into the administration log who did it.

    Raises:
        NotFound: the queue is of no service.

    """
    _known(owner_of(command.queue), "queue")
    settled = turn.line.ask(command)
    turn.identity.note(
        turn.principal.user_id,
        _ACTIONS[type(command)],
        _as_target(command.message_id),
        queue=settled.queue,
        settled=settled.settled,
        **({} if command.message_id is None else {"message_id": command.message_id}),
    )
    return settled


def _as_target(message_id: str | None) -> UUID:
    """Return the target of an entry in the log: the message where its id is such, or nobody."""
    try:
        return UUID(message_id or "")
    except ValueError:
        return _NO_ACCOUNT


def _known(component: str, field: str) -> str:
    """Return the name of a service that there is.

    Raises:
        NotFound: there is none; asking it would end in waiting.

    """
    if component not in SERVICES:
        sentence = f"There is no such service; there are {', '.join(SERVICES)}."
        raise NotFound(sentence, fields={field: [sentence]})
    return component


def _ask_each(
    turn: Turn, questions: Iterable[Request[A]]
) -> tuple[list[A], tuple[UnreachedComponent, ...]]:
    """Return what the services answered, and who did not."""
    deadline = min(turn.line.deadline, time.monotonic() + _PATIENCE_SECONDS)
    asked = list(questions)
    answers = replace(turn.line, deadline=deadline).ask_each(*asked)
    unreached = tuple(
        UnreachedComponent(component=question.addressee, reason=answer.slug)
        for question, answer in zip(asked, answers, strict=True)
        if isinstance(answer, ServiceError)
    )
    return [each for each in answers if not isinstance(each, ServiceError)], unreached
