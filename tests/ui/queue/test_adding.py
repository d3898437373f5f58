"""Add shipment: hints while typing, the cost where it is sent, several parcels at once."""

from decimal import Decimal

from PySide6.QtWidgets import QLineEdit

from app.core.payload import load_shipment
from app.core.types import Shipment
from app.ui.queue.many_form import ManyForm
from app.ui.queue.shipment_form import ShipmentForm
from app.ui.queue.view import ManagerPage
from tests.ui.desk import ACTOR, Desk, until
from tests.ui.queue.hands import named

GOOD, BAD, OTHER = "1Z999AA10123456784", "1Z23966E0397467800", "1Z12345E1512345676"


def form_of(page: ManagerPage) -> ShipmentForm:
    named(page, "Add shipment").click()
    (form,) = page.findChildren(ShipmentForm)
    return form


def edit(form: ShipmentForm, name: str) -> QLineEdit:
    return next(one for one in form.findChildren(QLineEdit) if one.accessibleName() == name)


def shipments(desk: Desk) -> list[Shipment]:
    return [load_shipment(row.job.payload) for row in reversed(desk.program.queue.rows())]


def test_the_carrier_is_what_the_number_says(desk: Desk) -> None:
    page = desk.page()
    form = form_of(page)
    edit(form, "Order or invoice").setText("316132")
    edit(form, "Tracking number").setText("1Z999AAIO123456784")
    named(form, f"Use {GOOD}").click()
    assert form._hint.text == "UPS, Next Day Air"
    named(form, "Add").click()
    until(lambda: page.toast.text == "316132 queued")
    assert shipments(desk) == [Shipment("316132", GOOD, "UPS")]


def test_a_name_that_is_not_known_is_kept(desk: Desk) -> None:
    page = desk.page()
    form = form_of(page)
    edit(form, "Order or invoice").setText("316132")
    edit(form, "Tracking number").setText("EMMA77")
    edit(form, "Carrier").setText("Tante Emma")
    named(form, "Add").click()
    until(lambda: page.toast.text == "316132 queued")
    assert shipments(desk) == [Shipment("316132", "EMMA77", "Tante Emma")]


def test_the_cost_is_asked_for_only_where_it_is_sent(desk: Desk) -> None:
    settings = {"base_url": "http://127.0.0.1:9", "write_cost": "on"}
    desk.program.connections.add("printsmith", "With cost", settings, actor=ACTOR)
    page = desk.page()
    form = form_of(page)
    cost = edit(form, "Shipping cost")
    for name, is_there in (("Front desk", False), ("With cost", True)):
        form._connections.setCurrentIndex(form._connections.findText(name))
        assert cost.isVisible() is is_there
    edit(form, "Order or invoice").setText("316132")
    edit(form, "Tracking number").setText(GOOD)
    cost.setText("8,40")
    named(form, "Add").click()
    until(lambda: page.toast.text == "316132 queued")
    assert shipments(desk) == [Shipment("316132", GOOD, "UPS", cost=Decimal("8.40"))]


def test_several_parcels_show_what_each_would_do(desk: Desk) -> None:
    desk.program.write_back.enter(1, [Shipment("316100", GOOD)], actor=ACTOR)
    page = desk.page()
    named(form_of(page), "Paste several parcels…").click()
    (form,) = page.findChildren(ManyForm)
    lines = (f"316100\t{GOOD}", f"316101\t{OTHER}", f"316102\t{BAD}", f"316101 {OTHER}", "316103")
    form.text.setPlainText("\n".join(lines))
    assert not form._confirm.isEnabled(), "its count is of another text"
    until(form._confirm.isEnabled)
    assert form._confirm.text() == "Add 2 parcels, leave 3 out"
    fates = [form.table.item(row, 2).text() for row in range(5)]
    assert fates[0].startswith("Known already, entered ")
    assert fates[1:4] == [
        "New, UPS",
        "New; check digit does not fit: compare it with the label",
        "Stands above already: nothing is added",
    ]
    assert fates[4].startswith("Left out: An order and a tracking number are needed")
    form._confirm.click()
    until(lambda: page.toast.text == "2 rows queued")
    assert [one.order_ref for one in shipments(desk)] == ["316100", "316101", "316102"]
    assert form.text.toPlainText() == "316103", "what is to be mended stays"
    form.reject()
