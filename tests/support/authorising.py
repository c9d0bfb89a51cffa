"""Everybody who could knock, and the records at whose doors they knock."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from types import MappingProxyType
from typing import Any, Final

import requests

from chassis import clock
from chassis.testing import eventually
from contracts.access import CLIENT_ROLES, Role
from gateway.api.authorisation import Relation
from launcher import demonstration
from launcher.journey.chain import Journey, Network
from launcher.journey.client import Client
from launcher.journey.course import Course
from launcher.journey.vignettes import chosen
from launcher.stack import Stack
from tests.support.signed_sheets import PDF

_PASSWORD: Final = "the matrix knocks at every door"  # noqa: S105 - of accounts that die with the stack
_CONSENT: Final = {"purpose": "referral", "categories": ["needs"]}
_EMERGENCY: Final = "minor-at-risk"
_ITEMS: Final = ("referral_id", "need_id", "enrolment_id", "screening_id", "person_id")

Json = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Records:
    """What an agency keeps: ids for the paths, and what nobody else may ever be shown."""

    ids: Mapping[str, str]
    secrets: frozenset[str]
    person_id: str = ""
    interview: str = ""


@dataclass(frozen=True, kw_only=True)
class Prepared:
    """The ordinary records, those about safety, and the three agencies around them.

    Whoever knocks at the own agency is on the team of the ordinary person and of one of those about
    whose safety something is known, but not of the other's.
    """

    ordinary: Records
    safety: Records
    outside: Records
    cases: tuple[str, ...]
    agencies: Mapping[Relation, str]
    bodies: Mapping[str, Any]
    conditions: Mapping[str, Mapping[str, str]]


def prepare(network: Network, desk: Client, worker: Client) -> Prepared:
    """Let three persons go through the network, two of whom do not feel safe."""
    open_way, unsafe_way, other_way = (
        Journey(network, chosen(code)[0]) for code in ("V1", "V3", "V3")
    )
    open_, unsafe, other = open_way.run(), unsafe_way.run(), other_way.run()
    sent = next(
        each
        for each in open_.referrals
        if each["state"] == "requested" and each["to_agency_id"] != each["from_agency_id"]
    )
    home, receiving = sent["from_agency_id"], sent["to_agency_id"]
    person = f"/people/{open_.person_id}"
    consent = desk.post(f"{person}/consents", _consent())
    sheet = f"{person}/consents/{consent['consent_id']}/sheet"
    desk.ask("PUT", sheet, PDF, conditions={"Content-Type": "application/pdf"})
    draft = worker.post(f"{person}/screenings", {"mode": "full"})
    gathering = _gathering_of(worker, home)
    (case,) = worker.every(f"{person}/cases")
    details = open_way.person.details
    ids = {
        "person_id": open_.person_id,
        "case_id": case["case_id"],
        "consent_id": consent["consent_id"],
        "screening_id": draft["screening_id"],
        "referral_id": sent["referral_id"],
        "need_id": sent["need_id"],
        "enrolment_id": next(e["enrolment_id"] for e in open_.enrolments if not e["safety"]),
        "gathering_id": gathering,
    }
    drafted = worker.post(f"/people/{other.person_id}/screenings", {"mode": "full"})
    return Prepared(
        ordinary=Records(
            ids=ids,
            # Names are left out: somebody else may have the same.
            secrets=frozenset({details["tax_code"], *(ids[name] for name in _ITEMS)}),
        ),
        safety=_about_safety(unsafe),
        outside=_about_safety(other, screening_id=drafted["screening_id"]),
        cases=tuple(f"/people/{each.person_id}/cases" for each in (open_, unsafe)),
        agencies={
            Relation.OWN: home,
            Relation.SAFETY: home,
            Relation.OUTSIDE: home,
            Relation.RECEIVING: receiving,
            Relation.OTHER: _outsider(open_, unsafe, other),
        },
        bodies=_bodies(worker, home, open_, details) | _team_of(case),
        conditions={
            "service_publication": {"If-Match": f'"{_service_of(worker, home)["version"]}"'}
        },
    )


def join(prepared: Prepared, callers: Callers, lead: Client) -> None:
    """Take every caller in on the teams of those cases that they are to be on, and wait for it."""
    for path in prepared.cases:
        (case,) = lead.every(path)
        team = {"worker_id": case["worker_id"], "members": callers.staff}
        lead.put(f"{path}/{case['case_id']}/team", team, seen=case)
    home = prepared.agencies[Relation.SAFETY]
    person = f"/people/{prepared.safety.person_id}"

    awaited: dict[str, Callable[[Json], bool]] = {
        f"/screenings/{prepared.ordinary.ids['screening_id']}": lambda draft: "marks" in draft,
        f"{person}/needs": _shows_safety,
        f"{person}/enrolments": _shows_safety,
        f"{person}/timeline?limit=100": _tells(prepared.safety.ids["need_id"]),
    }

    def is_there(path: str) -> bool:
        return awaited[path](callers.ask(Role.CASE_WORKER, home, "GET", path).json())

    for path in awaited:
        eventually(partial(is_there, path), seconds=60)


def _shows_safety(answer: Json) -> bool:
    return any(each["safety"] for each in answer["items"])


def _tells(subject: str) -> Callable[[Json], bool]:
    return lambda answer: any(each["subject"] == subject for each in answer["items"])


def _consent() -> Json:
    return {**_CONSENT, "expires_on": str(clock.now().date() + timedelta(days=30))}


def _emergency(details: Json) -> Json:
    """Return by what a person is opened in an emergency."""
    return {"reason": _EMERGENCY, "tax_code": details["tax_code"]}


def _about_safety(course: Course, **ids: str) -> Records:
    """Return what came of the answers about safety."""
    hidden = [each for each in course.referrals if each["safety"]]
    enrolled = [each["enrolment_id"] for each in course.enrolments if each["safety"]]
    return Records(
        ids={
            "referral_id": hidden[0]["referral_id"],
            "need_id": hidden[0]["need_id"],
            "enrolment_id": enrolled[0],
            **ids,
        },
        secrets=frozenset({*(each["referral_id"] for each in hidden), *enrolled}),
        person_id=course.person_id,
        interview=course.screening["screening_id"],
    )


def _team_of(case: Json) -> dict[str, Json]:
    """Return what says that a team stays as it is, of a version that never was."""
    return {"case_team": {"version": 99, "worker_id": case["worker_id"], "members": []}}


def _outsider(*courses: Course) -> str:
    """Return an agency to which no referral of the persons goes."""
    involved = {
        each[side]
        for course in courses
        for each in course.referrals
        for side in ("from_agency_id", "to_agency_id")
    }
    return next(each for each in demonstration.agency_names() if each not in involved)


def _gathering_of(worker: Client, agency: str) -> str:
    """Return a gathering that the agency organises."""
    return str(
        next(
            each["gathering_id"]
            for each in worker.every("/gatherings", limit=100)
            if each["agency_id"] == agency
        )
    )


def _service_of(worker: Client, agency: str) -> Json:
    """Return a service that the agency publishes."""
    services = worker.every("/services", limit=100)
    return next(each for each in services if each["details"]["organization_id"] == agency)


def _bodies(worker: Client, agency: str, course: Course, details: Json) -> dict[str, Any]:
    """Return what must be said with each operation, so that only the caller can be wrong."""
    today = clock.now().date()
    day = {"first_contact_on": str(today + timedelta(days=1))}
    own = _service_of(worker, agency)
    organization = next(
        each for each in worker.every("/organizations") if each["organization_id"] == agency
    )
    return {
        "person_search": {"name": details["family_name"], "limit": 100},
        "person_correction": {"version": 1, "details": details},
        "person_duplicates": {
            name: details[name] for name in ("given_name", "family_name", "birth_date", "tax_code")
        },
        "person_names": {"person_ids": [course.person_id]},
        "emergency_access_opening": _emergency(details),
        "emergency_access_review": {"outcome": "justified"},
        "consent_record": _consent(),
        "consent_sheet_record": PDF,
        "screening_start": {"mode": "full", "case_id": course.case_id},
        "screening_answers": {"version": 1, "answers": {"CAS1": "a"}},
        "screening_completion": {"version": 1},
        "referral_acceptance": day,
        "referral_start": {"first_contact_on": str(today)},
        "referral_rejection": {"reason": "no-capacity"},
        "referral_cancellation": {"reason": "no-longer-needed"},
        "referral_completion": {"outcome": "service-received"},
        "referral_failure": {"reason": "no-show"},
        "referral_matches": {"areas": [{"category": "LIN.2"}], "person_id": course.person_id},
        "need_decision": {"decision": "agreed"},
        "need_closure": {"outcome": "met"},
        "need_reroute": {"service_id": own["service_id"]},
        "enrolment_refusal": {"reason": "not-now"},
        "attendance_record": {"person_id": course.person_id},
        "organization_publication": organization,
        "service_publication": own["details"],
        "service_id": {"service_id": own["service_id"]},
    }


@dataclass
class Callers:
    """One caller for each role at each agency; all of them were let in by the administrator."""

    stack: Stack
    administrator: Client
    tokens: dict[tuple[Role, str], str] = field(default_factory=dict)
    emergencies: dict[Role, str] = field(default_factory=dict)
    """The emergency accesses that some roles have opened, each of them by itself."""
    staff: list[str] = field(default_factory=list)
    _lines: threading.local = field(default_factory=threading.local)

    def let_in(self, agencies: frozenset[str]) -> None:
        """Make the accounts and the clients, and sign them in."""
        for role in Role:
            by_agency = self._clients if role in CLIENT_ROLES else self._staff
            self.tokens.update(by_agency(role, sorted(agencies)))

    def open_in_emergency(self, prepared: Prepared) -> None:
        """Let whoever may open the ordinary person, for the agency that has nothing to do with it.

        Only the account that opened it reads by it, so each role has one of its own.
        """
        body = prepared.bodies["emergency_access_opening"]
        for role in (Role.CASE_WORKER, Role.AGENCY_COORDINATOR):
            agency = prepared.agencies[Relation.OTHER]
            opened = self.ask(role, agency, "POST", "/emergency-accesses", body).json()
            self.emergencies[role] = opened["items"][0]["access_id"]

    def ask(  # noqa: PLR0913 - who asks, and what a request is made of
        self,
        role: Role,
        agency: str,
        method: str,
        path: str,
        body: Any = None,
        *,
        conditions: Mapping[str, str] = MappingProxyType({}),
    ) -> Any:
        """Ask as somebody who holds one role at an agency."""
        return self._line().request(
            method,
            f"{self.stack.gateway_url}/api/v1{path}",
            json=None if isinstance(body, bytes) else body,
            data=body if isinstance(body, bytes) else None,
            headers={
                "Authorization": f"Bearer {self.tokens[role, agency]}",
                **({"Content-Type": "application/pdf"} if isinstance(body, bytes) else {}),
                **conditions,
            },
            timeout=15,
        )

    def _line(self) -> requests.Session:
        """Return the connections of this thread."""
        if not hasattr(self._lines, "session"):
            self._lines.session = requests.Session()
            self._lines.session.trust_env = False
        session: requests.Session = self._lines.session
        return session

    def _staff(self, role: Role, agencies: list[str]) -> Iterator[tuple[tuple[Role, str], str]]:
        email = f"matrix.{role.value.replace('_', '-')}.{clock.new_id().hex[-8:]}@demo.example"
        first, *others = agencies
        user = self.administrator.post(
            "/users",
            {
                "email": email,
                "name": f"Matrix {role.value}",
                "agency_id": first,
                "roles": [role.value],
                "password": _PASSWORD,
            },
        )["user"]
        self.staff.append(user["user_id"])
        for agency in others:
            self.administrator.put(
                f"/users/{user['user_id']}/memberships/{agency}",
                {"roles": [role.value]},
                seen={},
            )
        for agency in agencies:
            with Client(self.stack.gateway_url) as client:
                token = client.post(
                    "/tokens", {"email": email, "password": _PASSWORD, "agency_id": agency}
                )["access_token"]
            yield (role, agency), token
        version = self.ask(role, first, "GET", "/code-of-conduct").json()["version"]
        self.ask(role, first, "POST", "/code-of-conduct/acceptance", {"version": version})

    def _clients(self, role: Role, agencies: list[str]) -> Iterator[tuple[tuple[Role, str], str]]:
        scope = role.value.removeprefix("client_").replace("_", ":")
        ends = (clock.now() + timedelta(days=1)).isoformat()
        for agency in agencies:
            made = self.administrator.post(
                "/clients",
                {
                    "name": f"Matrix {scope}",
                    "agency_id": agency,
                    "scopes": [scope],
                    "expires_at": ends,
                },
            )
            with Client(self.stack.gateway_url) as client:
                answer = client.post(
                    "/tokens",
                    {
                        "grant_type": "client_credentials",
                        "client_id": made["client"]["client_id"],
                        "client_secret": made["client_secret"],
                    },
                )
            yield (role, agency), answer["access_token"]


def told(answer: Any, path: str) -> str:
    """Return what an answer tells beyond what was asked."""
    try:
        content = answer.json()
    except ValueError:
        return str(answer.text)
    if isinstance(content, dict):
        content.pop("instance", None)
    asked = {part for part in path.replace("?", "/").replace("=", "/").split("/") if part}
    text = json.dumps(content, ensure_ascii=False)
    for part in asked:
        text = text.replace(part, "")
    return text
