"""A practice Magento store: orders, shipments, invoices, products, rights, both sign-ins.

Written from the store's REST contract (docs/magento.md); behaves like release 2.4.7 until told
otherwise.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from app.practice.host import Host
from app.practice.magento.people import ACTS, People
from app.practice.magento.rest import Rest
from app.practice.magento.shop import KEYS, RIGHTS, MagentoShop
from app.practice.messages import Reply, Request
from app.practice.server import PracticeServer

__all__ = ["ACTS", "KEYS", "RIGHTS", "PracticeMagento"]

_HIDDEN = ("integration", "admin", "tokens", "nonces")


class PracticeMagento(People, PracticeServer):
    """One store. Thread-safe; with a state file everything survives the end of the process."""

    def __init__(
        self,
        *,
        port: int = 0,
        control_key: str = "practice",
        state_file: Path | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        keys: Mapping[str, str] = KEYS,
    ) -> None:
        super().__init__(MagentoShop(state_file, now, keys))
        self._rest = Rest(
            self._shop, now, lambda s: self.host.stopping.wait(s), lambda: self.host.url
        )
        self.host = Host(self, port=port, control_key=control_key)

    def tracks(self, order: str) -> list[str]:
        """Every tracking number of an order, shipment by shipment."""
        with self._shop.lock:
            entity_id = self._shop.numbered(order)["entity_id"]
            return [
                track["track_number"]
                for shipment in self._shop.values["shipments"].values()
                if shipment["order_id"] == entity_id
                for track in shipment["tracks"]
            ]

    def snapshot(self) -> dict[str, Any]:
        """Everything but keys, as plain data."""
        values = {k: v for k, v in self._shop.copy().items() if k not in _HIDDEN}
        return {**values, "acts": dict(ACTS), "requests": len(self.requests)}

    def answer(self, request: Request, *, keep: bool = True) -> Reply:
        """One call."""
        return self._rest.answer(request, keep=keep)

    def edited_meanwhile(self, request: Request) -> None:
        """Somebody ships or invoices the order that the request names, in the admin."""
        parts = request.parts
        acts = {"ship": "ship_by_hand", "invoice": "invoice"}
        if "order" in parts and parts[-1] in acts:
            with self._shop.lock:
                order = self._shop.order(int(parts[-2]))
                self.act(acts[parts[-1]], {"order": order["increment_id"]})
