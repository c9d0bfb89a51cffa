"""The rows of pathways: offers, enrolments, and what each screening suggested."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from chassis import teams as team_tables
from chassis.unit import Store
from contracts.language import InvalidRequest
from contracts.pathways import (
    Enrolment,
    EnrolmentPage,
    EnrolmentState,
    ListEnrolments,
    Offer,
    OfferPage,
)
from contracts.screening import Decision
from services.pathways.domain import OPEN, Known, Offering, Reach, Reaction, Standing, Suggestion
from services.pathways.models import enrolments, offer_history, offers, suggestions, teams

# PostgreSQL keeps advisory locks of two numbers apart from those of one, which the chassis uses.
_PERSON_LOCK: Final = 1
_STANDING: Final = tuple(enrolments.c[field.name] for field in dataclasses.fields(Standing))
_OFFERING: Final = tuple(offers.c[field.name] for field in dataclasses.fields(Offering))
_SUGGESTION: Final = tuple(suggestions.c[field.name] for field in dataclasses.fields(Suggestion))
_ORDER_OF_WAITING: Final = (
    enrolments.c.rank,
    enrolments.c.waiting_since,
    enrolments.c.enrolment_id,
)


class PathwayStore(Store):
    """Reads and writes the tables of pathways.

    Locks are taken in one order everywhere: the person, then the offers by code. Whoever gives or
    takes a counted place holds the offer, so the count it reads afterwards stays true.
    """

    def hold_person(self, person_id: UUID) -> None:
        """Let one unit of work at a time decide about a person."""
        self.connection.execute(
            sa.select(sa.func.pg_advisory_xact_lock(_PERSON_LOCK, sa.func.hashtext(str(person_id))))
        )

    def hold_places(self, pathways: Collection[str]) -> None:
        """Lock those of the offers whose places are counted; the others would queue for nothing."""
        if not pathways:
            return
        self.connection.execute(
            sa.select(offers.c.pathway)
            .where(offers.c.pathway.in_(pathways), offers.c.places.is_not(None))
            .order_by(offers.c.pathway)
            .with_for_update()
        )

    def hold_offer(self, pathway: str) -> Offering | None:
        """Lock an offer whatever its places, and return it as it is under the lock."""
        found = self.connection.execute(
            sa.select(*_OFFERING).where(offers.c.pathway == pathway).with_for_update()
        )
        row = found.mappings().one_or_none()
        return None if row is None else _offering(row)

    def known(
        self, person_id: UUID, screening_id: UUID, pathways: Collection[str]
    ) -> dict[str, Known]:
        """Return, by pathway, all that a reaction to a screening depends on, in one round trip."""
        rows = self.connection.execute(
            _KNOWN,
            {"person_id": person_id, "screening_id": screening_id, "pathways": list(pathways)},
        )
        return {row["asked"]: _known(row) for row in rows.mappings()}

    def standing(self, enrolment_id: UUID) -> Standing | None:
        """Return one enrolment."""
        found = self.connection.execute(
            sa.select(*_STANDING).where(enrolments.c.enrolment_id == enrolment_id)
        )
        row = found.mappings().one_or_none()
        return None if row is None else _standing(row)

    def reached(self, enrolment_id: UUID, reach: Reach) -> Standing | None:
        """Return one enrolment, if it exists for the caller."""
        found = self.connection.execute(
            sa.select(*_STANDING).where(enrolments.c.enrolment_id == enrolment_id, _within(reach))
        )
        row = found.mappings().one_or_none()
        return None if row is None else _standing(row)

    def offering(self, pathway: str) -> tuple[Offering | None, int]:
        """Return an offer with the number of its places that are taken."""
        found = self.connection.execute(
            sa.select(*_OFFERING, _taken(offers.c.pathway).label("taken")).where(
                offers.c.pathway == pathway
            )
        )
        row = found.mappings().one_or_none()
        return (None, 0) if row is None else (_offering(row), row["taken"])

    def waiting(self, pathway: str, limit: int | None) -> tuple[Standing, ...]:
        """Return who comes first in the waiting list, or the whole list."""
        rows = self.connection.execute(
            sa.select(*_STANDING)
            .where(
                enrolments.c.pathway == pathway,
                enrolments.c.state == EnrolmentState.WAITING_LIST,
            )
            .order_by(*_ORDER_OF_WAITING)
            .limit(limit)
        )
        return tuple(_standing(row) for row in rows.mappings())

    def keep_reaction(self, reaction: Reaction) -> None:
        """Store what a screening changed."""
        self._insert(enrolments, reaction.opened)
        self.keep(reaction.moved)
        self._insert(suggestions, reaction.suggestions)

    def keep(self, moved: Iterable[Standing]) -> None:
        """Store enrolments that moved."""
        for standing in moved:
            self.connection.execute(
                sa.update(enrolments)
                .where(enrolments.c.enrolment_id == standing.enrolment_id)
                .values(vars(standing))
            )

    def keep_offering(self, offering: Offering, *, set_at: datetime) -> None:
        """Store an offer's new places, and that they were set."""
        values = {
            "places": offering.places,
            "valid_from": offering.valid_from,
            "source": offering.source,
        }
        self.connection.execute(
            sa.update(offers).where(offers.c.pathway == offering.pathway).values(values)
        )
        self.connection.execute(
            sa.insert(offer_history).values(pathway=offering.pathway, set_at=set_at, **values)
        )

    def enrolment(self, enrolment_id: UUID) -> Enrolment:
        """Return one enrolment as it is shown."""
        (shown,) = self._shown(_shown_columns().where(enrolments.c.enrolment_id == enrolment_id))
        return shown

    def page(self, query: ListEnrolments, reach: Reach) -> EnrolmentPage:
        """Return the enrolments that the query asks for and the caller may see.

        A screening shows every enrolment that it suggested, also those that an earlier one opened;
        what it suggested for safety is seen only where safety is.
        """
        chosen = _shown_columns().where(_within(reach))
        if query.person_id is not None:
            chosen = chosen.where(enrolments.c.person_id == query.person_id)
        if query.pathway is not None:
            chosen = chosen.where(enrolments.c.pathway == query.pathway)
        if query.state is not None:
            chosen = chosen.where(enrolments.c.state == query.state)
        if query.screening_id is not None:
            chosen = chosen.where(_suggested_by(query.screening_id, reach))
        if query.cursor is not None:
            chosen = chosen.where(enrolments.c.enrolment_id < _cursor(query.cursor))
        found = self._shown(
            chosen.order_by(enrolments.c.enrolment_id.desc()).limit(query.limit + 1)
        )
        items, more = found[: query.limit], found[query.limit :]
        return EnrolmentPage(items=items, next_cursor=str(items[-1].enrolment_id) if more else None)

    def offers(self, pathway: str | None = None) -> OfferPage:
        """Return the offers as they are shown.

        The figures leave out who is there for safety: a total that grows would tell an answer.
        """
        counted = sa.and_(enrolments.c.pathway == offers.c.pathway, ~enrolments.c.safety)
        chosen = (
            sa.select(
                *(offers.c[name] for name in ("pathway", "name_it", "name_en", "places")),
                offers.c.valid_from,
                offers.c.source,
                *(
                    sa.func.count().filter(enrolments.c.state == state).label(name)
                    for name, state in (
                        ("enrolled", EnrolmentState.ENROLLED),
                        ("waiting", EnrolmentState.WAITING_LIST),
                    )
                ),
            )
            .select_from(offers.outerjoin(enrolments, counted))
            .group_by(offers.c.pathway)
            .order_by(offers.c.pathway)
        )
        if pathway is not None:
            chosen = chosen.where(offers.c.pathway == pathway)
        rows = self.connection.execute(chosen)
        return OfferPage(items=tuple(Offer(**row) for row in rows.mappings()))

    def _insert(self, table: sa.Table, facts: Sequence[Standing | Suggestion]) -> None:
        if facts:
            self.connection.execute(sa.insert(table), [vars(fact) for fact in facts])

    def _shown(self, chosen: sa.Select[Any]) -> tuple[Enrolment, ...]:
        return tuple(
            Enrolment(**{**row, "state": EnrolmentState(row["state"])})
            for row in self.connection.execute(chosen).mappings()
        )


