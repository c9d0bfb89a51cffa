"""`./plurali seed`: the demonstration network, loaded through the same doors that people use.

Only the first administrator comes in by the gateway's own door, since nobody could let it in yet.
Everything is looked for before it is made: a second run finds everything and changes nothing.
"""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections import Counter
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID

from chassis import clock
from contracts.access import Role
from gateway.identity.domain import make_password
from gateway.identity.language import NewPassword, NewUser
from launcher import demonstration
from launcher.demonstration import Account
from launcher.failures import ExitCode, Failure
from launcher.journey.client import Client, Problem, Unreachable
from launcher.journey.vignettes import chosen
from launcher.stack import Stack
from launcher.users import identity_of, user_with

_PAGE: Final = 100
_CONSENTED: Final = ("identity", "contacts", "needs", "safety")
_CONSENT_DAYS: Final = 365
_DATES: Final = frozenset({"assured_date", "review_due_on"})

Json = dict[str, Any]


def register(parser: ArgumentParser) -> None:
    """Take no arguments."""
    parser.epilog = (
        "Demonstration only: the passwords are printed once and kept, readable for the owner "
        "alone, in demonstration.json of the stack's home, so that `journey` can sign in."
    )


def run(_arguments: Namespace, stack: Stack) -> int:
    """Load what is missing of the demonstration and say what that was."""
    seeding = Seeding(stack)
    try:
        seeding.run()
    except (Problem, Unreachable) as problem:
        raise Failure(f"The demonstration could not be loaded: {problem}") from problem
    print(seeding.told())
    return ExitCode.FINE


