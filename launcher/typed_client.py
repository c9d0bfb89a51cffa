"""The typed client of `examples/client/`, written from the document of the interface."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from gateway.api.documentation import followed, names_in

Part = Mapping[str, Any]

_HEAD: Final = '''"""Every operation of the interface, typed; written by `./plurali docs`."""

from __future__ import annotations

from typing import Any, Literal, NotRequired, TypedDict, cast

from .connection import Connection

'''
_PLAIN: Final = {"string": "str", "integer": "int", "number": "float", "boolean": "bool"}
_CONDITIONS: Final = {"If-Match": "if_match", "If-None-Match": "if_none_match"}
_CHOICES: Final = frozenset({"fields", "embed"})


def written(document: Part) -> str:
    """Return the module."""
    schemas = document["components"]["schemas"]
    types = [
        _type(name, schema)
        for name, schema in sorted(schemas.items())
        if not _is_part(name, schemas)
    ]
    methods = [
        text
        for path, described in document["paths"].items()
        for method, operation in described.items()
        for text in _method(document, method.upper(), path, operation)
    ]
    client = (
        "\nclass Plurali(Connection):\n"
        '    """A program at a gateway, with every operation that the document knows."""\n\n'
    )
    return _HEAD + "\n".join(types) + "\n" + client + "\n".join(methods)


def _is_part(name: str, schemas: Part) -> bool:
    """Tell a schema of a choice of fields, which no method gives back."""
    return name.endswith("Part") and name.removesuffix("Part") in schemas


def _type(name: str, schema: Part) -> str:
    required = schema.get("required", [])
    fields = [
        f"    {field}: {kind if field in required else f'NotRequired[{kind}]'}"
        for field, kind in ((each, _kind(part)) for each, part in schema["properties"].items())
    ]
    about = str(schema.get("title", name))
    return "\n".join([f"\nclass {name}(TypedDict):", f'    """{about}."""', "", *fields, ""])


def _kind(schema: Part) -> str:
    """Return the annotation of a value."""
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    if "enum" in schema:
        return f"Literal[{', '.join(map(repr, schema['enum']))}]"
    if schema.get("type") == "array":
        return f"list[{_kind(schema['items'])}]"
    if schema.get("type") == "object":
        return f"dict[str, {_kind(schema.get('additionalProperties') or {})}]"
    if schema.get("format") == "binary":
        return "bytes"
    return _PLAIN.get(str(schema.get("type")), "Any")


def _method(document: Part, method: str, path: str, operation: Part) -> Iterator[str]:
    """Yield the method of an operation; who only sends a browser away has none."""
    success = next(iter(operation["responses"].items()))
    if success[0].startswith("3"):
        return
    given = [followed(document, each) for each in operation.get("parameters", ())]
    places = [each["name"] for each in given if each["in"] == "path"]
    query = {
        each["name"]: _kind(each["schema"])
        for each in given
        if each["in"] == "query" and each["name"] not in _CHOICES
    }
    headers = {
        name: spelt for each in given for name, spelt in _CONDITIONS.items() if each["name"] == name
    }
    body = operation.get("requestBody")
    content = next(iter(body["content"].values())) if body else None
    files = (
        list(body["content"]) if body and content and _kind(content["schema"]) == "bytes" else []
    )
    taken = ["self", *(f"{name}: str" for name in places)]
    if content:
        kind = _kind(content["schema"])
        taken.append(
            f"body: {kind}" if body and body["required"] else f"body: {kind} | None = None"
        )
    if files:
        taken.append(f"media: Literal[{', '.join(map(repr, files))}]")
    optional = [f"{name}: {kind} | None = None" for name, kind in query.items()]
    optional += [f"{spelt}: str | None = None" for spelt in headers.values()]
    taken += ["*", *optional] if optional else []
    answer = _answer(success[1])
    call = ", ".join(
        [
            f'"{method}"',
            f'"{path}"',
            *([f"places={_pairs({name: name for name in places})}"] if places else []),
            *([f"query={_pairs({name: name for name in query})}"] if query else []),
            *(["body=cast('Any', body)"] if content and not files else []),
            *(["file=(media, body)"] if files else []),
            *([f"headers={_pairs(headers)}"] if headers else []),
        ]
    )
    asked = f"self.ask({call})"
    said = asked if answer == "None" else f"return cast({answer!r}, {asked})"
    yield "\n".join(
        [
            f"    def {operation['operationId']}({', '.join(taken)}) -> {answer}:",
            f'        """{operation["summary"]}."""',
            f"        {said}",
            "",
        ]
    )


def _pairs(names: Mapping[str, str]) -> str:
    return "{" + ", ".join(f'"{name}": {value}' for name, value in names.items()) + "}"


def _answer(success: Part) -> str:
    """Return the annotation of what a success gives back."""
    content = success.get("content")
    if not content:
        return "None"
    media, described = next(iter(content.items()))
    if media != "application/json":
        return _kind(described["schema"])
    return next(names_in(described["schema"]), "dict[str, Any]")
