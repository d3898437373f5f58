"""A source of orders in memory, and short ways to orders and pages."""

from collections.abc import Callable, Sequence
from typing import Any

from app.core.orders import Order, OrderPage, OrderWish, StoreView

START = 1_790_000_000_000


def an_order(number: int = 1, at: int = 0, **more: Any) -> Order:
    """An order; `at`: seconds after the start at which it was changed."""
    values: dict[str, Any] = {
        "remote_id": str(number),
        "order_ref": f"{number:09}",
        "changed_at": START + at * 1000,
        "changed_text": f"+{at}",
        "placed_at": START + number * 1000,
        "state": "processing",
        "status": "processing",
    }
    return Order(**{**values, **more})


class FakeSource:
    """Hands out its pages one after another; the cursor is the number of the next one."""

    def __init__(self, pages: Sequence[Sequence[Order]] = ()) -> None:
        self.pages = list(pages)
        self.asked: list[str] = []
        self.wishes: list[OrderWish] = []
        self.plan: dict[int, BaseException | Callable[[], None]] = {}
        self.positions: dict[int, int] = {}
        self.views: list[StoreView] = []
        self.is_closed = False

    def fetch_orders(self, cursor: str, wish: OrderWish, request_id: str) -> OrderPage:
        self.asked.append(cursor)
        self.wishes.append(wish)
        number = int(cursor or 0) % max(1, len(self.pages))
        happens = self.plan.pop(number, None)
        if isinstance(happens, BaseException):
            raise happens
        if happens is not None:
            happens()
        orders = self.pages[number] if self.pages else ()
        left = sum(map(len, self.pages[number + 1 :]))
        position = self.positions.get(number, START + number * 60_000)
        is_last = number + 1 >= len(self.pages)
        return OrderPage(orders, str(0 if is_last else number + 1), is_last, left, position)

    def fetch_numbered(self, order_ref: str, wish: OrderWish, request_id: str) -> Sequence[Order]:
        self.wishes.append(wish)
        return [one for page in self.pages for one in page if one.order_ref == order_ref]

    def fetch_views(self, request_id: str) -> Sequence[StoreView]:
        return self.views

    def close(self) -> None:
        self.is_closed = True
