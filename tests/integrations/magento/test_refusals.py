"""What each answer of a store stands for: the contract's table, line by line."""

import json
from typing import Any

import pytest

from app.core.errors import (
    BackhaulError,
    BugError,
    NotFound,
    OutcomeUnknown,
    PermissionMissing,
    RecordClosed,
    RecordLocked,
    Rejected,
    RemoteUnavailable,
    SetupChanged,
    Throttled,
    TransientError,
)
from app.integrations.http import Answer
from app.integrations.magento.refusals import raise_for_answer, refusal_of

PAGE = b"<!DOCTYPE html><html><title>Welcome</title></html>"
STATUS = "A shipment cannot be created when an order has a status of %1"


def answer(status: int, body: Any = b"", **headers: str) -> Answer:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Answer(status, headers, raw, "shop.example")


def said(*lines: str, parameters: object = None) -> dict[str, object]:
    head = "Shipment Document Validation Error(s):"
    return {"message": "\n".join((head, *lines)), "parameters": parameters}


def raised(found: Answer, *, write: bool = True) -> BackhaulError:
    with pytest.raises(BackhaulError) as caught:
        raise_for_answer(found, order="123", write=write)
    return caught.value


@pytest.mark.parametrize(
    ("found", "error", "code"),
    [
        (answer(400, said(STATUS, parameters=["holded"])), RecordLocked, "mg_on_hold"),
        (
            answer(400, said(STATUS, parameters=["payment_review"])),
            RecordLocked,
            "mg_payment_review",
        ),
        (answer(400, said(STATUS, parameters=["canceled"])), RecordClosed, "mg_canceled"),
        (answer(400, said("Please enter a tracking number.")), Rejected, "mg_refused"),
        (
            answer(400, {"message": "Could not save a shipment, see error log for details"}),
            TransientError,
            "mg_not_saved",
        ),
        (
            answer(400, {"message": "Database deadlock found when trying to get lock"}),
            TransientError,
            "mg_not_saved",
        ),
        (answer(400, {"message": "Decoding error."}), BugError, "program_error"),
        (
            answer(400, {"message": 'The "a" value\'s type is invalid. The "int" type …'}),
            BugError,
            "program_error",
        ),
        (answer(400, {"message": "Operation allowed only in HTTPS"}), SetupChanged, "mg_https"),
        (answer(400, {"message": "Read https://acme.example first"}), Rejected, "mg_refused"),
        (answer(400, PAGE), SetupChanged, "mg_no_interface"),
        (answer(400), SetupChanged, "mg_no_interface"),
        (answer(403, PAGE), PermissionMissing, "mg_firewall"),
        (answer(404, PAGE), SetupChanged, "mg_no_interface"),
        (
            answer(404, {"message": "Request does not match any route."}),
            SetupChanged,
            "mg_no_interface",
        ),
        (
            answer(404, {"message": "The entity that was requested doesn't exist. Verify …"}),
            NotFound,
            "mg_order_not_found",
        ),
        (answer(429, PAGE), Throttled, "rate_limited"),
        (
            answer(500, {"message": "Internal Error. Details … Report ID: webapi-5f"}),
            TransientError,
            "mg_internal",
        ),
        (
            answer(500, {"messages": {"error": [{"code": 500, "message": "report api/77"}]}}),
            TransientError,
            "mg_internal",
        ),
        (answer(500, b""), TransientError, "server_error"),
        (answer(503, PAGE), RemoteUnavailable, "maintenance"),
        (answer(503, b""), RemoteUnavailable, "service_unavailable"),
        (answer(502, PAGE), OutcomeUnknown, "answer_lost"),
        (answer(504, b""), OutcomeUnknown, "answer_lost"),
        (answer(200, PAGE), OutcomeUnknown, "unreadable"),
        (answer(302, b"", location="https://other.example/"), SetupChanged, "moved"),
    ],
)
def test_an_answer_to_a_write(found: Answer, error: type[BackhaulError], code: str) -> None:
    caught = raised(found)
    assert (type(caught), caught.code) == (error, code)


@pytest.mark.parametrize(
    ("found", "error", "code"),
    [
        (answer(200, PAGE), SetupChanged, "mg_no_interface"),
        (answer(502, PAGE), RemoteUnavailable, "service_unavailable"),
        (answer(504, b""), RemoteUnavailable, "service_unavailable"),
    ],
)
def test_the_same_to_a_read(found: Answer, error: type[BackhaulError], code: str) -> None:
    caught = raised(found, write=False)
    assert (type(caught), caught.code) == (error, code)


def test_how_long_to_wait_is_taken_from_the_answer() -> None:
    caught = raised(answer(429, PAGE, **{"retry-after": "120"}))
    assert isinstance(caught, Throttled)
    assert caught.retry_after_s == 120


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ({"message": "%1 of %2", "parameters": ["2", "3"]}, "2 of 3"),
        ({"message": "See %resources.", "parameters": {"resources": "A::b"}}, "See A::b."),
        (
            {"message": "Bad.", "errors": [{"message": "%f?", "parameters": {"f": "sku"}}]},
            "Bad. sku?",
        ),
        ({"messages": {"error": [{"code": 500, "message": "Down"}]}}, "Down"),
        ({"message": "No.", "trace": "#0 /srv/www"}, "No."),
        ({"message": 7}, ""),
        ({"messages": {"error": None}}, ""),
        (["No."], ""),
        (b"<html>", ""),
        (b"", ""),
    ],
)
def test_texts_have_their_places_filled_and_never_a_trace(body: Any, text: str) -> None:
    assert " ".join(refusal_of(answer(400, body)).lines) == text


def test_bundles_are_told_by_name() -> None:
    start = "Cannot create shipment as bundle product"
    lines = said(
        f'{start} "KIT" has shipment type "Together". Bundle product itself should be shipped.',
        f'{start} "BOX" has shipment type "Separately". Bundle product options should be shipped.',
    )
    refusal = refusal_of(answer(400, lines))
    assert refusal.is_wrong_rows
    assert refusal.bundle_ways == {"KIT": "together", "BOX": "separately"}
