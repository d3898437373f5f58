"""Every call to the practice store goes through a proxy that holds it, and its answer, against
Magento's official schemas."""

import json
import os
import shutil
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from app.bootstrap import open_program
from app.core.job_types import ORDER_COMMENT, ORDER_INVOICE, PRODUCT_UPDATE
from app.core.order_deeds import CommentWish
from app.core.orders import OrderFilter
from app.core.types import ORDER_POST, Shipment
from app.practice.magento import PracticeMagento
from app.services.product_layout import ProductLayout
from app.services.program import Program
from tests.endpoint.counter import free_port

SHARED = Path(__file__).parents[3] / "shared"
RIG = Path(os.environ.get("BACKHAUL_RIG") or SHARED / "rig")
SCHEMAS = sorted((RIG.parent / "contracts" / "data" / "magento").glob("admin-rest-*.json"))
ORDER, NUMBER, SECOND = "000000123", "1Z999AA10123456784", "9400110200881234567890"
END_S = 60
_CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "rig-contract"

pytestmark = [
    pytest.mark.skipif(not SCHEMAS, reason="the official schemas are not here"),
    pytest.mark.skipif(
        not (RIG / "contract").is_file() or not (_CACHE / "node_modules").is_dir(),
        reason="no validating proxy on this computer",
    ),
    pytest.mark.skipif(not shutil.which("node"), reason="the validating proxy needs node"),
]


def relaxed(schema: Path) -> dict[str, Any]:
    """The schema without what Magento itself does not keep: null keys are left out of answers
    although it calls them required, ids come as text, and addresses hold a store code or none."""
    spec: dict[str, Any] = json.loads(schema.read_text("utf-8"))
    for definition in spec["definitions"].values():
        definition.pop("required", None)
    for calls in spec["paths"].values():
        for call in calls.values():
            for answer in call["responses"].values():
                if answer.get("schema", {}).get("type") == "integer":
                    answer["schema"] = {}
    spec.pop("basePath")
    paths = spec["paths"]
    spec["paths"] = {
        f"{root}{path}": paths[path] for root in ("/rest", "/rest/all") for path in paths
    }
    return spec


class Proxy:
    """Passes on to the store; writes down what breaks the schema."""

    def __init__(self, schema: Path, target: str, folder: Path) -> None:
        port, spec = free_port(), folder / "schema.json"
        spec.write_text(json.dumps(relaxed(schema)), "utf-8")
        self._log = folder / "proxy.log"
        with self._log.open("w") as log:
            self._process = subprocess.Popen(
                [RIG / "contract", "proxy", spec, target, str(port)],
                stdout=log, stderr=subprocess.STDOUT,
            )  # fmt: skip
        self.url = f"http://127.0.0.1:{port}"

    @property
    def lines(self) -> list[str]:
        """What it has written so far."""
        return self._log.read_text("utf-8").splitlines()

    def calls(self) -> set[str]:
        """The calls that were passed on, as "get orders"."""
        heard = [line for line in self.lines if "Request received" in line]
        return {" ".join(line.split("[HTTP SERVER] ")[1].split()[:2]) for line in heard}

    def is_ready(self) -> bool:
        """True once it listens."""
        return any("listening" in line for line in self.lines)

    def close(self) -> None:
        self._process.terminate()
        self._process.wait(10)


def until(look: Callable[[], bool], what: Callable[[], object]) -> None:
    ends = time.monotonic() + END_S
    while not look():
        assert time.monotonic() < ends, what()
        threading.Event().wait(0.1)


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Program]:
    monkeypatch.setenv("BACKHAUL_SECRET_SHOP_ADMIN_PASSWORD", "practice")
    program = open_program(tmp_path / "data", is_engine=True)
    yield program
    program.close()


@pytest.mark.timeout(150)
@pytest.mark.parametrize("schema", SCHEMAS, ids=lambda path: path.name)
def test_no_call_and_no_answer_breaks_the_official_schema(
    program: Program, tmp_path: Path, schema: Path
) -> None:
    file = tmp_path / "products.csv"
    file.write_text("sku,price,quantity\nCARDS,14.25,44\n", "utf-8")
    with PracticeMagento() as store:
        store.add_order(ORDER, [{"sku": "CARDS", "qty": 2}, {"sku": "PAPER", "qty": 1}])
        store.add_product("CARDS", "Business cards")
        proxy = Proxy(schema, store.url, tmp_path)
        try:
            until(
                lambda: any("listening" in line for line in proxy.lines),
                lambda: "the proxy did not start",
            )
            everything(program, proxy.url, file)
            assert store.tracks(ORDER) == [NUMBER, SECOND]
            broken = [line for line in proxy.lines if "violation" in line.lower()]
            assert broken == []
            calls = " ".join(sorted(proxy.calls()))
            for wanted in (
                "get /rest/V1/orders", "post /rest/V1/order/1/ship", "get /rest/V1/shipments",
                "post /rest/V1/order/1/invoice", "get /rest/V1/invoices",
                "post /rest/V1/orders/1/comments", "put /rest/all/V1/products/CARDS",
            ):  # fmt: skip
                assert wanted in calls
        finally:
            proxy.close()


def everything(program: Program, url: str, file: Path) -> None:
    """What Backhaul does with a store: test, orders, invoice, two parcels, comment, product."""
    settings = {"base_url": url, "sign_in": "admin", "admin_user": "admin"}
    connection = program.connections.add("magento", "Shop", settings, actor="ann")
    assert all(step.passed is not False for step in program.connections.test(connection))
    program.routes.add_orders(
        connection, mode="auto-invoice", interval_s=300, start_at=0, stores=frozenset(),
        with_address=True, actor="ann",
    )  # fmt: skip
    shipments = [Shipment(ORDER, NUMBER, "UPS"), Shipment(ORDER, SECOND, "USPS")]
    program.write_back.enter(connection.id, shipments, actor="ann")
    layout = ProductLayout({"sku": "sku", "price": "price", "quantity": "quantity"})
    program.products.add(file, connection, layout, interval_s=300, actor="ann")
    engine = program.engine()
    engine.start()

    def jobs() -> list[tuple[str, str]]:
        """Also those of products, which no list shows while they go well."""
        return sorted(program.write_back._outbox._database.read("SELECT kind, state FROM jobs"))

    def done(*kinds: str) -> bool:
        return jobs() == sorted((kind, "succeeded") for kind in kinds)

    first = (ORDER_POST, ORDER_POST, ORDER_INVOICE, PRODUCT_UPDATE)
    until(lambda: done(*first), jobs)
    orders = [one.order for one in program.orders.newest(OrderFilter(), 5)]
    program.orders.set_back(orders, "Sent again", "ann", CommentWish(notify=True))
    until(lambda: done(*first, ORDER_COMMENT), jobs)
    engine.stop()
