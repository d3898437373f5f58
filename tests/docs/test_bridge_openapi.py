"""The bridge contract as published: a sound OpenAPI document that says all that was agreed."""

import re
from collections.abc import Iterator

import pytest
from jsonschema import Draft4Validator

from tests.openapi import DOC, ROOT, Json, OpenApiValidator, resolve, violations

# Code and the statuses it may come with; None stands for any code.
AGREED: list[tuple[str | None, str]] = [
    ("locked", "409"),
    ("locked", "423"),
    ("revision_changed", "409"),
    ("picked_up", "409"),
    ("voided", "409"),
    ("voided", "410"),
    ("deleted", "409"),
    ("deleted", "410"),
    ("invoice_not_found", "404"),
    ("charge_not_defined", "404"),
    ("field_not_editable", "422"),
    ("notes_too_long", "422"),
    (None, "401"),
    ("no_permission", "403"),
    ("no_free_session", "503"),
    (None, "429"),
    (None, "500"),
]
# What of OpenAPI 3.0.3 this document uses, written down from the specification.
TEXT = {"type": "string", "minLength": 1}
STRUCTURE: Json = {
    "type": "object",
    "required": ["openapi", "info", "paths"],
    "additionalProperties": False,
    "properties": {
        "openapi": {"enum": ["3.0.3"]},
        "info": {
            "required": ["title", "version", "description"],
            "additionalProperties": TEXT,
            "properties": {"license": {"required": ["name"]}},
        },
        "servers": {"type": "array", "items": {"required": ["url", "description"]}},
        "security": {"type": "array", "items": {"type": "object"}},
        "tags": {"type": "array", "items": {"required": ["name"]}},
        "paths": {
            "type": "object",
            "additionalProperties": False,
            "patternProperties": {
                "^/": {
                    "type": "object",
                    "additionalProperties": False,
                    "patternProperties": {"^(get|put)$": {"$ref": "#/definitions/operation"}},
                }
            },
        },
        "components": {
            "type": "object",
            "additionalProperties": False,
            "properties": {
                "schemas": {"additionalProperties": {"required": ["type", "description"]}},
                "parameters": {"additionalProperties": {"$ref": "#/definitions/parameter"}},
                "headers": {"additionalProperties": {"$ref": "#/definitions/header"}},
                "responses": {"additionalProperties": {"$ref": "#/definitions/response"}},
                "examples": {"additionalProperties": {"$ref": "#/definitions/example"}},
                "securitySchemes": {
                    "additionalProperties": {
                        "required": ["type", "scheme", "description"],
                        "properties": {"type": {"enum": ["http"]}, "scheme": {"enum": ["bearer"]}},
                    }
                },
            },
        },
    },
    "definitions": {
        "operation": {
            "type": "object",
            "additionalProperties": False,
            "required": ["operationId", "summary", "description", "parameters", "responses"],
            "properties": {
                "tags": {"type": "array", "items": TEXT},
                "operationId": TEXT,
                "summary": TEXT,
                "description": TEXT,
                "parameters": {"type": "array", "items": {"required": ["$ref"]}},
                "requestBody": {"required": ["required", "description", "content"]},
                "responses": {
                    "type": "object",
                    "required": ["200"],
                    "additionalProperties": False,
                    "patternProperties": {"^[1-5][0-9]{2}$": {"type": "object"}},
                },
            },
        },
        "parameter": {
            "required": ["name", "in", "required", "description", "schema"],
            "properties": {"in": {"enum": ["path", "header"]}, "required": {"enum": [True]}},
        },
        "header": {"required": ["description", "schema"]},
        "response": {
            "required": ["description"],
            "additionalProperties": False,
            "properties": {
                "description": TEXT,
                "headers": {"type": "object"},
                "content": {
                    "required": ["application/json"],
                    "additionalProperties": {"required": ["schema", "examples"]},
                },
            },
        },
        "example": {"required": ["summary", "value"]},
    },
}


