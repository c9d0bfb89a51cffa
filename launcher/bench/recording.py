"""What one chain of the product writes, read back from its databases to be the baseline's script.

So the baseline writes as many rows and events of the same size, whatever the product becomes.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass
from typing import Any, Final

import psycopg2
from psycopg2 import sql

from launcher.stack import Stack

Json = dict[str, Any]

EFFECTS: Final[Mapping[str, tuple[str, ...]]] = {
    "referrals": ("needs", "referrals", "confirmations"),
    "pathways": ("enrolments", "suggestions"),
}
"""By service, the tables that a completed screening changes; parents stand before children."""

_KEYS: Final = ("need_id", "referral_id", "enrolment_id", "message_id", "access_id")


@dataclass(frozen=True)
class Told:
    """An event as its outbox holds it, and the queues whose consumers have handled it."""

    source: str
    row: Json
    queues: tuple[str, ...]


class Books:
    """The databases of a stack, read only."""

    def __init__(self, stack: Stack) -> None:
        """Read as each service's own role."""
        self._stack = stack

    def rows(self, service: str, query: sql.Composable | str, *values: Any) -> list[Json]:
        """Return what a query finds, every row as JSON data."""
        whole = sql.SQL("select row_to_json(found) from ({}) found").format(
            sql.SQL(query) if isinstance(query, str) else query
        )
        with (
            closing(psycopg2.connect(self._stack.database_url(service))) as connection,
            connection.cursor() as statement,
        ):
            statement.execute(whole, values)
            return [row[0] for row in statement.fetchall()]


class Recording:
    """One completed chain."""

    def __init__(self, books: Books, screening_id: str) -> None:
        """Read everything that the chain left."""
        self._books = books
        (self.screening,) = books.rows(
            "screening", "select * from screenings where screening_id = %s", screening_id
        )
        (answer,) = books.rows(
            "screening",
            "select body from answers where method = 'complete_screening'"
            " and body::json->>'screening_id' = %s",
            screening_id,
        )
        self.answer: str = answer["body"]
        self.subject, self.person = screening_id, str(self.screening["person_id"])
        (self.access,) = books.rows(
            "gateway",
            "select * from access_log where person_id = %s and operation = 'screening_completion'",
            self.person,
        )
        self.effects = {
            service: {table: self._effect(service, table) for table in tables}
            for service, tables in EFFECTS.items()
        }
        self.told = [
            told
            for source in ("screening", *EFFECTS)
            for told in self._events(source, ("screening.started.v1",))
        ]

    @property
    def referral_id(self) -> str:
        """One of the referrals."""
        return str(self.effects["referrals"]["referrals"][0]["referral_id"])

    @property
    def deliveries(self) -> int:
        """How many messages one chain brings to the timeline."""
        return sum(queue.startswith("reporting.") for told in self.told for queue in told.queues)

    def draft(self, id_: str) -> Json:
        """Return the screening as a draft of the baseline, which has the id of its person."""
        open_again = {"result": None, "result_without_safety": None, "completed_at": None}
        return {
            **self.screening,
            **open_again,
            "status": "draft",
            "screening_id": id_,
            "person_id": id_,
        }

    def completion(self) -> Json:
        """Return what the request makes the screening service write and answer."""
        return {
            **self._script((), [told for told in self.told if told.source == "screening"]),
            "answer": self.answer,
            "row": json.dumps(self.screening),
        }

    def entry(self) -> Json:
        """Return what the request makes the gateway write."""
        return self._script((("access_log", [self.access]),), ())

    def handles(self, service: str) -> dict[str, dict[str, Json]]:
        """Return, by queue and type of event, what a service writes."""
        handled: dict[str, dict[str, Json]] = {}
        for told in self.told:
            for queue in told.queues:
                if queue.startswith(f"{service}."):
                    handled.setdefault(queue, {}).setdefault(
                        told.row["type"], self._reaction(service, queue, told)
                    )
        return handled

    def _reaction(self, service: str, queue: str, told: Told) -> Json:
        if service in EFFECTS:
            caused = [each for each in self.told if each.source == service]
            return self._script(self.effects[service].items(), caused, told)
        lines = self._books.rows(
            "reporting", "select * from entries where entry_id = %s", told.row["message_id"]
        )
        seen = self._books.rows(
            "reporting", "select * from screenings where screening_id = %s", self.subject
        )
        first = "screenings" if queue.endswith("on_screening_completed") else ""
        return self._script(((first, seen if first else []), ("entries", lines)), (), told)

    def _script(
        self,
        rows: Iterable[tuple[str, list[Json]]],
        told: Iterable[Told],
        trigger: Told | None = None,
    ) -> Json:
        written = {table: found for table, found in rows if found}
        outbox = [each.row for each in told]
        known = {"subject": self.subject, "person": self.person}
        if trigger is not None:
            known |= {"id": trigger.row["message_id"], "subject": trigger.row["aggregate_id"]}
        every = [row for found in (*written.values(), outbox) for row in found]
        own = {row[key] for row in every for key in _KEYS if row.get(key)}
        return {
            "trigger": known,
            "renewed": sorted(own - set(known.values())),
            "rows": {table: json.dumps(found) for table, found in written.items()},
            "told": json.dumps(outbox) if outbox else "",
        }

    def _effect(self, service: str, table: str) -> list[Json]:
        query = sql.SQL("select * from {} where screening_id = %s").format(sql.Identifier(table))
        return self._books.rows(service, query, self.subject)

    def _events(self, source: str, besides: tuple[str, ...]) -> list[Told]:
        rows = self._books.rows(
            source,
            "select message_id, type, routing_key, aggregate_id, body from outbox"
            " where body::json->'data'->>'screening_id' = %s and not type = any(%s) order by id",
            self.subject,
            list(besides),
        )
        ids = [row["message_id"] for row in rows]
        heard: dict[str, list[str]] = {id_: [] for id_ in ids}
        for listener in (*EFFECTS, "reporting"):
            for row in self._books.rows(
                listener,
                "select consumer, message_id from inbox where message_id = any(%s::uuid[])",
                ids,
            ):
                heard[row["message_id"]].append(row["consumer"])
        return [Told(source, row, tuple(heard[row["message_id"]])) for row in rows]
