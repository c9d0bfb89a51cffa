"""A stream of screenings: several workers who complete one after the other until told to stop."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import cycle
from typing import Any, Final

from chassis import clock
from launcher.demonstration import Account
from launcher.journey.client import Client, Problem, Unreachable
from launcher.journey.people import invented
from launcher.journey.vignettes import Vignette

_CONSENTED: Final = ("identity", "contacts", "needs", "safety")
_CONSENT_DAYS: Final = 365


@dataclass(frozen=True)
class Completed:
    """A screening whose completion was acknowledged to the worker."""

    screening_id: str
    person_id: str
    vignette: Vignette


@dataclass
class Ledger:
    """What the workers were told: kept by them, compared later with what the databases hold."""

    started: dict[str, Vignette] = field(default_factory=dict)
    completed: list[Completed] = field(default_factory=list)
    persons: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)


class Stream:
    """Workers who each carry persons through the desk; a fault is met by asking again."""

    def __init__(
        self,
        gateway: str,
        staff: Sequence[Account],
        vignettes: list[Vignette],
        *,
        patience: float,
    ) -> None:
        """Prepare a worker per account, who repeats for ``patience`` seconds what was stopped."""
        self.ledger = Ledger()
        self._gateway, self._patience = gateway, patience
        self._stop = threading.Event()
        self._threads = [
            threading.Thread(
                target=self._work,
                args=(account, vignettes[place % len(vignettes) :] + vignettes),
                name=f"worker-{place}",
                daemon=True,
            )
            for place, account in enumerate(staff)
        ]

    def begin(self) -> None:
        """Let the workers work."""
        for thread in self._threads:
            thread.start()

    def end(self) -> None:
        """Let each finish the person in front of them."""
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def _work(self, account: Account, vignettes: list[Vignette]) -> None:
        with Client(self._gateway, patience=self._patience) as client:
            client.sign_in(account.email, account.password)
            for vignette in cycle(vignettes):
                if self._stop.is_set():
                    return
                try:
                    self._one(client, vignette)
                except (Problem, Unreachable) as failure:
                    self.ledger.refused.append(f"{vignette.code}: {failure}")

    def _one(self, client: Client, vignette: Vignette) -> None:
        person = client.post("/people", invented(vignette.context).details)
        person_id = person["person_id"]
        self.ledger.persons.append(person_id)
        client.post(
            f"/people/{person_id}/consents",
            {
                "purpose": "referral",
                "categories": list(_CONSENTED),
                "expires_on": str(clock.now().date() + timedelta(days=_CONSENT_DAYS)),
            },
        )
        screening = client.post(f"/people/{person_id}/screenings", {"mode": vignette.mode})
        screening_id = screening["screening_id"]
        self.ledger.started[screening_id] = vignette
        path = f"/screenings/{screening_id}"
        saved = client.patch(
            f"{path}/answers",
            {"version": screening["version"], "answers": dict(vignette.answers)},
        )
        completion = {
            "version": saved["screening"]["version"],
            "choices": agreed_to_all(vignette),
        }
        client.post(f"{path}/completion", completion)
        self.ledger.completed.append(Completed(screening_id, person_id, vignette))


def agreed_to_all(vignette: Vignette) -> list[dict[str, Any]]:
    """Return the choices of a person who agrees to everything that is suggested."""
    suggested = [("area", each.category) for each in vignette.expected.areas]
    suggested += [("pathway", code) for code in vignette.expected.pathways]
    return [{"kind": kind, "code": code, "decision": "agreed"} for kind, code in suggested]