def walk(node: object, place: str = "#") -> Iterator[tuple[str, Json]]:
    """Every object of the document with its place."""
    if isinstance(node, dict):
        yield place, node
    pairs = node.items() if isinstance(node, dict) else enumerate(node)  # type: ignore[arg-type]
    for key, child in pairs:
        if isinstance(child, dict | list):
            yield from walk(child, f"{place}/{key}")


def operations() -> list[tuple[str, Json]]:
    return [(path, operation) for path, item in DOC["paths"].items() for operation in item.values()]


def refusals(operation: Json) -> set[tuple[str, str]]:
    """The pairs of code and status that an operation shows an example of."""
    return {
        (resolve(example)["value"]["code"], status)
        for status, response in operation["responses"].items()
        if status != "200"
        for media in resolve(response).get("content", {}).values()
        for example in media["examples"].values()
    }


ALL_REFUSALS = set().union(*(refusals(operation) for _, operation in operations()))
BODIES = [(place, node) for place, node in walk(DOC) if {"schema", "examples"} <= node.keys()]
SINGLE_EXAMPLES = [
    (place, node) for place, node in walk(DOC) if {"schema", "example"} <= node.keys()
]


READY = DOC["paths"]["/health"]["get"]["responses"]["200"]["content"]["application/json"][
    "examples"
]["ready"]["value"]


def test_document_has_the_structure_of_openapi() -> None:
    Draft4Validator.check_schema(STRUCTURE)
    assert [error.message for error in Draft4Validator(STRUCTURE).iter_errors(DOC)] == []


def test_every_reference_resolves() -> None:
    references = [(place, node) for place, node in walk(DOC) if "$ref" in node]
    assert references
    for place, node in references:
        assert set(node) == {"$ref"}, f"{place}: OpenAPI 3.0 ignores what stands beside $ref"
        assert isinstance(resolve(node), dict)


def test_every_component_is_used() -> None:
    used = {node["$ref"] for _, node in walk(DOC) if "$ref" in node}
    kinds = {kind: members for kind, members in DOC["components"].items() if kind[0:3] != "sec"}
    made = {f"#/components/{kind}/{name}" for kind, members in kinds.items() for name in members}
    assert made - used == set()


def test_every_schema_is_a_schema_and_every_key_is_described() -> None:
    for schema in DOC["components"]["schemas"].values():
        OpenApiValidator.check_schema(schema)
        for key, member in schema.get("properties", {}).items():
            assert resolve(member).get("description"), key


def test_required_keys_are_defined() -> None:
    for name, schema in DOC["components"]["schemas"].items():
        assert set(schema.get("required", [])) <= set(schema.get("properties", {})), name


@pytest.mark.parametrize(("place", "node"), BODIES, ids=[place for place, _ in BODIES])
def test_examples_of_bodies_are_valid(place: str, node: Json) -> None:
    assert node["examples"]
    for example in node["examples"].values():
        assert violations(node["schema"], resolve(example)["value"]) == [], place


@pytest.mark.parametrize(
    ("place", "node"), SINGLE_EXAMPLES, ids=[place for place, _ in SINGLE_EXAMPLES]
)
def test_examples_of_parameters_and_headers_are_valid(place: str, node: Json) -> None:
    assert violations(node["schema"], node["example"]) == [], place


@pytest.mark.parametrize(("path", "operation"), operations(), ids=[p for p, _ in operations()])
def test_path_parameters_match_the_path(path: str, operation: Json) -> None:
    parameters = [resolve(parameter) for parameter in operation["parameters"]]
    in_path = {parameter["name"] for parameter in parameters if parameter["in"] == "path"}
    assert in_path == set(re.findall(r"\{(\w+)\}", path))
    assert "X-Request-Id" in {parameter["name"] for parameter in parameters}


