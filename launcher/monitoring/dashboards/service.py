"""What each process does and uses."""

from __future__ import annotations

from typing import Final

from launcher.monitoring.panels import Choice, Drawing, Lines, Query, Section, Unit
from launcher.monitoring.queries import quantile
from launcher.monitoring.series import RATE

_CHOSEN: Final = '{service=~"$service"}'
_PROCESS: Final = '{job="plurali",component=~"$service"}'

DRAWING: Final = Drawing(
    uid="plurali-service",
    title="Plurali: services and gateway",
    about="What each process does, how fast, and what it uses.",
    choices=(
        Choice(
            name="service",
            label="Service",
            query='label_values(up{job="plurali"}, component)',
        ),
    ),
    sections=(
        Section(
            title="Work",
            panels=(
                Lines(
                    title="Handled",
                    about="Requests, events and ticks by how they ended.",
                    unit=Unit.PER_SECOND,
                    queries=(
                        Query(
                            "sum by (service, kind, outcome)"
                            f" (rate(plurali_entrypoint_handled_total{_CHOSEN}{RATE})) > 0",
                            "{{service}} {{kind}} {{outcome}}",
                        ),
                    ),
                    stacked=True,
                ),
                Lines(
                    title="Failures",
                    about="What ended in an error, another try or among the dead letters.",
                    unit=Unit.PER_SECOND,
                    queries=(
                        Query(
                            "sum by (service, entrypoint) (rate(plurali_entrypoint_handled_total"
                            f'{{service=~"$service",outcome=~"error|retry|dead"}}{RATE}))',
                            "{{service}}.{{entrypoint}}",
                        ),
                    ),
                ),
                Lines(
                    title="Duration, 95 %",
                    about="From the start to the commit, by door.",
                    unit=Unit.SECONDS,
                    queries=(
                        Query(
                            quantile(
                                0.95,
                                "plurali_entrypoint_duration_seconds",
                                "service, entrypoint",
                                _CHOSEN,
                            ),
                            "{{service}}.{{entrypoint}}",
                        ),
                    ),
                ),
                Lines(
                    title="Under way",
                    about="Work at this moment.",
                    unit=Unit.COUNT,
                    queries=(
                        Query(
                            f"sum by (service, kind) (plurali_entrypoint_active{_CHOSEN})",
                            "{{service}} {{kind}}",
                        ),
                    ),
                ),
            ),
        ),
        Section(
            title="Gateway",
            panels=(
                Lines(
                    title="Requests by route",
                    about="Requests of more than none, by method and route.",
                    unit=Unit.PER_SECOND,
                    queries=(
                        Query(
                            f"sum by (method, route) (rate(plurali_http_requests_total{RATE})) > 0",
                            "{{method}} {{route}}",
                        ),
                    ),
                ),
                Lines(
                    title="Duration by route, 95 %",
                    about="95 of 100 requests were answered within this time.",
                    unit=Unit.SECONDS,
                    queries=(
                        Query(
                            quantile(
                                0.95, "plurali_http_request_duration_seconds", "method, route"
                            ),
                            "{{method}} {{route}}",
                        ),
                    ),
                ),
                Lines(
                    title="Failed requests",
                    about="Answers from 500 on.",
                    unit=Unit.PER_SECOND,
                    queries=(
                        Query(
                            "sum by (status)"
                            f' (rate(plurali_http_requests_total{{status=~"5.."}}{RATE}))',
                            "{{status}}",
                        ),
                    ),
                ),
                Lines(
                    title="Requests under way",
                    about="Sixteen are answered at the same time; more than that wait.",
                    unit=Unit.COUNT,
                    queries=(
                        Query(
                            'sum(plurali_http_requests_active{component="gateway"})', "under way"
                        ),
                    ),
                ),
                Lines(
                    title="Questions to services",
                    about="By service and how they ended.",
                    unit=Unit.PER_SECOND,
                    queries=(
                        Query(
                            "sum by (target, outcome)"
                            f" (rate(plurali_rpc_client_requests_total{RATE}))",
                            "{{target}} {{outcome}}",
                        ),
                    ),
                ),
                Lines(
                    title="Duration of questions, 95 %",
                    about="From the request to the answer, at the gateway.",
                    unit=Unit.SECONDS,
                    queries=(
                        Query(
                            quantile(0.95, "plurali_rpc_client_duration_seconds", "target"),
                            "{{target}}",
                        ),
                    ),
                ),
                Lines(
                    title="Services left alone",
                    about="1 while a service that failed repeatedly is not asked.",
                    unit=Unit.COUNT,
                    queries=(Query("max by (target) (plurali_rpc_circuit_open)", "{{target}}"),),
                ),
                Lines(
                    title="Refused at the door",
                    about="A service is left alone, or a caller has used up its requests.",
                    unit=Unit.PER_SECOND,
                    queries=(
                        Query(
                            f"sum by (target) (rate(plurali_rpc_circuit_refusals_total{RATE}))",
                            "{{target}} is left alone",
                        ),
                        Query(
                            f"sum by (kind) (rate(plurali_rate_limit_refusals_total{RATE}))",
                            "limit of one {{kind}}",
                        ),
                    ),
                ),
                Lines(
                    title="Passed uncounted",
                    about="Requests that nobody could count, so that no limit held them.",
                    unit=Unit.PER_SECOND,
                    queries=(
                        Query(f"sum(rate(plurali_rate_limit_uncounted_total{RATE}))", "uncounted"),
                    ),
                ),
            ),
        ),
        Section(
            title="Processes",
            panels=(
                Lines(
                    title="Memory",
                    about="Resident memory of each process.",
                    unit=Unit.BYTES,
                    queries=(Query(f"process_resident_memory_bytes{_PROCESS}", "{{component}}"),),
                ),
                Lines(
                    title="Processor",
                    about="Share of one core.",
                    unit=Unit.SHARE,
                    queries=(
                        Query(f"rate(process_cpu_seconds_total{_PROCESS}{RATE})", "{{component}}"),
                    ),
                ),
                Lines(
                    title="Database connections in use",
                    about="Of the pool of each process.",
                    unit=Unit.SHARE,
                    queries=(
                        Query(
                            f"plurali_db_pool_in_use{_CHOSEN} / plurali_db_pool_size{_CHOSEN}",
                            "{{service}}",
                        ),
                    ),
                ),
                Lines(
                    title="Open files",
                    about="Of those that a process may have.",
                    unit=Unit.SHARE,
                    queries=(
                        Query(
                            f"process_open_fds{_PROCESS} / process_max_fds{_PROCESS}",
                            "{{component}}",
                        ),
                    ),
                ),
                Lines(
                    title="Age",
                    about="Time since the start of each process.",
                    unit=Unit.SECONDS,
                    queries=(
                        Query(f"time() - process_start_time_seconds{_PROCESS}", "{{component}}"),
                    ),
                ),
                Lines(
                    title="Versions",
                    about="Processes by version; more than one while a new one is rolled out.",
                    unit=Unit.COUNT,
                    queries=(Query("sum by (version) (plurali_build_info)", "{{version}}"),),
                ),
            ),
        ),
    ),
)
