"""A desk where every kind of question is asked, and no answer passes that tells nobody anything."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta
from http import HTTPStatus
from random import Random
from types import MappingProxyType
from typing import Any, Final

import requests

from chassis import clock
from chassis.testing import eventually
from contracts.access import Role
from launcher import demonstration
from launcher.chaos.stream import agreed_to_all
from launcher.journey.client import Client
from launcher.journey.people import invented
from launcher.journey.vignettes import chosen
from launcher.stack import Stack
from tests.support.running import signed_in
from tests.support.second_doors import Door, an_address

PATIENCE: Final = 150.0
MISSING: Final = "Questa parte ora non risponde"
"""What a page says of a part that it had to leave out."""

_PASSWORD: Final = "still here when the lights go out"  # noqa: S105 - of an account that dies with the stack
_ROLES: Final = (
    Role.DESK_OPERATOR,
    Role.CASE_WORKER,
    Role.AGENCY_COORDINATOR,
    Role.NETWORK_COORDINATOR,
    Role.EVENT_ORGANISER,
)
_NEVER: Final = frozenset(
    {
        HTTPStatus.INTERNAL_SERVER_ERROR,
        HTTPStatus.BAD_GATEWAY,
        HTTPStatus.GATEWAY_TIMEOUT,
    }
)
_VIGNETTE: Final = chosen("V1")[0]
_PROOF: Final = re.compile(r'name="csrf_token" value="([^"]+)"')
_BORN: Final = re.compile(r"^process_start_time_seconds (\S+)$", re.MULTILINE)
_OPEN: Final = re.compile(r'plurali_rpc_circuit_open\{target="(\w+)"\} 1\.0')

Json = dict[str, Any]
Answers = Mapping[str, requests.Response]

READS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "intake": ("/people/{person_id}", "/people/{person_id}/consents"),
        "screening": ("/screenings", "/screenings/{screening_id}"),
        "catalogue": ("/services", "/services/{service_id}"),
        "referrals": ("/referrals", "/referrals/{referral_id}", "/worklist"),
        "pathways": ("/enrolments", "/pathways"),
        "events": ("/gatherings", "/gatherings/{gathering_id}"),
        "reporting": ("/indicators", "/people/{person_id}/timeline"),
    }
)
"""Lists and details of each service."""

PAGES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "intake": "/people/{person_id}",
        "screening": "/screenings/{screening_id}",
        "catalogue": "/services",
        "referrals": "/referrals",
        "pathways": "/pathways",
        "events": "/gatherings/{gathering_id}",
        "reporting": "/indicators",
    }
)
"""The page that asks each service first of all."""


class Unclear(Exception):
    """An answer that tells nobody what to do; no waiting makes it good."""


@dataclass(frozen=True, kw_only=True)
class Command:
    """A change, where its effect is counted, and what one effect adds there."""

    method: str
    path: str
    body: Json | None
    seen_at: str
    effect: Callable[[Json], int]
    adds: int = 1
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Desk:
    """Somebody who may do everything with persons, at one gateway."""

    door: Door
    token: str
    source: str
    ids: Mapping[str, str]
    commands: Mapping[str, Command]
    cookies: Mapping[str, str]
    proof: str

    def ask(self, method: str, path: str, **content: Any) -> requests.Response:
        """Ask over the interface."""
        address = f"/api/v1{path.format(**self.ids)}"
        return _clear(
            self.door.ask(method, address, source=self.source, token=self.token, **content)
        )

    def look(self, path: str) -> requests.Response:
        """Open a page."""
        cookies = dict(self.cookies)
        address = path.format(**self.ids)
        return _clear(self.door.ask("GET", address, source=self.source, cookies=cookies))

    def send(self, path: str, typed: Mapping[str, str]) -> requests.Response:
        """Send a form as a browser does."""
        ours = self.door.url.replace("http:", "https:")
        return _clear(
            self.door.ask(
                "POST",
                path.format(**self.ids),
                source=self.source,
                cookies=dict(self.cookies),
                data={"csrf_token": self.proof, **typed},
                headers={"Origin": ours, "Referer": f"{ours}/help"},
            )
        )

    def do(self, command: Command, key: str) -> requests.Response:
        """Ask for a change under a key."""
        headers = {"Idempotency-Key": key, **command.headers}
        return self.ask(command.method, command.path, json=command.body, headers=headers)

    def count(self, command: Command) -> int:
        """Count the effects of a command."""
        return command.effect(self.ask("GET", command.seen_at).json())

    def everything(self, services: Iterable[str], changes: Mapping[str, str]) -> Answers:
        """Ask everything of the services at once: lists, details, pages and changes by key."""
        asks: dict[str, Callable[[], requests.Response]] = {}
        for service in services:
            for path in READS[service]:
                asks[f"GET {path}"] = lambda p=path: self.ask("GET", p)  # type: ignore[misc]
            asks[f"page {PAGES[service]}"] = lambda p=PAGES[service]: self.look(p)  # type: ignore[misc]
        for name, key in changes.items():
            asks[f"change of {name}"] = lambda n=name, k=key: self.do(self.commands[n], k)  # type: ignore[misc]
        with ThreadPoolExecutor(max_workers=12) as pool:
            futures = {name: pool.submit(ask) for name, ask in asks.items()}
            return {name: future.result() for name, future in futures.items()}

    def await_health(self, services: Iterable[str] = READS) -> None:
        """Wait until everything of the services is whole again."""
        services = tuple(services)
        for service in services:
            path = READS[service][0]
            eventually(lambda p=path: self.ask("GET", p).ok, seconds=PATIENCE)  # type: ignore[misc]
        eventually(lambda: self._is_whole(services), seconds=PATIENCE)

    def _is_whole(self, services: Iterable[str]) -> bool:
        found = self.everything(services, {})
        broken = {name for name, each in found.items() if not each.ok or MISSING in each.text}
        assert broken == set()
        return True

    @property
    def circuits_open(self) -> set[str]:
        """The services that the gateway leaves alone."""
        return set(_OPEN.findall(self._metrics()))

    @property
    def born(self) -> str:
        """When the process that serves began."""
        (found,) = _BORN.findall(self._metrics())
        return str(found)

    def _metrics(self) -> str:
        with requests.Session() as session:
            session.trust_env = False
            return session.get(self.door.health.replace("/live", "/metrics"), timeout=30).text


def _clear(answer: requests.Response) -> requests.Response:
    """Return an answer unless it is one that nobody should ever be given.

    Raises:
        Unclear: it is one.

    """
    kind = answer.headers.get("Content-Type", "").partition(";")[0]
    wanted = "application/problem+json" if "/api/v1/" in str(answer.url) else "text/html"
    after = answer.headers.get("Retry-After", "")
    told = kind == wanted and after.isdecimal() and int(after) > 0
    down = answer.status_code == HTTPStatus.SERVICE_UNAVAILABLE
    if answer.status_code in _NEVER or (down and not told):
        raise Unclear(f"{answer.url}: {answer.status_code} {answer.text[:400]}")
    return answer


def prepare(stack: Stack, door: Door) -> Desk:
    """Let somebody in who brings a person on their way."""
    email = f"watched.{clock.new_id()}@demo.example"
    agency = demonstration.agency_id(demonstration.REFERRER)
    with signed_in(stack, "CIDIS", Role.ADMINISTRATOR) as administrator:
        user = {"email": email, "name": "Watched", "agency_id": agency, "password": _PASSWORD}
        administrator.post("/users", {**user, "roles": [role.value for role in _ROLES]})
    with Client(stack.gateway_url) as client:
        token = client.sign_in(email, _PASSWORD)["access_token"]
        version = client.get("/code-of-conduct")["version"]
        client.post("/code-of-conduct/acceptance", {"version": version})
        ids = _on_the_way(client)
        own, gathering = _published(client, agency)
    ids |= {"service_id": own["service_id"], "gathering_id": gathering}
    source = an_address(Random(clock.new_id().int))  # noqa: S311 - nothing to be kept from anybody
    page = door.ask("GET", "/help", source=source, cookies={"plurali": token})
    proof = _PROOF.search(page.text)
    assert proof is not None
    return Desk(
        door=door,
        token=token,
        source=source,
        ids=ids,
        commands=_commands(ids["enrolment_id"], own["details"]),
        cookies={"plurali": token, **page.cookies.get_dict()},
        proof=proof[1],
    )


_CONSENT: Final = {
    "purpose": "referral",
    "categories": ["identity", "contacts", "needs", "safety"],
    "expires_on": str(clock.now().date() + timedelta(days=300)),
}


def _on_the_way(client: Client) -> dict[str, str]:
    """Bring a new person as far as a referral and a place, and return the ids."""
    person_id = client.post("/people", invented(_VIGNETTE.context).details)["person_id"]
    path = f"/people/{person_id}"
    client.post(f"{path}/consents", _CONSENT)
    draft = client.post(f"{path}/screenings", {"mode": _VIGNETTE.mode})
    screening = f"/screenings/{draft['screening_id']}"
    answers = {"version": draft["version"], "answers": dict(_VIGNETTE.answers)}
    saved = client.patch(f"{screening}/answers", answers)["screening"]
    completion = {"version": saved["version"], "choices": agreed_to_all(_VIGNETTE)}
    client.post(f"{screening}/completion", completion)
    referrals = eventually(lambda: client.every(f"{path}/referrals"), seconds=PATIENCE)
    enrolments = eventually(lambda: client.every(f"{path}/enrolments"), seconds=PATIENCE)
    # The list of drafts has a name to ask the register for, whatever was done here before.
    client.post(f"{path}/screenings", {"mode": _VIGNETTE.mode})
    return {
        "person_id": person_id,
        "screening_id": draft["screening_id"],
        "referral_id": referrals[0]["referral_id"],
        "enrolment_id": enrolments[0]["enrolment_id"],
        "new_service_id": str(clock.new_id()),
    }


def _published(client: Client, agency: str) -> tuple[Json, str]:
    """Return a service and a gathering of the agency."""
    services = client.every("/services", limit=100)
    gatherings = client.every("/gatherings", limit=100)
    return (
        next(each for each in services if each["details"]["organization_id"] == agency),
        next(each["gathering_id"] for each in gatherings if each["agency_id"] == agency),
    )


def _commands(enrolment_id: str, details: Json) -> dict[str, Command]:
    """Return a change of each service that changes anything."""

    def version_of_the_place(found: Json) -> int:
        places = {each["enrolment_id"]: int(each["version"]) for each in found["items"]}
        return places[enrolment_id]

    return {
        "intake": Command(
            method="POST",
            path="/people/{person_id}/consents",
            body=_CONSENT,
            seen_at="/people/{person_id}/consents",
            effect=lambda consents: len(consents["items"]),
        ),
        "screening": Command(
            method="POST",
            path="/people/{person_id}/screenings",
            body={"mode": "full"},
            seen_at="/people/{person_id}/screenings",
            effect=lambda screenings: len(screenings["items"]),
        ),
        "catalogue": Command(
            method="PUT",
            path="/services/{new_service_id}",
            body=details,
            seen_at="/services/{new_service_id}",
            effect=lambda service: int(service.get("version", 0)),
            headers={"If-None-Match": "*"},
        ),
        "referrals": Command(
            method="POST",
            path="/referrals/{referral_id}/cancellation",
            body={"reason": "no-longer-needed"},
            seen_at="/referrals/{referral_id}",
            effect=lambda referral: int(referral["version"]),
        ),
        "pathways": Command(
            method="POST",
            path="/enrolments/{enrolment_id}/withdrawal",
            body=None,
            seen_at="/people/{person_id}/enrolments",
            effect=version_of_the_place,
        ),
        "events": Command(
            method="POST",
            path="/gatherings/{gathering_id}/attendances",
            body={"headcount": 3},
            seen_at="/gatherings/{gathering_id}",
            effect=lambda gathering: int(gathering["anonymous"]),
            adds=3,
        ),
    }
