"""What a refusal of the store means. Source: Magento contract, sections 2, 6.4 and 7."""

import re
from dataclasses import dataclass
from typing import Any

from app.core.errors import (
    BackhaulError,
    BugError,
    CredentialsRejected,
    NotFound,
    PermissionMissing,
    RecordClosed,
    RecordLocked,
    Rejected,
    SetupChanged,
    TransientError,
)
from app.integrations.http import Answer, ahead_s, raise_for_status, unreadable

NO_RIGHT = "isn't authorized to access"
NONCE_USED = "nonce is already being used"
_PLACE = re.compile(r"%(\w+)")
_REPORT = re.compile(r"(?:Report ID: |report api/)([\w-]+)")
_STATUS = re.compile(r"an order has a status of (\w+)")
_BUNDLE = re.compile(r'bundle product "([^"]*)" has shipment type "(\w+)"')
_TABLES_LOCKED = ("deadlock found", "lock wait timeout")
_LATER = ("could not save a shipment", *_TABLES_LOCKED)
_OUR_FAULT = ("decoding error", "value's type is invalid", "cannot understand content-type")


@dataclass(frozen=True, slots=True)
class Refusal:
    """A refusal as text: the message with its places filled, a line each."""

    message: str

    @property
    def lines(self) -> list[str]:
        """What is wrong, without the heading of a list of faults."""
        found = [line.strip() for line in self.message.splitlines() if line.strip()]
        return [line for line in found if not line.endswith("Validation Error(s):")]

    def has(self, part: str) -> bool:
        """True when some line holds that text, whatever its capitals."""
        return part.casefold() in self.message.casefold()

    @property
    def is_nothing_left(self) -> bool:
        return self.has("does not allow a shipment to be created")

    @property
    def is_about_the_order(self) -> bool:
        """The order is no more as it was when it was read: it is worth another look."""
        return (
            self.is_nothing_left
            or _STATUS.search(self.message) is not None
            or self.has("must not be greater than the unshipped quantity")
        )

    @property
    def is_about_the_invoice(self) -> bool:
        """The order takes no invoice as it is now: it may have been invoiced since it was read."""
        return (
            self.has("does not allow an invoice")
            or _STATUS.search(self.message) is not None
            or self.has("must not be greater than the uninvoiced quantity")
        )

    @property
    def bundle_ways(self) -> dict[str, str]:
        """How the bundles ship that it names, by SKU: "together" or "separately"."""
        return {sku: way.lower() for sku, way in _BUNDLE.findall(self.message)}

    @property
    def is_wrong_rows(self) -> bool:
        """The rows sent are not those that ship: the other kind of a bundle, a variant."""
        return not self.is_nothing_left and (
            self.has("without products") or self.has("has shipment type")
        )


class OrderChanged(Exception):
    """The store refused because the order is not as it was read a moment ago. `error`: what that
    comes to where another look shows the same."""

    def __init__(self, error: BackhaulError, *, is_all_shipped: bool) -> None:
        super().__init__(error.code)
        self.error = error
        self.is_all_shipped = is_all_shipped


def refusal_of(answer: Answer) -> Refusal:
    """The text of an error body in any of its shapes; empty when there is none.

    Secrets are taken out, and a trace of the store's own code is never shown.
    """
    try:
        body = answer.json()
    except ValueError:
        return Refusal("")
    if not isinstance(body, dict):
        return Refusal("")
    found = body.get("messages")
    if isinstance(found, dict):  # how a fatal fault is told
        errors = found.get("error")
        lines = [_filled(one) for one in errors or () if isinstance(one, dict)]
    else:
        lines = [_filled(body)]
        lines += [_filled(one) for one in body.get("errors") or () if isinstance(one, dict)]
    return Refusal(answer.clean("\n".join(line for line in lines if line))[:1000])


def _filled(body: dict[str, Any]) -> str:
    message, given = body.get("message"), body.get("parameters")
    if not isinstance(message, str):
        return ""
    values: dict[str, Any] = {}
    if isinstance(given, dict):
        values = given
    elif isinstance(given, list):
        values = {str(place): value for place, value in enumerate(given, 1)}
    return _PLACE.sub(lambda found: str(values.get(found[1], found[0])), message)


def resource_of(refusal: Refusal) -> str:
    """The right a refusal names: "Magento_Sales::ship"; empty when it is about something else."""
    _, _, rest = refusal.message.partition(NO_RIGHT)
    return rest.strip().rstrip(".")


def raise_sign_in(answer: Answer, refusal: Refusal) -> None:
    """Raise for texts that are about the signature, the clock or a second factor alone.

    Raises: CredentialsRejected, SetupChanged, BugError.
    """
    host, excerpt = answer.host, answer.excerpt()
    if refusal.has("incorrect timestamp value"):
        ahead = ahead_s(answer)
        if ahead is None:
            raise SetupChanged("mg_clock", host=host, excerpt=excerpt)
        raise SetupChanged("mg_clock_ahead", minutes=round(ahead / 60), excerpt=excerpt)
    if refusal.has("2fa provider") or refusal.has("two-factor"):
        raise CredentialsRejected("mg_two_factor", host=host, excerpt=excerpt)
    if refusal.has("signature is invalid"):
        raise CredentialsRejected("mg_signature", host=host, excerpt=excerpt)
    if refusal.has("signature method"):
        raise BugError("program_error", excerpt=excerpt)