def _taken(pathway: sa.ColumnElement[str]) -> sa.ColumnElement[int]:
    """Return how many places of a counted pathway are taken; where nobody counts, 0."""
    count = (
        sa.select(sa.func.count())
        .where(enrolments.c.pathway == pathway, enrolments.c.state == EnrolmentState.ENROLLED)
        .correlate_except(enrolments)
        .scalar_subquery()
    )
    return sa.case((offers.c.places.is_not(None), count), else_=0)


def _labelled(
    prefix: str, columns: Any, shape: type[Standing | Offering | Suggestion]
) -> list[sa.Label[Any]]:
    return [
        columns[field.name].label(f"{prefix}_{field.name}") for field in dataclasses.fields(shape)
    ]


def _all_that_is_known() -> sa.Select[Any]:
    """Select one row for each of the asked pathways, whether or not anything is known of it."""
    person_id = sa.bindparam("person_id", type_=sa.Uuid)
    pathways = sa.bindparam("pathways", type_=postgresql.ARRAY(sa.Text))
    asked = (
        sa.func.unnest(pathways)
        .table_valued(sa.column("pathway", sa.Text), name="asked")
        .render_derived()
    )
    latest = (
        sa.select(*_SUGGESTION)
        .ext(postgresql.distinct_on(suggestions.c.pathway))
        .where(suggestions.c.person_id == person_id)
        .order_by(
            suggestions.c.pathway,
            suggestions.c.completed_at.desc(),
            suggestions.c.screening_id.desc(),
        )
        .subquery("latest")
    )
    heard = sa.exists().where(
        suggestions.c.screening_id == sa.bindparam("screening_id", type_=sa.Uuid),
        suggestions.c.pathway == asked.c.pathway,
    )
    return sa.select(
        asked.c.pathway.label("asked"),
        heard.label("heard"),
        _taken(asked.c.pathway).label("taken"),
        *_labelled("offer", offers.c, Offering),
        *_labelled("standing", enrolments.c, Standing),
        *_labelled("latest", latest.c, Suggestion),
    ).select_from(
        asked.outerjoin(offers, offers.c.pathway == asked.c.pathway)
        .outerjoin(
            enrolments,
            sa.and_(
                enrolments.c.person_id == person_id,
                enrolments.c.pathway == asked.c.pathway,
                enrolments.c.state.in_(OPEN),
            ),
        )
        .outerjoin(latest, latest.c.pathway == asked.c.pathway)
    )


