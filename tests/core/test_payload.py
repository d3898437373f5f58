"""What was stored by any version can be read; what tells two shipments apart."""

from datetime import date
from decimal import Decimal

import pytest

from app.core.errors import BugError
from app.core.payload import VERSION, dump_shipment, idempotency_key, load_shipment
from app.core.types import Shipment, ShipmentLine
from tests.builders import a_shipment

FULL = Shipment(
    order_ref="W-7 “Müller” 📦",
    tracking="1Z23966E0397467800",
    carrier="UPS",
    service="Ground",
    ship_date=date(2026, 11, 21),
    lines=(ShipmentLine("SKU=1,\n", Decimal("2")), ShipmentLine("B", Decimal("0.250"))),
    cost=Decimal("12.30"),
    source="worldship",
)

STORED = {
    1: [
        (
            '{"v":1,"order":"316132","tracking":"1Z23966E0397467800"}',
            Shipment("316132", "1Z23966E0397467800"),
        ),
        (
            '{"v":1,"order":"W-7 “Müller” 📦","tracking":"1Z23966E0397467800","carrier":"UPS",'
            '"service":"Ground","ship_date":"2026-11-21","items":[["SKU=1,\\n","2"],["B","0.250"]],'
            '"cost":"12.30","source":"worldship"}',
            FULL,
        ),
    ],
}
"""Samples as each version wrote them; never changed, only added to."""


def test_every_version_has_a_stored_sample() -> None:
    assert list(STORED) == list(range(1, VERSION + 1))


@pytest.mark.parametrize(("text", "shipment"), [s for group in STORED.values() for s in group])
def test_stored_sample_is_read(text: str, shipment: Shipment) -> None:
    assert load_shipment(text) == shipment


@pytest.mark.parametrize(("text", "shipment"), STORED[VERSION])
def test_newest_version_is_written_as_stored(text: str, shipment: Shipment) -> None:
    assert dump_shipment(shipment) == text


def test_quantities_and_cost_keep_their_digits() -> None:
    found = load_shipment(dump_shipment(FULL))
    assert [str(line.quantity) for line in found.lines] == ["2", "0.250"]
    assert str(found.cost) == "12.30"


def test_field_of_a_later_build_is_no_damage() -> None:
    assert load_shipment('{"v":1,"order":"7","tracking":"1","box":3}') == Shipment("7", "1")


def test_newer_version_is_refused_by_its_number() -> None:
    with pytest.raises(BugError) as caught:
        load_shipment(f'{{"v":{VERSION + 1},"order":"7","tracking":"1"}}')
    assert caught.value.code == "payload_newer"
    assert caught.value.params == {"version": VERSION + 1}


@pytest.mark.parametrize(
    "text",
    [
        "", "{", "[]", "null", "7", '{"order":"7","tracking":"1"}', '{"v":1,"tracking":"1"}',
        '{"v":"x","order":"7","tracking":"1"}', '{"v":1,"order":"7","tracking":"1","cost":"1.2.3"}',
        '{"v":1,"order":"7","tracking":"1","ship_date":"21.11.2026"}',
        '{"v":1,"order":"7","tracking":"1","items":[["A"]]}',
        '{"v":1,"order":"7","tracking":"1","items":[["A","many"]]}',
    ],
)  # fmt: skip
def test_damaged_text_is_named_as_such(text: str) -> None:
    with pytest.raises(BugError, match="payload_damaged"):
        load_shipment(text)


def key(shipment: Shipment, connection_id: int = 1, repeat: int = 0) -> str:
    return idempotency_key(connection_id, shipment.order_ref, shipment, repeat)


def test_same_parcel_from_two_sources_is_one() -> None:
    assert key(a_shipment()) == key(a_shipment(carrier="UPS", source="worldship"))


def test_target_order_number_and_repeat_tell_parcels_apart() -> None:
    keys = [
        key(a_shipment()),
        key(a_shipment(), connection_id=2),
        key(a_shipment(), repeat=1),
        key(a_shipment(order_ref="2")),
        key(a_shipment(tracking="2")),
        key(a_shipment(tracking="")),
    ]
    assert len(set(keys)) == len(keys)


def test_without_a_number_the_lines_and_the_date_tell() -> None:
    one, two = ShipmentLine("A", Decimal(1)), ShipmentLine("B", Decimal("2.0"))
    day = date(2026, 11, 21)
    sent = a_shipment(tracking="", lines=(one, two), ship_date=day)
    assert key(sent) != key(sent._replace(ship_date=date(2026, 11, 22)))
    assert key(sent) != key(sent._replace(lines=(one,)))
    assert key(sent) == key(sent._replace(lines=(two._replace(quantity=Decimal(2)), one)))
