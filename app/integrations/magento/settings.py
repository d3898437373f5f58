"""The settings of a Magento connection: what may be typed, and the typed form of it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from app.core.errors import Param, UsageError
from app.integrations.addresses import parse_base_url, server_key
from app.integrations.base import SecretField, SettingField
from app.integrations.setting_values import number_parser, parse_ca_file, stored_value

BY_INTEGRATION, BY_ADMIN = "integration", "admin"
_WHERE_KEYS = (
    "In Magento: System > Integrations, open the integration and press Activate or Reauthorize; "
    "its four keys are shown there."
)
_NAME = re.compile(r"[A-Za-z0-9_-]{1,64}")


@dataclass(frozen=True, slots=True)
class Settings:
    """Checked settings. Times in seconds."""

    base_url: str
    sign_in: str
    admin_user: str
    notify: str
    source_code: str
    invoice_capture: str
    invoice_notify: str
    stock_source: str
    api_path: str
    timeout_s: float
    ca_file: str

    @property
    def notifies(self) -> bool:
        return self.notify == "on"

    @property
    def captures(self) -> bool:
        """An invoice takes the payment, too."""
        return self.invoice_capture == "on"

    @property
    def invoice_notifies(self) -> bool:
        return self.invoice_notify == "on"

    @property
    def signs(self) -> bool:
        """True where every call is signed; else a token of a person is used."""
        return self.sign_in == BY_INTEGRATION

    @property
    def server_key(self) -> str:
        """The same for two connections to one server."""
        return server_key(self.base_url)

    def for_all_views(self) -> "Settings":
        """With the path on which a product's values are those of all store views."""
        parts = self.api_path.split("/")
        if "rest" not in parts:
            return self
        return replace(self, api_path="/".join([*parts[: parts.index("rest") + 1], "all"]))


def _parse_name(text: str) -> str:
    if text and not _NAME.fullmatch(text):
        raise ValueError("give a code of letters, digits, - and _, as it stands in Magento")
    return text


def _parse_api_path(text: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9_-][A-Za-z0-9_.-]*(/[A-Za-z0-9_.-]+)*", text.strip("/")):
        raise ValueError("give a path like rest/default or index.php/rest")
    return text.strip("/")


SETTINGS = (
    SettingField(
        "base_url",
        "Address of the store",
        "Where the shop stands, like https://www.example.com; not the address of its admin.",
        parse=parse_base_url,
        where="The address that customers open. In Magento: Stores > Configuration > General > "
        "Web > Base URL.",
    ),
    SettingField(
        "sign_in",
        "How Backhaul signs in",
        "integration: with the four keys of an integration (recommended; they last until you "
        "take them back). admin: with a person's name and password; that ends every few hours "
        "and does not work where a code on a phone is asked for.",
        BY_INTEGRATION,
        (BY_INTEGRATION, BY_ADMIN),
        where="Make an integration in Magento: System > Integrations > Add New Integration.",
    ),
    SettingField(
        "admin_user",
        "Name of the admin user",
        "Of a user that Backhaul signs in as; best one of its own.",
        "",
        where="Whoever looks after your store can make a user for Backhaul.",
        only_with=("sign_in", BY_ADMIN),
    ),
    SettingField(
        "notify",
        "Tell the customer",
        "on: Magento mails the customer that the parcel is on its way, with the number.",
        "off",
        ("off", "on"),
        where="Your own choice; leave it off where something else mails already.",
    ),
    SettingField(
        "source_code",
        "Code of the warehouse",
        "Only where the store ships from several sources; empty: the store's default source.",
        "",
        parse=_parse_name,
        where="In Magento: Stores > Inventory > Sources, column Code.",
        is_detail=True,
    ),
    SettingField(
        "invoice_capture",
        "Take the payment with the invoice",
        "Only where Backhaul invoices orders. on: the payment gateway is asked for the money. "
        "off: the invoice is made, the money is taken elsewhere.",
        "on",
        ("on", "off"),
        where="Your own choice; ask whoever looks after the payments.",
        is_detail=True,
    ),
    SettingField(
        "invoice_notify",
        "Mail the invoice to the customer",
        "Only where Backhaul invoices orders. on: Magento mails the invoice.",
        "off",
        ("off", "on"),
        where="Your own choice.",
        is_detail=True,
    ),
    SettingField(
        "stock_source",
        "Code of the source whose stock is written",
        "Only where the store keeps stock for each of several sources; empty: it has one stock.",
        "",
        parse=_parse_name,
        where="In Magento: Stores > Inventory > Sources, column Code.",
        is_detail=True,
    ),
    SettingField(
        "api_path",
        "Path of the interface",
        "As it is nearly everywhere. A store whose addresses hold index.php takes index.php/rest; "
        "rest/CODE speaks to one store view.",
        "rest",
        parse=_parse_api_path,
        where="Whoever looks after your store knows; else keep what is here.",
        is_detail=True,
    ),
    SettingField(
        "timeout_s",
        "Longest wait for an answer",
        "Seconds after which the store counts as not answering; large stores take long.",
        120.0,
        parse=number_parser(5, 600, "seconds"),
        where="Your own choice.",
        is_detail=True,
    ),
    SettingField(
        "ca_file",
        "File of a private certificate authority",
        "A PEM file, only if the store's certificate is not from a public authority.",
        "",
        parse=parse_ca_file,
        where="Whoever made the certificate of the store can give you this file.",
        is_detail=True,
    ),
)

KEYS = tuple(
    SecretField(
        name,
        label,
        "One of the four keys of the integration.",
        where=_WHERE_KEYS,
        only_with=("sign_in", BY_INTEGRATION),
    )
    for name, label in (
        ("consumer_key", "Consumer key"),
        ("consumer_secret", "Consumer secret"),
        ("access_token", "Access token"),
        ("access_token_secret", "Access token secret"),
    )
)
PASSWORD = SecretField(
    "admin_password",
    "Password of the admin user",
    "The password of that user.",
    where="Whoever made that user in Magento knows it.",
    only_with=("sign_in", BY_ADMIN),
)
SECRETS = (*KEYS, PASSWORD)


def read_settings(stored: Mapping[str, Param]) -> Settings:
    """Check stored or typed values together; what is absent takes its default.

    Raises: UsageError that names the setting, the value and the mend.
    """
    values: dict[str, Any] = {item.name: stored_value(item, stored) for item in SETTINGS}
    settings = Settings(**values)
    if not settings.signs and not settings.admin_user:
        raise UsageError("setting_needed", name="admin_user")
    return settings
