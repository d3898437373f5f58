"""Edit and retry: every fact of a shipment can be corrected, and nonsense is not taken."""

from datetime import date
from decimal import Decimal

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QLineEdit

from app.core.errors import UsageError
from app.core.payload import load_shipment
from app.core.states import JobState
from app.core.types import Shipment, ShipmentLine
from app.ui.queue.choice import of_line
from app.ui.queue.deeds import Act
from app.ui.queue.shipment_form import ShipmentForm
from app.ui.queue.typed import read_cost, read_date, read_lines
from app.ui.queue.view import ManagerPage
from tests.builders import LEASE, PERSON_DECIDES
from tests.ui.desk import ACTOR, Desk, until
from tests.ui.queue.hands import named

LINES = (ShipmentLine("Cards", Decimal(2)), ShipmentLine("Poster", Decimal("1.5")))
KNOWN = Shipment("316132", "1Z23966E0397467800", "UPS", "Ground", date(2026, 9, 20), LINES)


def failed(desk: Desk, shipment: Shipment = KNOWN) -> ManagerPage:
    """One row that needs a person, and the form over it."""
    (entered,) = desk.program.write_back.enter(1, [shipment], actor=ACTOR)
    desk.finish(entered.job_id, JobState.FAILED)
    page = desk.page()
    line = page.model.line(0)
    assert line is not None
    page.chosen.act(Act.EDIT, of_line(line))
    return page


def fields(page: ManagerPage) -> dict[str, QLineEdit]:
    (form,) = page.findChildren(ShipmentForm)
    return {one.accessibleName(): one for one in form.findChildren(QLineEdit) if one.isVisible()}


def test_every_fact_can_be_corrected(desk: Desk) -> None:
    page = failed(desk)
    typed = {
        "Order or invoice": "316139", "Tracking number": "1z 23966e 0397467801",
        "Carrier": "DHL", "Service": "Express", "Ship date": "2026-09-21",
        "Quantity of Cards": "3", "Quantity of Poster": "0",
    }  # fmt: skip
    assert set(fields(page)) == set(typed)
    for name, text in typed.items():
        fields(page)[name].setText(text)
    named(page, "Retry").click()
    until(lambda: page.toast.text == "Corrected invoice 316132; trying it again")
    (row,) = desk.program.queue.rows()
    after = (ShipmentLine("Cards", Decimal(3)),)
    assert load_shipment(row.job.payload) == Shipment(
        "316139", "1Z23966E0397467801", "DHL", "Express", date(2026, 9, 21), after
    )
    story = desk.program.queue.timeline(row.job)[-1][1]
    assert "lines 2 Cards, 1.5 Poster → 3 Cards" in story
    assert "ship date 2026-09-20 → 2026-09-21" in story


def test_what_is_not_touched_stays_as_it_is(desk: Desk) -> None:
    page = failed(desk, KNOWN._replace(tracking="", cost=Decimal("4.20"), source="file"))
    fields(page)["Service"].setText("Air")
    named(page, "Retry").click()
    until(lambda: page.toast.text.startswith("Corrected"))
    (row,) = desk.program.queue.rows()
    assert load_shipment(row.job.payload) == KNOWN._replace(
        tracking="", cost=Decimal("4.20"), source="file", service="Air"
    )


@pytest.mark.parametrize(
    ("field", "text", "said"),
    [
        ("Order or invoice", " ", "There is no order number"),
        ("Tracking number", "1Z/?", "characters that no tracking number has"),
        ("Ship date", "soon", "Ship date: “soon” cannot be used"),
        ("Quantity of Cards", "-1", "Quantity of Cards: “-1” cannot be used"),
        ("Quantity of Poster", "x", "Quantity of Poster: “x” cannot be used"),
    ],
)
def test_what_is_wrong_is_said_and_marked(desk: Desk, field: str, text: str, said: str) -> None:
    page = failed(desk)
    fields(page)[field].setText(text)
    named(page, "Retry").click()
    (form,) = page.findChildren(ShipmentForm)
    assert any(said in one.text() for one in form.findChildren(QLabel))
    assert [name for name, one in fields(page).items() if one.property("bad")] == [field]
    assert [row.job.state for row in desk.program.queue.rows()] == [JobState.FAILED]
    form.reject()


