"""What is chosen in the assistant for a sync task, and the same in words. Nothing of Qt."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.core.orders import StoreView
from app.core.types import Route
from app.services.connection_setup import Kind
from app.services.route_words import day_text
from app.services.routes import INTERVAL_S
from app.ui.times import span

EVERY_S = (60, 300, 900, 1800, 3600, 4 * 3600)
"""What is offered, in seconds."""


@dataclass(frozen=True, slots=True)
class Typed:
    """`connection_id` 0: none is chosen yet. `stores`: as the source names them; empty: all."""

    connection_id: int = 0
    mode: str = ""
    start_at: int = 0
    interval_s: int = INTERVAL_S
    stores: frozenset[str] = frozenset()
    with_address: bool = False


def typed_of(route: Route) -> Typed:
    """A stored route as it would have been typed."""
    stores = str(route.settings.get("stores") or "")
    return Typed(
        route.source_id,
        route.mode,
        int(route.settings.get("start_at") or 0),
        route.interval_s,
        frozenset(part for part in stores.split(",") if part),
        bool(route.settings.get("with_address")),
    )


def in_words(
    typed: Typed, name: str, kind: Kind, views: Sequence[StoreView]
) -> list[tuple[str, str]]:
    """Everything as title and text."""
    mode = next((one for one in kind.order_modes if one.name == typed.mode), None)
    address = (
        "Read too: name, street, town and phone number of whoever gets the parcel"
        if typed.with_address
        else "Not read"
    )
    return [
        ("Orders of", name),
        ("Takes over", f"{mode_title(mode.name)}. {mode.help}" if mode else typed.mode),
        ("Saved there since", day_text(typed.start_at)),
        ("How often", f"Every {span(typed.interval_s)}"),
        ("Store views", stores_text(typed.stores, views)),
        ("Delivery addresses", address),
    ]


def mode_title(name: str) -> str:
    """ "Wait for invoice": a mode as people read it."""
    return name.replace("-", " ").capitalize()


def stores_text(stores: frozenset[str], views: Sequence[StoreView]) -> str:
    """ "All", or those that are read by the names they have there."""
    names = {view.ref: view.name for view in views}
    shown = [f"{names[one]} ({one})" if one in names else one for one in sorted(stores)]
    return ", ".join(shown) or "All"


def differences(
    before: Typed, after: Typed, name: str, kind: Kind, views: Sequence[StoreView]
) -> list[tuple[str, str]]:
    """What an edit changes: title, and what it was and becomes."""
    old, new = (in_words(one, name, kind, views) for one in (before, after))
    return [
        (title, f"{text}\nbefore: {was}")
        for (title, was), (_, text) in zip(old, new, strict=True)
        if text != was
    ]


def stores_of(text: str) -> frozenset[str]:
    """Numbers as a person types them, with commas or blanks between."""
    return frozenset(text.replace(",", " ").split())
