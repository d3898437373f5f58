"""What a connection may do, in words, and the lines of its test: what the connector says."""

from collections.abc import Iterator, Mapping
from ipaddress import ip_address
from urllib.parse import urlsplit

from app.core.errors import Param
from app.integrations.base import Access, CheckStep
from app.integrations.printsmith.client import Probe
from app.integrations.printsmith.settings import DEFAULT_CHARGE, Settings
from app.integrations.printsmith.words import SENTENCES

PRODUCT = "printsmith-vision"


def steps(probe: Probe, settings: Settings) -> Iterator[CheckStep]:
    """One line for each thing a write-back depends on."""
    known = probe.product == PRODUCT
    yield CheckStep(
        "The connector answers",
        known,
        f"PrintSmith Vision {probe.version}, signed in as {probe.user}"
        if known
        else f"It says it speaks for “{probe.product}”, not for {PRODUCT}.",
        account=f"{probe.user} at {probe.product}",
    )
    rights = SENTENCES["ps_no_permission"].hint
    yield CheckStep(
        "May save invoices", probe.can_save_invoice, "" if probe.can_save_invoice else rights
    )
    yield CheckStep(
        "May see who has an invoice open",
        probe.can_see_locks,
        "" if probe.can_see_locks else rights,
    )
    yield _sessions(probe.sessions_free, settings.min_free_sessions)
    yield _token(settings)


def access(stored: Mapping[str, Param]) -> Access:
    """What a connection with these settings reads and writes."""
    charge = stored.get("charge_name", DEFAULT_CHARGE)
    price = ", and its price" if stored.get("write_cost") == "on" else "; nothing else"
    return Access(
        "the invoice a parcel belongs to, and who has it open",
        f"the notes of the charge “{charge}”{price}",
    )


def _sessions(free: int | None, wanted: int) -> CheckStep:
    title = "User sessions are free"
    if free is None:
        return CheckStep(title, None, "The connector cannot tell; writing goes on without asking.")
    if free < wanted:
        text = f"{free} free; nothing is sent while fewer than {wanted} are."
        return CheckStep(title, False, f"{text} {SENTENCES['ps_few_sessions'].hint}")
    return CheckStep(title, True, f"{free} free, {wanted} are left for people")


def _token(settings: Settings) -> CheckStep:
    place = "in the header" if settings.token_in == "header" else "in the path of each address"  # noqa: S105 - a place, not a secret
    parts = urlsplit(settings.base_url)
    if parts.scheme == "https" or _is_this_computer(parts.hostname or ""):
        return CheckStep("The token travels safely", True, f"It goes {place}.")
    return CheckStep(
        "The token travels safely",
        None,
        f"It goes {place}, readable for others on the network: http is not encrypted. "
        "Use https, or run the connector on this computer.",
    )


def _is_this_computer(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
