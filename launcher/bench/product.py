"""The product's side: drafts are prepared through the gateway as the staff would do it."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import timedelta
from typing import Any, Final, TypeVar

from chassis import clock
from chassis.call import Call
from chassis.clients import RpcClient
from contracts.access import Principal, Role
from contracts.language import Request, Resource
from contracts.referrals import GetReferral
from launcher import demonstration
from launcher.bench.ledger import Ledger
from launcher.journey.client import Client
from launcher.journey.people import invented
from launcher.journey.vignettes import chosen
from launcher.stack import Stack

A = TypeVar("A", bound=Resource)

CHAIN: Final = ("screening", "referrals", "pathways", "reporting")
"""The services that a completed screening passes through."""

_VIGNETTE: Final = "V1"
_CONSENTED: Final = ("identity", "contacts", "needs", "safety")
_CONSENT_DAYS: Final = 365


class Product:
    """The running stack."""

    def __init__(self, stack: Stack) -> None:
        """Sign in."""
        (self._vignette,) = chosen(_VIGNETTE)
        self._gateway = stack.gateway_url
        self._supervisor = stack.supervisor
        self._account = demonstration.staff_of(
            demonstration.require_accounts(stack.home),
            demonstration.REFERRER,
            Role.CASE_WORKER,
        )
        self.ledger = Ledger({name: stack.database_url(name) for name in CHAIN})
        self._desk = self._signed_in()
        self._versions: dict[str, int] = {}
        self._rpc = RpcClient(stack.amqp_uri, name="bench")
        me = self._desk.get("/me")
        self._call = Call(
            principal=Principal.load(
                {
                    "user_id": me["user"]["user_id"],
                    "agency_id": me["agency_id"],
                    "roles": me["roles"],
                }
            )
        )

    @property
    def roots(self) -> tuple[int, ...]:
        """The supervisor, under whom everything runs."""
        supervisor = self._supervisor.process()
        return () if supervisor is None else (supervisor.pid,)

    def prepare(self, count: int) -> list[str]:
        """Return the ids of new drafts that only wait for their completion."""
        return [self._draft() for _ in range(count)]

    def client(self) -> AbstractContextManager[Client]:
        """Return one more client of the gateway."""
        return self._signed_in()

    def complete(self, client: Client, id_: str) -> None:
        """Complete a draft; the person agrees to everything."""
        body = {"version": self._versions[id_], "choices": self.choices}
        client.post(f"/screenings/{id_}/completion", body)

    def call(self, referral_id: str) -> None:
        """Ask a service one question, as the gateway would."""
        query = GetReferral.load({"referral_id": referral_id})
        self._rpc.ask(query, self._call)

    def ask(self, request: Request[A]) -> A:
        """Put any request to its service, a command under a key of its own."""
        call = replace(self._call, key=str(clock.new_id())) if request.changes_state else self._call
        return self._rpc.ask(request, call, timeout=30.0)

    def version_of(self, id_: str) -> int:
        """Return the version at which a draft was left."""
        return self._versions[id_]

    def answer_to(self, item: str) -> object:
        """Return what the person answers to a question."""
        return self._vignette.answers[item]

    def close(self) -> None:
        """Give the connections back."""
        self._rpc.close()
        self.ledger.close()

    @property
    def choices(self) -> list[dict[str, Any]]:
        """What a person says who agrees to everything that is suggested."""
        expected = self._vignette.expected
        suggested = [("area", each.category) for each in expected.areas]
        suggested += [("pathway", code) for code in expected.pathways]
        return [{"kind": kind, "code": code, "decision": "agreed"} for kind, code in suggested]

    def _draft(self) -> str:
        person_id = self._desk.post("/people", invented(self._vignette.context).details)[
            "person_id"
        ]
        self._desk.post(
            f"/people/{person_id}/consents",
            {
                "purpose": "referral",
                "categories": list(_CONSENTED),
                "expires_on": str(clock.now().date() + timedelta(days=_CONSENT_DAYS)),
            },
        )
        screening = self._desk.post(
            f"/people/{person_id}/screenings", {"mode": self._vignette.mode}
        )
        id_ = str(screening["screening_id"])
        saved = self._desk.patch(
            f"/screenings/{id_}/answers",
            {"version": screening["version"], "answers": dict(self._vignette.answers)},
        )
        self._versions[id_] = saved["screening"]["version"]
        return id_

    def _signed_in(self) -> Client:
        client = Client(self._gateway)
        client.sign_in(self._account.email, self._account.password)
        return client
