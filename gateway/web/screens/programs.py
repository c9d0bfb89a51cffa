"""Administration of programs, and the log of what administrators did."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from flask_babel import gettext as _

from contracts.access import Role
from gateway.identity.domain import SCOPES
from gateway.identity.language import (
    AdministrationSearch,
    ClientChange,
    ClientSearch,
    IssuedSecret,
    NewClient,
    SecretRotation,
)
from gateway.web import forms, words
from gateway.web.screen import Go, Outcome, Page, Screen, Visit
from gateway.web.screens.administration import ADMINISTER, agencies_of, last_moment
from gateway.web.screens.referrals import kept_filters


def show_programs(visit: Visit) -> Outcome:
    """Show the programs of agencies that may come in."""
    page = visit.turn.identity.clients(forms.read(ClientSearch, visit.query))
    return Page(
        template="administration/programs.html", context={"page": page, "now": visit.turn.now}
    )


def show_new_program(visit: Visit) -> Outcome:
    """Show the form of a new program."""
    return Page(
        template="administration/new_program.html",
        context={"kind": NewClient, "scopes": tuple(SCOPES), "agencies": agencies_of(visit)},
    )


def take_new_program(visit: Visit) -> Outcome:
    """Let a program in and show its secret, this once."""
    ends = last_moment(visit.form.get("expires_at"))
    known = {} if ends is None else {"expires_at": ends}
    issued = visit.turn.identity.create_client(
        forms.read(NewClient, visit.form, **known),
        by=visit.turn.principal.user_id,
        key=visit.turn.line.call.key,
    )
    return _secret_page(issued)


def take_new_secret(visit: Visit) -> Outcome:
    """Give a program a new secret and show it, this once."""
    wanted = forms.read(SecretRotation, visit.form, client_id=visit.path["client_id"])
    return _secret_page(visit.turn.identity.rotate_secret(wanted, by=visit.turn.principal.user_id))


def _secret_page(issued: IssuedSecret) -> Outcome:
    if issued.client_secret is None:
        to = f"/administration/programs/{issued.client.client_id}"
        return Go(to=to, said=_("Questo programma era già stato aggiunto."))
    return Page(template="administration/secret.html", context={"issued": issued})


def show_program(visit: Visit) -> Outcome:
    """Show one program with its live secrets."""
    return Page(
        template="administration/program.html",
        context={
            "client": visit.turn.identity.client(visit.path["client_id"]),
            "now": visit.turn.now,
            "kind": SecretRotation,
        },
    )


def take_program_end(visit: Visit) -> Outcome:
    """Shut the door for a program, for good."""
    change = forms.read(ClientChange, visit.form, client_id=visit.path["client_id"])
    client_id, by = change.client_id, visit.turn.principal.user_id
    visit.turn.identity.disable_client(client_id, by=by, version=change.version)
    said = _("Il programma non entra più.")
    return Go(to=f"/administration/programs/{client_id}", said=said)


def show_log(visit: Visit) -> Outcome:
    """Show who did what to which account."""
    asked = forms.read(AdministrationSearch, visit.query)
    return Page(
        template="administration/log.html",
        context={
            "page": visit.turn.identity.administration(asked),
            "asked": asked,
            "filters": kept_filters(visit),
            "agency_named": lambda text: visit.speaker.agency(UUID(text)),
            "role_named": lambda text: words.label(Role(text), visit.language),
        },
    )


def show_verdict(visit: Visit) -> Outcome:
    """Show whether the log is whole."""
    return Page(
        template=f"administration/verdict{'_part' if visit.live else ''}.html",
        context={"verdict": visit.turn.identity.administration_verdict()},
    )


_PROGRAM: Final = "/administration/programs/{client_id}"

SCREENS: Final = (
    Screen(
        name="programs",
        path="/administration/programs",
        shows=show_programs,
        permission=ADMINISTER,
    ),
    Screen(
        name="program_new",
        path="/administration/programs/new",
        shows=show_new_program,
        takes=take_new_program,
        permission=ADMINISTER,
        fresh=True,
    ),
    Screen(name="program", path=_PROGRAM, shows=show_program, permission=ADMINISTER),
    Screen(
        name="program_secret",
        path=_PROGRAM + "/secrets",
        takes=take_new_secret,
        shown_again="program",
        permission=ADMINISTER,
        fresh=True,
    ),
    Screen(
        name="program_end",
        path=_PROGRAM + "/end",
        takes=take_program_end,
        shown_again="program",
        permission=ADMINISTER,
    ),
    Screen(
        name="administration_log",
        path="/administration/log",
        shows=show_log,
        permission=ADMINISTER,
    ),
    Screen(
        name="administration_verdict",
        path="/administration/log/verdict",
        shows=show_verdict,
        permission=ADMINISTER,
    ),
)
