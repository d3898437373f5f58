"""What a Magento connection says of invoices, comments and products."""

from app.core.words import Sentence, Who

_ROW = "Take the row away with the red X."

DEED_SENTENCES: dict[str, Sentence] = {
    # invoices
    "mg_invoice_not_saved": Sentence(
        "Magento could not make the invoice for order {order}: the payment was refused, or "
        "something failed there",
        "It is not tried again by itself, so that no card is charged twice. Look at the payment in "
        "Magento, invoice the order there, then close the row with Done by hand; or press Retry.",
        Who.DESK,
    ),
    "mg_invoice_refused": Sentence(
        "Magento refused the invoice for order {order}: {message}",
        "Look at the order in Magento, then press Retry, or close the row with Done by hand.",
        Who.DESK,
    ),
    "mg_partly_invoiced": Sentence(
        "Order {order} was invoiced in part by somebody else ({amount} so far)",
        "Invoice the rest in Magento, then close the row with Done by hand.",
        Who.DESK,
    ),
    "mg_invoice_canceled": Sentence(
        "Order {order} was cancelled in Magento", f"There is nothing to invoice. {_ROW}", Who.DESK
    ),
    "mg_invoice_refunded": Sentence(
        "Order {order} was refunded in Magento", f"There is nothing to invoice. {_ROW}", Who.DESK
    ),
    "mg_invoice_not_stored": Sentence(
        "Magento said it made the invoice for order {order} but does not hold it",
        "It is looked at again, then tried again.",
    ),
    # comments
    "mg_comment_refused": Sentence(
        "Magento refused the comment on order {order}: {message}",
        "Write it in Magento by hand, then close the row with Done by hand.",
        Who.DESK,
    ),
    "mg_comment_not_stored": Sentence(
        "Magento said it took the comment on order {order} but does not hold it",
        "It is tried again.",
    ),
    "mg_no_status": Sentence(
        "Order {order} has no status in Magento, and a comment could not keep what is not there",
        "Give it a status in Magento, then press Retry.",
        Who.DESK,
    ),
    # products
    "mg_no_product": Sentence(
        "Magento has no product {sku}",
        "Backhaul changes products and makes none. Check the number, or make it in Magento; then "
        "press Retry.",
        Who.DESK,
    ),
    "mg_product_refused": Sentence(
        "Magento refused product {sku}: {message}",
        "Correct it where it comes from; the next reading sends it again.",
        Who.DESK,
    ),
    "mg_product_not_kept": Sentence(
        "Magento accepted product {sku} but holds something else: {found}",
        "It is tried again. If it stays, an extension of the store may change it.",
        Who.ADMIN,
    ),
    "mg_weight_unit": Sentence(
        "The weight of product {sku} is in {unit}, which Backhaul does not know",
        "Use kg, g, lb or oz where the products come from.",
        Who.DESK,
    ),
    "mg_sku_slash": Sentence(
        "The web server of the store does not let a product number with a slash through: {sku}",
        "Have whoever looks after it allow encoded slashes, or change this product by hand.",
        Who.ADMIN,
    ),
}
