"""The published bridge contract as tests read it: its parts, and what breaks its schemas."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from jsonschema import Draft4Validator, FormatChecker, validators

Json = dict[str, Any]
ROOT = Path(__file__).parents[1]
DOC: Json = json.loads((ROOT / "docs" / "printsmith-bridge.openapi.json").read_text("utf-8"))


def _nullable_type(validator: Any, types: Any, instance: Any, schema: Json) -> Iterator[Any]:
    if not (instance is None and schema.get("nullable")):
        yield from Draft4Validator.VALIDATORS["type"](validator, types, instance, schema)


# The schemas of OpenAPI 3.0 are those of draft 4 with `nullable` in place of the type "null".
OpenApiValidator: Any = validators.extend(  # type: ignore[no-untyped-call]
    Draft4Validator, {"type": _nullable_type}
)


def violations(schema: Json, value: object) -> list[str]:
    """What of the value breaks the schema; nothing: it fits."""
    whole = {"allOf": [schema], "components": DOC["components"]}
    checker = OpenApiValidator(whole, format_checker=FormatChecker())
    return [error.message for error in checker.iter_errors(value)]


def resolve(node: Json) -> Json:
    """What the node refers to, or itself."""
    while "$ref" in node:
        target: Any = DOC
        for key in node["$ref"].removeprefix("#/").split("/"):
            target = target[key]
        node = target
    return node


def require_agreed(template: str, method: str, status: int, body: Json) -> None:
    """Fail unless the contract knows this answer of this call, code included."""
    response = resolve(DOC["paths"][template][method.lower()]["responses"][str(status)])
    media = response["content"]["application/json"]
    assert violations(media["schema"], body) == []
    if status != 200:
        assert body["code"] in {resolve(e)["value"]["code"] for e in media["examples"].values()}
