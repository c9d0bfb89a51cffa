"""Referrals: the lists of what was sent and received, one referral, and every step with it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, Final
from urllib.parse import urlencode
from uuid import UUID

from flask_babel import lazy_gettext as _

from contracts.calendar import day_of
from contracts.intake import GetPerson, GetSharedPerson
from contracts.language import Request
from contracts.referrals import (
    AcceptReferral,
    Blocker,
    CancellationReason,
    CancelReferral,
    CompleteReferral,
    FailReferral,
    FailureReason,
    GetReferral,
    ListReferrals,
    Referral,
    ReferralOutcome,
    ReferralQueue,
    ReferralState,
    RejectionReason,
    RejectReferral,
    SendReferral,
    StartReferral,
)
from gateway.web import forms
from gateway.web.naming import names_of
from gateway.web.screen import Go, Outcome, Page, Screen, Visit

_USUAL_DAYS: Final = 7
"""In how many days the first contact is expected where the recipient names no other day."""

_READ: Final = "referral:read"


def show_list(visit: Visit) -> Outcome:
    """Show what was received, what was sent, or one queue of the worklist."""
    asked = forms.read(ListReferrals, visit.query)
    if not {"queue", "direction"} & visit.query.keys():
        asked = replace(asked, direction="received" if visit.can("referral:answer") else "sent")
    page = visit.ask(asked)
    return Page(
        template="referrals/list.html",
        context={
            "page": page,
            "asked": asked,
            "names": names_of(visit, (each.person_id for each in page.items)),
            "queues": ReferralQueue,
            "states": [state for state in ReferralState if state not in _UNUSED],
            "filters": kept_filters(visit),
        },
    )


_UNUSED: Final = frozenset({ReferralState.ENTERED_IN_ERROR})


def kept_filters(visit: Visit) -> str:
    """Return what a list was narrowed by, to be kept on its next page."""
    return urlencode([(name, value) for name, value in visit.query.items() if name != "cursor"])


@dataclass(frozen=True, kw_only=True)
class Step:
    """Something that can be done with a referral: by which side, from which states, with what."""

    verb: str
    says: Any
    request: type[Request[Any]]
    recipient: bool | None
    """Whether the recipient takes it, or else the sender; ``None``: either of them."""

    states: frozenset[ReferralState]
    despite: Collection[Blocker | None] = (None, *Blocker)
    """What may be in the way of the referral when the step is offered."""

    asks: str = ""
    choices: Any = None
    begins_with: Callable[[Visit], Any] = lambda _visit: ""
    said: Any = ""
    main: bool = False

    def is_open(self, referral: Referral, *, sender: bool, recipient: bool, visit: Visit) -> bool:
        """Tell whether the person at the desk can do this now."""
        sides = {
            True: recipient and visit.can("referral:answer"),
            False: sender and visit.can("referral:send"),
        }
        may = any(sides.values()) if self.recipient is None else sides[self.recipient]
        return may and referral.state in self.states and referral.blocked_by in self.despite


def _in_a_week(visit: Visit) -> str:
    return str(day_of(visit.turn.now) + timedelta(days=_USUAL_DAYS))


def _today(visit: Visit) -> str:
    return str(day_of(visit.turn.now))


_AT_WORK: Final = frozenset({ReferralState.ACCEPTED, ReferralState.IN_PROGRESS})
_OPEN: Final = _AT_WORK | {ReferralState.DRAFT, ReferralState.REQUESTED}

STEPS: Final = (
    Step(
        verb="acceptance",
        says=_("Accetta"),
        request=AcceptReferral,
        recipient=True,
        states=frozenset({ReferralState.REQUESTED}),
        asks="first_contact_on",
        begins_with=_in_a_week,
        said=_("Invio accettato: chi ha inviato lo vede subito."),
        main=True,
    ),
    Step(
        verb="rejection",
        says=_("Non possiamo accettare"),
        request=RejectReferral,
        recipient=True,
        states=frozenset({ReferralState.REQUESTED}),
        asks="reason",
        choices=RejectionReason,
        said=_("Risposta inviata con il motivo: chi ha inviato cercherà altro."),
    ),
    Step(
        verb="start",
        says=_("Primo incontro avvenuto"),
        request=StartReferral,
        recipient=True,
        states=frozenset({ReferralState.ACCEPTED}),
        asks="first_contact_on",
        begins_with=_today,
        said=_("Primo incontro registrato."),
        main=True,
    ),
    Step(
        verb="completion",
        says=_("Concludi"),
        request=CompleteReferral,
        recipient=True,
        states=frozenset({ReferralState.IN_PROGRESS}),
        asks="outcome",
        choices=ReferralOutcome,
        said=_("Invio concluso: chi ha inviato legge l'esito e chiude il cerchio."),
        main=True,
    ),
    Step(
        verb="failure",
        says=_("Non è andato a buon fine"),
        request=FailReferral,
        recipient=True,
        states=_AT_WORK,
        asks="reason",
        choices=FailureReason,
        said=_("Registrato: chi ha inviato decide con la persona come continuare."),
    ),
    Step(
        verb="request",
        says=_("La persona è d'accordo: invia"),
        request=SendReferral,
        recipient=False,
        states=frozenset({ReferralState.DRAFT}),
        # Whatever else is in the way has to go first; then the draft goes out by itself.
        despite=(Blocker.DECISION,),
        said=_("Invio partito."),
        main=True,
    ),
    Step(
        verb="cancellation",
        says=_("Annulla l'invio"),
        request=CancelReferral,
        recipient=None,
        states=_OPEN,
        asks="reason",
        choices=CancellationReason,
        said=_("Invio annullato."),
    ),
)
"""Every step, in the order in which the page offers them."""


def show_referral(visit: Visit) -> Outcome:
    """Show one referral, the person as far as she may be seen, and what can be done."""
    referral: Referral = visit.ask(GetReferral(referral_id=visit.path["referral_id"]))
    here = visit.turn.principal.agency_id
    sender = referral.from_agency_id == here
    recipient = referral.to_agency_id == here
    found = visit.gather(
        person=GetPerson(person_id=referral.person_id) if not recipient or sender else None,
        shared=GetSharedPerson(referral_id=referral.referral_id)
        if recipient and not sender
        else None,
    )
    offered = [
        (step, step.begins_with(visit))
        for step in STEPS
        if step.is_open(referral, sender=sender, recipient=recipient, visit=visit)
    ]
    return Page(
        template="referrals/referral.html",
        context={
            "referral": referral,
            "person": found.person.details if found.person else None,
            "shared": found.shared,
            "found": found,
            "sender": sender,
            "recipient": recipient,
            "offered": offered,
            "offering": reference_of(referral),
        },
    )


def reference_of(referral: Referral) -> Mapping[str, Any]:
    """Return what the page says of the way that the referral goes."""
    way = [ReferralState.REQUESTED, ReferralState.ACCEPTED, ReferralState.IN_PROGRESS]
    ends = {
        ReferralState.REJECTED,
        ReferralState.CANCELLED,
        ReferralState.FAILED,
        ReferralState.ENTERED_IN_ERROR,
    }
    end = referral.state if referral.state in ends else ReferralState.COMPLETED
    return {"way": [*way, end], "ended": referral.state in ends | {ReferralState.COMPLETED}}


def _take(step: Step) -> Callable[[Visit], Outcome]:
    """Return what takes a step."""

    def take(visit: Visit) -> Outcome:
        referral_id: UUID = visit.path["referral_id"]
        visit.ask(forms.read(step.request, visit.form, referral_id=referral_id))
        return Go(to=f"/referrals/{referral_id}", said=str(step.said))

    return take


SCREENS: Final = (
    Screen(name="referrals", path="/referrals", shows=show_list, permission=_READ),
    Screen(name="referral", path="/referrals/{referral_id}", shows=show_referral, permission=_READ),
    *(
        Screen(
            name=f"referral_{step.verb}",
            path=f"/referrals/{{referral_id}}/{step.verb}",
            takes=_take(step),
            shown_again="referral",
            permission=step.request.permission,
        )
        for step in STEPS
    ),
)
