"""The doors of the greeting service."""

from __future__ import annotations

import os
import time
from collections.abc import Callable

import sqlalchemy as sa

from chassis.edge import Database, Service, answers, every, listens
from chassis.unit import Store, Unit
from contracts.language import NotFound
from tests.support.greetings.language import (
    Answered,
    Asleep,
    FindGreeting,
    Greet,
    Greeted,
    Greeting,
    Grumpy,
    Nap,
)

NAP = "SELECT pg_sleep(%(seconds)s)"


class Greetings(Store):
    """Rows of greetings; ``effects`` counts what the listener did."""

    def keep(self, command: Greet) -> None:
        """Insert a greeting."""
        self.connection.execute(
            sa.text("INSERT INTO greetings (greeting_id, word) VALUES (:id, :word)"),
            {"id": command.greeting_id, "word": command.word},
        )

    def hear(self, greeted: Greeted) -> None:
        """Count an effect."""
        self.connection.execute(
            sa.text("INSERT INTO effects (greeting_id) VALUES (:id)"), {"id": greeted.greeting_id}
        )

    def find(self, query: FindGreeting) -> Greeting:
        """Return a greeting and how often it was heard."""
        row = self.connection.execute(
            sa.text(
                "SELECT word, (SELECT count(*) FROM effects e WHERE e.greeting_id = :id) AS heard"
                " FROM greetings WHERE greeting_id = :id"
            ),
            {"id": query.greeting_id},
        ).one_or_none()
        if row is None:
            raise NotFound("There is no such greeting.")
        return Greeting(greeting_id=query.greeting_id, word=row.word, heard=row.heard)

    def nap(self, seconds: float) -> None:
        """Sleep in the database."""
        self.connection.exec_driver_sql(NAP, {"seconds": seconds})

    def tick(self) -> None:
        """Count a tick."""
        self.connection.exec_driver_sql("UPDATE ticks SET count = count + 1")


def _nothing(_unit: Unit[Greetings]) -> None:
    pass


def _refuse(_unit: Unit[Greetings]) -> None:
    raise Grumpy("Not today.", fields={"word": ["too loud"]})


def _fail(_unit: Unit[Greetings]) -> None:
    raise RuntimeError("secret: Mario Rossi")


def _die(_unit: Unit[Greetings]) -> None:
    os._exit(9)


def _sleep(unit: Unit[Greetings]) -> None:
    unit.store.nap(3)


def _pause(unit: Unit[Greetings]) -> None:
    unit.store.nap(1)


def _absent(_unit: Unit[Greetings]) -> None:
    raise Asleep("Come back later.")


def _fail_until_mended(unit: Unit[Greetings]) -> None:
    unit.store.connection.exec_driver_sql("UPDATE mending SET done = done")
    if not unit.store.connection.exec_driver_sql("SELECT done FROM mending").scalar_one():
        raise RuntimeError("not mended yet")


MOODS: dict[str, Callable[[Unit[Greetings]], None]] = {
    "refuse": _refuse,
    "fail": _fail,
    "die": _die,
    "sleep": _sleep,
    "absent": _absent,
    "mending": _fail_until_mended,
    "answer-refuse": _refuse,
    "answer-fail": _fail,
    "answer-absent": _absent,
    "answer-slowly": _pause,
}


def _suffer(unit: Unit[Greetings], mood: str) -> None:
    MOODS.get(mood, _nothing)(unit)


class GreetingsService(Service[Greetings]):
    """Greets and listens."""

    name = "greetings"
    database = Database(Greetings)

    @answers(Greet)
    def greet(self, unit: Unit[Greetings], command: Greet) -> Greeting:
        """Keep a greeting and tell it."""
        unit.store.keep(command)
        if command.mood.startswith("answer-"):
            _suffer(unit, command.mood)
        if command.mood == "unheard":
            unit.publish(Answered(greeting_id=command.greeting_id))
        else:
            unit.publish(
                *(
                    Greeted(
                        greeting_id=command.greeting_id,
                        mood=command.mood,
                        safety=command.restricted,
                    )
                    for _ in range(command.times)
                )
            )
        return Greeting(greeting_id=command.greeting_id, word=command.word)

    @answers(FindGreeting)
    def find_greeting(self, unit: Unit[Greetings], query: FindGreeting) -> Greeting:
        """Find a greeting."""
        return unit.store.find(query)

    @answers(Nap)
    def nap(self, unit: Unit[Greetings], query: Nap) -> Greeting:
        """Sleep in the database and come back."""
        unit.store.nap(query.milliseconds / 1000)
        return Greeting(greeting_id=query.greeting_id, word="slept")

    @listens(Greeted)
    def on_greeted(self, unit: Unit[Greetings], event: Greeted) -> None:
        """Count the greeting, then suffer from its mood."""
        unit.store.hear(event)
        if not event.mood.startswith("answer-"):
            _suffer(unit, event.mood)

    @every(seconds=0.3)
    def tick(self, unit: Unit[Greetings]) -> None:
        """Count a tick."""
        unit.store.tick()
        time.sleep(0)
