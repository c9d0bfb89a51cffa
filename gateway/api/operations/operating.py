"""Operations of whoever keeps the system running: how services stand, and what they gave up."""

from __future__ import annotations

from typing import Annotated, Final

from contracts.language import Number, Resource
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
)
from gateway import operating
from gateway.api.operation import Operation
from gateway.desk import Turn
from gateway.identity.language import Nothing

_TAG: Final = "operating"
_ADMINISTER: Final = "operations:administer"


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
    return operating.components(turn)


def _dead_letters(turn: Turn, asked: LetterSearch) -> DeadLetterOverview:
    return operating.dead_letters(turn, asked.component, asked.limit)


def _replay_one(turn: Turn, asked: OneLetter) -> SettledLetters:
    return operating.settle(turn, ReplayDeadLetters(queue=asked.queue, message_id=asked.message_id))


def _replay_all(turn: Turn, asked: EveryLetter) -> SettledLetters:
    return operating.settle(turn, ReplayDeadLetters(queue=asked.queue))


def _drop_one(turn: Turn, asked: OneLetter) -> SettledLetters:
    return operating.settle(turn, DropDeadLetters(queue=asked.queue, message_id=asked.message_id))


def _drop_all(turn: Turn, asked: EveryLetter) -> SettledLetters:
    return operating.settle(turn, DropDeadLetters(queue=asked.queue))


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
