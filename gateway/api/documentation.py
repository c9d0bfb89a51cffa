"""The document of the interface as pages that people read: plain HTML, no script, no other host."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

from flask import Flask, Response
from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup, escape
from werkzeug.exceptions import NotFound

from gateway.api.views import PREFIX

FOLDER: Final = Path(__file__).parent / "templates"
SCHEMAS: Final = "schemas"

Part = Mapping[str, Any]


def add_documentation(app: Flask, document: Part, admit: Callable[[], None]) -> None:
    """Give the application the pages of its document; each request is admitted first."""
    pages = cache(lambda: pages_of(document))
    style = (FOLDER / "docs.css").read_text(encoding="utf-8")

    def show_index() -> Response:
        admit()
        return Response(pages()[""], mimetype="text/html")

    def show_page(name: str) -> Response:
        admit()
        if name not in pages():
            raise NotFound
        return Response(pages()[name], mimetype="text/html")

    def show_style() -> Response:
        admit()
        return Response(style, mimetype="text/css")

    app.add_url_rule(f"{PREFIX}/docs", "docs", show_index)
    app.add_url_rule(f"{PREFIX}/docs/<string:name>", "docs_page", show_page)
    app.add_url_rule(f"{PREFIX}/docs.css", "docs_style", show_style)


def pages_of(document: Part) -> dict[str, str]:
    """Return every page by its name: the overview by none, one for each tag, and the schemas."""
    environment = Environment(
        loader=FileSystemLoader(FOLDER), autoescape=True, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters["prose"] = _prose
    common = {
        "root": PREFIX,
        "info": document["info"],
        "tags": document["tags"],
        "server": document["servers"][0]["url"],
        "operations": _operations(document),
    }
    tags = {
        tag["name"]: environment.get_template("tag.html").render(
            common, tag=tag, current=tag["name"]
        )
        for tag in document["tags"]
    }
    schemas = list(_schemas(document["components"]["schemas"]))
    return {
        "": environment.get_template("index.html").render(common),
        **tags,
        SCHEMAS: environment.get_template("schemas.html").render(
            common, schemas=schemas, current=SCHEMAS
        ),
    }


def _operations(document: Part) -> dict[str, list[dict[str, Any]]]:
    """Return the operations by tag, in the order of the document."""
    found: dict[str, list[dict[str, Any]]] = {tag["name"]: [] for tag in document["tags"]}
    for path, methods in document["paths"].items():
        for method, described in methods.items():
            found[described["tags"][0]].append(_operation(document, method, path, described))
    return found


def _operation(document: Part, method: str, path: str, described: Part) -> dict[str, Any]:
    return {
        "id": described["operationId"],
        "method": method.upper(),
        "path": path,
        "summary": described["summary"],
        "description": described["description"],
        "deprecated": described.get("deprecated", False),
        "open": described.get("security") == [{}],
        "parameters": [
            _parameter(followed(document, each)) for each in described.get("parameters", [])
        ],
        "body": _body(described),
        "answers": [
            _answer(status, followed(document, each))
            for status, each in described["responses"].items()
        ],
    }


def _parameter(part: Part) -> dict[str, Any]:
    return {
        "name": part["name"],
        "place": part["in"],
        "required": part.get("required", False),
        "kind": _kind(part["schema"]),
        "about": part.get("description", ""),
    }


def _body(described: Part) -> dict[str, str] | None:
    content = described.get("requestBody", {}).get("content", {})
    for each in content.values():
        schema = each["schema"]
        name = next(names_in(schema), "")
        return {"media": ", ".join(content), "name": name, "bytes": _largest(schema)}
    return None


def _largest(schema: Part) -> str:
    """Say how large a file may be; nothing where it is no file."""
    return f"{schema['maxLength']:,}" if schema.get("format") == "binary" else ""


def _answer(status: str, response: Part) -> dict[str, Any]:
    content = response.get("content", {})
    return {
        "status": status,
        "about": response["description"],
        "media": ", ".join(content),
        "names": sorted({name for each in content.values() for name in names_in(each["schema"])}),
    }


def _schemas(schemas: Part) -> Iterator[dict[str, Any]]:
    for name, schema in sorted(schemas.items()):
        required = schema.get("required", [])
        fields = [
            {
                "name": field,
                "required": field in required,
                "kind": _kind(part),
                "of": next(names_in(part), None),
                "about": part.get("description", ""),
            }
            for field, part in schema.get("properties", {}).items()
        ]
        yield {"name": name, "fields": fields}


def _kind(schema: Part) -> str:
    """Say in words what a value is."""
    if "enum" in schema:
        return "one of " + ", ".join(map(str, schema["enum"]))
    if "$ref" in schema or "allOf" in schema or "anyOf" in schema:
        return ""
    if schema.get("type") == "array":
        return f"list of {_kind(schema['items'])}".rstrip()
    bounds = [
        f"{word} {schema[name]}"
        for name, word in (
            ("format", ""),
            ("minimum", "from"),
            ("maximum", "to"),
            ("maxLength", "at most"),
        )
        if name in schema
    ]
    return ", ".join([str(schema.get("type", "any")), *(each.strip() for each in bounds)])


def names_in(schema: Any) -> Iterator[str]:
    """Yield the names of the schemas that a schema speaks of."""
    if isinstance(schema, Mapping):
        if "$ref" in schema:
            yield str(schema["$ref"]).rpartition("/")[2]
        for each in schema.values():
            yield from names_in(each)
    elif isinstance(schema, list):
        for each in schema:
            yield from names_in(each)


def followed(document: Part, part: Part) -> Part:
    """Return what a reference stands for."""
    if "$ref" not in part:
        return part
    *_, room, name = part["$ref"].split("/")
    found: Part = document["components"][room][name]
    return found


def _prose(text: str) -> Markup:
    """Return text with what stands between backticks as code."""
    pieces = text.split("`")
    return Markup().join(
        Markup("<code>{}</code>").format(piece) if place % 2 else escape(piece)
        for place, piece in enumerate(pieces)
    )
