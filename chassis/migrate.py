"""Migrations of one database: ``python -m chassis.migrate SERVICE|gateway [REVISION]``.

Alembic with one environment for all; a service brings version scripts only, in
``migrations/versions``. Two runs at the same time are safe: the second waits for the first and
finds nothing left to do.

Where ``APPLICATION_ROLE`` names the role by which the process works, the role that migrates owns
everything, and the other may only read and write rows.
"""

from __future__ import annotations

import os
import sys
import time
from typing import Final

import sqlalchemy as sa
from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.runtime.migration import RevisionStep
from alembic.script import ScriptDirectory
from sqlalchemy.exc import OperationalError

from chassis.revisions import versions_of
from chassis.settings import secret

LOCK: Final = 7206
# A migration that waits for a lock makes everybody behind it wait too: better to fail and be
# started again.
SESSION: Final = "-c lock_timeout=4000 -c statement_timeout=120000"

_ADMISSION: Final = (
    "REVOKE ALL ON DATABASE {database} FROM PUBLIC",
    "GRANT CONNECT ON DATABASE {database} TO {role}",
    "GRANT USAGE ON SCHEMA public TO {role}",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}",
    "GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {role}",
    # What a migration makes is usable at once: the process may be waiting for its last step.
    "ALTER DEFAULT PRIVILEGES GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {role}",
    "ALTER DEFAULT PRIVILEGES GRANT USAGE ON SEQUENCES TO {role}",
)
_REVISION_IS_ONLY_READ: Final = "REVOKE INSERT, UPDATE, DELETE ON alembic_version FROM {role}"


def migrate(
    name: str,
    database_url: str,
    *,
    revision: str = "head",
    patience: float = 60.0,
    application_role: str | None = None,
) -> str | None:
    """Bring the database to a revision, up or down, and return the revision it then has.

    ``application_role`` is admitted to the rows of every table.
    """
    engine = sa.create_engine(
        sa.make_url(database_url).set(drivername="postgresql+psycopg2"),
        poolclass=sa.NullPool,
        hide_parameters=True,
        connect_args={"connect_timeout": 5, "options": SESSION},
    )
    with _connected(engine, patience) as connection:
        connection.exec_driver_sql("SET lock_timeout = 0")
        connection.exec_driver_sql(f"SELECT pg_advisory_lock({LOCK})")
        connection.exec_driver_sql("SET lock_timeout = 4000")
        connection.commit()
        if application_role is None:
            return _walk(_scripts(name), connection, revision)
        _grant(connection, application_role, *_ADMISSION)
        reached = _walk(_scripts(name), connection, revision)
        _grant(connection, application_role, _REVISION_IS_ONLY_READ)
        return reached


def _connected(engine: sa.Engine, patience: float) -> sa.Connection:
    """Connect, waiting for the database to come up."""
    deadline = time.monotonic() + patience
    while True:
        try:
            return engine.connect()
        except OperationalError:
            if time.monotonic() > deadline:
                raise
            time.sleep(1)


def _grant(connection: sa.Connection, role: str, *statements: str) -> None:
    """Change rights in one transaction."""
    quote = connection.dialect.identifier_preparer.quote_identifier
    database = connection.engine.url.database or ""
    for statement in statements:
        sentence = statement.format(role=quote(role), database=quote(database))
        connection.exec_driver_sql(sentence)
    connection.commit()


def _scripts(name: str) -> ScriptDirectory:
    config = Config()
    versions = versions_of(name)
    config.set_main_option("script_location", str(versions.parent))
    config.set_main_option("version_locations", str(versions))
    config.set_main_option("path_separator", "newline")
    return ScriptDirectory.from_config(config)


def _walk(scripts: ScriptDirectory, connection: sa.Connection, revision: str) -> str | None:
    """Run the steps between where the database is and the revision."""

    def steps(current: tuple[str, ...], _context: object) -> list[RevisionStep]:
        here = current[0] if current else "base"
        known = {script.revision for script in scripts.walk_revisions("base", here)}
        downwards = revision == "base" or revision in known - {"head", here}
        if downwards:
            return scripts._downgrade_revs(revision, here)  # noqa: SLF001 - alembic's own commands call it
        return scripts._upgrade_revs(revision, here)  # noqa: SLF001 - alembic's own commands call it

    with EnvironmentContext(Config(), scripts, fn=steps) as environment:
        environment.configure(connection=connection, transaction_per_migration=True)
        with environment.begin_transaction():
            environment.run_migrations()
    connection.commit()
    return environment.get_context().get_current_revision()


def main(arguments: list[str]) -> None:
    """Migrate the database at ``DATABASE_URL``."""
    name, revision = (*arguments, "head")[:2]
    reached = migrate(
        name,
        secret(os.environ, "DATABASE_URL"),
        revision=revision,
        application_role=os.environ.get("APPLICATION_ROLE"),
    )
    sys.stdout.write(f"{name}: {reached or 'empty'}\n")


if __name__ == "__main__":
    main(sys.argv[1:])
