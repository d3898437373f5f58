"""The settings of a PrintSmith connection: what may be typed, and the typed form of it."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from app.core.errors import Param, UsageError
from app.integrations.addresses import parse_base_url, server_key
from app.integrations.base import SecretField, SettingField
from app.integrations.setting_values import (
    number_parser,
    parse_ca_file,
    stored_value,
    whole_parser,
)

DEFAULT_CHARGE = "ShipLeap Tracking"
PLACEHOLDERS = frozenset({"{invoice}", "{charge}", "{token}"})


@dataclass(frozen=True, slots=True)
class Settings:
    """Checked settings. Times in seconds, `notes_max` in characters."""

    base_url: str
    token_in: str
    probe_path: str
    read_path: str
    write_path: str
    charge_name: str
    notes_mode: str
    notes_max: int
    write_cost: str
    ca_file: str
    timeout_s: float
    poll_locked_s: float
    min_free_sessions: int

    @property
    def writes_cost(self) -> bool:
        return self.write_cost == "on"

    @property
    def server_key(self) -> str:
        """The same for two connections to one server."""
        return server_key(self.base_url)


def parse_charge_name(text: str) -> str:
    """The name exactly as typed: it is compared letter by letter.

    Raises: ValueError, also for a space at either end, which nobody sees.
    """
    if not text.strip():
        raise ValueError("give the name of the charge as it stands in PrintSmith")
    if text != text.strip():
        raise ValueError("it begins or ends with a space; remove it, here or in PrintSmith")
    if not text.isprintable() or len(text) > 100:
        raise ValueError("give one line of at most 100 characters")
    return text


def _path_parser(*needed: str) -> Callable[[str], str]:
    def parse(text: str) -> str:
        if not re.fullmatch(r"/(?!/)[^\s?#\\]*", text):
            raise ValueError("give a path that begins with one / and has no spaces, ? or #")
        found = re.findall(r"\{[^}]*\}?|\}", text)
        wrong = [part for part in found if part not in PLACEHOLDERS]
        missing = [part for part in needed if part not in found]
        if wrong or missing:
            raise ValueError(f"it needs {' and '.join(needed) or 'nothing'} in braces; "
                             "{token} may be added, nothing else")  # fmt: skip
        return text

    return parse


SETTINGS = (
    SettingField(
        "base_url",
        "Address of the connector",
        "Where your connector answers, like https://printsmith.example:8443/bridge. "
        "Addresses inside the shop's own network are allowed.",
        parse=parse_base_url,
        where="Whoever set up the connector knows it; the sample prints it when it starts.",
    ),
    SettingField(
        "charge_name",
        "Name of the tracking charge",
        "The charge whose notes take the tracking number, letter by letter; capitals count.",
        DEFAULT_CHARGE,
        parse=parse_charge_name,
        where="In PrintSmith, the name of the charge definition. Copy it from there.",
    ),
    SettingField(
        "write_cost",
        "Write the shipping cost",
        "on: the cost also becomes the price of that charge, where the invoice lets it be "
        "changed. With several parcels the price is that of the last one.",
        "off",
        ("off", "on"),
        where="Your own choice; ask whoever sets the prices on invoices.",
    ),
    SettingField(
        "notes_mode",
        "How notes are written",
        "merge: the connector adds what is new. replace: it stores what it is sent. "
        "What people wrote is kept in both cases.",
        "merge",
        ("merge", "replace"),
        where="Whoever set up the connector knows what it can do.",
        is_detail=True,
    ),
    SettingField(
        "notes_max",
        "Longest notes",
        "Characters that fit in the notes of the charge.",
        255,
        parse=whole_parser(20, 100_000, "characters"),
        where="Whoever looks after your PrintSmith may know; else keep what is here.",
        is_detail=True,
    ),
    SettingField(
        "min_free_sessions",
        "User sessions to leave free",
        "Nothing is sent while fewer PrintSmith user sessions than this are free; 0: never ask.",
        2,
        parse=whole_parser(0, 100, "sessions"),
        where="Your own choice: how many desks must always find a free session.",
        is_detail=True,
    ),
    SettingField(
        "poll_locked_s",
        "Look at an open invoice every",
        "Seconds between two looks at an invoice that is open at another desk; "
        "after 10 minutes every 5 minutes.",
        60.0,
        parse=number_parser(1, 3600, "seconds"),
        where="Your own choice; seldom is easier on PrintSmith.",
        is_detail=True,
    ),
    SettingField(
        "timeout_s",
        "Longest wait for an answer",
        "Seconds after which the connector counts as not answering.",
        30.0,
        parse=number_parser(1, 300, "seconds"),
        where="Your own choice; more than this only for a slow connector.",
        is_detail=True,
    ),
    SettingField(
        "ca_file",
        "File of a private certificate authority",
        "A PEM file, only if the connector's certificate is not from a public authority.",
        "",
        parse=parse_ca_file,
        where="Whoever made the certificate of the connector can give you this file.",
        is_detail=True,
    ),
    SettingField(
        "token_in",
        "Where the token travels",
        "header: as a bearer token. path: in place of {token} in the three paths below, "
        "where it may end up in the logs of servers in between.",
        "header",
        ("header", "path"),
        where="Whoever set up the connector knows; nearly always header.",
        is_detail=True,
    ),
    SettingField(
        "probe_path", "Path of the probe", "Where the connector says how it is.", "/health",
        parse=_path_parser(),
        where="Whoever set up the connector knows; as here for the sample connector.",
        is_detail=True,
    ),
    SettingField(
        "read_path", "Path of an invoice", "Must hold {invoice}.", "/invoices/{invoice}",
        parse=_path_parser("{invoice}"),
        where="Whoever set up the connector knows; as here for the sample connector.",
        is_detail=True,
    ),
    SettingField(
        "write_path", "Path of a charge", "Must hold {invoice} and {charge}.",
        "/invoices/{invoice}/charges/{charge}",
        parse=_path_parser("{invoice}", "{charge}"),
        where="Whoever set up the connector knows; as here for the sample connector.",
        is_detail=True,
    ),
)  # fmt: skip

SECRETS = (
    SecretField(
        "token",
        "Token",
        "The token your connector was set up with.",
        where="Whoever set up the connector has it; the sample connector keeps it in token.txt.",
    ),
)


def read_settings(stored: Mapping[str, Param]) -> Settings:
    """Check stored or typed values together; what is absent takes its default.

    Raises: UsageError that names the setting, the value and the mend.
    """
    values: dict[str, Any] = {item.name: stored_value(item, stored) for item in SETTINGS}
    settings = Settings(**values)
    wanted = settings.token_in == "path"  # noqa: S105 - a place, not a secret
    for name in ("probe_path", "read_path", "write_path"):
        if ("{token}" in values[name]) != wanted:
            mend = "put {token} where the token goes" if wanted else "remove {token} from it"
            mend += f", as token_in is {settings.token_in}"
            raise UsageError("setting_bad", name=name, value=values[name], mend=mend)
    return settings