class Seeding:
    """One run of the seeding; it counts what it had to make."""

    def __init__(self, stack: Stack) -> None:
        """Prepare to load the demonstration into a running stack."""
        self._stack = stack
        self._accounts = demonstration.kept_accounts(stack.home)
        self._news: list[Account] = []
        self._made: Counter[str] = Counter()

    def run(self) -> None:
        """Load organizations, staff, services, persons and gatherings, in the order of need."""
        plan = demonstration.planned_accounts()
        self._let_the_administrator_in(plan[0])
        with self._as(plan[0]) as administrator:
            _accept(administrator)
            self._enter_organizations(administrator)
            self._let_staff_in(administrator, plan[1:])
            self._accept_conduct(administrator)
            self._publish_services(administrator)
        life = demonstration.content(demonstration.LIFE)
        people = {each["code"]: self._look_after(each) for each in life["people"]}
        for gathering in life["gatherings"]:
            self._hold(gathering, people)

    def told(self) -> str:
        """Say what was made, with the new passwords."""
        if not self._made:
            return "The demonstration is loaded already: nothing was changed."
        made = ", ".join(f"{number} {what}" for what, number in self._made.items())
        width = max((len(each.email) for each in self._news), default=0)
        rows = [f"  {each.email:{width}}  {each.password}  {each.name}" for each in self._news]
        head = ["", "Accounts of the demonstration; the passwords are shown this once:"]
        return "\n".join([f"Loaded: {made}.", *((head + rows) if rows else [])])

    def _as(self, account: Account) -> Client:
        client = Client(self._stack.gateway_url)
        known = self._accounts[account.email]
        client.sign_in(known.email, known.password)
        return client

    def _staff(self, agency: str, role: Role) -> Client:
        return self._as(demonstration.staff_of(self._accounts, agency, role))

    def _count(self, what: str) -> None:
        self._made[what] += 1

    def _password_for(self, account: Account) -> Account:
        """Keep a new password before anybody has it, so that no crash can lose it."""
        known = demonstration.with_password(account, make_password())
        self._accounts[account.email] = known
        demonstration.keep_accounts(self._stack.home, self._accounts)
        return known

    def _let_the_administrator_in(self, account: Account) -> None:
        with identity_of(self._stack) as identity:
            user = user_with(identity, account.email)
            if user is not None and account.email in self._accounts:
                return
            known = self._accounts.get(account.email) or self._password_for(account)
            if user is None:
                identity.create_user(NewUser(**_as_user(known), password=known.password))
            else:
                identity.reset_password(NewPassword(user_id=user.user_id, password=known.password))
            self._news.append(known)
            self._count("accounts")

    def _let_staff_in(self, administrator: Client, plan: tuple[Account, ...]) -> None:
        users = {
            each["email"]: each["user_id"] for each in administrator.every("/users", limit=_PAGE)
        }
        for account in plan:
            if account.email in users and account.email in self._accounts:
                continue
            known = self._accounts.get(account.email) or self._password_for(account)
            if account.email in users:
                path = f"/users/{users[account.email]}/password-reset"
                administrator.post(path, {"password": known.password})
            else:
                body = NewUser(**_as_user(known), password=known.password).dump()
                administrator.post("/users", body)
            self._news.append(known)
            self._count("accounts")

    def _accept_conduct(self, administrator: Client) -> None:
        """Let every account of the demonstration accept the code of conduct, each for itself."""
        version = administrator.get("/code-of-conduct")["version"]
        for user in administrator.every("/users", limit=_PAGE):
            known = self._accounts.get(user["email"])
            if known is not None and user.get("code_of_conduct") != version:
                with self._as(known) as client:
                    _accept(client)
                self._count("acceptances of the code of conduct")

    def _enter_organizations(self, administrator: Client) -> None:
        known = {each["organization_id"]: each for each in administrator.every("/organizations")}
        for organization in demonstration.organizations():
            if known.get(organization["organization_id"]) != organization:
                administrator.post("/organizations", organization)
                self._count("organizations")

    def _publish_services(self, administrator: Client) -> None:
        content = demonstration.content(demonstration.SERVICES)
        today = clock.now().date()
        dates = {
            "assured_date": str(today),
            "review_due_on": str(today + timedelta(days=content["review_after_days"])),
        }
        known = {each["service_id"]: each for each in administrator.every("/services", limit=_PAGE)}
        for service in content["services"]:
            found = known.get(service["service_id"])
            if not _is_published(service["details"], found):
                path = f"/services/{service['service_id']}"
                administrator.put(path, {**service["details"], **dates}, seen=found or {})
                self._count("services")

    def _look_after(self, person: Json) -> str:
        """Register an invented person and hold the screening, as far as that was not done yet."""
        with self._staff(person["agency"], Role.CASE_WORKER) as worker:
            tax_code = {"tax_code": person["details"]["tax_code"]}
            found = worker.post("/people/searches", tax_code)["items"]
            person_id = found[0]["person_id"] if found else self._register(worker, person)
            path = f"/people/{person_id}"
            if not worker.every(f"{path}/cases"):
                worker.post(f"{path}/cases")
                self._count("cases")
            if not worker.every(f"{path}/consents"):
                self._record_consent(worker, path)
            screenings = worker.every(f"{path}/screenings")
            if not any(each["status"] == "completed" for each in screenings):
                self._screen(worker, path, person["vignette"])
        return str(person_id)

    def _register(self, worker: Client, person: Json) -> str:
        today = clock.now().date()
        household = [{"birth_date": str(_years_before(today, age))} for age in person["minors"]]
        details = {**person["details"], "household": household}
        registered = worker.post("/people", details)
        self._count("persons")
        return str(registered["person_id"])

    def _record_consent(self, worker: Client, path: str) -> None:
        consent = {
            "purpose": "referral",
            "categories": list(_CONSENTED),
            "expires_on": str(clock.now().date() + timedelta(days=_CONSENT_DAYS)),
        }
        worker.post(f"{path}/consents", consent)
        self._count("consents")

    def _screen(self, worker: Client, person_path: str, code: str) -> None:
        (vignette,) = chosen(code)
        draft = worker.post(f"{person_path}/screenings", {"mode": vignette.mode})
        path = f"/screenings/{draft['screening_id']}"
        answers = {"version": draft["version"], "answers": dict(vignette.answers)}
        saved = worker.patch(f"{path}/answers", answers)["screening"]
        preview = worker.get(f"{path}/preview")
        suggested = [("area", each["category"]) for each in preview["areas"]]
        suggested += [("pathway", each["code"]) for each in preview["pathways"]]
        choices = [{"kind": kind, "code": each, "decision": "agreed"} for kind, each in suggested]
        worker.post(f"{path}/completion", {"version": saved["version"], "choices": choices})
        self._count("screenings")

    def _hold(self, gathering: Json, people: Mapping[str, str]) -> None:
        """Put a gathering on the calendar and record who came, where that is missing."""
        names = ("title", "kind", "municipality", "starts_at")
        wanted = {name: gathering[name] for name in names}
        with self._staff(gathering["agency"], Role.AGENCY_COORDINATOR) as coordinator:
            held = coordinator.every(
                "/gatherings", municipality=wanted["municipality"], limit=_PAGE
            )
            found = [each for each in held if each["title"] == wanted["title"]]
            if not found:
                found = [coordinator.post("/gatherings", wanted)]
                self._count("gatherings")
            (known, *_) = found
            path = f"/gatherings/{known['gathering_id']}/attendances"
            # One known person is recorded at a time: fewer than planned means an earlier crash.
            for code in gathering["people"][known["persons"] :]:
                coordinator.post(path, {"person_id": people[code]})
                self._count("attendances")
            if gathering["anonymous"] and not known["anonymous"]:
                coordinator.post(path, {"headcount": gathering["anonymous"]})
                self._count("attendances")


def _accept(client: Client) -> None:
    """Accept the code of conduct in force, unless that was done before."""
    conduct = client.get("/code-of-conduct")
    if not conduct["accepted"]:
        client.post("/code-of-conduct/acceptance", {"version": conduct["version"]})


def _as_user(account: Account) -> Json:
    return {
        "email": account.email,
        "name": account.name,
        "agency_id": UUID(account.agency_id),
        "roles": (account.role,),
    }


def _is_published(details: Json, known: Json | None) -> bool:
    """Tell whether a service stands in the directory as it should, and was verified lately."""
    if known is None or known["stale"]:
        return False
    shown = {name: value for name, value in known["details"].items() if name not in _DATES}
    return shown == details


def _years_before(day: date, years: int) -> date:
    """Return a day on which somebody of this age was born, half a year from any birthday."""
    return day.replace(year=day.year - years, day=min(day.day, 28)) - timedelta(days=180)
