"""From the JSON of another program to records; every refusal names field, value and mend.

Source: shipment intake contract, part A.
"""

import json
import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from app.core.carriers import OTHER, find_carrier
from app.core.clock import to_ms
from app.core.errors import UsageError
from app.core.intake import ShipmentRecord
from app.core.tracking import normalise_tracking
from app.core.types import ShipmentLine
from app.services.letterbox import SOURCE, Entry

MAX_RECORDS = 500
_LONGEST, _MOST = 200, 100
_SHOWN = 60
_LARGEST, _FINEST = Decimal(10) ** 9, -6
_CURRENCY = re.compile(r"[A-Z]{3}")

Fields = Mapping[str, Any]


def read_json(body: bytes) -> Any:
    """The JSON of a body.

    Raises: UsageError record_no_json.
    """
    try:
        return json.loads(
            body.decode("utf-8"),
            parse_float=Decimal,
            parse_constant=_no_constant,
            object_pairs_hook=_object,
        )
    except UnicodeDecodeError:
        reason = "it is not UTF-8"
    except RecursionError:
        reason = "it is nested too deeply"
    except json.JSONDecodeError as error:
        reason = f"{error.msg}, line {error.lineno}, column {error.colno}"
    except (ValueError, InvalidOperation) as error:
        reason = str(error)[:_SHOWN]
    raise UsageError("record_no_json", reason=reason)


def records_of(content: Any) -> list[Any]:
    """The records of a call: an array of them, or one.

    Raises: UsageError record_no_json, record_count.
    """
    if isinstance(content, dict):
        return [content]
    if not isinstance(content, list):
        raise UsageError("record_no_json", reason="it is neither an object nor an array")
    if not 1 <= len(content) <= MAX_RECORDS:
        raise UsageError("record_count", count=len(content), limit=MAX_RECORDS)
    return content


def to_entry(fields: Any) -> Entry:
    """One record as a program sent it.

    Raises: UsageError record_field, record_field_missing, record_field_unknown.
    """
    if not isinstance(fields, dict):
        raise _bad("record", fields, "Send an object with the fields of one parcel.")
    unknown = next((name for name in fields if name not in _KNOWN), None)
    if unknown is not None:
        raise UsageError(
            "record_field_unknown", field=_shown(unknown), fields=", ".join(sorted(_KNOWN))
        )
    given = {name: value for name, value in fields.items() if value is not None}
    if given.get("source", SOURCE) != SOURCE:
        raise _bad("source", given["source"], "Leave it out, or send “http”.")
    code, raw = _carrier(given)
    is_void = _flag(given, "void")
    tracking = _text(given, "tracking")
    if not tracking:
        raise _missing("tracking", "Send the number as it stands on the label.")
    references = _references(given)
    if not references and not is_void:
        raise _missing("references", "Send an array with the order number first.")
    record = ShipmentRecord(
        source=SOURCE,
        source_key=_source_key(given),
        references=references,
        tracking=normalise_tracking(tracking),
        tracking_raw=tracking,
        carrier=code,
        carrier_raw=raw,
        service=_text(given, "service"),
        ship_date=_parsed(given, "ship_date", _day, "Write it as 2026-11-20."),
        shipped_at=_parsed(
            given, "shipped_at", _moment, "Write it with its zone: 2026-11-20T15:30:00Z."
        ),
        packages=_whole(given, "packages"),
        package_index=_whole(given, "package_index"),
        weight=_amount(given, "weight"),
        cost=_amount(given, "cost"),
        currency=_currency(given),
        lines=_lines(given),
        is_void=is_void,
        master_tracking=normalise_tracking(_text(given, "master_tracking")),
        shipment_id=_text(given, "shipment_id"),
    )
    return Entry(record, _text(given, "connection") or None)


_KNOWN = frozenset(
    {
        "source", "source_key", "connection", "references", "tracking", "carrier", "carrier_raw",
        "service", "ship_date", "shipped_at", "packages", "package_index", "weight", "cost",
        "currency", "items", "void", "master_tracking", "shipment_id",
    }
)  # fmt: skip


def _source_key(fields: Fields) -> str:
    key = _text(fields, "source_key")
    if not key:
        mend = "Give every parcel a key that stays the same when it is sent again."
        raise _missing("source_key", mend)
    return key


def _references(fields: Fields) -> tuple[str, ...]:
    values = fields.get("references", [])
    mend = "Send an array of texts, the order number first."
    if not isinstance(values, list) or len(values) > _MOST:
        raise _bad("references", values, mend)
    found = []
    for number, value in enumerate(values):
        text = _clean(f"references[{number}]", value)
        if not text:
            raise _bad(f"references[{number}]", value, mend)
        found.append(text)
    return tuple(found)


