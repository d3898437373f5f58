"""What a connection may do, in words, and the lines of its test."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from urllib.parse import urlsplit

from app.core.errors import Param, PermissionMissing
from app.core.health import Api
from app.integrations.base import Access, CheckStep
from app.integrations.http import Answer, ahead_s
from app.integrations.magento.client import PROBE, StoreClient
from app.integrations.magento.documents import StoreConfig, decode
from app.integrations.magento.settings import Settings

_CLOCK_LIMIT_S = 60
_REFUSED_AHEAD_S = 600  # the store refuses what is signed later than that
_ONE_ROW: Mapping[str, str | int] = {
    "searchCriteria[pageSize]": 1,
    "fields": "items[entity_id],total_count",
}
_IN_VAIN = "The store cannot be asked without {}; the first {} tells."
Asking = Callable[[Api | None], AbstractContextManager[None]]


def steps(
    client: StoreClient, settings: Settings, request_id: str, asking: Asking
) -> Iterator[CheckStep]:
    """One line for each thing a write-back depends on. `asking`: what the calls inside are for.

    Raises: what a call raises that is not about a single right.
    """
    with asking(None):  # a page in words, which a store may have switched off
        version = client.version(request_id)
    answer = client.read(PROBE, request_id)
    views = decode(answer, list[StoreConfig])
    who = f"as {settings.admin_user}" if not settings.signs else "with the keys of an integration"
    yield CheckStep(
        "The store answers",
        True,
        f"{version or 'It does not tell its version'}, signed in {who}",
        account=urlsplit(settings.base_url).netloc,
    )
    yield CheckStep("Store views", True, ", ".join(view.code for view in views))
    yield _clock_step(answer)
    with asking(Api.ORDERS):
        may_read = _may(client, request_id, "May read orders", "orders")
    yield may_read
    yield _may(client, request_id, "May read shipments", "shipments")
    yield _untold("May ship orders", "shipping something", "write-back")
    yield from _more(client, settings, request_id, asking)
    if urlsplit(settings.base_url).scheme != "https" and not _is_here(settings):
        text = "http is not encrypted: others on the network can read what is sent. Use https."
        yield CheckStep("The keys travel safely", None, text)


def _more(
    client: StoreClient, settings: Settings, request_id: str, asking: Asking
) -> Iterator[CheckStep]:
    """Rights that not everybody needs: one that is missing is no fault of the connection."""
    invoices = _may(client, request_id, "May read invoices", "invoices")
    yield _if_wanted(invoices, "where Backhaul invoices orders")
    yield _untold("May invoice orders", "making an invoice", "invoice")
    yield _untold("May comment orders", "writing a comment", "comment")
    with asking(Api.PRODUCTS):
        products = _may(client, request_id, "May read products", "products")
        source = settings.stock_source
        stock = None
        if source:
            stock = _may(client, request_id, f"May read the stock of {source}",
                         "inventory/source-items")  # fmt: skip
    yield _if_wanted(products, "where products are sent")
    if stock is not None:
        yield _if_wanted(stock, "where products are sent")
    yield _untold("May change products", "changing one", "product")


def _untold(title: str, deed: str, first: str) -> CheckStep:
    return CheckStep(title, None, _IN_VAIN.format(deed, first))


def _if_wanted(step: CheckStep, where: str) -> CheckStep:
    if step.passed:
        return step
    return CheckStep(step.title, None, f"Needed only {where}. {step.text}")


def _may(client: StoreClient, request_id: str, title: str, path: str) -> CheckStep:
    try:
        client.read(path, request_id, _ONE_ROW)
    except PermissionMissing as error:
        right = error.params.get("resource")
        if right is None:
            raise
        who = "this person's role" if error.code == "mg_right_of_person" else "the integration"
        then = "" if error.code == "mg_right_of_person" else ", then Reauthorize"
        return CheckStep(title, False, f"Give {who} this right in Magento{then}: {right}")
    return CheckStep(title, True)


def _clock_step(answer: Answer) -> CheckStep:
    title, ahead = "The clocks agree", ahead_s(answer)
    if ahead is None:
        return CheckStep(title, None, "The store does not say what time it has.")
    if abs(ahead) <= _CLOCK_LIMIT_S:
        return CheckStep(title, True)
    way = "ahead of" if ahead > 0 else "behind"
    text = f"This computer is {round(abs(ahead) / 60)} min {way} the store. Set its clock."
    return CheckStep(title, False if ahead >= _REFUSED_AHEAD_S else None, text)


def _is_here(settings: Settings) -> bool:
    return (urlsplit(settings.base_url).hostname or "") in ("127.0.0.1", "localhost", "::1")


def access(stored: Mapping[str, Param]) -> Access:
    """What a connection with these settings reads and writes."""
    mail = ", and has the customer told by e-mail" if stored.get("notify") == "on" else ""
    money = "" if stored.get("invoice_capture") == "off" else " and takes the payment"
    return Access(
        "the order a parcel belongs to, and its shipments; all orders, and products, where a "
        "route needs them",
        f"a shipment with its tracking number{mail}; only where you ask for it: invoices orders"
        f"{money}, writes comments, changes names, prices, weights and stock of products",
    )