def permission_missing(answer: Answer, resource: str, *, is_person: bool) -> BackhaulError:
    """Signed in, but a right is missing."""
    return PermissionMissing(
        "mg_right_of_person" if is_person else "mg_right",
        resource=RIGHTS.get(resource, resource),
        excerpt=answer.excerpt(),
    )


def keys_refused(answer: Answer, refusal: Refusal) -> BackhaulError:
    """The keys of the integration are refused, with the store's own words if it has any."""
    said = "" if refusal.has(NO_RIGHT) else " ".join(refusal.lines)
    excerpt, said = answer.excerpt(), said or "it gives no reason"
    return CredentialsRejected("mg_keys", host=answer.host, message=said, excerpt=excerpt)


def password_refused(answer: Answer) -> BackhaulError:
    """Name and password of a person are refused."""
    return CredentialsRejected("mg_password", host=answer.host, excerpt=answer.excerpt())


RIGHTS = {
    "Magento_Sales::actions_view": "Sales > Operations > Orders > Actions > View",
    "Magento_Sales::ship": "Sales > Operations > Orders > Actions > Ship",
    "Magento_Sales::shipment": "Sales > Operations > Shipments",
    "Magento_Sales::comment": "Sales > Operations > Orders > Actions > Comment",
    "Magento_Sales::invoice": "Sales > Operations > Orders > Actions > Invoice",
    "Magento_Sales::sales_invoice": "Sales > Operations > Invoices",
    "Magento_Catalog::products": "Catalog > Inventory > Products",
    "Magento_Catalog::catalog_inventory": "Catalog > Inventory",
    "Magento_InventoryApi::source": "Stores > Inventory > Sources",
    "Magento_InventoryApi::stock_source_item_assign": (
        "Stores > Inventory > Stocks > Source Item Assigning"
    ),
    "Magento_Backend::store": "Stores",
}
"""Where the right stands in the tree of an integration's resources."""


def raise_for_answer(answer: Answer, *, order: str = "", write: bool = False) -> None:
    """Turn a refusal into the error whose class says what happens now; nothing for an answer
    that is good.

    Raises: any error of the tree. Source: Magento contract, sections 6.4 and 7.
    """
    if 200 <= answer.status < 300:
        if not answer.is_html:
            return
        if write:
            raise unreadable(answer, write=True)
        raise no_interface(answer)
    refusal = refusal_of(answer)
    if answer.status == 404:
        raise _not_found(answer, refusal, order)
    if answer.status == 400:
        raise bad_request(answer, refusal, order)
    if answer.status == 403 and answer.is_html:
        raise PermissionMissing("mg_firewall", host=answer.host, excerpt=answer.excerpt())
    if answer.status == 500 and any(map(refusal.has, _TABLES_LOCKED)):  # rolled back
        raise TransientError("mg_not_saved", host=answer.host, excerpt=answer.excerpt())
    report = _REPORT.search(refusal.message) if answer.status >= 500 else None
    if report:
        raise TransientError(
            "mg_internal",
            report=report[1],
            host=answer.host,
            status=answer.status,
            excerpt=answer.excerpt(),
        )
    raise_for_status(answer, write=write, order=order)


def no_interface(answer: Answer) -> SetupChanged:
    """Something else than a store's interface answered."""
    return SetupChanged("mg_no_interface", host=answer.host, excerpt=answer.excerpt())


def _not_found(answer: Answer, refusal: Refusal, order: str) -> BackhaulError:
    if refusal.has("does not match any route") or not refusal.message:
        return no_interface(answer)
    return NotFound("mg_order_not_found", order=order, excerpt=answer.excerpt())


def bad_request(answer: Answer, refusal: Refusal, order: str) -> BackhaulError:
    """What a 400 stands for. Source: Magento contract, section 6.4."""
    excerpt = answer.excerpt()
    if not refusal.message:  # of a web server or a firewall in front of it
        return no_interface(answer)
    stopped = _STATUS.search(refusal.message)
    if stopped:
        return stopped_order(stopped[1], order, excerpt)
    if any(map(refusal.has, _LATER)):
        return TransientError("mg_not_saved", host=answer.host, excerpt=excerpt)
    if any(map(refusal.has, _OUR_FAULT)):
        return BugError("program_error", excerpt=excerpt)
    if refusal.has("allowed only in https"):
        return SetupChanged("mg_https", host=answer.host, excerpt=excerpt)
    message = " ".join(refusal.lines)
    return Rejected("mg_refused", field="", message=message, excerpt=excerpt)


def stopped_order(status: str, order: str, excerpt: str = "") -> BackhaulError:
    """An order that takes no shipment in the state it is in."""
    if status in ("holded", "payment_review"):
        return RecordLocked(
            "mg_on_hold" if status == "holded" else "mg_payment_review",
            held_by="",
            since="",
            order=order,
            excerpt=excerpt,
        )
    if status == "canceled":
        return RecordClosed("mg_canceled", order=order, excerpt=excerpt)
    if status == "closed":
        return RecordClosed("mg_refunded", order=order, excerpt=excerpt)
    message = f"an order with the status {status} takes no shipment"
    return Rejected("mg_refused", field="", message=message, excerpt=excerpt)
