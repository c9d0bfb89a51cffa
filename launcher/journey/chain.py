"""The chain from the desk to the closed loop, step by step, as the network's staff would do it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus
from itertools import cycle, groupby
from typing import Any, Final, Protocol

from chassis import clock
from launcher.journey import comparison
from launcher.journey.client import Client, Problem, Unreachable
from launcher.journey.course import Course, Json, wait_for
from launcher.journey.people import Invented, invented
from launcher.journey.vignettes import Vignette, domain_of

CHOICES: Final[Mapping[str, tuple[str, ...]]] = {
    "agreed": ("agreed",),
    "mixed": ("agreed", "refused", "to_discuss"),
}
"""What the person says to one suggestion after the other, from the first on again and again."""

_REFUSAL: Final = "not-interested"
_CONSENTED: Final = ("identity", "contacts", "needs", "safety")
_CONSENT_DAYS: Final = 365
_FIRST_CONTACT_DAYS: Final = 7
_WHOLE_PAGE: Final = 100


class Ear(Protocol):
    """A subscriber's end of its queue."""

    def take(self) -> Sequence[Json]:
        """Return the events that arrived since the last time."""
        ...


@dataclass(frozen=True, kw_only=True)
class Staff:
    """An account of the demonstration, and where its holder works."""

    email: str
    password: str
    agency_id: str
    roles: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Network:
    """What a journey needs of the running stack: its address, its people and an open ear."""

    gateway: str
    staff: tuple[Staff, ...]
    referrer: str
    ear: Ear
    patience: float
    say: Callable[[str], None]

    def one(self, agency_id: str, *roles: str) -> Staff | None:
        """Return somebody of an agency who holds one of the roles."""
        return next(
            (
                each
                for each in self.staff
                if each.agency_id == agency_id and set(roles) & set(each.roles)
            ),
            None,
        )


class StepFailed(Exception):
    """A step could not be done, so that the rest of the way makes no sense."""


