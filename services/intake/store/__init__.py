"""Persons, cases and consents as rows: the only SQL of intake, and where tax codes are sealed."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import date
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from chassis.folding import folded
from chassis.unit import Store
from contracts.intake import (
    Case,
    CaseState,
    Consent,
    Person,
    SheetMedia,
    ShownSheet,
    SignedSheet,
)
from services.intake.domain.cases import UNTOLD
from services.intake.domain.duplicates import AtTheDesk, Candidate, digits_swapped
from services.intake.domain.emergencies import Sought
from services.intake.domain.sharing import SentReferral
from services.intake.models import (
    PHONE_END,
    agencies,
    cases,
    consents,
    persons,
    sent_referrals,
    signed_sheets,
)
from services.intake.sealing import Seal, process_seal
from services.intake.store import rows
from services.intake.store.emergencies import EmergencyRows

_NO_TAX_CODE: Final = dict.fromkeys(("tax_code_sealed", "tax_code_mark", "tax_code_key"))


class IntakeStore(Store):
    """The persons of every agency; who may see whom is decided by the handlers."""

    def __init__(self, connection: sa.Connection, *, seal: Seal | None = None) -> None:
        """Use the connection of the unit of work and, unless told another, the process's seal."""
        super().__init__(connection)
        self._seal = seal or process_seal()
        self.emergencies = EmergencyRows(connection)

    def add_person(self, person: Person) -> UUID:
        """Keep a new person unless the agency has one with this tax code; return who has it now."""
        tax_code = person.details.tax_code
        holder = tax_code and self._holder_alone(person.agency_id, tax_code)
        if holder:
            return holder
        self.connection.execute(sa.insert(persons).values(self._person_row(person)))
        return person.person_id

    def find_person(self, person_id: UUID) -> Person | None:
        """Return a person, without the tax code."""
        statement = sa.select(persons).where(persons.c.person_id == person_id)
        row = self.connection.execute(statement).mappings().one_or_none()
        return None if row is None else rows.person_of(row)

    def person_to_change(self, person_id: UUID) -> Person | None:
        """Return a person whom nobody else can change until the end, without the tax code."""
        statement = sa.select(persons).where(persons.c.person_id == person_id).with_for_update()
        row = self.connection.execute(statement).mappings().one_or_none()
        return None if row is None else rows.person_of(row)

    def save_person(self, person: Person) -> UUID:
        """Keep what changed in a person that ``person_to_change`` has locked.

        Nothing is kept if another person of the agency has the tax code; return who has it now.
        """
        tax_code = person.details.tax_code
        holder = tax_code and self._holder_alone(person.agency_id, tax_code)
        if holder and holder != person.person_id:
            return holder
        self.connection.execute(
            sa.update(persons)
            .where(persons.c.person_id == person.person_id)
            .values(self._person_row(person))
        )
        return person.person_id

    def people(self, person_ids: Collection[UUID]) -> dict[UUID, Person]:
        """Return persons by their ids, without tax codes."""
        statement = sa.select(persons).where(persons.c.person_id.in_(person_ids))
        found = map(rows.person_of, self.connection.execute(statement).mappings())
        return {person.person_id: person for person in found}

    def tax_code_of(self, person_id: UUID) -> str | None:
        """Unseal the tax code of a person."""
        statement = sa.select(persons.c.tax_code_sealed).where(persons.c.person_id == person_id)
        sealed = self.connection.execute(statement).scalar_one()
        return None if sealed is None else self._seal.open(sealed)

    def search(  # noqa: PLR0913 - the criteria of a search, each by its name
        self,
        *,
        agency_id: UUID | None,
        name: str | None,
        birth_date: date | None,
        tax_code: str | None,
        before: UUID | None,
        limit: int,
    ) -> tuple[Person, ...]:
        """Return the persons who fit every criterion, newest first; ids are sorted by time.

        They come without tax codes. Of a name every word must occur; one without a letter or
        digit fits nobody.
        """
        statement = sa.select(persons).order_by(persons.c.person_id.desc()).limit(limit)
        if agency_id is not None:
            statement = statement.where(persons.c.agency_id == agency_id)
        if name is not None:
            words = folded(name).split()
            fits = (persons.c.folded_name.like(f"%{word}%") for word in words)
            statement = statement.where(sa.and_(sa.literal(bool(words)), *fits))
        if birth_date is not None:
            statement = statement.where(persons.c.birth_date == birth_date)
        if tax_code is not None:
            statement = statement.where(persons.c.tax_code_mark.in_(self._seal.marks(tax_code)))
        if before is not None:
            statement = statement.where(persons.c.person_id < before)
        return tuple(map(rows.person_of, self.connection.execute(statement).mappings()))

    def candidates(
        self, agency_id: UUID, desk: AtTheDesk, tax_code: str | None
    ) -> tuple[Candidate, ...]:
        """Return the agency's persons who have more than a name in common with somebody.

        That is the tax code, the end of the telephone number, or the birth date but for a slip.
        """
        marks = self._seal.marks(tax_code) if tax_code else ()
        days = {desk.birth_date, *digits_swapped(desk.birth_date)}
        statement = sa.select(persons).where(
            persons.c.agency_id == agency_id,
            persons.c.birth_date.in_(days)
            | persons.c.tax_code_mark.in_(marks)
            | PHONE_END.in_([desk.phone_end] if desk.phone_end else []),
        )
        found = self.connection.execute(statement).mappings()
        return tuple(rows.candidate_of(row, marks=marks) for row in found)

    def sought(self, sought: Sought, *, limit: int) -> tuple[Person, ...]:
        """Return the persons of all agencies whom exact data name, newest first."""
        statement = sa.select(persons).order_by(persons.c.person_id.desc()).limit(limit)
        if sought.birth_date is not None:
            statement = statement.where(
                persons.c.birth_date == sought.birth_date, persons.c.folded_name.in_(sought.names)
            )
        if sought.tax_code is not None:
            marks = self._seal.marks(sought.tax_code)
            statement = statement.where(persons.c.tax_code_mark.in_(marks))
        if sought.phone_end is not None:
            statement = statement.where(PHONE_END.in_([sought.phone_end]))
        return tuple(map(rows.person_of, self.connection.execute(statement).mappings()))

    def reseal(self, limit: int) -> int:
        """Seal anew some tax codes that an older key sealed; return how many."""
        old = (
            sa.select(persons.c.person_id, persons.c.tax_code_sealed)
            .where(persons.c.tax_code_key != self._seal.newest)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        rows = self.connection.execute(old).all()
        for row in rows:
            self.connection.execute(
                sa.update(persons)
                .where(persons.c.person_id == row.person_id)
                .values(self._sealed(self._seal.open(row.tax_code_sealed)))
            )
        return len(rows)

    def add_case(self, case: Case) -> UUID:
        """Keep a new case unless one is open; return the case that is open now."""
        same = (cases.c.person_id == case.person_id, cases.c.agency_id == case.agency_id)
        is_open = cases.c.state == CaseState.OPEN.value
        statement = (
            insert(cases)
            .values({**vars(case), "state": case.state.value, "members": list(case.members)})
            .on_conflict_do_nothing(
                index_elements=["person_id", "agency_id"], index_where=sa.text("state = 'open'")
            )
            .returning(cases.c.case_id)
        )
        added: UUID | None = self.connection.execute(statement).scalar_one_or_none()
        return (
            added
            or self.connection.execute(
                sa.select(cases.c.case_id).where(*same, is_open)
            ).scalar_one()
        )

    def cases_of(self, person_id: UUID, *, agency_id: UUID | None) -> tuple[Case, ...]:
        """Return the cases of a person, newest first."""
        statement = sa.select(cases).where(cases.c.person_id == person_id)
        if agency_id is not None:
            statement = statement.where(cases.c.agency_id == agency_id)
        found = self.connection.execute(statement.order_by(cases.c.case_id.desc())).mappings()
        return tuple(map(rows.case_of, found))

    def case_to_change(self, case_id: UUID, *, person_id: UUID) -> Case | None:
        """Return a case that nobody else can change until this unit of work ends."""
        statement = (
            sa.select(cases)
            .where(cases.c.case_id == case_id, cases.c.person_id == person_id)
            .with_for_update()
        )
        row = self.connection.execute(statement).mappings().one_or_none()
        return None if row is None else rows.case_of(row)

    def untold_cases(self, limit: int) -> tuple[Case, ...]:
        """Return some cases whose team no event has told, for this unit of work alone."""
        statement = (
            sa.select(cases)
            .where(cases.c.version == UNTOLD)
            .order_by(cases.c.case_id)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        return tuple(map(rows.case_of, self.connection.execute(statement).mappings()))

    def save_case(self, case: Case) -> None:
        """Keep what changed in a case that this unit of work has locked."""
        self.connection.execute(
            sa.update(cases)
            .where(cases.c.case_id == case.case_id)
            .values(worker_id=case.worker_id, members=list(case.members), version=case.version)
        )

    def add_agency(self, agency_id: UUID) -> None:
        """Keep the id of an agency; once is enough."""
        self.connection.execute(
            insert(agencies).values(agency_id=agency_id).on_conflict_do_nothing()
        )

    def knows_agency(self, agency_id: UUID) -> bool:
        """Tell whether the id is an agency's."""
        found = sa.select(sa.exists().where(agencies.c.agency_id == agency_id))
        return bool(self.connection.execute(found).scalar_one())

    def add_consent(self, consent: Consent) -> None:
        """Keep a new consent."""
        self.connection.execute(sa.insert(consents).values(rows.consent_row(consent)))

    def consent_to_change(
        self, consent_id: UUID, *, person_id: UUID, today: date
    ) -> Consent | None:
        """Return a consent that nobody else can change until this unit of work ends."""
        statement = (
            sa.select(consents)
            .where(consents.c.consent_id == consent_id, consents.c.person_id == person_id)
            .with_for_update()
        )
        row = self.connection.execute(statement).mappings().one_or_none()
        return None if row is None else rows.consent_of(row, today)

    def save_consent(self, consent: Consent) -> None:
        """Keep what changed in a consent that ``consent_to_change`` has locked."""
        self.connection.execute(
            sa.update(consents)
            .where(consents.c.consent_id == consent.consent_id)
            .values(rows.consent_row(consent))
        )

    def consents_of(self, person_id: UUID, *, today: date) -> tuple[Consent, ...]:
        """Return the consents of a person as they stand today, newest first."""
        return self.consents_of_all({person_id}, today=today)[person_id]

    def consents_of_all(
        self, person_ids: Collection[UUID], *, today: date
    ) -> dict[UUID, tuple[Consent, ...]]:
        """Return, by person, the consents as they stand today, newest first."""
        statement = (
            sa.select(consents)
            .where(consents.c.person_id.in_(person_ids))
            .order_by(consents.c.consent_id.desc())
        )
        found: dict[UUID, list[Consent]] = {person_id: [] for person_id in person_ids}
        for row in self.connection.execute(statement).mappings():
            found[row["person_id"]].append(rows.consent_of(row, today))
        return {person_id: tuple(given) for person_id, given in found.items()}

    def keep_sheet(self, consent_id: UUID, sheet: SignedSheet, content: bytes) -> None:
        """Keep the signed sheet of a consent that ``consent_to_change`` has locked."""
        kept = {**rows.sheet_row(sheet), "content": content}
        self.connection.execute(
            insert(signed_sheets)
            .values(consent_id=consent_id, **kept)
            .on_conflict_do_update(index_elements=["consent_id"], set_=kept)
        )

    def sheets_of(self, person_id: UUID) -> dict[UUID, SignedSheet]:
        """Return what is known of the signed sheets of a person, by consent."""
        known = (signed_sheets.c[name] for name in rows.SHEET)
        statement = (
            sa.select(signed_sheets.c.consent_id, *known)
            .join(consents, consents.c.consent_id == signed_sheets.c.consent_id)
            .where(consents.c.person_id == person_id)
        )
        found = self.connection.execute(statement).mappings()
        return {row["consent_id"]: rows.sheet_of(row) for row in found}

    def sheet(self, consent_id: UUID, *, person_id: UUID) -> ShownSheet | None:
        """Return the signed sheet of a person's consent."""
        statement = (
            sa.select(signed_sheets.c.media_type, signed_sheets.c.content)
            .join(consents, consents.c.consent_id == signed_sheets.c.consent_id)
            .where(signed_sheets.c.consent_id == consent_id, consents.c.person_id == person_id)
        )
        row = self.connection.execute(statement).one_or_none()
        if row is None:
            return None
        return ShownSheet(media_type=SheetMedia(row.media_type), content=bytes(row.content))

    def keep_referral(self, referral: SentReferral, *, sequence: int) -> None:
        """Keep how a referral stands, unless something newer is known."""
        row = {**{name: getattr(referral, name) for name in rows.REFERRAL}, "sequence": sequence}
        statement = insert(sent_referrals).values(row)
        self.connection.execute(
            statement.on_conflict_do_update(
                index_elements=["referral_id"],
                set_=row,
                where=sent_referrals.c.sequence < statement.excluded.sequence,
            )
        )

    def referral(self, referral_id: UUID) -> SentReferral | None:
        """Return a referral that was sent."""
        statement = sa.select(sent_referrals).where(sent_referrals.c.referral_id == referral_id)
        row = self.connection.execute(statement).mappings().one_or_none()
        return None if row is None else rows.referral_of(row)

    def referrals_to(
        self, agency_id: UUID, person_ids: Collection[UUID]
    ) -> tuple[SentReferral, ...]:
        """Return the referrals of persons that an agency received."""
        statement = sa.select(sent_referrals).where(
            sent_referrals.c.person_id.in_(person_ids), sent_referrals.c.to_agency_id == agency_id
        )
        return tuple(map(rows.referral_of, self.connection.execute(statement).mappings()))

    def _holder_alone(self, agency_id: UUID, tax_code: str) -> UUID | None:
        """Return the agency's person with this tax code, under whichever key it was sealed.

        Until this unit of work ends nobody else registers the same code. The lock is named by the
        oldest key: while keys are changed, it is the one that every process still has.
        """
        marks = self._seal.marks(tax_code)
        name = sa.func.hashtextextended(f"{agency_id} {marks[-1]}", 0)
        self.connection.execute(sa.select(sa.func.pg_advisory_xact_lock(name)))
        statement = sa.select(persons.c.person_id).where(
            persons.c.agency_id == agency_id, persons.c.tax_code_mark.in_(marks)
        )
        holder: UUID | None = self.connection.execute(statement).scalar_one_or_none()
        return holder

    def _sealed(self, tax_code: str) -> dict[str, str]:
        sealed = self._seal.seal(tax_code)
        return {
            "tax_code_sealed": sealed.sealed,
            "tax_code_mark": sealed.mark,
            "tax_code_key": sealed.key_name,
        }

    def _person_row(self, person: Person) -> dict[str, Any]:
        details = person.details
        return {
            "person_id": person.person_id,
            "agency_id": person.agency_id,
            "version": person.version,
            "registered_at": person.registered_at,
            "folded_name": folded(f"{details.given_name} {details.family_name}"),
            "birth_date": details.birth_date,
            "details": replace(details, tax_code=None).dump(),
            "tax_code_kind": person.tax_code_kind.value,
            "tax_code_remarks": [remark.value for remark in person.tax_code_remarks],
            **(self._sealed(details.tax_code) if details.tax_code else _NO_TAX_CODE),
        }
