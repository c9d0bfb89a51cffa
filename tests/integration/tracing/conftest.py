"""A collector of spans as processes know it, and a stage whose process sends to it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from opentelemetry.proto.collector.trace.v1 import trace_service_pb2

from tests.support.databases import migrated_database
from tests.support.fresh import fresh_vhost
from tests.support.stage import PACKAGE, Stage


@dataclass(frozen=True)
class Recorded:
    """A span as a collector receives it."""

    service: str
    name: str
    kind: str
    trace_id: str
    span_id: str
    parent_id: str
    attributes: dict[str, str]
    failed: bool


@dataclass
class Collector:
    """What arrived so far."""

    url: str
    spans: list[Recorded] = field(default_factory=list)

    def of_trace(self, trace_id: str) -> dict[str, Recorded]:
        """Return the spans of a trace by name and kind."""
        return {f"{s.name} {s.kind}": s for s in self.spans if s.trace_id == trace_id}


@pytest.fixture(scope="module")
def collector() -> Iterator[Collector]:
    """Give a collector that understands OTLP over HTTP."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            request = trace_service_pb2.ExportTraceServiceRequest.FromString(body)
            arrived.spans += _recorded(request)
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_arguments: Any) -> None:
            """Stay silent."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    arrived = Collector(f"http://127.0.0.1:{server.server_port}")
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield arrived
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def stage(collector: Collector, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """Give a stage whose process sends its spans to the collector."""
    with (
        pytest.MonkeyPatch.context() as patch,
        migrated_database(PACKAGE) as database_url,
        fresh_vhost() as amqp_uri,
    ):
        patch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", collector.url)
        patch.setenv("OTEL_BSP_SCHEDULE_DELAY", "200")
        stage = Stage(database_url, amqp_uri, tmp_path_factory.mktemp("stage"))
        assert stage.process
        yield stage
        stage.close()


def _recorded(request: Any) -> Iterator[Recorded]:
    for resource in request.resource_spans:
        service = {each.key: each.value.string_value for each in resource.resource.attributes}
        for scope in resource.scope_spans:
            for span in scope.spans:
                yield Recorded(
                    service=service["service.name"],
                    name=span.name,
                    kind=span.SpanKind.Name(span.kind).removeprefix("SPAN_KIND_"),
                    trace_id=span.trace_id.hex(),
                    span_id=span.span_id.hex(),
                    parent_id=span.parent_span_id.hex(),
                    attributes={
                        each.key: each.value.string_value or str(each.value.int_value)
                        for each in span.attributes
                    },
                    failed=span.status.code == 2,
                )
