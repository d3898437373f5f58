"""The sample connector, and a caller that also edits its file as a person would."""

import importlib.util
import json
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

from tests.bridge import INVOICE, BridgeCaller
from tests.openapi import ROOT, Json

CONNECTOR = ROOT / "examples" / "printsmith_connector" / "connector.py"


def load_connector() -> ModuleType:
    spec = importlib.util.spec_from_file_location("sample_connector", CONNECTOR)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


sample = load_connector()


class Caller(BridgeCaller):
    """Calls a connector whose shop file lies at `shop`."""

    def __init__(self, port: int, shop: Path, headers: Json) -> None:
        super().__init__(port, headers)
        self.shop = shop

    def edit(self, change: Callable[[Json], object]) -> None:
        """What a person does who opens the file in an editor."""
        data = json.loads(self.shop.read_text(encoding="utf-8"))
        change(data)
        self.shop.write_text(json.dumps(data), encoding="utf-8")

    def edit_invoice(self, **values: object) -> None:
        self.edit(lambda data: data["invoices"][INVOICE].update(values))

    def edit_charge(self, **values: object) -> None:
        self.edit(lambda data: data["invoices"][INVOICE]["charges"][0].update(values))
