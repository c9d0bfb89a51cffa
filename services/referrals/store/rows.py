"""Rows as the rules' values, and changed values as one update."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from contracts.intake import DataCategory
from contracts.referrals import Obstacle, Referral
from services.referrals.domain.consent import Grant
from services.referrals.domain.matching import Service
from services.referrals.domain.needs import Need
from services.referrals.models import needs


def of(table: sa.Table, values: Iterable[Any]) -> list[dict[str, Any]]:
    """Return values as rows: an attribute for each column."""
    names = table.c.keys()
    return [{name: getattr(value, name) for name in names} for value in values]


def changes(
    table: sa.Table, key: str, columns: Sequence[str], changed: Iterable[Any]
) -> tuple[sa.Values, sa.Update]:
    """Return the new values of any number of rows, and the one update that sets them."""
    names = (key, *columns)
    values = sa.values(
        *(sa.column(name, table.c[name].type) for name in names), name="changed"
    ).data([tuple(getattr(each, name) for name in names) for each in changed])
    # The database takes a bare list of values for text.
    new = {name: sa.cast(values.c[name], table.c[name].type) for name in names}
    statement = sa.update(table).where(table.c[key] == new.pop(key)).values(new)
    return values, statement


def need_of(row: Mapping[Any, Any]) -> Need:
    """Return the need of a row."""
    plain = {name: row[name] for name in needs.c.keys()}  # noqa: SIM118 - a collection of columns, not a dict
    domains, unmatched = tuple(row["domains"]), tuple(map(Obstacle, row["unmatched"]))
    return Need(**{**plain, "domains": domains, "unmatched": unmatched})


def referral_of(row: Mapping[Any, Any]) -> Referral:
    """Return the referral of a row."""
    return Referral(**row)


def service_of(row: Mapping[Any, Any]) -> Service:
    """Return the service of a row."""
    return Service(
        service_id=row["service_id"],
        organization_id=row["organization_id"],
        status=row["status"],
        categories=tuple(row["categories"]),
        municipalities=tuple(row["municipalities"]),
        languages=tuple(row["languages"]),
        review_due_on=row["review_due_on"],
        load=row["load"],
    )


def grant_of(row: Mapping[Any, Any]) -> Grant:
    """Return the consent of a row."""
    return Grant(
        consent_id=row["consent_id"],
        recipient_id=row["recipient_id"],
        purpose=row["purpose"],
        categories=frozenset(map(DataCategory, row["categories"])),
        expires_on=row["expires_on"],
        withdrawn=row["withdrawn"],
    )
