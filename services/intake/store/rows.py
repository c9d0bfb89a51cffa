"""Rows as the rules' values, and values as rows."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import fields
from datetime import date
from typing import Any, Final

from chassis.folding import folded
from contracts.intake import (
    Case,
    CaseState,
    Consent,
    DataCategory,
    Person,
    PersonDetails,
    Purpose,
    SheetMedia,
    SignedSheet,
    TaxCodeKind,
    TaxCodeRemark,
)
from contracts.referrals import ReferralState
from services.intake.domain.consents import consent_state
from services.intake.domain.duplicates import Candidate, phone_end
from services.intake.domain.sharing import SentReferral

SHEET: Final = tuple(field.name for field in fields(SignedSheet))
REFERRAL: Final = tuple(field.name for field in fields(SentReferral))


def person_of(row: Mapping[Any, Any]) -> Person:
    """Return the person of a row; fields that a newer version of the code wrote are ignored."""
    return Person(
        person_id=row["person_id"],
        agency_id=row["agency_id"],
        version=row["version"],
        registered_at=row["registered_at"],
        details=PersonDetails.load(row["details"], tolerant=True),
        tax_code_kind=TaxCodeKind(row["tax_code_kind"]),
        tax_code_remarks=tuple(map(TaxCodeRemark, row["tax_code_remarks"])),
    )


def case_of(row: Mapping[Any, Any]) -> Case:
    """Return the case of a row."""
    return Case(**{**row, "state": CaseState(row["state"]), "members": tuple(row["members"])})


def consent_row(consent: Consent) -> dict[str, Any]:
    """Return the row of a consent; whether it holds is derived when it is shown."""
    return {
        "consent_id": consent.consent_id,
        "person_id": consent.person_id,
        "recipient_id": consent.recipient_id,
        "purpose": consent.purpose.value,
        "categories": [category.value for category in consent.categories],
        "granted_at": consent.granted_at,
        "expires_on": consent.expires_on,
        "withdrawn_at": consent.withdrawn_at,
    }


def consent_of(row: Mapping[Any, Any], today: date) -> Consent:
    """Return the consent of a row as it stands today."""
    return Consent(
        **{
            **row,
            "purpose": Purpose(row["purpose"]),
            "categories": tuple(map(DataCategory, row["categories"])),
        },
        state=consent_state(
            expires_on=row["expires_on"], withdrawn_at=row["withdrawn_at"], today=today
        ),
    )


def sheet_row(sheet: SignedSheet) -> dict[str, Any]:
    """Return the row of a signed sheet, but for its content and its consent."""
    return {**vars(sheet), "media_type": sheet.media_type.value}


def sheet_of(row: Mapping[Any, Any]) -> SignedSheet:
    """Return what a row tells of a signed sheet."""
    plain = {name: row[name] for name in SHEET}
    return SignedSheet(**{**plain, "media_type": SheetMedia(row["media_type"])})


def referral_of(row: Mapping[Any, Any]) -> SentReferral:
    """Return the sent referral of a row."""
    plain = {name: row[name] for name in REFERRAL}
    return SentReferral(**{**plain, "state": ReferralState(row["state"])})


def candidate_of(row: Mapping[Any, Any], *, marks: Collection[str]) -> Candidate:
    """Return the person of a row as one who may be at the desk."""
    details = PersonDetails.load(row["details"], tolerant=True)
    return Candidate(
        person_id=row["person_id"],
        shown_as=(details.given_name, details.family_name),
        given_name=folded(details.given_name),
        family_name=folded(details.family_name),
        birth_date=details.birth_date,
        phone_end=phone_end(details.phone),
        same_tax_code=row["tax_code_mark"] in marks,
    )