# Built once: every screening runs it, and building it costs more than the database's answer.
_KNOWN: Final = _all_that_is_known()


def _shown_columns() -> sa.Select[Any]:
    waiting = (
        sa.select(
            enrolments.c.enrolment_id,
            sa.func.row_number()
            .over(partition_by=enrolments.c.pathway, order_by=_ORDER_OF_WAITING)
            .label("waiting_position"),
        )
        .where(enrolments.c.state == EnrolmentState.WAITING_LIST)
        .subquery("waiting")
    )
    hidden = {"rank", "waiting_since"}
    return sa.select(
        *(column for column in _STANDING if column.name not in hidden),
        waiting.c.waiting_position,
    ).select_from(
        enrolments.outerjoin(waiting, waiting.c.enrolment_id == enrolments.c.enrolment_id)
    )


def _within(reach: Reach) -> sa.ColumnElement[bool]:
    """Return which enrolments exist for the caller."""
    own = enrolments.c.agency_id == reach.agency_id
    ordinary = sa.true() if reach.everywhere else own
    return sa.case((enrolments.c.safety, own & _close(reach)), else_=ordinary)


def _close(reach: Reach) -> sa.ColumnElement[bool]:
    """Tell who is close enough: the team of the case, or who conducted what suggested it."""
    heard = suggestions.alias("heard")
    conducted = (
        sa.select(heard.c.screening_id)
        .where(heard.c.enrolment_id == enrolments.c.enrolment_id)
        .correlate(enrolments)
    )
    return team_tables.reached(
        teams,
        reach,
        own=(conducted,),
        team=(enrolments.c.person_id,),
    )


def _suggested_by(screening_id: UUID, reach: Reach) -> sa.ColumnElement[bool]:
    return sa.exists().where(
        suggestions.c.screening_id == screening_id,
        suggestions.c.enrolment_id == enrolments.c.enrolment_id,
        sa.or_(
            ~suggestions.c.safety,
            (enrolments.c.agency_id == reach.agency_id)
            & team_tables.reached(
                teams,
                reach,
                own=(suggestions.c.screening_id,),
                team=(suggestions.c.person_id,),
            ),
        ),
    )


def _cursor(cursor: str) -> UUID:
    try:
        return UUID(cursor)
    except ValueError as error:
        raise InvalidRequest(
            "The cursor is not one that this list gave.", fields={"cursor": ["Not a cursor."]}
        ) from error


def _part(row: Any, prefix: str) -> dict[str, Any]:
    return {
        name.removeprefix(prefix): value for name, value in row.items() if name.startswith(prefix)
    }


def _known(row: Any) -> Known:
    offer, standing, latest = (_part(row, prefix) for prefix in ("offer_", "standing_", "latest_"))
    return Known(
        offering=None if offer["pathway"] is None else _offering(offer),
        taken=row["taken"],
        standing=None if standing["pathway"] is None else _standing(standing),
        latest=None if latest["pathway"] is None else _suggestion(latest),
        heard=row["heard"],
    )


def _standing(row: Any) -> Standing:
    return Standing(**{**row, "state": EnrolmentState(row["state"])})


def _offering(row: Any) -> Offering:
    names = (field.name for field in dataclasses.fields(Offering))
    return Offering(
        **{**{name: row[name] for name in names}, "precedence": tuple(row["precedence"])}
    )


def _suggestion(row: Any) -> Suggestion:
    return Suggestion(**{**row, "decision": Decision(row["decision"])})
