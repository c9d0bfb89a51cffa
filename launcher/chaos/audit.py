"""Counts, after the last fault, what was lost, what was done twice and what is stuck.

It reads the databases and the broker themselves rather than the interface, and knows what must be
there from what the workers were told and from the form.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any, Final

import amqp
import psycopg2

from chassis import topology
from chassis.broker import Line
from contracts.language import EVENTS
from launcher import republish
from launcher.chaos.stream import Ledger
from launcher.settings import SERVICES
from launcher.stack import Stack

_SHOWN: Final = 20


@dataclass
class Verdict:
    """The three figures, each with the sentences that explain it."""

    lost: list[str] = field(default_factory=list)
    twice: list[str] = field(default_factory=list)
    stuck: list[str] = field(default_factory=list)

    @property
    def clean(self) -> bool:
        """Whether all three figures are zero."""
        return not (self.lost or self.twice or self.stuck)

    def lines(self) -> list[str]:
        """Return the figures, and under them what they stand for."""
        figures = {"lost": self.lost, "twice": self.twice, "stuck": self.stuck}
        explained = [
            f"  {name}: {text}" for name, all_ in figures.items() for text in all_[:_SHOWN]
        ]
        return [", ".join(f"{name} {len(all_)}" for name, all_ in figures.items()), *explained]


class Books:
    """The databases of a stack and the queues of its broker, read only."""

    def __init__(self, stack: Stack) -> None:
        """Read the stack's own databases and broker."""
        self._stack = stack

    def rows(self, service: str, query: str, *values: Any) -> list[tuple[Any, ...]]:
        """Return what a query finds in the database of a service."""
        with (
            closing(psycopg2.connect(self._stack.database_url(service))) as connection,
            connection.cursor() as cursor,
        ):
            cursor.execute(query, values)
            return cursor.fetchall()

    def unpublished(self) -> dict[str, int]:
        """Return how many events wait in each outbox."""
        query = "select count(*) from outbox where published_at is null"
        return {name: self.rows(name, query)[0][0] for name in SERVICES}

    def waiting(self) -> dict[str, int]:
        """Return how many messages lie in each queue of the network."""
        line = Line(self._stack.amqp_uri, "audit")
        try:
            channel = line.channel()
            names = sorted(queue.name for queue in topology.whole().queues)
            return {name: _depth(channel, name) for name in names}
        finally:
            line.close()

    def unsettled(self) -> list[str]:
        """Return a sentence for each outbox and each queue that is not empty."""
        return [
            *(
                f"{count} unpublished in {name}"
                for name, count in self.unpublished().items()
                if count
            ),
            *(f"{count} messages in {name}" for name, count in self.waiting().items() if count),
            *self.unheard(),
        ]

    def unheard(self) -> list[str]:
        """Return each message that a queue was bound to and its consumer has not handled."""
        return [
            f"{each.type} {each.message_id} at {each.queue}"
            for each in republish.unheard(self.rows)
        ]


def examine(
    books: Books, ledger: Ledger, received: Iterable[Mapping[str, Any]], undelivered: int
) -> Verdict:
    """Compare what was acknowledged with what the databases and the subscriber hold."""
    verdict = Verdict(stuck=[*books.unsettled(), *ledger.refused])
    if undelivered:
        verdict.stuck.append(f"{undelivered} messages on their way to the subscriber")
    completed = _completed(books, ledger)
    for each in ledger.completed:
        if each.screening_id not in completed:
            verdict.lost.append(f"screening {each.screening_id} was acknowledged and is not there")
    _check_needs(books, ledger, completed, verdict)
    _check_enrolments(books, ledger, completed, verdict)
    _check_events(books, completed, verdict)
    _check_subscriber(books, completed, received, verdict)
    return verdict


def _completed(books: Books, ledger: Ledger) -> set[str]:
    """Return the stream's screenings that are completed, also where the answer got lost."""
    query = "select screening_id::text from screenings where status = 'completed'"
    return {row[0] for row in books.rows("screening", query)} & ledger.started.keys()


