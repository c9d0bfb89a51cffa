"""PostgreSQL: connections, transactions, space."""

from __future__ import annotations

from typing import Final

from launcher.monitoring.panels import Better, Drawing, Figure, Lines, Query, Section, Unit
from launcher.monitoring.series import RATE

_DATABASES: Final = '{datname!~"template.+|postgres"}'

DRAWING: Final = Drawing(
    uid="plurali-database",
    title="Plurali: database",
    about="PostgreSQL: connections, transactions, space. Needs postgres_exporter beside it.",
    sections=(
        Section(
            title="Now",
            panels=(
                Figure(
                    title="Up",
                    about="Servers that answer.",
                    unit=Unit.COUNT,
                    query=Query('sum(pg_up{job="postgresql"})'),
                    better=Better.HIGH,
                    limits=(1, 1),
                ),
                Figure(
                    title="Connections",
                    about="Of those that the server may have.",
                    unit=Unit.SHARE,
                    query=Query(
                        "max(sum by (instance) (pg_stat_activity_count)"
                        " / max by (instance) (pg_settings_max_connections))"
                    ),
                    limits=(0.7, 0.85),
                ),
                Figure(
                    title="Longest transaction",
                    about="An old one keeps the server from clearing away dead rows.",
                    unit=Unit.SECONDS,
                    query=Query(f"max(pg_stat_activity_max_tx_duration{_DATABASES})"),
                    limits=(60, 900),
                ),
                Figure(
                    title="Found in memory",
                    about="Blocks that were read without the disk, since the server's start.",
                    unit=Unit.SHARE,
                    query=Query(
                        f"sum(pg_stat_database_blks_hit{_DATABASES})"
                        f" / (sum(pg_stat_database_blks_hit{_DATABASES})"
                        f" + sum(pg_stat_database_blks_read{_DATABASES}))"
                    ),
                    better=Better.HIGH,
                    limits=(0.9, 0.98),
                ),
                Figure(
                    title="Deadlocks",
                    about="In the last 24 hours; each unit of work is run again.",
                    unit=Unit.COUNT,
                    query=Query(f"sum(increase(pg_stat_database_deadlocks{_DATABASES}[24h]))"),
                    limits=(1, 100),
                ),
                Figure(
                    title="Size",
                    about="All databases of Plurali.",
                    unit=Unit.BYTES,
                    query=Query(f"sum(pg_database_size_bytes{_DATABASES})"),
                ),
            ),
        ),
        Section(
            title="Work",
            panels=(
                Lines(
                    title="Commits",
                    about="Transactions that were kept, by database.",
                    unit=Unit.PER_SECOND,
                    queries=(
                        Query(
                            "sum by (datname)"
                            f" (rate(pg_stat_database_xact_commit{_DATABASES}{RATE}))",
                            "{{datname}}",
                        ),
                    ),
                ),
                Lines(
                    title="Rollbacks",
                    about="Transactions that were undone, by database.",
                    unit=Unit.PER_SECOND,
                    queries=(
                        Query(
                            "sum by (datname)"
                            f" (rate(pg_stat_database_xact_rollback{_DATABASES}{RATE}))",
                            "{{datname}}",
                        ),
                    ),
                ),
                Lines(
                    title="Connections by state",
                    about="Of all databases.",
                    unit=Unit.COUNT,
                    queries=(
                        Query(f"sum by (state) (pg_stat_activity_count{_DATABASES})", "{{state}}"),
                    ),
                    stacked=True,
                ),
                Lines(
                    title="Connections of the pools",
                    about="In use, by process.",
                    unit=Unit.COUNT,
                    queries=(Query("sum by (service) (plurali_db_pool_in_use)", "{{service}}"),),
                    stacked=True,
                ),
                Lines(
                    title="Rows written",
                    about="Inserted, changed and deleted.",
                    unit=Unit.PER_SECOND,
                    queries=tuple(
                        Query(f"sum(rate(pg_stat_database_tup_{what}{_DATABASES}{RATE}))", what)
                        for what in ("inserted", "updated", "deleted")
                    ),
                ),
                Lines(
                    title="Locks",
                    about="Held or waited for, by mode.",
                    unit=Unit.COUNT,
                    queries=(Query(f"sum by (mode) (pg_locks_count{_DATABASES})", "{{mode}}"),),
                    stacked=True,
                ),
            ),
        ),
        Section(
            title="Space and schema",
            panels=(
                Lines(
                    title="Size",
                    about="By database.",
                    unit=Unit.BYTES,
                    queries=(
                        Query(
                            f"sum by (datname) (pg_database_size_bytes{_DATABASES})", "{{datname}}"
                        ),
                    ),
                    stacked=True,
                ),
                Lines(
                    title="Schema",
                    about="The migration that each database has reached.",
                    unit=Unit.COUNT,
                    queries=(
                        Query(
                            "max by (service, revision) (plurali_schema_revision)",
                            "{{service}} {{revision}}",
                        ),
                    ),
                ),
            ),
        ),
    ),
)
