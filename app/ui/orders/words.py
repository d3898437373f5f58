"""Sentences of the page: how many orders, how old, and what stands where no rows are."""

from app.ui.orders.change_dialog import orders_text
from app.ui.orders.seen import Seen
from app.ui.queue.words import since

Nothing = tuple[str, str, str, tuple[str, str]]
"""Sentence, what stands below it, the button, icon and colour."""


def note(seen: Seen, now_ms: int) -> str:
    """ "18,204 orders · read 12 s ago"."""
    if seen.is_new:
        return ""
    read_at = seen.read_at
    age = "" if read_at is None else f" · read {since(read_at, now_ms)}"
    return f"{orders_text(seen.total)}{age}"


def nothing_here(seen: Seen, *, is_narrowed: bool) -> Nothing:
    """What an empty list says."""
    if seen.is_new and not seen.stores:
        more = "Connect the store your orders come from. Backhaul then reads them by itself."
        return "No store is connected yet", more, "Read orders from a store", _FIRST
    if seen.is_new:
        more = "Backhaul reads the orders of a store by itself, once it knows which and how often."
        return "No orders are read yet", more, "Read orders from a store", _FIRST
    if is_narrowed:
        return "No order fits", f"There are {orders_text(seen.total)}.", "Show all", _NONE
    if seen.read_at is None:
        return "No order was read yet", "They appear here as they are read.", "Update", _WAIT
    return "The store has no orders yet", "New ones appear here by themselves.", "Update", _NONE


_FIRST, _NONE, _WAIT = ("nav_orders", "accent"), ("search", "muted"), ("state_waiting", "muted")