def test_many_lines_scroll(desk: Desk) -> None:
    lines = tuple(ShipmentLine(f"Item {number}", Decimal(1)) for number in range(30))
    page = failed(desk, KNOWN._replace(lines=lines))
    assert len(fields(page)) == 5 + 30
    (form,) = page.findChildren(ShipmentForm)
    assert form.height() < 600
    form.reject()


def test_a_cost_that_the_row_has_can_be_corrected(desk: Desk) -> None:
    page = failed(desk, KNOWN._replace(cost=Decimal("8.40")))
    assert fields(page)["Shipping cost"].text() == "8.40"
    fields(page)["Shipping cost"].setText("9,10")
    named(page, "Retry").click()
    until(lambda: page.toast.text.startswith("Corrected"))
    (row,) = desk.program.queue.rows()
    assert load_shipment(row.job.payload) == KNOWN._replace(cost=Decimal("9.10"))


@pytest.mark.parametrize("text", ["-1", "x", "NaN", "1e9"])
def test_what_is_no_amount_is_refused(text: str) -> None:
    with pytest.raises(UsageError):
        read_cost(text)
    assert read_cost("") is None


def test_a_carrier_by_its_code_is_shown_by_its_name_and_kept(desk: Desk) -> None:
    page = failed(desk, KNOWN._replace(carrier="fedexgnd-econ"))
    assert fields(page)["Carrier"].text() == "FedEx Ground Economy"
    fields(page)["Service"].setText("Air")
    named(page, "Retry").click()
    until(lambda: page.toast.text.startswith("Corrected"))
    (row,) = desk.program.queue.rows()
    assert load_shipment(row.job.payload).carrier == "fedexgnd-econ"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", None),
        ("2026-11-21", date(2026, 11, 21)),
    ],
)
def test_dates(text: str, found: date | None) -> None:
    assert read_date(text) == found


def test_a_parcel_without_pieces_is_refused() -> None:
    with pytest.raises(UsageError):
        read_lines(LINES, ("0", "0"))
    assert read_lines(LINES, ("1,5", "2"))[0].quantity == Decimal("1.5")
    assert read_lines((), ()) == ()


def test_a_row_that_a_person_must_decide_is_not_called_being_sent(desk: Desk) -> None:
    (job_id,) = desk.enter("316132")
    job = desk.outbox.claim(1, LEASE)
    assert job is not None
    now = desk.clock.now_ms()
    desk.outbox.record(job, PERSON_DECIDES, LEASE, started_at=now, claim_next=False)
    page = desk.page()
    page.acts.park([job_id], "invoice 316132")
    until(lambda: page.toast.isVisible())
    assert page.toast._text.accessibleName() == (
        "Not done. Nobody knows yet whether it arrived. Look there first. Then choose Done by "
        "hand if it is there, or Retry to send it again"
    )
    line = page.model.line(0)
    assert line is not None
    choice = of_line(line)
    assert [act for act in Act if choice.count_for(act)] == [
        Act.DETAILS, Act.RETRY, Act.DONE, Act.COPY, Act.COPY_MORE, Act.REMOVE,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("state", "key", "said"),
    [
        (JobState.IN_FLIGHT, Qt.Key.Key_P, "Invoice 316132 cannot be parked as it stands"),
        (JobState.PARKED, Qt.Key.Key_B, "Invoice 316132 cannot be put back as it stands"),
    ],
)
def test_a_key_that_can_do_nothing_says_so(
    desk: Desk, state: JobState, key: Qt.Key, said: str
) -> None:
    desk.put(state, "316132")
    page = desk.page()
    page.table.go_to(0)
    QTest.keyClick(page.table, key, Qt.KeyboardModifier.ControlModifier)
    until(lambda: page.toast.text == said)
