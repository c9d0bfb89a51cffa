"""Callers that the gateway refuses, and what it asks others in vain."""

from __future__ import annotations

from typing import Final

from launcher.monitoring.alerts import Alert, Case, Severity
from launcher.monitoring.series import named

_OPEN: Final = named("plurali_rpc_circuit_open", target="catalogue")
_NOT_ASKED: Final = named("plurali_rpc_circuit_refusals_total", target="catalogue")
_REFUSED: Final = named("plurali_rate_limit_refusals_total", kind="client")
_UNCOUNTED: Final = named("plurali_rate_limit_uncounted_total", component="gateway")
_DELAYED: Final = named("plurali_digests_total", outcome="delayed")
_SENT: Final = named("plurali_digests_total", outcome="sent")
_FOUND: Final = named("plurali_files_examined_total", outcome="found")
_UNEXAMINED: Final = named("plurali_files_examined_total", outcome="unavailable")

ALERTS: Final = (
    Alert(
        name="SignInsFail",
        severity=Severity.TICKET,
        expr=(
            'sum(increase(plurali_http_requests_total{method="POST",route="/api/v1/tokens",'
            'status=~"401|422|429"}[10m])) > 50'
        ),
        summary="Many attempts to sign in fail: somebody may be guessing passwords",
        runbook="sign-ins-fail",
        fires=Case(
            series={
                named(
                    "plurali_http_requests_total",
                    method="POST",
                    route="/api/v1/tokens",
                    status="401",
                ): "0+10x60"
            }
        ),
        silent=(
            Case(
                series={
                    named(
                        "plurali_http_requests_total",
                        method="POST",
                        route="/api/v1/tokens",
                        status="401",
                    ): "0+1x60"
                }
            ),
        ),
    ),
    Alert(
        name="ServiceLeftAlone",
        severity=Severity.TICKET,
        expr=(
            "max by (target) (plurali_rpc_circuit_open) == 1\n"
            "and sum by (target) (increase(plurali_rpc_circuit_refusals_total[5m])) > 0"
        ),
        wait="2m",
        summary="{{ $labels.target }} failed so often that people are refused without asking it",
        runbook="service-left-alone",
        fires=Case(
            series={_OPEN: "0+0x9 1+0x50", _NOT_ASKED: "0+0x9 0+2x50"},
            labels={"target": "catalogue"},
        ),
        silent=(
            # It came back by itself.
            Case(series={_OPEN: "0+0x28 1 0+0x30", _NOT_ASKED: "0+0x28 2 2+0x30"}),
            # Nobody has wanted anything of it since.
            Case(series={_OPEN: "0+0x9 1+0x50", _NOT_ASKED: "0+0x9 9+0x50"}),
        ),
    ),
    Alert(
        name="CallersRefused",
        severity=Severity.TICKET,
        expr="sum by (kind) (increase(plurali_rate_limit_refusals_total[15m])) > 100",
        summary="Callers of kind {{ $labels.kind }} ask on after their requests are used up",
        runbook="callers-refused",
        fires=Case(series={_REFUSED: "0+10x60"}, labels={"kind": "client"}),
        silent=(Case(series={_REFUSED: "0+1x60"}),),
    ),
    Alert(
        name="RequestsUncounted",
        severity=Severity.TICKET,
        expr="sum(increase(plurali_rate_limit_uncounted_total[5m])) > 0",
        wait="10m",
        summary="The gateway cannot count requests: nobody is limited",
        runbook="requests-uncounted",
        fires=Case(series={_UNCOUNTED: "0+1x60"}),
        silent=(
            # A database that starts again.
            Case(series={_UNCOUNTED: "0+0x26 1+1x2 3+0x40"}),
        ),
    ),
    Alert(
        name="DigestsStay",
        severity=Severity.TICKET,
        expr='sum(increase(plurali_digests_total{outcome=~"delayed|refused|uncertain"}[1h])) > 5',
        summary="Digests by e-mail do not go out",
        runbook="digests-stay",
        fires=Case(series={_DELAYED: "0+1x60"}),
        silent=(Case(series={_SENT: "0+5x60", _DELAYED: "0+0x60"}),),
    ),
    Alert(
        name="FilesUnexamined",
        severity=Severity.TICKET,
        expr='sum(increase(plurali_files_examined_total{outcome="unavailable"}[10m])) > 0',
        wait="5m",
        summary="The scanner of files does not answer: nobody can attach a signed sheet",
        runbook="files-unexamined",
        fires=Case(series={_UNEXAMINED: "0+1x60"}),
        silent=(Case(series={_UNEXAMINED: "0+0x60"}),),
    ),
    Alert(
        name="HarmfulFileRefused",
        severity=Severity.TICKET,
        expr='sum(increase(plurali_files_examined_total{outcome="found"}[1h])) > 0',
        summary="Somebody tried to attach a file in which the scanner found something",
        runbook="harmful-file-refused",
        fires=Case(series={_FOUND: "0+0x9 1+0x50"}),
        silent=(Case(series={_FOUND: "0+0x60"}),),
    ),
)
