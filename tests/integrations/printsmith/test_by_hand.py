"""The steps by which a person confirms a failed write-back in PrintSmith itself."""

import pytest

from app.core.types import Shipment
from app.integrations.printsmith import KIND

SHIPMENT = Shipment("316132", "1Z23966E0397467800")


def test_the_steps_name_the_invoice_the_charge_and_the_number() -> None:
    steps = " ".join(KIND.by_hand(SHIPMENT, {"charge_name": "Parcel"}, "server_error"))
    for value in ("316132", "“Parcel”", "1Z23966E0397467800"):
        assert value in steps


def test_without_a_setting_the_usual_charge_is_named() -> None:
    assert "“ShipLeap Tracking”" in " ".join(KIND.by_hand(SHIPMENT, {}, "lost_five"))


@pytest.mark.parametrize("code", ["ps_picked_up", "ps_voided", "ps_deleted"])
def test_nothing_can_be_done_to_a_closed_invoice(code: str) -> None:
    assert KIND.by_hand(SHIPMENT, {}, code) == ()
