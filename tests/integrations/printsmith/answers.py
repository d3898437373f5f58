"""Answers of a connector, made by hand."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from app.core.clock import to_ms
from app.core.errors import BackhaulError
from app.integrations.http import Answer
from app.integrations.printsmith.refusals import Asked, raise_for_answer

NUMBER = "1Z999AA10123456784"
CHARGE = "ShipLeap Tracking"
NOW = datetime(2026, 7, 29, 16, 30, tzinfo=UTC)


def an_answer(status: int, body: Any = b"", **headers: str) -> Answer:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    return Answer(status, names, raw, "shop.example", to_ms(NOW))


def a_refusal(status: int, code: str, message: str = "", **detail: str) -> Answer:
    return an_answer(status, {"code": code, "message": message, "detail": detail})


def error_of(answer: Answer, asked: Asked) -> BackhaulError:
    with pytest.raises(BackhaulError) as caught:
        raise_for_answer(answer, asked)
    return caught.value
