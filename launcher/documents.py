"""Writes the documents generated from the contracts: what is published is what the code says."""

from __future__ import annotations

import argparse
import importlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin

from chassis import topology
from contracts.language import EVENTS, REQUESTS, Event, Message, Request, schema_of
from contracts.operations import EVERY
from gateway.api import authorisation, openapi
from launcher import typed_client
from launcher.kubernetes import manifests
from launcher.settings import SERVICES

ROOT: Final = Path(__file__).resolve().parent.parent / "docs"
ENVELOPE: Final[dict[str, Any]] = {
    "specversion": {"type": "string", "const": "1.0"},
    "id": {"type": "string", "format": "uuid", "description": "Remember it: it tells duplicates."},
    "source": {"type": "string", "format": "uri-reference"},
    "type": {"type": "string"},
    "subject": {"type": "string", "format": "uuid"},
    "time": {"type": "string", "format": "date-time"},
    "datacontenttype": {"type": "string", "const": "application/json"},
    "dataschema": {"type": "string", "format": "uri-reference"},
    "correlationid": {"type": "string"},
    "causationid": {"type": "string"},
    "traceparent": {"type": "string"},
    "sequence": {
        "type": "integer",
        "minimum": 1,
        "description": "Counts the events of one aggregate.",
    },
}


def documents() -> dict[Path, str]:
    """Return every generated document by its path as seen from ``docs/``."""
    for module in (*SERVICES, "operations"):
        importlib.import_module(f"contracts.{module}")
    events = {name: event for name, event in sorted(EVENTS.items()) if _is_published(event)}
    listeners = topology.subscriptions()
    interface = openapi.published()
    pages = {
        Path("messages.md"): _messages(events, listeners),
        Path("asyncapi.json"): _as_text(_asyncapi(events)),
        Path("authorisation.md"): authorisation.page(),
        Path("api/openapi.json"): openapi.as_text(interface),
        Path("../examples/client/plurali.py"): typed_client.written(interface),
    }
    for name, event in events.items():
        pages[Path("schemas") / f"{name}.json"] = _as_text(_event_schema(event))
    return pages


def stale() -> list[str]:
    """Name the committed documents that differ from what the code says, or should not be there."""
    wanted = documents()
    kept = {path.relative_to(ROOT) for path in (ROOT / "schemas").glob("*.json")}
    differing = {path for path, text in wanted.items() if _read(ROOT / path) != text}
    return sorted(str(path) for path in differing | (kept - wanted.keys()))


def write() -> int:
    """Write all documents anew and return their number."""
    wanted = documents()
    (ROOT / "schemas").mkdir(parents=True, exist_ok=True)
    for path in (ROOT / "schemas").glob("*.json"):
        path.unlink()
    for path, text in wanted.items():
        (ROOT / path).write_text(text, encoding="utf-8")
    return len(wanted)


def json_schema(message: type[Message]) -> dict[str, Any]:
    """Return the JSON Schema of a message, nested messages in place."""
    plugin = MarshmallowPlugin(schema_name_resolver=lambda _schema: "")
    APISpec(title="", version="", openapi_version="3.1.0", plugins=[plugin])
    converter = plugin.converter
    if converter is None:
        raise LookupError("the plugin has not been given its document")
    schema: dict[str, Any] = converter.schema2jsonschema(  # type: ignore[no-untyped-call]  # apispec types it not
        schema_of(message)
    )
    return schema


def _is_published(message: type[Message]) -> bool:
    """Tell a message of the contracts from one that a test made up."""
    return message.__module__.startswith("contracts.")


def _event_schema(event: type[Event]) -> dict[str, Any]:
    """Return the schema of one event as it arrives: the envelope with its data."""
    # A reader must live with fields of a later version, so nothing forbids more.
    data = _open(json_schema(event))
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"/schemas/{event.type}.json",
        "title": event.__name__,
        "description": _first_line(event),
        "type": "object",
        "required": ["specversion", "id", "source", "type", "time", "data"],
        "properties": {**ENVELOPE, "type": {"const": event.type}, "data": data},
    }