class Journey:
    """One vignette on its way through the network."""

    def __init__(self, network: Network, vignette: Vignette, choices: str = "agreed") -> None:
        """Prepare the way of a vignette; ``choices`` names what the person says to suggestions."""
        self.course = Course(vignette=vignette)
        self.person: Invented = invented(vignette.context)
        self._network = network
        self._choices = CHOICES[choices]
        self._desk = Client(network.gateway)
        self._worker = Client(network.gateway)

    def run(self) -> Course:
        """Go the whole way, or as far as it goes."""
        try:
            with self._desk, self._worker:
                self._open_the_case()
                self._hold_the_interview()
                self._await_effects()
                self._close_the_loop()
        except StepFailed as failure:
            self.course.lacks(str(failure))
        return self.course

    def _open_the_case(self) -> None:
        course = self.course
        with self._step("sign in at the desk"):
            self._sign_in(self._desk, self._network.referrer, "desk_operator", "case_worker")
        with self._step("sign in as case worker"):
            self._sign_in(self._worker, self._network.referrer, "case_worker")
        with self._step("register the person"):
            person = self._desk.post("/people", self.person.details)
            course.person_id = person["person_id"]
        with self._step("open a case"):
            case = self._worker.post(f"/people/{course.person_id}/cases")
            course.case_id = case["case_id"]
        with self._step("record the consent"):
            consent = {
                "purpose": "referral",
                "categories": list(_CONSENTED),
                "expires_on": str(clock.now().date() + timedelta(days=_CONSENT_DAYS)),
            }
            self._desk.post(f"/people/{course.person_id}/consents", consent)

    def _hold_the_interview(self) -> None:
        course, vignette = self.course, self.course.vignette
        with self._step("start the screening"):
            start = {"mode": vignette.mode, "case_id": course.case_id, "language": "it"}
            course.screening = self._worker.post(f"/people/{course.person_id}/screenings", start)
            course.lacks(*comparison.of_context(vignette, course.screening))
        for domain, items in groupby(vignette.answers, key=domain_of):
            with self._step(f"save the answers of {domain}"):
                answers = {item: vignette.answers[item] for item in items}
                self._save(answers)
        with self._step("preview"):
            preview = self._worker.get(f"{self._path}/preview")
            course.lacks(*comparison.of_result(vignette, preview))
        with self._step("complete with the person's choices"):
            course.screening = self._worker.post(
                f"{self._path}/completion",
                {"version": course.screening["version"], "choices": self._decide(preview)},
            )
            course.lacks(*comparison.of_result(vignette, course.result))

    @property
    def _path(self) -> str:
        return f"/screenings/{self.course.screening['screening_id']}"

    def _save(self, answers: Json) -> None:
        body = {"version": self.course.screening["version"], "answers": answers}
        saved = self._worker.patch(f"{self._path}/answers", body)
        self.course.screening = saved["screening"]

    def _decide(self, preview: Json) -> list[Json]:
        suggested = [("area", each["category"]) for each in preview["areas"]]
        suggested += [("pathway", each["code"]) for each in preview["pathways"]]
        decisions = dict(zip(suggested, cycle(self._choices), strict=False))
        self.course.decisions = decisions
        return [
            {
                "kind": kind,
                "code": code,
                "decision": decision,
                **({"reason": _REFUSAL} if decision == "refused" else {}),
            }
            for (kind, code), decision in decisions.items()
        ]

    def _await_effects(self) -> None:
        course = self.course
        with self._step("look the areas up in the directory"):
            course.directory = {
                each.category: self._fitting(each.category)
                for each in course.vignette.expected.areas
            }
        self._await("needs and referrals", self._look_at_needs)
        self._await("enrolments", self._look_at_enrolments)
        self._await("the timeline", self._look_at_timeline)
        self._await("the subscriber's events", self._listen)

    def _fitting(self, category: str) -> list[Json]:
        town = self.person.details["municipality"]
        found = self._worker.every(
            "/services", category=category, municipality=town, status="active", limit=_WHOLE_PAGE
        )
        return [each for each in found if not each["stale"]]

    def _look_at_needs(self) -> list[str]:
        self.course.needs = self._worker.every(
            "/needs", screening_id=self.course.screening["screening_id"]
        )
        return comparison.of_needs(self.course)

    def _look_at_enrolments(self) -> list[str]:
        self.course.enrolments = self._worker.every(
            "/enrolments", screening_id=self.course.screening["screening_id"]
        )
        return comparison.of_enrolments(self.course)

    def _look_at_timeline(self, *further: tuple[str, str]) -> list[str]:
        path = f"/people/{self.course.person_id}/timeline"
        self.course.timeline = self._worker.every(path, limit=_WHOLE_PAGE)
        return comparison.of_timeline(self.course, *further)

    def _listen(self, *further: tuple[str, str]) -> list[str]:
        self.course.events += self._network.ear.take()
        return comparison.of_events(self.course, *further)

    def _close_the_loop(self) -> None:
        course = self.course
        referral = self._answerable()
        if referral is None:
            course.lacks("no referral was sent to an agency with an account to answer it")
            return
        path, need_path = f"/referrals/{referral['referral_id']}", f"/needs/{referral['need_id']}"
        today = clock.now().date()
        with Client(self._network.gateway) as recipient:
            with self._step("sign in at the receiving agency"):
                self._sign_in(recipient, referral["to_agency_id"], *_ANSWERING)
            self._await("the recipient's inbox", lambda: self._inbox(recipient, referral))
            with self._step("accept the referral"):
                contact = str(today + timedelta(days=_FIRST_CONTACT_DAYS))
                recipient.post(f"{path}/acceptance", {"first_contact_on": contact})
            with self._step("start the referral"):
                recipient.post(f"{path}/start", {"first_contact_on": str(today)})
            with self._step("complete the referral"):
                recipient.post(f"{path}/completion", {"outcome": "service-received"})
        with self._step("close the need"):
            course.closed = self._worker.post(f"{need_path}/closure", {"outcome": "met"})
        self._await_the_end(referral)

    def _await_the_end(self, referral: Json) -> None:
        told = [(f"referral.{verb}.v1", referral["referral_id"]) for verb in _ANSWERS]
        closed = ("need.closed.v1", referral["need_id"])
        self._await("the end of the timeline", lambda: self._look_at_timeline(*told, closed))
        self._await("the recipient's events", lambda: self._listen(*told))
        self.course.lacks(*comparison.of_safety(self.course))
        self._look_at_needs()

    def _answerable(self) -> Json | None:
        """Choose a sent referral that partners may know of, best one to another agency."""
        sent = [
            each
            for each in self.course.referrals
            if each["state"] == "requested"
            and not each["safety"]
            and self._network.one(each["to_agency_id"], *_ANSWERING)
        ]
        sent.sort(key=lambda each: each["to_agency_id"] == each["from_agency_id"])
        return sent[0] if sent else None

    def _inbox(self, recipient: Client, referral: Json) -> list[str]:
        inbox = recipient.every(
            "/referrals", direction="received", state="requested", limit=_WHOLE_PAGE
        )
        found = referral["referral_id"] in {each["referral_id"] for each in inbox}
        return [] if found else ["the referral is not in the recipient's inbox"]

    def _sign_in(self, client: Client, agency_id: str, *roles: str) -> None:
        staff = self._network.one(agency_id, *roles)
        if staff is None:
            raise StepFailed(f"nobody of agency {agency_id} is a {' or '.join(roles)}")
        client.sign_in(staff.email, staff.password)

    def _await(self, what: str, lacking: Callable[[], list[str]]) -> None:
        def look() -> list[str]:
            try:
                return lacking()
            except Problem as problem:
                # Where the news of a person has not arrived yet, the person does not exist.
                if problem.status != HTTPStatus.NOT_FOUND:
                    raise
                return [f"{what}: nothing there yet"]

        network = self._network
        with self._step(f"wait for {what}"):
            self.course.lacks(*wait_for(what, look, patience=network.patience, say=network.say))

    @contextmanager
    def _step(self, name: str) -> Iterator[None]:
        try:
            with self.course.step(name):
                yield
        except Problem as problem:
            fields = f" ({', '.join(problem.fields)})" if problem.fields else ""
            raise StepFailed(f"{name}: {problem}{fields}") from problem
        except Unreachable as failure:
            raise StepFailed(f"{name}: {failure}") from failure


_ANSWERING: Final = ("case_worker", "agency_coordinator")
_ANSWERS: Final[Any] = ("accepted", "started", "completed")
