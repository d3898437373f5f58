"""The JSON behind "Copy details": built here, and read back in tests and by support."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from app.core.clock import from_ms


def build_details(
    public_id: int, kind: str, data: Mapping[str, Any], *, local: datetime | None = None
) -> str:
    """Pretty-printed with four spaces; the keys stand in this order and no other is added.

    `public_id` is the enqueue time in epoch milliseconds, `local` the same moment in local
    time (the machine's zone where none is given).
    Source: product reference, section 4 (the sample there is reproduced to the character).
    """
    moment = (local or from_ms(public_id).astimezone()).replace(microsecond=0)
    details = {
        "id": public_id,
        "type": kind,
        "notification": True,
        "data": dict(data),
        "date": moment.isoformat(),
    }
    return json.dumps(details, indent=4, ensure_ascii=False)


def build_diagnosis(fields: Mapping[str, Any]) -> str:
    """The second object of "Copy with diagnosis", in the same layout."""
    return json.dumps(dict(fields), indent=4, ensure_ascii=False)


def parse_details(text: str) -> dict[str, Any]:
    """Read copied details back.

    Raises: ValueError when the text is not such an object.
    """
    details = json.loads(text)
    keys = ["id", "type", "notification", "data", "date"]
    if not isinstance(details, dict) or list(details) != keys:
        raise ValueError("not copied details")
    return details
