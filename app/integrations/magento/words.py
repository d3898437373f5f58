"""What a Magento connection says, and what is not known about real stores."""

from app.core.words import Sentence, Who
from app.integrations.magento.words_deeds import DEED_SENTENCES

_KEYS = (
    "Compare the four keys with System > Integrations in Magento; Reauthorize shows them again. "
    "Type them anew under Edit."
)
_RETRY = "Correct it with Edit and retry."

SENTENCES: dict[str, Sentence] = {
    **DEED_SENTENCES,
    # waiting
    "mg_on_hold": Sentence(
        "Order {order} is on hold in Magento", "It goes on as soon as somebody unholds it.",
        Who.DESK,
    ),
    "mg_payment_review": Sentence(
        "The payment of order {order} is under review in Magento",
        "It goes on as soon as the payment is accepted there.",
        Who.DESK,
    ),
    # tried again
    "mg_not_stored": Sentence(
        "Magento accepted the number but does not hold it",
        "It is tried again. If it stays like this, tell whoever looks after the store.",
    ),
    "mg_not_saved": Sentence(
        "Magento could not save it just now", "It is tried again by itself."
    ),
    "mg_internal": Sentence(
        "Magento had a fault of its own (report {report})",
        "It is tried again. If it stays, give that report number to whoever looks after the store.",
        Who.ADMIN,
    ),
    "mg_drift": Sentence(
        "The store's answer is not as Magento's interface says: {problem}",
        "It is tried again. If it stays, an extension of the store may be the cause.",
        Who.ADMIN,
    ),
    # over for this order
    "mg_canceled": Sentence(
        "Order {order} was cancelled in Magento",
        "Nothing can be shipped there. Take the row away with the red X.",
        Who.DESK,
    ),
    "mg_refunded": Sentence(
        "Order {order} was refunded in Magento",
        "Nothing can be shipped there. Take the row away with the red X.",
        Who.DESK,
    ),
    "mg_virtual": Sentence(
        "Order {order} has nothing that can be shipped",
        "Check the order number; take the row away with the red X if it is right.",
        Who.DESK,
    ),
    # a person can correct it
    "mg_order_not_found": Sentence(
        "Magento has no order {order}", f"Check the number. {_RETRY}", Who.DESK
    ),
    "mg_order_twice": Sentence(
        "Magento has two orders with the number {order}",
        "Confirm this one by hand in Magento, then close the row with Done by hand.",
        Who.DESK,
    ),
    "mg_no_tracking": Sentence(
        "There is no tracking number to write",
        "Enter the number of the label with Edit and retry.",
        Who.DESK,
    ),
    "mg_no_item": Sentence(
        "Order {order} has no item {item}", f"Check the item numbers. {_RETRY}", Who.DESK
    ),
    "mg_too_many": Sentence(
        "{quantity} of {item} are to be shipped, {left} are left on order {order}",
        f"Check the quantities. {_RETRY}",
        Who.DESK,
    ),
    "mg_shipped_already": Sentence(
        "Order {order} is shipped already in Magento with another number: {found}",
        "If that number is right, take this row away. If this one is, replace it in Magento "
        "under Shipments, then close the row with Done by hand.",
        Who.DESK,
    ),
    "mg_refused": Sentence("Magento refused it: {message}", _RETRY, Who.DESK),
    # orders that are not taken over, and why
    "mg_skip_store": Sentence(
        "It is of store {store}, which is not read",
        "The route reads these stores: {value}. To read more, remove it and add it anew.",
    ),
    "mg_skip_canceled": Sentence("The order was cancelled"),
    "mg_skip_closed": Sentence("The order was refunded"),
    "mg_skip_on_hold": Sentence(
        "The order is on hold", "It comes by itself as soon as somebody unholds it in Magento."
    ),
    "mg_skip_payment_review": Sentence(
        "The payment is under review", "It comes by itself as soon as that is over."
    ),
    "mg_skip_payment_pending": Sentence(
        "The customer has not paid yet", "It comes by itself as soon as it is paid."
    ),
    "mg_skip_unknown_state": Sentence(
        "The order is in a state that Magento itself does not have: {state}",
        "An extension of the store may be the cause; ask whoever looks after it.",
        Who.ADMIN,
    ),
    "mg_skip_not_invoiced": Sentence(
        "Not invoiced yet",
        "It comes by itself as soon as it is invoiced in Magento; the mode of the route is "
        "{value}.",
    ),
    "mg_skip_partly_invoiced": Sentence(
        "Only partly invoiced",
        "It comes by itself as soon as all of it is invoiced; the mode of the route is {value}.",
    ),
    "mg_skip_already_invoiced": Sentence(
        "Invoiced by somebody else",
        "The mode of the route is {value}; with wait-for-invoice it would be taken over.",
        Who.DESK,
    ),
    "mg_mode_wait": Sentence(
        "{skipped} of {read} orders were skipped because they are not invoiced",
        "Have them invoiced in Magento: the reading waits for that.",
        Who.DESK,
    ),
    "mg_mode_auto": Sentence(
        "{skipped} of {read} orders were skipped because they were invoiced by somebody else",
        "Change the mode of the reading to wait-for-invoice.",
        Who.DESK,
    ),
    # orders that cannot be read
    "mg_order_unreadable": Sentence(
        "Magento cannot show the order that comes after {after} (report {report})",
        "Give that report number to whoever looks after the store. All other orders are read.",
        Who.ADMIN,
    ),
    "mg_order_unreadable_first": Sentence(
        "Magento cannot show an order that was changed after {from} UTC (report {report})",
        "Give that report number to whoever looks after the store. All other orders are read.",
        Who.ADMIN,
    ),
    "mg_order_odd": Sentence(
        "The order is not as Magento's interface says: {problem}",
        "An extension of the store may be the cause; ask whoever looks after it.",
        Who.ADMIN,
    ),
    "mg_list_odd": Sentence(
        "Magento listed orders that were changed before {since}, which nobody asked for",
        "It is tried again. If it stays, an extension of the store may be the cause.",
        Who.ADMIN,
    ),
    # the connection is stopped
    "mg_signature": Sentence(
        "Magento does not accept the signature: a secret of the integration is wrong",
        _KEYS,
        Who.ADMIN,
    ),
    "mg_keys": Sentence(
        "Magento does not accept the keys of the integration: {message}", _KEYS, Who.ADMIN
    ),
    "mg_password": Sentence(
        "Magento does not accept this name and password, or the account is locked for now",
        "Wait half an hour, then type the password anew under Edit. An integration is better: "
        "its keys do not expire.",
        Who.ADMIN,
    ),
    "mg_two_factor": Sentence(
        "Magento asks this person for a code from a phone",
        "Nobody is there to type it. Make an integration in Magento and use its keys.",
        Who.ADMIN,
    ),
    "mg_right": Sentence(
        "A right is missing in Magento: {resource}",
        "Give it under System > Integrations > the integration > API, save, then Reauthorize.",
        Who.ADMIN,
    ),
    "mg_right_of_person": Sentence(
        "A right is missing in Magento: {resource}",
        "Give it to the role of that person under System > User Roles.",
        Who.ADMIN,
    ),
    "mg_clock": Sentence(
        "The clock of this computer is too far ahead for the store",
        "Set the clock of this computer; it goes on by itself.",
        Who.ADMIN,
    ),
    "mg_clock_ahead": Sentence(
        "The clock of this computer is {minutes} min ahead of the store's",
        "Set the clock of this computer; it goes on by itself.",
        Who.ADMIN,
    ),
    "mg_no_interface": Sentence(
        "No Magento interface answers at this address of {host}",
        "Check the address of the store, and “Path of the interface” under Edit.",
        Who.ADMIN,
    ),
    "mg_https": Sentence(
        "The store takes this only over https", "Change the address to https under Edit.",
        Who.ADMIN,
    ),
    "mg_firewall": Sentence(
        "Something in front of {host} does not let this computer in",
        "Have the store's firewall allow the address of this computer.",
        Who.ADMIN,
    ),
}  # fmt: skip

CAVEATS = (
    "Nobody has tried this with a real Magento store yet; it was built from Magento's published "
    "schemas and code, and tried with the practice server.",
    "Extensions of a store may refuse shipments with words of their own; they are shown as they "
    "come.",
    "For the keys: in Magento, System > Integrations > Add New Integration, give it the rights "
    "to view and ship orders, to read shipments and to read Stores, then Activate. Invoices, "
    "comments and products take rights of their own, only where you use them.",
)