def _open(schema: Any) -> Any:
    """Return the schema without its refusals of further properties."""
    if isinstance(schema, Mapping):
        return {
            key: _open(value)
            for key, value in schema.items()
            if (key, value) != ("additionalProperties", False)
        }
    return [_open(part) for part in schema] if isinstance(schema, list) else schema


def _asyncapi(events: Mapping[str, type[Event]]) -> dict[str, Any]:
    """Return the AsyncAPI document of everything that is published."""
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Plurali events",
            "version": "1.0.0",
            "description": "CloudEvents 1.0 in structured JSON over AMQP 0-9-1; at least once.",
        },
        "defaultContentType": "application/cloudevents+json",
        "channels": {
            name: {
                "address": name,
                "messages": {event.__name__: {"$ref": f"#/components/messages/{event.__name__}"}},
                "bindings": {
                    "amqp": {
                        "is": "routingKey",
                        "exchange": {
                            "name": f"{event.source}.events",
                            "type": "topic",
                            "durable": True,
                        },
                    }
                },
            }
            for name, event in events.items()
        },
        "operations": {
            f"publish.{name}": {"action": "send", "channel": {"$ref": f"#/channels/{name}"}}
            for name in events
        },
        "components": {
            "messages": {
                event.__name__: {
                    "name": name,
                    "summary": _first_line(event),
                    "contentType": "application/cloudevents+json",
                    "payload": _event_schema(event),
                }
                for name, event in events.items()
            }
        },
    }


def _messages(events: Mapping[str, type[Event]], listeners: Mapping[str, tuple[str, ...]]) -> str:
    """Return the page on who tells what to whom, and who answers what."""
    lines = [
        "# Messages",
        "",
        "Generated by `./plurali docs`; a test fails when it differs from the code.",
        "",
        "## Events",
        "",
        "An event is published to the exchange `<service>.events` under its type. *Partners* may",
        "subscribe where it says so; an event about safety takes the route `restricted.<type>`",
        "([why](adr/0008-restricted-route-for-safety.md)).",
        "",
        "| Event | Told by | What happened | Heard by (queue) | Partners |",
        "|---|---|---|---|---|",
        *(_event_row(name, event, listeners.get(name, ())) for name, event in events.items()),
        "",
        "## Requests",
        "",
        "| Request | Answered by | What it asks | Permission | Answer |",
        "|---|---|---|---|---|",
        *(
            _request_row(name, request)
            for name, request in sorted(REQUESTS.items())
            if _is_published(request)
        ),
        "",
    ]
    return "\n".join(lines)


def _event_row(name: str, event: type[Event], queues: tuple[str, ...]) -> str:
    """Return one event as a row."""
    heard = ", ".join(f"`{queue}`" for queue in queues)
    link = f"[`{name}`](schemas/{name}.json)"
    partners = "yes" if event.partners else ""
    return f"| {link} | {event.source} | {_first_line(event)} | {heard} | {partners} |"


def _request_row(name: str, request: type[Request[Any]]) -> str:
    """Return one request as a row."""
    kind = "command" if request.changes_state else "query"
    service = "every service" if request.service == EVERY else request.service
    return (
        f"| `{name}` ({kind}) | {service} | {_first_line(request)} "
        f"| `{request.permission}` | `{request.answer.__name__}` |"
    )


def _first_line(message: type[Message]) -> str:
    """Return the sentence that explains a message."""
    return (message.__doc__ or "").strip().splitlines()[0]


def _as_text(document: Any) -> str:
    """Return a document as it is committed."""
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def _read(path: Path) -> str:
    """Return a file's text, or nothing where there is no file."""
    return path.read_text(encoding="utf-8") if path.exists() else ""


def register(parser: argparse.ArgumentParser) -> None:
    """Take ``--check``."""
    parser.add_argument("--check", action="store_true", help="only say what differs")


def run(arguments: argparse.Namespace, _stack: object) -> int:
    """Write the documents, or with ``--check`` say which are stale."""
    if arguments.check:
        names = [f"docs/{name}" for name in stale()]
        names += [f"deploy/{name}" for name in manifests.stale()]
        print("\n".join(f"stale: {name}" for name in names) or "documents: true to the code")
        return 1 if names else 0
    print(f"documents: {write()} written below docs/, {manifests.write()} below deploy/")
    return 0
