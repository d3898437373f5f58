"""What is said about products, and about jobs that are no write-backs."""

from app.core.words import Sentence, Who

_MEND_CELL = "Mend it in the file; the next reading takes it along."

SENTENCES: dict[str, Sentence] = {
    "job_type_none": Sentence("{title} takes no jobs of this kind", "Remove this row.", Who.DESK),
    "job_not_shipment": Sentence(
        "Only shipments can be corrected here",
        "Change it where it came from: the newer value takes its place by itself.",
        Who.DESK,
    ),
    "product_superseded": Sentence(
        "A newer value of this product took its place", "Nothing is to be done.", Who.NOBODY
    ),
    "products_route_removed": Sentence(
        "Its route was removed before its turn came", "Add the route again to send it.", Who.DESK
    ),
    # routes
    "route_no_orders": Sentence(
        "“{route}” reads no orders", "Name a route that does: backhaul route list"
    ),
    "products_none": Sentence("{title} takes no products from Backhaul"),
    "products_twice": Sentence(
        "This connection gets its products from a file already",
        "Remove that route first to change it.",
    ),
    "products_route_none": Sentence(
        "There is no route for products yet",
        "Add one: backhaul route add products FILE CONNECTION",
    ),
    "products_need_you": Sentence(
        "Not taken by the store: {count} of the products",
        "Look at them in MANAGER under “Needs you”, each says why.",
        Who.DESK,
    ),
    "products_over": Sentence(
        "The file was read again at {since} before all products of the last reading were through",
        "Nothing is lost: what was still to come goes on with the newer values. If this happens "
        "each time, read the file less often.",
        Who.NOBODY,
    ),
    "product_unknown": Sentence(
        "No product {sku} was sent from here", "List them with: backhaul products list"
    ),
    "products_meaning": Sentence(
        "Products have no “{meaning}” here", "A column can hold: {meanings}"
    ),
    "products_unit": Sentence("“{unit}” is no unit of weight", "Give kg or lb."),
    "products_decimal_mark": Sentence("“{mark}” is no decimal mark", "Give . or ,"),
    # the file
    "products_no_file": Sentence(
        "The file {file} is not there", "Put it back, or add the route again with another.",
        Who.DESK,
    ),
    "products_unreadable": Sentence(
        "The file {file} cannot be read: {reason}",
        "Close it where it is open, and look who may read it.",
        Who.DESK,
    ),
    "products_growing": Sentence(
        "The file {file} is still being written", "It is read as soon as it is finished.",
        Who.NOBODY,
    ),
    "products_too_large": Sentence(
        "The file {file} is larger than {limit_mb} MB", "Export fewer columns, or split it.",
        Who.DESK,
    ),
    "products_nothing_mapped": Sentence(
        "No column is chosen besides the item number",
        "Choose one of name, price, weight, quantity, in_stock: --map price=Column",
        Who.DESK,
    ),
    # rows of the file
    "sku_empty": Sentence("This row has no item number", _MEND_CELL, Who.DESK),
    "product_twice": Sentence(
        "The item number {sku} stands in the file twice; row {line} was taken",
        "Leave one of them in the file.",
        Who.DESK,
    ),
    "product_number": Sentence(
        "The {column} “{value}” is no number; this product was left out", _MEND_CELL, Who.DESK
    ),
    "product_mark": Sentence(
        "The {column} “{value}” can be read in two ways; this product was left out",
        "Say which decimal mark the file has: remove the route and add it with --decimal-mark.",
        Who.DESK,
    ),
    "product_negative": Sentence(
        "The {column} “{value}” is below zero; this product was left out", _MEND_CELL, Who.DESK
    ),
    "product_yes_no": Sentence(
        "“{value}” under {column} is neither yes nor no; this product was left out",
        _MEND_CELL,
        Who.DESK,
    ),
    "products_more_rejected": Sentence(
        "{count} more rows of this file were not read", "Mend the ones that are listed first.",
        Who.DESK,
    ),
}  # fmt: skip
