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
    "order_unknown": Sentence(
        "{connection} has no order {order}",
        "Look at the number there, and give it with all its zeros.",
        Who.DESK,
    ),
    "order_number_needed": Sentence("No order number was given", "Give the number of one order."),
    "order_fetch_held": Sentence(
        "{connection} cannot be asked now. {why}",
        "Wait until it answers again, or mend the connection.",
        Who.DESK,
    ),
    "sync_from_ahead": Sentence("{day} is still to come", "Choose a day that has begun."),
    "set_back_here": Sentence(
        "The next reading takes the order as new",
        "That is a mark of Backhaul's own. The order in {title} keeps its status: one that is "
        "being processed or complete there cannot be put back.",
    ),
    "set_back_comment": Sentence(
        "The comment can be written to the order in {title}, too",
        "Whether the customer gets it by e-mail and whether it is shown in the shop are choices of "
        "their own.",
    ),
    "set_back_comment_none": Sentence(
        "No comment can be written to the order at {connection}",
        "Set it back without --to-store; the comment is kept here.",
        Who.DESK,
    ),
    "set_back_comment_empty": Sentence(
        "There is no comment to write to the store", "Type one, or set the order back without it."
    ),
    # what a history tells
    "order_read": Sentence("Read from the store"),
    "order_changed": Sentence("Changed at the store"),
    "order_erased": Sentence("Its address was erased, {days} days after it ended"),
    "order_set_back": Sentence("Set back to Pending"),
    "sync_over": Sentence(
        "The reading starts over since {since} and did not come to its end",
        "If this stays, tell whoever looks after the other system.",
        Who.ADMIN,
    ),
}  # fmt: skip
