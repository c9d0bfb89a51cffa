"""Sends digests beside the requests: claimed one by one, counted as their reader, then mailed."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, TypeVar
from uuid import UUID

import structlog

from chassis import metrics
from chassis.call import Call
from chassis.errors import ServiceError
from contracts.access import Principal
from contracts.calendar import day_of
from contracts.language import Request, Resource
from contracts.referrals import GetWorklist, NeedQueue, ReferralQueue
from contracts.screening import ListScreenings, ScreeningStatus
from gateway.identity.digest_language import DigestChoice
from gateway.identity.digest_times import times_in_force
from gateway.identity.digests import DueDigest
from gateway.identity.handlers import Identity
from gateway.identity.language import Membership
from gateway.identity.notifier import Letter, Posting
from gateway.rpc import RpcPort

SECONDS: Final = 60.0
"""How long a digest waits at most until somebody notices that it is due."""

MOST_DRAFTS: Final = 20
_QUESTION_SECONDS: Final = 5.0
_OUTCOMES: Final = (*(posting.value for posting in Posting), "nothing-waits")

A = TypeVar("A", bound=Resource)

_log: Final = structlog.get_logger("gateway.digests")


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """How much waits for one reader, in all agencies together, as *my work* counts it."""

    queues: Mapping[StrEnum, int]
    drafts: int
    more_drafts: bool
    agencies: int

    def __bool__(self) -> bool:
        """Tell whether anything does."""
        return bool(self.drafts) or any(self.queues.values())


@dataclass(frozen=True, kw_only=True)
class Written:
    """A digest in words, for whomever it is."""

    subject: str
    text: str
    headers: Mapping[str, str]


Write = Callable[[Waiting, DigestChoice, UUID], Written]
"""Writes a digest; the id ends all further ones."""


def prepare_digest_metrics() -> None:
    """Create the series at zero, also where no mail is sent: an alert looks at them."""
    for outcome in _OUTCOMES:
        metrics.DIGESTS.labels(outcome)


@dataclass(frozen=True, kw_only=True)
class DigestRounds:
    """One of these works in every process; the database gives each mail to one of them."""

    identity: Identity
    rpc: RpcPort
    write: Write

    def start(self) -> None:
        """Work from a thread of its own until the process ends."""
        threading.Thread(target=self._work, name="digests", daemon=True).start()

    def send_due(self) -> int:
        """Deal with every digest that is due now, and return how many went out."""
        times = times_in_force(day_of(self.identity.now()))
        sent = 0
        while times.is_open(self.identity.now()):
            due = self.identity.claim_digest(times)
            if due is None:
                break
            outcome = self._outcome(due)
            if outcome == Posting.DELAYED:
                self.identity.postpone_digest(due, times)
            if outcome == Posting.SENT:
                self.identity.note_digest(due)
                sent += 1
            metrics.DIGESTS.labels(outcome).inc()
            _log.info("digest_settled", user_id=str(due.user_id), outcome=outcome, tries=due.tries)
        return sent

    def _outcome(self, due: DueDigest) -> str:
        """Count and send, and tell what became of it."""
        if due.locked:
            return Posting.DELAYED.value
        try:
            waiting = self._waiting(due)
        except ServiceError:
            # A digest that left out what a silent service knows would say that nothing waits.
            return Posting.DELAYED.value
        if not waiting:
            return "nothing-waits"
        written = self.write(waiting, due.choice, due.stop_id)
        letter = Letter(to=due.email, **vars(written))
        return self.identity.notifier.deliver(letter).value

    def _waiting(self, due: DueDigest) -> Waiting:
        """Count what waits, asking the services as the reader in each agency.

        Raises:
            ServiceError: a service could not be asked.

        """
        queues: Counter[StrEnum] = Counter(dict.fromkeys((*ReferralQueue, *NeedQueue), 0))
        drafts, more = 0, False
        for membership in due.memberships:
            for found in self._asked(due.user_id, membership, GetWorklist()):
                queues.update(found.referrals)
                queues.update(found.needs)
            listed = ListScreenings(status=ScreeningStatus.DRAFT, limit=MOST_DRAFTS)
            for page in self._asked(due.user_id, membership, listed):
                drafts += len(page.items)
                more = more or page.next_cursor is not None
        return Waiting(
            queues=queues, drafts=drafts, more_drafts=more, agencies=len(due.memberships)
        )

    def _asked(self, user_id: UUID, membership: Membership, request: Request[A]) -> Iterator[A]:
        """Yield the answer to a question that the reader may put there, if it is one."""
        principal = Principal(
            user_id=user_id, agency_id=membership.agency_id, roles=membership.roles
        )
        if principal.scope(request.permission) is not None:
            yield self.rpc.ask(request, Call(principal=principal), timeout=_QUESTION_SECONDS)

    def _work(self) -> None:
        pause = threading.Event()
        while not pause.wait(SECONDS):
            try:
                self.send_due()
            except Exception:  # noqa: BLE001 - a thread that ends would send no digest ever again
                _log.exception("digests_failed")
