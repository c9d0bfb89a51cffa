"""What an installation decides about identity, read once from the environment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from types import MappingProxyType
from typing import Any, Final, Self

from chassis.settings import SettingMissing
from contracts.access import STAFF_ROLES, Role

_SINCE: Final = date(2026, 1, 1)
_FREE: Final = frozenset({Role.VIEWER, Role.EVENT_ORGANISER})
_NONE: Final = "none"


def _by_default() -> Mapping[Role, date]:
    """Return since when roles ask for a second step: all that can meet a person's data do."""
    return MappingProxyType(dict.fromkeys(sorted(STAFF_ROLES - _FREE), _SINCE))


@dataclass(frozen=True, kw_only=True)
class Policy:
    """Lifetimes and demands; ``second_step_since`` holds the day from which a role asks for it."""

    second_step_since: Mapping[Role, date] = field(default_factory=_by_default)
    session_idle: timedelta = timedelta(minutes=30)
    session_life: timedelta = timedelta(hours=12)
    step_up_life: timedelta = timedelta(minutes=15)
    pending_life: timedelta = timedelta(minutes=10)
    invitation_life: timedelta = timedelta(hours=72)
    reset_life: timedelta = timedelta(minutes=60)
    client_token_life: timedelta = timedelta(minutes=60)
    dormant_after: timedelta = timedelta(days=90)
    public_url: str = "http://127.0.0.1:8080"

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Self:
        """Read what differs from the defaults.

        Raises:
            SettingMissing: a value makes no sense; the sentence names its variable.

        """
        told: dict[str, Any] = {}
        for variable, (attribute, unit) in _LIVES.items():
            if environment.get(variable):
                told[attribute] = _life(variable, environment[variable], unit)
        if environment.get("SECOND_STEP_FROM"):
            told["second_step_since"] = _days_by_role(environment["SECOND_STEP_FROM"])
        if environment.get("PUBLIC_URL"):
            told["public_url"] = environment["PUBLIC_URL"].rstrip("/")
        return cls(**told)


_LIVES: Final = {
    "SESSION_IDLE_MINUTES": ("session_idle", "minutes"),
    "SESSION_HOURS": ("session_life", "hours"),
    "STEP_UP_MINUTES": ("step_up_life", "minutes"),
    "INVITATION_HOURS": ("invitation_life", "hours"),
    "RESET_LINK_MINUTES": ("reset_life", "minutes"),
    "CLIENT_TOKEN_MINUTES": ("client_token_life", "minutes"),
    "DORMANT_DAYS": ("dormant_after", "days"),
}
VARIABLES: Final = ("SECOND_STEP_FROM", "PUBLIC_URL", *_LIVES)
"""The variables that tell a policy."""


def _life(variable: str, text: str, unit: str) -> timedelta:
    if not text.isdigit() or not 1 <= int(text) <= 10_000:  # noqa: PLR2004 - some bound against slips of the finger
        raise SettingMissing(f"set {variable} to a whole number of {unit}")
    return timedelta(**{unit: int(text)})


def _days_by_role(text: str) -> Mapping[Role, date]:
    """Read ``administrator=2026-01-01,case_worker=2027-03-01``; ``none`` is nobody."""
    if text.strip() == _NONE:
        return MappingProxyType({})
    try:
        pairs = [each.partition("=") for each in text.split(",")]
        read = {Role(role.strip()): date.fromisoformat(day.strip()) for role, _, day in pairs}
    except ValueError:
        read = {}
    if not read or not read.keys() <= STAFF_ROLES:
        raise SettingMissing(
            "set SECOND_STEP_FROM to pairs such as administrator=2026-01-01, or to none"
        )
    return MappingProxyType(read)
