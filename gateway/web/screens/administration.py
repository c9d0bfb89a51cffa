"""Administration of users: who may come in, with which roles, and until when."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any, Final

from flask_babel import gettext as _

from contracts.access import STAFF_ROLES, Role
from contracts.calendar import day_of
from gateway.identity.language import (
    ExternalIdentity,
    MembershipReference,
    NewLink,
    NewMembership,
    NewUser,
    NewValidity,
    User,
    UserChange,
    UserSearch,
    UserState,
)
from gateway.web import forms
from gateway.web.languages import ZONE
from gateway.web.screen import Go, Outcome, Page, Screen, Visit
from gateway.web.screens.referrals import kept_filters

ADMINISTER: Final = "user:administer"
_ROLES: Final = tuple(role for role in Role if role in STAFF_ROLES)


def agencies_of(visit: Visit) -> list[tuple[str, str]]:
    """Return the agencies of the network to choose from, by name."""
    known = visit.speaker.reference.agencies.values()
    return sorted(
        ((str(each.organization_id), each.name) for each in known), key=lambda one: one[1]
    )


def last_moment(typed: str | None) -> str | None:
    """Return the last moment of a day in Italy, since people mean that day to be used still."""
    try:
        day = date.fromisoformat(typed or "")
    except ValueError:
        return typed or None
    return datetime.combine(day, time(23, 59, 59), ZONE).isoformat()


def show_users(visit: Visit) -> Outcome:
    """Show users, of an agency or in a state if that is chosen."""
    asked = forms.read(UserSearch, visit.query)
    return Page(
        template="administration/users.html",
        context={
            "page": visit.turn.identity.users(asked),
            "asked": asked,
            "kind": UserSearch,
            "states": UserState,
            "agencies": agencies_of(visit),
            "filters": kept_filters(visit),
        },
    )


def show_new_user(visit: Visit) -> Outcome:
    """Show the form of a new user."""
    return Page(
        template="administration/new_user.html",
        context={"kind": NewUser, "roles": _ROLES, "agencies": agencies_of(visit)},
    )


def take_new_user(visit: Visit) -> Outcome:
    """Let a user in and show the link of the invitation, this once."""
    until = last_moment(visit.form.get("valid_until"))
    new = forms.read(NewUser, visit.form, invite=True, **_if_given(valid_until=until))
    created = visit.turn.identity.create_user(
        new, key=visit.turn.line.call.key, by=visit.turn.principal.user_id
    )
    if created.link is None:
        return Go(to=_address(created.user), said=_("Questo utente era già stato aggiunto."))
    return Page(
        template="administration/link.html",
        context={"user": created.user, "link": created.link, "purpose": "invitation"},
    )


def _if_given(**values: Any) -> dict[str, Any]:
    """Return what was typed; what was not is left out."""
    return {name: value for name, value in values.items() if value is not None}


def _address(user: User) -> str:
    return f"/administration/users/{user.user_id}"


def show_user(visit: Visit) -> Outcome:
    """Show one user: the person, the roles, and what can be done about the account."""
    identity, user_id = visit.turn.identity, visit.path["user_id"]
    user = identity.user(user_id)
    return Page(
        template="administration/user.html",
        context={
            "user": user,
            "until": day_of(user.valid_until) if user.valid_until else "",
            "sessions": identity.tokens_of(user_id).items,
            "providers": identity.provider_list().items,
            "ties": identity.external_identities(user_id),
            "own": user_id == visit.turn.principal.user_id,
            "now": visit.turn.now,
            "kind": NewValidity,
        },
    )


def show_roles(visit: Visit) -> Outcome:
    """Show the roles that a user holds in an agency."""
    user = visit.turn.identity.user(visit.path["user_id"])
    agency_id = visit.path.get("agency_id")
    held = next((each.roles for each in user.memberships if each.agency_id == agency_id), ())
    known = {str(each.agency_id) for each in user.memberships}
    return Page(
        template="administration/roles.html",
        context={
            "user": user,
            "agency_id": agency_id,
            "held": held,
            "roles": _ROLES,
            "agencies": [each for each in agencies_of(visit) if each[0] not in known],
            "kind": NewMembership,
        },
    )


def take_roles(visit: Visit) -> Outcome:
    """Give a user these roles in an agency."""
    known = {name: visit.path[name] for name in ("user_id", "agency_id") if name in visit.path}
    membership = forms.read(NewMembership, visit.form, **known)
    user = visit.turn.identity.set_membership(membership, by=visit.turn.principal.user_id)
    return Go(to=_address(user), said=_("I ruoli sono cambiati e valgono da subito."))


def take_membership_end(visit: Visit) -> Outcome:
    """Take a user out of an agency."""
    known = {name: visit.path[name] for name in ("user_id", "agency_id")}
    reference = forms.read(MembershipReference, visit.form, **known)
    visit.turn.identity.end_membership(visit.turn.principal.user_id, reference)
    return _back(visit, _("L'utente non fa più parte dell'ente."))


def take_link(visit: Visit) -> Outcome:
    """Make a one-time link for a user and show it, this once."""
    identity, user_id = visit.turn.identity, visit.path["user_id"]
    wanted = forms.read(NewLink, visit.form, user_id=user_id)
    link = identity.make_link(visit.turn.principal.user_id, wanted)
    return Page(
        template="administration/link.html",
        context={"user": identity.user(user_id), "link": link, "purpose": wanted.purpose},
    )


def take_validity(visit: Visit) -> Outcome:
    """Let an account end by itself after a day, or last."""
    until = last_moment(visit.form.get("valid_until"))
    validity = forms.read(
        NewValidity, visit.form, user_id=visit.path["user_id"], **_if_given(valid_until=until)
    )
    visit.turn.identity.set_validity(validity, by=visit.turn.principal.user_id)
    return _back(visit, _("La scadenza dell'account è cambiata."))


def take_disablement(visit: Visit) -> Outcome:
    """Shut the door for a user."""
    change = forms.read(UserChange, visit.form, user_id=visit.path["user_id"])
    visit.turn.identity.disable_user(visit.turn.principal, change.user_id, version=change.version)
    return _back(visit, _("L'account è chiuso e ogni sua sessione è finita."))


def take_enablement(visit: Visit) -> Outcome:
    """Open the door again."""
    change = forms.read(UserChange, visit.form, user_id=visit.path["user_id"])
    visit.turn.identity.enable_user(
        change.user_id, version=change.version, by=visit.turn.principal.user_id
    )
    return _back(visit, _("L'account è di nuovo aperto."))


def take_sessions_end(visit: Visit) -> Outcome:
    """Sign a user out everywhere."""
    visit.turn.identity.end_tokens_of(visit.turn.principal.user_id, visit.path["user_id"])
    return _back(visit, _("Tutte le sessioni dell'utente sono chiuse."))


def take_second_step_away(visit: Visit) -> Outcome:
    """Take a lost second step away."""
    visit.turn.identity.take_second_step_away(visit.turn.principal.user_id, visit.path["user_id"])
    return _back(visit, _("La verifica in due passaggi è tolta: al prossimo accesso la riattiva."))


def take_tie(visit: Visit) -> Outcome:
    """Tie a user to an account at an identity provider."""
    tie = forms.read(ExternalIdentity, visit.form, user_id=visit.path["user_id"])
    visit.turn.identity.tie(visit.turn.principal.user_id, tie.provider, tie.subject, tie.user_id)
    return _back(visit, _("L'identità esterna è collegata."))


def take_untie(visit: Visit) -> Outcome:
    """Untie a user from an identity provider."""
    visit.turn.identity.untie(
        visit.turn.principal.user_id, visit.path["provider"], visit.path["user_id"]
    )
    return _back(visit, _("L'identità esterna è scollegata."))


def _back(visit: Visit, said: str) -> Go:
    return Go(to=f"/administration/users/{visit.path['user_id']}", said=said)


_USER: Final = "/administration/users/{user_id}"


def _deed(name: str, path: str, takes: Any, *, fresh: bool = False) -> Screen:
    """Return an address of one deed upon a user, whose page is shown when it is refused."""
    return Screen(
        name=name,
        path=f"{_USER}{path}",
        takes=takes,
        shown_again="user",
        permission=ADMINISTER,
        fresh=fresh,
    )


SCREENS: Final = (
    Screen(name="users", path="/administration", shows=show_users, permission=ADMINISTER),
    Screen(
        name="user_new",
        path="/administration/users/new",
        shows=show_new_user,
        takes=take_new_user,
        permission=ADMINISTER,
        fresh=True,
    ),
    Screen(name="user", path=_USER, shows=show_user, permission=ADMINISTER),
    Screen(
        name="user_agency_new",
        path=f"{_USER}/agencies/new",
        shows=show_roles,
        takes=take_roles,
        permission=ADMINISTER,
        fresh=True,
    ),
    Screen(
        name="user_agency",
        path=_USER + "/agencies/{agency_id}",
        shows=show_roles,
        takes=take_roles,
        permission=ADMINISTER,
        fresh=True,
    ),
    _deed("user_agency_end", "/agencies/{agency_id}/end", take_membership_end),
    _deed("user_link", "/links", take_link, fresh=True),
    _deed("user_validity", "/validity", take_validity, fresh=True),
    _deed("user_disablement", "/disablement", take_disablement),
    _deed("user_enablement", "/enablement", take_enablement, fresh=True),
    _deed("user_sessions_end", "/sessions/end", take_sessions_end),
    _deed("user_second_step_end", "/second-step/end", take_second_step_away, fresh=True),
    _deed("user_tie", "/identities", take_tie, fresh=True),
    _deed("user_untie", "/identities/<string:provider>/end", take_untie),
)
