"""Operations of whoever keeps the system running: how services stand, and what they gave up."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import replace
from typing import Annotated, Any, Final, TypeVar
from uuid import UUID

from chassis.errors import ServiceError
from chassis.roster import SERVICES
from contracts.language import NotFound, Number, Request, Resource
from contracts.operations import (
    Component,
    ComponentList,
    DeadLetterOverview,
    DropDeadLetters,
    GetStanding,
    ListDeadLetters,
    MessageId,
    QueueName,
    ReplayDeadLetters,
    SettledLetters,
    UnreachedComponent,
    owner_of,
)
from gateway.api.operation import Operation
from gateway.desk import Turn
from gateway.identity.language import Nothing

_TAG: Final = "operating"
_ADMINISTER: Final = "operations:administer"
_PATIENCE_SECONDS: Final = 2.0
"""A service that is down never answers; who looks for it should not wait a whole deadline."""

_NO_ACCOUNT: Final = UUID(int=0)

A = TypeVar("A", bound=Resource)


class LetterSearch(Resource):
    """Whose dead letters to show; without a component those of all."""

    component: Component | None = None
    limit: Annotated[int, Number(minimum=1, maximum=100, about="For each queue")] = 20


class OneLetter(Resource):
    """A dead letter, by its queue and its message id."""

    queue: QueueName
    message_id: MessageId


class EveryLetter(Resource):
    """The dead letters of a queue: 200 at once, and what is left is told."""

    queue: QueueName


def _components(turn: Turn, _asked: Nothing) -> ComponentList:
    items, unreached = _ask_each(turn, [GetStanding(component=name) for name in SERVICES])
    return ComponentList(items=tuple(items), unreached=unreached)


def _dead_letters(turn: Turn, asked: LetterSearch) -> DeadLetterOverview:
    names = SERVICES if asked.component is None else (_known(asked.component, "component"),)
    lists, unreached = _ask_each(
        turn, [ListDeadLetters(component=name, limit=asked.limit) for name in names]
    )
    return DeadLetterOverview(
        items=tuple(letter for each in lists for letter in each.items),
        total=sum(each.total for each in lists),
        unreached=unreached,
    )


def _replay_one(turn: Turn, asked: OneLetter) -> SettledLetters:
    return _settle(turn, ReplayDeadLetters(queue=asked.queue, message_id=asked.message_id))


def _replay_all(turn: Turn, asked: EveryLetter) -> SettledLetters:
    return _settle(turn, ReplayDeadLetters(queue=asked.queue))


def _drop_one(turn: Turn, asked: OneLetter) -> SettledLetters:
    return _settle(turn, DropDeadLetters(queue=asked.queue, message_id=asked.message_id))


def _drop_all(turn: Turn, asked: EveryLetter) -> SettledLetters:
    return _settle(turn, DropDeadLetters(queue=asked.queue))


_ACTIONS: Final[dict[type[Request[Any]], str]] = {
    ReplayDeadLetters: "dead-letters-replayed",
    DropDeadLetters: "dead-letters-dropped",
}


def _settle(turn: Turn, command: ReplayDeadLetters | DropDeadLetters) -> SettledLetters:
    """Have letters settled, and write into the administration log who did it."""
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


OPERATIONS: Final = (
    Operation(
        name="components",
        tag=_TAG,
        method="GET",
        path="/operations/components",
        summary="How the services stand",
        about=(
            "Show version, schema, outbox and queues of every service; one that does not answer "
            "is named."
        ),
        asks=Nothing,
        answers=ComponentList,
        does=_components,
        uses=(GetStanding,),
        requires=_ADMINISTER,
    ),
    Operation(
        name="dead_letters",
        tag=_TAG,
        method="GET",
        path="/operations/dead-letters",
        summary="Dead letters",
        about=(
            "Show the first messages of each queue that were given up, with the reason and what "
            "their envelopes say; a service that does not answer is named."
        ),
        asks=LetterSearch,
        answers=DeadLetterOverview,
        does=_dead_letters,
        uses=(ListDeadLetters,),
        requires=_ADMINISTER,
    ),
    Operation(
        name="dead_letters_replay",
        tag=_TAG,
        method="POST",
        path="/operations/dead-letters/{queue}/replay",
        summary="Replay a queue's dead letters",
        about="Give the dead letters of a queue back to it, the first 200 at once.",
        asks=EveryLetter,
        answers=SettledLetters,
        does=_replay_all,
        uses=(ReplayDeadLetters,),
        requires=_ADMINISTER,
    ),
    Operation(
        name="dead_letters_removal",
        tag=_TAG,
        method="DELETE",
        path="/operations/dead-letters/{queue}",
        summary="Drop a queue's dead letters",
        about="Throw the dead letters of a queue away for good, the first 200 at once.",
        asks=EveryLetter,
        answers=SettledLetters,
        does=_drop_all,
        uses=(DropDeadLetters,),
        requires=_ADMINISTER,
        fresh=True,
    ),
    Operation(
        name="dead_letter_replay",
        tag=_TAG,
        method="POST",
        path="/operations/dead-letters/{queue}/{message_id}/replay",
        summary="Replay a dead letter",
        about="Give one dead letter back to its queue; its attempts count from the start.",
        asks=OneLetter,
        answers=SettledLetters,
        does=_replay_one,
        uses=(ReplayDeadLetters,),
        requires=_ADMINISTER,
    ),
    Operation(
        name="dead_letter_removal",
        tag=_TAG,
        method="DELETE",
        path="/operations/dead-letters/{queue}/{message_id}",
        summary="Drop a dead letter",
        about="Throw one dead letter away for good.",
        asks=OneLetter,
        answers=SettledLetters,
        does=_drop_one,
        uses=(DropDeadLetters,),
        requires=_ADMINISTER,
        fresh=True,
    ),
)
