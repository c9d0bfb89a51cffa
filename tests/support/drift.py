"""Whether the tables that a service's code knows are those that its migrations make."""

from __future__ import annotations

from typing import Any, Final

import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from chassis.db import CHASSIS_TABLES, make_engine

_NOT_ITS_OWN: Final = {*CHASSIS_TABLES, "alembic_version"}


def drift(url: str, metadata: sa.MetaData) -> list[Any]:
    """Return where the migrated database and the tables of the code differ."""
    engine = make_engine(url, name="tests", workers=1)
    own = {"include_name": lambda name, kind, _: kind != "table" or name not in _NOT_ITS_OWN}
    try:
        with engine.connect() as connection:
            context = MigrationContext.configure(connection, opts=own)
            return list(compare_metadata(context, metadata))
    finally:
        engine.dispose()
