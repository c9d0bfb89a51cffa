"""The use cases of pathways: load, decide, keep, tell."""

from __future__ import annotations

from dataclasses import replace
from typing import TypeAlias
from uuid import UUID

from chassis import teams
from chassis.unit import Unit
from contracts.calendar import day_of
from contracts.intake import CaseStaffed
from contracts.language import Forbidden, NotFound
from contracts.pathways import (
    Enrolment,
    EnrolmentPage,
    EnrolPerson,
    ListEnrolments,
    ListOffers,
    Offer,
    OfferPage,
    RefusePathway,
    SetPlaces,
    WithdrawEnrolment,
)
from contracts.screening import Decision, ScreeningCompleted
from services.pathways import domain
from services.pathways.store import PathwayStore

Work: TypeAlias = Unit[PathwayStore]


def on_screening_completed(unit: Work, event: ScreeningCompleted) -> None:
    """Give every suggested pathway its enrolment."""
    pathways = [pathway.code for pathway in domain.suggested(event)]
    if not pathways:
        return
    agreed = [pathway.code for pathway in event.pathways if pathway.decision is Decision.AGREED]
    unit.store.hold_person(event.person_id)
    teams.keep_owner(unit, event.screening_id, event.agency_id, event.worker_id)
    unit.store.hold_places(agreed)
    outcome = domain.react(
        event,
        unit.store.known(event.person_id, event.screening_id, pathways),
        ids=iter(unit.new_id, None),
        now=unit.now,
    )
    unit.store.keep_reaction(outcome.state)
    unit.publish(*outcome.events)


def enrol_person(unit: Work, command: EnrolPerson) -> Enrolment:
    """Enrol a person for whom the pathway was proposed, or put them on the waiting list."""
    standing = _held(unit, command.enrolment_id)
    offering, taken = unit.store.offering(standing.pathway)
    outcome = domain.enrol(standing, offering, taken, asked_at=unit.now, now=unit.now)
    unit.store.keep([outcome.state])
    unit.publish(*outcome.events)
    return unit.store.enrolment(standing.enrolment_id)


def refuse_pathway(unit: Work, command: RefusePathway) -> Enrolment:
    """Record that the person does not want the pathway."""
    standing = _held(unit, command.enrolment_id)
    outcome = domain.refuse(standing, command.reason, now=unit.now)
    unit.store.keep([outcome.state])
    unit.publish(*outcome.events)
    return unit.store.enrolment(standing.enrolment_id)


def withdraw_enrolment(unit: Work, command: WithdrawEnrolment) -> Enrolment:
    """Take a place or a turn back, and give the place to the first of the waiting list."""
    standing = _held(unit, command.enrolment_id)
    outcome = domain.withdraw(standing, now=unit.now)
    unit.store.keep([outcome.state])
    unit.publish(*outcome.events)
    _fill(unit, standing.pathway)
    return unit.store.enrolment(standing.enrolment_id)


def set_places(unit: Work, command: SetPlaces) -> Offer:
    """Change how many places a pathway has; who is enrolled stays, who waits moves up."""
    offering = unit.store.hold_offer(command.pathway)
    if offering is None:
        raise NotFound("No such pathway is on offer.")
    unit.store.keep_offering(
        replace(
            offering,
            places=command.places,
            valid_from=day_of(unit.now),
            source=f"Set by agency {unit.principal.agency_id}",
        ),
        set_at=unit.now,
    )
    _fill(unit, command.pathway)
    (offer,) = unit.store.offers(command.pathway).items
    return offer


def list_enrolments(unit: Work, query: ListEnrolments) -> EnrolmentPage:
    """Show the enrolments in the caller's reach."""
    return unit.store.page(query, domain.Reach.of(unit.principal))


def on_case_staffed(unit: Work, event: CaseStaffed) -> None:
    """Keep who is on the team of a person's case."""
    teams.keep_team(unit, event.person_id, event.agency_id, event.team)


def list_offers(unit: Work, _query: ListOffers) -> OfferPage:
    """Show every pathway with its places."""
    return unit.store.offers()


def _held(unit: Work, enrolment_id: UUID) -> domain.Standing:
    """Lock what the enrolment depends on and return it as it is under the locks."""
    standing = unit.store.reached(enrolment_id, domain.Reach.of(unit.principal))
    if standing is None:
        raise NotFound("No such enrolment.")
    if not unit.principal.reaches("pathway:decide", standing.agency_id):
        raise Forbidden("Only the agency that follows the person decides about the enrolment.")
    unit.store.hold_person(standing.person_id)
    unit.store.hold_places([standing.pathway])
    return unit.store.standing(enrolment_id) or standing


def _fill(unit: Work, pathway: str) -> None:
    """Give free places to the waiting list; the offer is held."""
    offering, taken = unit.store.offering(pathway)
    if offering is None or not offering.has_place(taken):
        return
    promoted = domain.promote(unit.store.waiting(pathway, offering.free(taken)), now=unit.now)
    unit.store.keep(promoted.state)
    unit.publish(*promoted.events)