def _check_needs(books: Books, ledger: Ledger, completed: set[str], verdict: Verdict) -> None:
    needs = books.rows(
        "referrals",
        "select screening_id::text, category, need_id::text, unmatched = '{}' from needs"
        " where screening_id::text = any(%s)",
        sorted(completed),
    )
    _compare(
        verdict,
        "need",
        expected={
            (id_, area.category) for id_ in completed for area in ledger.started[id_].expected.areas
        },
        found=[(id_, category) for id_, category, _, _ in needs],
    )
    attempts = books.rows(
        "referrals",
        "select need_id::text, state from referrals where screening_id::text = any(%s)",
        sorted(completed),
    )
    _compare(
        verdict,
        "requested referral of need",
        expected={(need_id, "requested") for _, _, need_id, matched in needs if matched},
        found=[(need_id, state) for need_id, state in attempts],
    )


def _check_enrolments(books: Books, ledger: Ledger, completed: set[str], verdict: Verdict) -> None:
    found = books.rows(
        "pathways",
        "select screening_id::text, pathway from enrolments where screening_id::text = any(%s)",
        sorted(completed),
    )
    _compare(
        verdict,
        "enrolment",
        expected={
            (id_, code) for id_ in completed for code in ledger.started[id_].expected.pathways
        },
        found=[(id_, pathway) for id_, pathway in found],
    )


def _check_events(books: Books, completed: set[str], verdict: Verdict) -> None:
    told = books.rows(
        "screening",
        "select aggregate_id::text, type from outbox where type = 'screening.completed.v1'"
        " and aggregate_id::text = any(%s)",
        sorted(completed),
    )
    _compare(
        verdict,
        "event of screening",
        expected={(id_, "screening.completed.v1") for id_ in completed},
        found=[(id_, type_) for id_, type_ in told],
    )
    entries = books.rows(
        "reporting",
        "select e.subject::text, e.type from entries e where e.type ~ '^(referral|enrolment)'",
    )
    events = {
        (id_, type_)
        for source in ("referrals", "pathways")
        for id_, type_ in books.rows(
            source,
            "select aggregate_id::text, type from outbox where type ~ '^(referral|enrolment)'",
        )
    }
    _compare(
        verdict,
        "line of a timeline",
        expected=events,
        found=[(subject, type_) for subject, type_ in entries],
    )


def _check_subscriber(
    books: Books, completed: set[str], received: Iterable[Mapping[str, Any]], verdict: Verdict
) -> None:
    # A subscriber may receive a message again, so only what it misses counts.
    types = sorted(name for name, event in EVENTS.items() if event.partners and "referral" in name)
    wanted = books.rows(
        "referrals",
        "select o.message_id::text, o.type from outbox o"
        " join referrals r on r.referral_id = o.aggregate_id"
        " where o.type = any(%s) and o.routing_key not like 'restricted.%%'"
        " and r.screening_id::text = any(%s)",
        types,
        sorted(completed),
    )
    ids = {event["id"] for event in received}
    verdict.lost += [f"{type_} {id_} at the subscriber" for id_, type_ in wanted if id_ not in ids]


def _compare(
    verdict: Verdict,
    what: str,
    *,
    expected: set[tuple[str, str]],
    found: Iterable[tuple[str, str]],
) -> None:
    """Note what is missing, and what is there twice or should not be there at all."""
    counted = Counter(found)
    verdict.lost += [f"{what} {' '.join(each)}" for each in sorted(expected - counted.keys())]
    verdict.twice += [
        f"{what} {' '.join(each)} ({count} times)"
        for each, count in sorted(counted.items())
        if count > 1 or each not in expected
    ]


def _depth(channel: amqp.Channel, queue: str) -> int:
    depth: int = channel.queue_declare(queue, passive=True).message_count
    return depth
