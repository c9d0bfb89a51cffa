"""Operations on persons and what hangs on a person."""

from __future__ import annotations

from typing import Final

from contracts.intake import (
    CorrectPerson,
    FindDuplicates,
    FindPeople,
    GetPerson,
    GetScreeningContext,
    GetSignedSheet,
    ListCases,
    ListConsents,
    ListNames,
    OpenCase,
    RecordConsent,
    RecordSignedSheet,
    RegisterPerson,
    SheetMedia,
    WithdrawConsent,
)
from contracts.pathways import ListEnrolments
from contracts.referrals import ListNeeds, ListReferrals
from contracts.reporting import GetTimeline
from contracts.screening import ListScreenings, Screening, StartScreening
from gateway.api.operation import Embed, Operation
from gateway.composition import NewScreening, of_person, start_screening
from gateway.files import File
from gateway.signed_sheets import add_sheet, show_sheet

_TAG: Final = "people"
_FILES: Final = tuple(each.value for each in SheetMedia)
_SHEET: Final = """\
Keep the sheet on which the person signed a consent, instead of any kept before. The body is the
file itself, 6 MB at most. What it is says its content: it has to be what Content-Type names, whole,
and nothing else at the same time."""

OPERATIONS: Final = (
    Operation(
        name="person_registration",
        tag=_TAG,
        method="POST",
        path="/people",
        status=201,
        summary="Register a person",
        asks=RegisterPerson,
        body="details",
        location="/people/{person_id}",
    ),
    Operation(
        name="person_search",
        tag=_TAG,
        method="POST",
        path="/people/searches",
        summary="Search persons",
        asks=FindPeople,
    ),
    Operation(
        name="person_duplicates",
        tag=_TAG,
        method="POST",
        path="/people/duplicates",
        summary="Whoever may be the person at the desk",
        asks=FindDuplicates,
    ),
    Operation(
        name="person_names",
        tag=_TAG,
        method="POST",
        path="/people/names",
        summary="Names for a list",
        asks=ListNames,
    ),
    Operation(
        name="person",
        tag=_TAG,
        method="GET",
        path="/people/{person_id}",
        summary="One person",
        asks=GetPerson,
        sparse=True,
        embeds={
            "cases": Embed(asks=ListCases, by="person_id"),
            "consents": Embed(asks=ListConsents, by="person_id"),
        },
    ),
    Operation(
        name="person_correction",
        tag=_TAG,
        method="PUT",
        path="/people/{person_id}",
        summary="Correct a person's details",
        asks=CorrectPerson,
    ),
    Operation(
        name="case_opening",
        tag=_TAG,
        method="POST",
        path="/people/{person_id}/cases",
        status=201,
        summary="Open a case",
        asks=OpenCase,
    ),
    Operation(
        name="person_cases",
        tag=_TAG,
        method="GET",
        path="/people/{person_id}/cases",
        summary="Cases of a person",
        asks=ListCases,
    ),
    Operation(
        name="consent_record",
        tag=_TAG,
        method="POST",
        path="/people/{person_id}/consents",
        status=201,
        summary="Record a consent",
        asks=RecordConsent,
    ),
    Operation(
        name="person_consents",
        tag=_TAG,
        method="GET",
        path="/people/{person_id}/consents",
        summary="Consents of a person",
        asks=ListConsents,
    ),
    Operation(
        name="consent_withdrawal",
        tag=_TAG,
        method="POST",
        path="/people/{person_id}/consents/{consent_id}/withdrawal",
        summary="Withdraw a consent",
        asks=WithdrawConsent,
    ),
    Operation(
        name="consent_sheet_record",
        tag=_TAG,
        method="PUT",
        path="/people/{person_id}/consents/{consent_id}/sheet",
        summary="Add the signed sheet of a consent",
        asks=RecordSignedSheet,
        does=add_sheet,
        file_media=_FILES,
        about=_SHEET,
    ),
    Operation(
        name="consent_sheet",
        tag=_TAG,
        method="GET",
        path="/people/{person_id}/consents/{consent_id}/sheet",
        summary="The signed sheet of a consent",
        asks=GetSignedSheet,
        answers=File,
        does=show_sheet,
        file_media=_FILES,
    ),
    Operation(
        name="screening_start",
        tag=_TAG,
        method="POST",
        path="/people/{person_id}/screenings",
        status=201,
        summary="Start a screening",
        asks=NewScreening,
        answers=Screening,
        does=start_screening,
        uses=(GetScreeningContext, ListCases, StartScreening),
        requires=StartScreening.permission,
        location="/screenings/{screening_id}",
    ),
    Operation(
        name="person_screenings",
        tag=_TAG,
        method="GET",
        path="/people/{person_id}/screenings",
        summary="Screenings of a person",
        asks=ListScreenings,
        does=of_person,
        uses=(GetPerson, ListScreenings),
    ),
    Operation(
        name="person_needs",
        tag=_TAG,
        method="GET",
        path="/people/{person_id}/needs",
        summary="Needs of a person",
        asks=ListNeeds,
        does=of_person,
        uses=(GetPerson, ListNeeds),
    ),
    Operation(
        name="person_referrals",
        tag=_TAG,
        method="GET",
        path="/people/{person_id}/referrals",
        summary="Referrals of a person",
        asks=ListReferrals,
        does=of_person,
        uses=(GetPerson, ListReferrals),
    ),
    Operation(
        name="person_enrolments",
        tag=_TAG,
        method="GET",
        path="/people/{person_id}/enrolments",
        summary="Enrolments of a person",
        asks=ListEnrolments,
        does=of_person,
        uses=(GetPerson, ListEnrolments),
    ),
    Operation(
        name="person_timeline",
        tag=_TAG,
        method="GET",
        path="/people/{person_id}/timeline",
        summary="A person's story",
        asks=GetTimeline,
        does=of_person,
        uses=(GetPerson, GetTimeline),
    ),
)