def test_operations_are_the_three_of_the_contract() -> None:
    calls = {(path, method) for path, item in DOC["paths"].items() for method in item}
    assert calls == {
        ("/health", "get"),
        ("/invoices/{invoice}", "get"),
        ("/invoices/{invoice}/charges/{charge}", "put"),
    }
    assert len({operation["operationId"] for _, operation in operations()}) == len(calls)


@pytest.mark.parametrize(("code", "status"), AGREED)
def test_every_agreed_refusal_has_its_status_and_example(code: str | None, status: str) -> None:
    put = DOC["paths"]["/invoices/{invoice}/charges/{charge}"]["put"]
    assert any(status == s and code in (None, c) for c, s in refusals(put))


@pytest.mark.parametrize(("code", "_status"), sorted(ALL_REFUSALS))
def test_every_refusal_says_what_backhaul_does(code: str, _status: str) -> None:
    example = DOC["components"]["examples"][code]
    assert example["value"]["code"] == code
    assert example["summary"].startswith(f"{code}: Backhaul ")
    assert example["description"]


@pytest.mark.parametrize("code", sorted({code for code, _ in AGREED if code}))
def test_overview_names_every_agreed_code(code: str) -> None:
    assert f"`{code}`" in DOC["info"]["description"]


@pytest.mark.parametrize("status", ["429", "503"])
def test_waiting_answers_may_say_how_long(status: str) -> None:
    for _, operation in operations():
        headers = resolve(operation["responses"][status])["headers"]
        assert resolve(headers["Retry-After"])["schema"] == {"type": "string"}


def test_both_places_of_the_token_are_described() -> None:
    assert DOC["security"] == [{"bearerToken": []}]
    assert "bearerToken" in DOC["components"]["securitySchemes"]
    assert any("{token}" in server["url"] for server in DOC["servers"])


def test_description_claims_no_official_interface() -> None:
    text = DOC["info"]["description"]
    assert "Backhaul's own contract" in text
    assert "No official PrintSmith interface" in text
    assert {"Verified", "Inferred", "Unknown"} <= set(re.findall(r"^\* (\w+)", text, re.M))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("StoredPrice", 12.5),
        ("StoredPrice", "12,50"),
        ("StoredPrice", "12.5"),
        ("StoredPrice", None),
        ("Error", {"message": "no code"}),
        ("Health", {"product": "something-else"}),
        ("Health", READY | {"sessions_free": -1}),
        ("ChargeChange", {"notes": "1Z", "notes_mode": "append", "price": None}),
        ("Invoice", {"invoice": "316132", "kind": "invoice", "state": "pending", "charges": []}),
    ],
)
def test_schemas_refuse_what_breaks_the_contract(name: str, value: object) -> None:
    assert violations({"$ref": f"#/components/schemas/{name}"}, value)


@pytest.mark.parametrize(
    "key",
    ["locked_by", "locked_since", "picked_up_at", "title", "account", "web_reference", "ship_to"],
)
def test_nullable_keys_may_be_null_or_missing(key: str) -> None:
    path = DOC["paths"]["/invoices/{invoice}"]["get"]["responses"]["200"]
    invoice = path["content"]["application/json"]["examples"]["free"]["value"]
    schema = {"$ref": "#/components/schemas/Invoice"}
    assert violations(schema, {**invoice, key: None}) == []
    assert violations(schema, {k: v for k, v in invoice.items() if k != key}) == []


def test_free_sessions_may_be_unknown() -> None:
    schema = {"$ref": "#/components/schemas/Health"}
    assert violations(schema, READY | {"sessions_free": None}) == []
    assert violations(schema, {k: v for k, v in READY.items() if k != "sessions_free"}) == []


def test_the_guide_names_what_the_contract_names() -> None:
    guide = (ROOT / "docs" / "printsmith.md").read_text("utf-8")
    for name in ("probe_path", "read_path", "write_path", "min_free_sessions", "notes_mode"):
        assert f"`{name}`" in guide
        assert f"`{name}`" in DOC["info"]["description"]
    for path in DOC["paths"]:
        assert f"`{path}`" in guide
