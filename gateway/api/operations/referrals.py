"""Operations on needs and referrals."""

from __future__ import annotations

from typing import Any, Final

from contracts.catalogue import GetService
from contracts.intake import GetPerson, GetSharedPerson
from contracts.language import Request
from contracts.referrals import (
    AcceptReferral,
    CancelReferral,
    CloseNeed,
    CompleteReferral,
    DecideNeed,
    ExplainMatches,
    FailReferral,
    GetReferral,
    GetWorklist,
    ListNeeds,
    ListReferrals,
    RejectReferral,
    RerouteNeed,
    SendReferral,
    StartReferral,
)
from gateway.api.operation import Embed, Operation
from gateway.composition import explain_matches

_TAG: Final = "referrals"


def _step(name: str, noun: str, summary: str, asks: type[Request[Any]]) -> Operation:
    """Return the operation that takes a referral one step further."""
    return Operation(
        name=name,
        tag=_TAG,
        method="POST",
        path=f"/referrals/{{referral_id}}/{noun}",
        summary=summary,
        asks=asks,
    )


OPERATIONS: Final = (
    Operation(
        name="worklist",
        tag=_TAG,
        method="GET",
        path="/worklist",
        summary="What waits for the agency",
        asks=GetWorklist,
    ),
    Operation(
        name="referrals",
        tag=_TAG,
        method="GET",
        path="/referrals",
        summary="Referrals",
        asks=ListReferrals,
        sparse=True,
    ),
    Operation(
        name="referral_matches",
        tag=_TAG,
        method="POST",
        path="/referrals/matches",
        summary="Who would be asked, and why",
        asks=ExplainMatches,
        does=explain_matches,
        uses=(GetPerson, ExplainMatches),
    ),
    Operation(
        name="referral",
        tag=_TAG,
        method="GET",
        path="/referrals/{referral_id}",
        summary="One referral",
        asks=GetReferral,
        sparse=True,
        embeds={"service": Embed(asks=GetService, by="service_id")},
    ),
    Operation(
        name="referral_person",
        tag=_TAG,
        method="GET",
        path="/referrals/{referral_id}/person",
        summary="The person, as far as consents show",
        asks=GetSharedPerson,
    ),
    _step("referral_request", "request", "Send a draft", SendReferral),
    _step("referral_acceptance", "acceptance", "Accept a referral", AcceptReferral),
    _step("referral_rejection", "rejection", "Reject a referral", RejectReferral),
    _step("referral_cancellation", "cancellation", "Cancel a referral", CancelReferral),
    _step("referral_start", "start", "Record the first contact", StartReferral),
    _step("referral_completion", "completion", "Complete a referral", CompleteReferral),
    _step("referral_failure", "failure", "Record that a referral failed", FailReferral),
    Operation(
        name="needs",
        tag=_TAG,
        method="GET",
        path="/needs",
        summary="Needs",
        asks=ListNeeds,
    ),
    Operation(
        name="need_decision",
        tag=_TAG,
        method="POST",
        path="/needs/{need_id}/decision",
        summary="Record what the person decided",
        asks=DecideNeed,
    ),
    Operation(
        name="need_closure",
        tag=_TAG,
        method="POST",
        path="/needs/{need_id}/closure",
        summary="Close a need",
        asks=CloseNeed,
    ),
    Operation(
        name="need_reroute",
        tag=_TAG,
        method="POST",
        path="/needs/{need_id}/referrals",
        status=201,
        summary="Try another service",
        asks=RerouteNeed,
        location="/referrals/{referral_id}",
    ),
)
