"""What a refusal of the store means. Source: Magento contract, sections 2, 6.4 and 7."""

import re
from dataclasses import dataclass
from typing import Any

from app.core.errors import (
    BackhaulError,
    CredentialsRejected,
    NotFound,
    PermissionMissing,
    RecordClosed,
    RecordLocked,
    Rejected,
    RemoteUnavailable,
    SetupChanged,
    TransientError,
)
from app.integrations.http import Answer, raise_for_status, retry_after_s

NO_RIGHT = "isn't authorized to access"
NONCE_USED = "nonce is already being used"
_PLACE = re.compile(r"%(\w+)")
_REPORT = re.compile(r"(?:Report ID: |report api/)([\w-]+)")
_STATUS = re.compile(r"has (?:a|an order) status of (\w+)|has a status of (\w+)")


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
    def is_wrong_rows(self) -> bool:
        """The rows sent are not those that ship: the other kind of a bundle, a variant."""
        return not self.is_nothing_left and (
            self.has("without products") or self.has("has shipment type")
        )


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
    """The right a refusal names: "Magento_Sales::ship"."""
    _, _, rest = refusal.message.partition(NO_RIGHT)
    return rest.strip().rstrip(".")


def raise_sign_in(answer: Answer, refusal: Refusal) -> None:
    """Raise for texts that are about the signature or the clock alone.

    Raises: CredentialsRejected, SetupChanged.
    """
    host, excerpt = answer.host, answer.excerpt()
    if refusal.has("incorrect timestamp value"):
        raise SetupChanged("mg_clock", host=host, excerpt=excerpt)
    if refusal.has("2fa provider") or refusal.has("two-factor"):
        raise CredentialsRejected("mg_two_factor", host=host, excerpt=excerpt)
    if refusal.has("signature method") or refusal.has("signature is invalid"):
        raise CredentialsRejected("mg_signature", host=host, excerpt=excerpt)
    if answer.status == 401 and refusal.message and not refusal.has(NO_RIGHT):
        raise keys_refused(answer, refusal.lines[0] if refusal.lines else "")


def permission_missing(answer: Answer, resource: str) -> BackhaulError:
    """Signed in, but a right is missing."""
    return PermissionMissing(
        "mg_right", resource=RIGHTS.get(resource, resource), excerpt=answer.excerpt()
    )


def keys_refused(answer: Answer, message: str = "") -> BackhaulError:
    """The keys of the integration are refused, with the store's own words if it has any."""
    said, excerpt = message or "it gives no reason", answer.excerpt()
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
    "Magento_Backend::store": "Stores",
}
"""Where the right stands in the tree of an integration's resources."""


def raise_for_answer(answer: Answer, *, order: str = "", write: bool = False) -> None:
    """Turn a refusal into the error whose class says what happens now; nothing for an answer
    that is good.

    Raises: any error of the tree. Source: Magento contract, sections 6.4 and 7.
    """
    if 200 <= answer.status < 300:
        if answer.is_html:
            raise SetupChanged("mg_no_interface", host=answer.host, excerpt=answer.excerpt())
        return
    refusal = refusal_of(answer)
    if answer.status == 404:
        raise _not_found(answer, refusal, order)
    if answer.status == 503 or (answer.is_html and answer.status in (502, 504) and not write):
        raise _away(answer)
    if answer.status >= 500 and answer.status not in (502, 504):
        raise _broken(answer, refusal)
    if answer.status == 400:
        raise _bad_request(answer, refusal, order)
    if answer.status == 403 and answer.is_html:
        raise PermissionMissing("mg_firewall", host=answer.host, excerpt=answer.excerpt())
    raise_for_status(answer, write=write, order=order)


def _not_found(answer: Answer, refusal: Refusal, order: str) -> BackhaulError:
    excerpt = answer.excerpt()
    if refusal.has("does not match any route") or answer.is_html or not refusal.message:
        return SetupChanged("mg_no_interface", host=answer.host, excerpt=excerpt)
    return NotFound("mg_order_not_found", order=order, excerpt=excerpt)


def _away(answer: Answer) -> BackhaulError:
    return RemoteUnavailable(
        "maintenance" if answer.is_html else "service_unavailable",
        retry_after_s=retry_after_s(answer, answer.at_ms),
        host=answer.host,
        excerpt=answer.excerpt(),
    )


def _broken(answer: Answer, refusal: Refusal) -> BackhaulError:
    report = _REPORT.search(refusal.message)
    return TransientError(
        "mg_internal" if report else "server_error",
        report=report[1] if report else "",
        host=answer.host,
        status=answer.status,
        excerpt=answer.excerpt(),
    )


def _bad_request(answer: Answer, refusal: Refusal, order: str) -> BackhaulError:
    excerpt = answer.excerpt()
    stopped = _STATUS.search(refusal.message)
    if stopped:
        return stopped_order(stopped[1] or stopped[2], order, excerpt)
    if (
        refusal.has("Could not save a shipment")
        or refusal.has("deadlock")
        or refusal.has("lock wait timeout")
    ):
        return TransientError("mg_not_saved", host=answer.host, excerpt=excerpt)
    if refusal.has("HTTPS"):
        return SetupChanged("mg_https", host=answer.host, excerpt=excerpt)
    message = " ".join(refusal.lines) or excerpt
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
