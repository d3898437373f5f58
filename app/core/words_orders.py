"""What is said about routes, their sync tasks, and orders."""

from app.core.words import Sentence, Who

SENTENCES: dict[str, Sentence] = {
    "orders_none": Sentence("{title} has no orders that Backhaul can read"),
    "route_missing": Sentence("There is no route “{route}”", "List them with: backhaul route list"),
    "route_needed": Sentence("There are several routes", "Name one of: {routes}"),
    "route_none": Sentence(
        "There is no route yet", "Add one: backhaul route add orders CONNECTION"
    ),
    "route_twice": Sentence(
        "The orders of this connection are read already", "Remove that route first to change it."
    ),
    "order_mode": Sentence("“{mode}” is no order mode of {title}", "There are: {modes}"),
    "order_mode_not_built": Sentence(
        "The order mode “{mode}” is not built yet", "Use one of: {modes}"
    ),
    "order_missing": Sentence(
        "There is no order {order}", "List the orders with: backhaul orders list"
    ),
    "order_ambiguous": Sentence(
        "Several orders have the number {order}: {ids}", "Name one of them by that."
    ),
    "order_processing": Sentence(
        "The order is being written right now, so it was left alone",
        "Wait until that is done, then try again.",
        Who.DESK,
    ),
    # what a history tells
    "order_read": Sentence("Read from the store"),
    "order_changed": Sentence("Changed at the store"),
    "order_set_back": Sentence("Set back to Pending"),
    "sync_over": Sentence(
        "The reading starts over since {since} and did not come to its end",
        "If this stays, tell whoever looks after the other system.",
        Who.ADMIN,
    ),
}  # fmt: skip
