"""What "Copy details" puts on the clipboard."""

import json
from datetime import UTC, datetime, timedelta, timezone

import pytest

from app.core.details import build_details, build_diagnosis, parse_details

SAMPLE = """{
    "id": 1596039456248,
    "type": "order.post",
    "notification": true,
    "data": {
        "invoice": "316132",
        "tracking": "1Z23966E0397467800"
    },
    "date": "2020-07-29T12:17:36-04:00"
}"""
DATA = {"invoice": "316132", "tracking": "1Z23966E0397467800"}
MOMENT = datetime.fromtimestamp(1596039456.248, UTC)


def in_zone(hours: float) -> datetime:
    return MOMENT.astimezone(timezone(timedelta(hours=hours)))


def test_sample_is_reproduced_to_the_character() -> None:
    assert build_details(1596039456248, "order.post", DATA, local=in_zone(-4)) == SAMPLE


@pytest.mark.parametrize(
    ("hours", "date"),
    [
        (0, "2020-07-29T16:17:36+00:00"),
        (5.5, "2020-07-29T21:47:36+05:30"),
        (14, "2020-07-30T06:17:36+14:00"),
    ],
)
def test_date_is_local_with_its_offset(hours: float, date: str) -> None:
    text = build_details(1596039456248, "order.post", DATA, local=in_zone(hours))
    assert parse_details(text)["date"] == date


def test_without_a_zone_the_machines_own_is_used_for_the_same_moment() -> None:
    details = parse_details(build_details(1596039456248, "order.post", DATA))
    assert datetime.fromisoformat(details["date"]) == MOMENT.replace(microsecond=0)


def test_copied_details_are_read_back() -> None:
    details = parse_details(SAMPLE)
    assert details["data"] == DATA
    assert details["notification"] is True


def test_names_of_any_script_and_quotes_survive() -> None:
    data = {"order": 'Ö"\\ 📦 \u202eabc', "items": [{"sku": "A", "quantity": 2}]}
    text = build_details(1, "order.write", data, local=in_zone(0))
    assert parse_details(text)["data"] == data
    assert "Ö" in text


@pytest.mark.parametrize(
    "text",
    [
        "", "[]", "{}", SAMPLE[:-1], SAMPLE.replace('"id"', '"ID"'),
        json.dumps({**json.loads(SAMPLE), "token": "x"}),
        json.dumps(dict(reversed(json.loads(SAMPLE).items()))),
    ],
)  # fmt: skip
def test_other_text_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"not copied details|Expecting|delimiter"):
        parse_details(text)


def test_diagnosis_has_the_same_layout() -> None:
    assert build_diagnosis({"state": "failed", "attempts": 5}) == (
        '{\n    "state": "failed",\n    "attempts": 5\n}'
    )
