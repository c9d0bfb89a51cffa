"""The gateway's own database, seen as pieces of work that each happen in one transaction."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeVar

import sqlalchemy as sa

from chassis import metrics
from chassis.call import Call
from chassis.db import new_metadata, revision_of
from chassis.unit import Store, Units

NAME: Final = "gateway"

metadata: Final = new_metadata()

Result = TypeVar("Result")


class Database:
    """Runs work in transactions on one engine, and again when a connection dies under it."""

    def __init__(self, engine: sa.Engine) -> None:
        """Keep the engine; it connects when first used."""
        self.engine = engine
        self._units = Units(engine, Store)

    def transact(self, work: Callable[[sa.Connection], Result]) -> Result:
        """Do the work in one transaction."""
        return self._units.run(Call(), lambda unit: work(unit.store.connection))

    def is_reachable(self) -> bool:
        """Tell whether the database can be asked, and show the schema that it has."""
        try:
            with self.engine.connect() as connection:
                metrics.show_revision(NAME, revision_of(connection))
        except sa.exc.SQLAlchemyError:
            return False
        return True