def _carrier(fields: Fields) -> tuple[str, str]:
    """Our code and the name as it was sent."""
    name, raw = _text(fields, "carrier"), _text(fields, "carrier_raw")
    if name and name != OTHER:
        return find_carrier(name), raw or name
    if name == OTHER and not raw:
        raise _missing("carrier_raw", "Send the name of the carrier with “other”.")
    return find_carrier(raw), raw


def _lines(fields: Fields) -> tuple[ShipmentLine, ...]:
    values = fields.get("items", [])
    if not isinstance(values, list) or len(values) > _MOST:
        raise _bad("items", values, "Send an array of objects with item and quantity.")
    return tuple(_line(f"items[{number}]", value) for number, value in enumerate(values))


def _line(name: str, value: Any) -> ShipmentLine:
    if not isinstance(value, dict) or set(value) != {"item", "quantity"}:
        raise _bad(name, value, "Send an object with item and quantity.")
    item = _clean(f"{name}.item", value["item"])
    if not item:
        raise _missing(f"{name}.item", "Send the line id or the SKU.")
    quantity = _number(f"{name}.quantity", value["quantity"], "Send a number above 0.")
    if not quantity:
        raise _bad(f"{name}.quantity", value["quantity"], "Send a number above 0.")
    return ShipmentLine(item, quantity)


def _currency(fields: Fields) -> str:
    text = _text(fields, "currency")
    if text and not _CURRENCY.fullmatch(text):
        raise _bad("currency", text, "Send three capitals: USD.")
    return text


def _text(fields: Fields, name: str) -> str:
    return _clean(name, fields.get(name, ""))


def _clean(name: str, value: Any) -> str:
    """A trimmed text without control characters."""
    if not isinstance(value, str):
        raise _bad(name, value, "Send a text.")
    if len(value) > _LONGEST:
        raise _bad(name, value, f"Send at most {_LONGEST} characters.")
    if any(unicodedata.category(character) in ("Cc", "Cs") for character in value.strip()):
        raise _bad(name, value, "Send it without control characters.")
    return value.strip()


def _flag(fields: Fields, name: str) -> bool:
    value = fields.get(name, False)
    if not isinstance(value, bool):
        raise _bad(name, value, "Send true or false.")
    return value


def _whole(fields: Fields, name: str) -> int | None:
    value = fields.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= 9999:
        raise _bad(name, value, "Send a whole number from 1 to 9999.")
    return value


def _amount(fields: Fields, name: str) -> Decimal | None:
    if name not in fields:
        return None
    return _number(name, fields[name], "Send a number such as 8.40, not below 0.")


def _number(name: str, value: Any, mend: str) -> Decimal:
    """A decimal of at most nine digits before the point and six behind it."""
    try:
        if isinstance(value, bool) or not isinstance(value, int | str | Decimal):
            raise ValueError
        if isinstance(value, str) and len(value) > _LONGEST:
            raise ValueError
        number = Decimal(value)
        exponent = number.as_tuple().exponent if number.is_finite() else None
        if not isinstance(exponent, int) or exponent < _FINEST or not 0 <= number < _LARGEST:
            raise ValueError
    except (ValueError, InvalidOperation):
        raise _bad(name, value, mend) from None
    return number


def _parsed(fields: Fields, name: str, parse: Callable[[str], Any], mend: str) -> Any:
    text = _text(fields, name)
    if not text:
        return None
    try:
        return parse(text)
    except (ValueError, OverflowError, OSError):
        raise _bad(name, text, mend) from None


def _day(text: str) -> date:
    if len(text) != len("2026-11-20"):
        raise ValueError
    return date.fromisoformat(text)


def _moment(text: str) -> int:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError
    return to_ms(moment)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("an object has a field twice")
    return found


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is no number")


def _missing(field: str, mend: str) -> UsageError:
    return UsageError("record_field_missing", field=field, mend=mend)


def _bad(field: str, value: Any, mend: str) -> UsageError:
    return UsageError("record_field", field=field, value=_shown(value), mend=mend)


def _shown(value: Any) -> str:
    """A value as it is named in an answer: short, and printable."""
    if isinstance(value, dict | list):
        return "an object" if isinstance(value, dict) else "an array"
    text = value if isinstance(value, str) else json.dumps(value, default=str)
    text = "".join(c if c.isprintable() else "?" for c in text[: _SHOWN + 1])
    return f"“{text[:_SHOWN]}…”" if len(text) > _SHOWN else f"“{text}”"
