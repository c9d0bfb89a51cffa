"""The demonstration network: its agencies, services, staff, gatherings and invented persons.

Accounts of real people never pass through here. The passwords of the demonstration's accounts are
kept beside the stack's own secrets, so that the journey and the benchmark can sign in.
"""

import json
import re
from dataclasses import asdict, dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any, Final

from contracts.access import Role
from launcher import storage
from launcher.failures import UsageFailure
from launcher.settings import ROOT

ORGANIZATIONS: Final = ROOT / "examples" / "demonstration" / "organizations.json"
SERVICES: Final = ROOT / "examples" / "demonstration" / "services.json"
LIFE: Final = ROOT / "examples" / "demonstration" / "life.json"
REFERRER: Final = "Comune di Orbassano"
"""The agency whose desk and case worker do the screenings of the journey."""

_FILE: Final = "demonstration.json"
_DOMAIN: Final = "demo.example"
_TOWNS: Final = {
    "Comune di Orbassano": "orbassano",
    "Comune di Piossasco": "piossasco",
    "Comune di Rivalta di Torino": "rivalta",
}
_KINDS: Final = frozenset({"associazione", "azienda", "centro", "cooperativa", "demo", "servizio"})
_CONSORTIUM: Final = "CIDIS"
_CONSORTIUM_ROLES: Final = (
    Role.ADMINISTRATOR,
    Role.NETWORK_COORDINATOR,
    Role.DESK_OPERATOR,
    Role.CASE_WORKER,
    Role.AGENCY_COORDINATOR,
    Role.PRIVACY_OFFICER,
    Role.VIEWER,
)
_TOWN_ROLES: Final = (
    Role.DESK_OPERATOR,
    Role.CASE_WORKER,
    Role.AGENCY_COORDINATOR,
    Role.EVENT_ORGANISER,
)
_OTHER_ROLES: Final = (Role.CASE_WORKER,)


@dataclass(frozen=True, kw_only=True)
class Account:
    """A member of the demonstration's staff."""

    email: str
    name: str
    agency_id: str
    agency: str
    role: Role
    password: str = ""


@cache
def content(path: Path) -> Any:
    """Return the content of one of the demonstration's files."""
    return json.loads(path.read_text(encoding="utf-8"))


def organizations() -> list[dict[str, Any]]:
    """Return the agencies of the demonstration."""
    found: list[dict[str, Any]] = content(ORGANIZATIONS)["organizations"]
    return found


def agency_names() -> dict[str, str]:
    """Return the names of the agencies by id."""
    return {each["organization_id"]: each["name"] for each in organizations()}


def agency_id(name: str) -> str:
    """Return the id of an agency by its name."""
    return next(id_ for id_, known in agency_names().items() if known == name)


def planned_accounts() -> tuple[Account, ...]:
    """Return who works where, the administrator first; nobody has a password yet."""
    accounts = [
        _account(organization, role)
        for organization in organizations()
        for role in _roles_at(organization["name"])
    ]
    return tuple(sorted(accounts, key=lambda each: each.role is not Role.ADMINISTRATOR))


def kept_accounts(home: Path) -> dict[str, Account]:
    """Return the accounts whose passwords the stack of this home keeps, by address."""
    try:
        kept = json.loads((home / _FILE).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    return {
        each["email"]: Account(**{**each, "role": Role(each["role"])}) for each in kept["accounts"]
    }


def keep_accounts(home: Path, accounts: dict[str, Account]) -> None:
    """Write the accounts with their passwords where only the stack's owner reads them."""
    text = json.dumps({"accounts": [asdict(each) for each in accounts.values()]}, indent=2)
    storage.write(home / _FILE, text)


def require_accounts(home: Path) -> dict[str, Account]:
    """Return the kept accounts, of which there must be some."""
    accounts = kept_accounts(home)
    if not accounts:
        raise UsageFailure("There are no demonstration accounts: run `./plurali seed` first.")
    return accounts


def staff_of(accounts: dict[str, Account], agency: str, role: Role) -> Account:
    """Return who holds a role at an agency."""
    return next(each for each in accounts.values() if (each.agency, each.role) == (agency, role))


def with_password(account: Account, password: str) -> Account:
    """Return the account with its password."""
    return replace(account, password=password)


def _account(organization: dict[str, Any], role: Role) -> Account:
    agency = organization["name"]
    title = role.value.replace("_", "-")
    return Account(
        email=f"{title}.{_short(agency)}@{_DOMAIN}",
        name=f"{role.value.replace('_', ' ').capitalize()}, {agency}",
        agency_id=organization["organization_id"],
        agency=agency,
        role=role,
    )


def _short(agency: str) -> str:
    """Return the telling word of an agency's name, as part of an address."""
    words: list[str] = re.findall(r"\w{4,}", agency.lower())
    return _TOWNS.get(agency, next(word for word in words if word not in _KINDS))


def _roles_at(agency: str) -> tuple[Role, ...]:
    if agency == _CONSORTIUM:
        return _CONSORTIUM_ROLES
    return _TOWN_ROLES if agency in _TOWNS else _OTHER_ROLES
