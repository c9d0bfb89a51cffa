"""The ways through the pages: who sees which, and by which key they are reached."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from flask_babel import lazy_gettext as _

from gateway.web.screen import Visit


@dataclass(frozen=True, kw_only=True)
class Way:
    """One entry of the menu; ``key`` follows ``g`` on the keyboard."""

    to: str
    says: str
    icon: str
    key: str
    permission: str


WAYS: Final = (
    Way(to="/", says=_("Il mio lavoro"), icon="inbox", key="h", permission="referral:read"),
    Way(to="/people", says=_("Persone"), icon="user", key="p", permission="person:read"),
    Way(to="/screenings", says=_("Schede"), icon="file", key="d", permission="screening:read"),
    Way(
        to="/referrals",
        says=_("Invii"),
        icon="exchange-circle",
        key="i",
        permission="referral:read",
    ),
    Way(to="/pathways", says=_("Percorsi"), icon="flag", key="c", permission="pathway:read"),
    Way(to="/services", says=_("Servizi"), icon="map-marker", key="s", permission="catalogue:read"),
    Way(
        to="/gatherings",
        says=_("Incontri"),
        icon="calendar",
        key="e",
        permission="gathering:read",
    ),
    Way(
        to="/indicators",
        says=_("Indicatori"),
        icon="chart-line",
        key="n",
        permission="indicator:read",
    ),
    Way(to="/accesses", says=_("Accessi"), icon="lock", key="a", permission="accesses:read"),
    Way(
        to="/administration",
        says=_("Amministrazione"),
        icon="settings",
        key="m",
        permission="user:administer",
    ),
    Way(
        to="/operations",
        says=_("Sistema"),
        icon="tool",
        key="o",
        permission="operations:administer",
    ),
)


def ways(visit: Visit) -> Iterator[Way]:
    """Yield the ways that are open to the person at the desk."""
    session = visit.turn.session
    if session is None or session.pending:
        return
    yield from (way for way in WAYS if visit.can(way.permission))


def home(visit: Visit) -> str:
    """Return where somebody begins who has just come in."""
    return next((way.to for way in ways(visit)), "/account")
