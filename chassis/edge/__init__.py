"""The doors of a service: what a request, an event or a tick goes through around its handler.

    class GreetingsService(Service[Store]):
        name = "greetings"
        database = Database(Store)

        @answers(Greet)
        def greet(self, unit: Unit[Store], command: Greet) -> Greeting:
            return handlers.greet(unit, command)

A decorated method stays a plain method: tests call it with a unit.
"""

from __future__ import annotations

from chassis.edge.database import Database
from chassis.edge.doors import Doors, doors_of
from chassis.edge.events import listens
from chassis.edge.requests import answers
from chassis.edge.service import Service
from chassis.edge.ticks import every
from chassis.unit import Store

__all__ = ["Database", "Doors", "Service", "Store", "answers", "doors_of", "every", "listens"]
