"""Values of settings that several kinds of system have in common."""

from collections.abc import Callable, Mapping
from pathlib import Path

from app.core.errors import Param, UsageError
from app.core.redact import Redactor
from app.integrations.base import SettingField


def parse_ca_file(text: str) -> str:
    """The path of an existing file, or nothing. Raises: ValueError."""
    if text and not Path(text).expanduser().is_file():
        raise ValueError("there is no such file")
    return str(Path(text).expanduser()) if text else ""


def number_parser(low: float, high: float, unit: str) -> Callable[[str], float]:
    """Takes a number in those limits; what it makes raises ValueError with the mend."""

    def parse(text: str) -> float:
        mend = f"give a number from {low:g} to {high:g} ({unit})"
        try:
            value = float(text)
        except ValueError:
            raise ValueError(mend) from None
        if not low <= value <= high:
            raise ValueError(mend)
        return value

    return parse


def whole_parser(low: int, high: int, unit: str) -> Callable[[str], int]:
    """The same for whole numbers."""
    number = number_parser(low, high, unit)

    def parse(text: str) -> int:
        value = number(text)
        if value != int(value):
            raise ValueError(f"give a whole number from {low} to {high} ({unit})")
        return int(value)

    return parse


def stored_value(item: SettingField, stored: Mapping[str, Param]) -> Param:
    """One setting as typed or stored, checked; its default where it is absent.

    Raises: UsageError that names the setting, the value and the mend.
    """
    raw = stored.get(item.name, item.default)
    if raw is None or (raw == "" and item.default is None):
        raise UsageError("setting_needed", name=item.name)
    text = str(raw)
    shown = Redactor().clean(text)  # an address may have been typed with a password in it
    if item.choices and text not in item.choices:
        mend = f"choose {' or '.join(item.choices)}"
        raise UsageError("setting_bad", name=item.name, value=shown, mend=mend)
    try:
        return item.parse(text)
    except ValueError as error:
        raise UsageError("setting_bad", name=item.name, value=shown, mend=str(error)) from None
