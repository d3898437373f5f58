"""What is done to an order besides shipping it, and how it is stored in a job."""

import json
from typing import NamedTuple, TypeVar

from app.core.errors import BugError

VERSION = 1


class OrderInvoice(NamedTuple):
    """Everything of an order that is not invoiced yet is to be invoiced.

    `remote_id`: the order's number for the target's API. `capture`: the payment is taken too.
    `notify`: the customer gets an e-mail.
    """

    order_ref: str
    remote_id: str
    capture: bool = True
    notify: bool = False


class OrderComment(NamedTuple):
    """A note on an order, its status left as it is. `visible`: the customer sees it in the shop.
    `entered_at`: ms since 1970 by this computer's clock; the same words on that order from before
    are another note.
    """

    order_ref: str
    remote_id: str
    comment: str
    notify: bool = False
    visible: bool = False
    entered_at: int = 0


class CommentWish(NamedTuple):
    """A comment is to reach the store, too. `notify`: the customer gets it by e-mail. `visible`:
    it is shown in the shop."""

    notify: bool = False
    visible: bool = False


def dump_deed(deed: OrderInvoice | OrderComment) -> str:
    """The deed as versioned JSON."""
    return json.dumps({"v": VERSION, **deed._asdict()}, ensure_ascii=False, separators=(",", ":"))


def load_invoice(payload: str) -> OrderInvoice:
    """Read a stored invoice. Raises: BugError when it is damaged or newer than the program."""
    return _load(OrderInvoice, payload)


def load_comment(payload: str) -> OrderComment:
    """Read a stored comment. Raises: BugError when it is damaged or newer than the program."""
    return _load(OrderComment, payload)


D = TypeVar("D", OrderInvoice, OrderComment)


def _load(kind: type[D], payload: str) -> D:
    try:
        data = json.loads(payload)
        if data.pop("v") > VERSION:
            raise BugError("payload_newer", version=VERSION)
        return kind(**data)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise BugError("payload_damaged") from error
