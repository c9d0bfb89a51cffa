"""The root of the services, with the doors that every one of them has: those of who operates it."""

from __future__ import annotations

from chassis import oversight
from chassis.edge.doors import BareService, doors_of
from chassis.edge.requests import answers
from chassis.oversight import Premises
from chassis.unit import S, Unit
from contracts.operations import (
    DeadLetterList,
    DropDeadLetters,
    GetStanding,
    ListDeadLetters,
    ReplayDeadLetters,
    SettledLetters,
    Standing,
)


class Service(BareService[S]):
    """Root of the services: a name, a database and doors."""

    @property
    def premises(self) -> Premises:
        """What is looked after."""
        kind = type(self)
        return Premises(
            service=kind.name,
            package=kind.__module__.rpartition(".")[0],
            queues=tuple(f"{kind.name}.{method}" for method in doors_of(kind).listens),
            settings=self.settings,
        )

    @answers(GetStanding)
    def get_standing(self, unit: Unit[S], _query: GetStanding) -> Standing:
        """Tell how the service stands."""
        return oversight.standing(self.premises, unit.store.connection)

    @answers(ListDeadLetters)
    def list_dead_letters(self, _unit: Unit[S], query: ListDeadLetters) -> DeadLetterList:
        """Show dead letters of the service."""
        return oversight.letters(self.premises, query)

    @answers(ReplayDeadLetters)
    def replay_dead_letters(self, _unit: Unit[S], command: ReplayDeadLetters) -> SettledLetters:
        """Give dead letters back to their queue."""
        return oversight.replay(self.premises, command)

    @answers(DropDeadLetters)
    def drop_dead_letters(self, _unit: Unit[S], command: DropDeadLetters) -> SettledLetters:
        """Throw dead letters away."""
        return oversight.drop(self.premises, command)
