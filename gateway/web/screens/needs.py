"""Needs: what waits for its agency, and closing the loop with the person."""

from __future__ import annotations

from dataclasses import replace
from typing import Final
from uuid import UUID

from flask_babel import gettext as _

from contracts.intake import GetPerson
from contracts.language import NotFound
from contracts.pathways import RefusalReason
from contracts.referrals import (
    CloseNeed,
    DecideNeed,
    ExplainMatches,
    ListNeeds,
    Need,
    NeedOutcome,
    NeedQueue,
    NeedState,
    ReferralState,
    RerouteNeed,
    WantedArea,
)
from gateway.web import forms
from gateway.web.naming import names_of
from gateway.web.screen import Go, Outcome, Page, Screen, Visit
from gateway.web.screens.referrals import kept_filters

_ALL: Final = 100
_AT_ONCE: Final = 20
_OPEN: Final = frozenset(
    {
        ReferralState.DRAFT,
        ReferralState.REQUESTED,
        ReferralState.ACCEPTED,
        ReferralState.IN_PROGRESS,
    }
)


def show_list(visit: Visit) -> Outcome:
    """Show the needs of the agency, or one queue of them."""
    asked = replace(forms.read(ListNeeds, visit.query), limit=_AT_ONCE)
    if not {"queue", "state"} & visit.query.keys():
        asked = replace(asked, state=NeedState.ACTIVE)
    page = visit.ask(asked)
    return Page(
        template="referrals/needs.html",
        context={
            "page": page,
            "asked": asked,
            "queues": NeedQueue,
            "states": NeedState,
            "names": names_of(visit, (each.person_id for each in page.items)),
            "filters": kept_filters(visit),
        },
    )


def show_need(visit: Visit) -> Outcome:
    """Show one need with every attempt, and what can be done about it."""
    person_id: UUID = visit.path["person_id"]
    person, needs = visit.ask_all(
        GetPerson(person_id=person_id), ListNeeds(person_id=person_id, limit=_ALL)
    )
    need: Need | None = next(
        (each for each in needs.items if each.need_id == visit.path["need_id"]), None
    )
    if need is None:
        raise NotFound("The person has no such need.")
    waits = not any(each.state in _OPEN for each in need.referrals)
    ours = need.agency_id == visit.turn.principal.agency_id and visit.can("referral:send")
    can_go_on = need.state is NeedState.ACTIVE and waits and ours
    found = visit.gather(
        matches=ExplainMatches(
            areas=(WantedArea(category=need.category),),
            municipality=person.details.municipality,
            language=person.details.language,
            person_id=person_id,
        )
        if can_go_on
        else None
    )
    matches = found.matches.items[0] if found.matches and found.matches.items else None
    tried = {each.service_id for each in need.referrals}
    return Page(
        template="referrals/need.html",
        context={
            "person": person,
            "need": need,
            "can_close": can_go_on,
            "matches": matches,
            "tried": tried,
            "found": found,
            "outcomes": NeedOutcome,
            "kind": CloseNeed,
            "can_decide": ours and need.state is NeedState.ACTIVE,
            "reasons": RefusalReason,
        },
    )


def take_decision(visit: Visit) -> Outcome:
    """Record what the person decided after the screening."""
    decided = visit.ask(forms.read(DecideNeed, visit.form, need_id=visit.path["need_id"]))
    to = f"/people/{visit.path['person_id']}/needs/{decided.need_id}"
    return Go(to=to, said=_("La decisione della persona è registrata."))


def take_closure(visit: Visit) -> Outcome:
    """Close the loop."""
    visit.ask(forms.read(CloseNeed, visit.form, need_id=visit.path["need_id"]))
    return Go(to=f"/people/{visit.path['person_id']}", said=_("Il cerchio è chiuso."))


def take_reroute(visit: Visit) -> Outcome:
    """Try another service."""
    sent = visit.ask(forms.read(RerouteNeed, visit.form, need_id=visit.path["need_id"]))
    return Go(to=f"/referrals/{sent.referral_id}", said=_("Il nuovo invio è pronto."))


SCREENS: Final = (
    Screen(name="needs", path="/needs", shows=show_list, permission="referral:read"),
    Screen(
        name="need",
        path="/people/{person_id}/needs/{need_id}",
        shows=show_need,
        permission="referral:read",
    ),
    Screen(
        name="need_decision",
        path="/people/{person_id}/needs/{need_id}/decision",
        takes=take_decision,
        shown_again="need",
        permission="referral:send",
    ),
    Screen(
        name="need_closure",
        path="/people/{person_id}/needs/{need_id}/closure",
        takes=take_closure,
        shown_again="need",
        permission="referral:send",
    ),
    Screen(
        name="need_reroute",
        path="/people/{person_id}/needs/{need_id}/referrals",
        takes=take_reroute,
        shown_again="need",
        permission="referral:send",
    ),
)
