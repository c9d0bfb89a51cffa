"""The doors of the pathways service."""

from __future__ import annotations

from chassis.edge import Database, Service, answers, listens
from chassis.unit import Unit
from contracts.intake import CaseStaffed
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
from contracts.screening import ScreeningCompleted
from services.pathways import handlers
from services.pathways.store import PathwayStore


class PathwaysService(Service[PathwayStore]):
    """Proposes, enrols and keeps the waiting lists."""

    name = "pathways"
    database = Database(PathwayStore)

    @listens(ScreeningCompleted)
    def on_screening_completed(self, unit: Unit[PathwayStore], event: ScreeningCompleted) -> None:
        """Give every suggested pathway its enrolment."""
        handlers.on_screening_completed(unit, event)

    @listens(CaseStaffed)
    def on_case_staffed(self, unit: Unit[PathwayStore], event: CaseStaffed) -> None:
        """Know who may see what is about safety."""
        handlers.on_case_staffed(unit, event)

    @answers(EnrolPerson)
    def enrol_person(self, unit: Unit[PathwayStore], command: EnrolPerson) -> Enrolment:
        """Enrol a person for whom the pathway was proposed."""
        return handlers.enrol_person(unit, command)

    @answers(RefusePathway)
    def refuse_pathway(self, unit: Unit[PathwayStore], command: RefusePathway) -> Enrolment:
        """Record that the person does not want the pathway."""
        return handlers.refuse_pathway(unit, command)

    @answers(WithdrawEnrolment)
    def withdraw_enrolment(self, unit: Unit[PathwayStore], command: WithdrawEnrolment) -> Enrolment:
        """Take a place or a turn back."""
        return handlers.withdraw_enrolment(unit, command)

    @answers(SetPlaces)
    def set_places(self, unit: Unit[PathwayStore], command: SetPlaces) -> Offer:
        """Change how many places a pathway has."""
        return handlers.set_places(unit, command)

    @answers(ListEnrolments)
    def list_enrolments(self, unit: Unit[PathwayStore], query: ListEnrolments) -> EnrolmentPage:
        """Show a page of enrolments."""
        return handlers.list_enrolments(unit, query)

    @answers(ListOffers)
    def list_offers(self, unit: Unit[PathwayStore], query: ListOffers) -> OfferPage:
        """Show every pathway with its places."""
        return handlers.list_offers(unit, query)
