"""What the shop refuses: closed, locked or changed invoices, charges, rights."""

import pytest

from app.core.clock import from_ms
from app.core.errors import (
    CredentialsRejected,
    NotFound,
    PermissionMissing,
    RecordClosed,
    RecordLocked,
    Rejected,
    SetupChanged,
)
from app.core.words import Catalogue
from app.integrations.printsmith import KIND
from app.practice.printsmith import PracticePrintSmith
from tests.fakes.clock import FakeClock
from tests.integrations.contract import REQUEST_ID
from tests.integrations.printsmith.conftest import INVOICE, Connect
from tests.integrations.printsmith.writing import NUMBER, a_shipment, error_of, methods


def test_open_at_another_desk_is_seen_without_writing(
    shop: PracticePrintSmith, connect: Connect, clock: FakeClock
) -> None:
    shop.lock(INVOICE, by="MARY")
    opened_at = f"{from_ms(clock.now_ms()).astimezone():%H:%M}"
    error = error_of(connect, RecordLocked)
    assert (error.code, error.params) == ("ps_locked", {"held_by": "MARY", "since": opened_at})
    assert methods(shop) == ["GET"]
    shop.unlock(INVOICE)
    connect().write(a_shipment(), REQUEST_ID)


def test_opened_between_look_and_write(shop: PracticePrintSmith, connect: Connect) -> None:
    detail = {"locked_by": "MARY", "locked_since": "10:02"}
    body = {"code": "locked", "message": "Open", "detail": detail}
    shop.fault("status", method="PUT", code=423, body=body)
    error = error_of(connect, RecordLocked)
    assert error.params == {"held_by": "MARY", "since": "10:02"}
    assert methods(shop) == ["GET", "PUT"]


def test_a_changed_invoice_is_merged_again_in_the_same_run(
    shop: PracticePrintSmith, connect: Connect
) -> None:
    shop.fault("edited_meanwhile", times=2, method="PUT")
    connect().write(a_shipment(), REQUEST_ID)
    assert methods(shop) == ["GET", "PUT"] * 3 + ["GET"]
    assert shop.notes(INVOICE) == NUMBER


def test_an_invoice_that_keeps_changing_waits(shop: PracticePrintSmith, connect: Connect) -> None:
    shop.fault("edited_meanwhile", times=None, method="PUT")
    with pytest.raises(RecordLocked) as caught:
        connect().write(a_shipment(), REQUEST_ID)
    assert caught.value.code == "ps_revision_changed"
    assert methods(shop) == ["GET", "PUT"] * 3


@pytest.mark.parametrize(
    ("act", "code"), [("pick_up", "ps_picked_up"), ("void", "ps_voided"), ("delete", "ps_deleted")]
)
def test_a_closed_invoice_is_never_written_to(
    shop: PracticePrintSmith, connect: Connect, act: str, code: str
) -> None:
    getattr(shop, act)(INVOICE)
    assert error_of(connect, RecordClosed).code == code
    assert methods(shop) == ["GET"]


def test_an_estimate_is_refused(shop: PracticePrintSmith, connect: Connect) -> None:
    shop.estimate(INVOICE)
    assert error_of(connect, Rejected).code == "ps_estimate"


def test_an_unknown_invoice(connect: Connect) -> None:
    adapter, shipment = connect(), a_shipment(order="1")
    with pytest.raises(NotFound) as caught:
        adapter.write(shipment, REQUEST_ID)
    assert caught.value.params["order"] == "1"
    with pytest.raises(NotFound):
        adapter.look(shipment, REQUEST_ID)


def test_a_renamed_charge_is_named_and_looked_for_again(
    shop: PracticePrintSmith, connect: Connect
) -> None:
    shop.rename_charge("Shipleap Tracking")
    adapter = connect()
    with pytest.raises(SetupChanged) as caught:
        adapter.write(a_shipment(), REQUEST_ID)
    said = Catalogue(KIND.sentences).say(caught.value.code, caught.value.params)
    assert "“ShipLeap Tracking”" in said.summary
    assert "capitals" in said.hint
    assert caught.value.looks_again
    with pytest.raises(SetupChanged):
        list(connect().check())  # another adapter of the same connection
    shop.rename_charge("ShipLeap Tracking", old="Shipleap Tracking")
    assert "The charge is on invoice" in list(adapter.check())[-1].title


def test_a_missing_charge_whose_invoice_is_gone_stops_nobody(
    shop: PracticePrintSmith, connect: Connect
) -> None:
    shop.rename_charge("x")
    adapter = connect()
    with pytest.raises(SetupChanged):
        adapter.write(a_shipment(), REQUEST_ID)
    shop.fault("status", times=1, path="/invoices/", code=404, body={"code": "invoice_not_found"})
    assert list(adapter.check())[-1].passed is None


def test_notes_that_cannot_be_edited(shop: PracticePrintSmith, connect: Connect) -> None:
    shop.editable(notes=False)
    error = error_of(connect, SetupChanged)
    assert (error.code, error.params["field"]) == ("ps_field_fixed", "notes")
    assert methods(shop) == ["GET"]


def test_notes_that_would_be_too_long_are_there_to_copy(
    shop: PracticePrintSmith, connect: Connect
) -> None:
    shop.type_note(INVOICE, "x" * 240)
    error = error_of(connect, Rejected)
    assert error.params["text"] == f"{'x' * 240}\n{NUMBER}"
    assert methods(shop) == ["GET"]
    assert error_of(connect, Rejected, notes_max="1000").code == "ps_notes_too_long"
    assert methods(shop)[-1] == "PUT"


def test_a_refused_token_is_asked_for_again(shop: PracticePrintSmith, connect: Connect) -> None:
    shop.fault("unauthorized")
    adapter = connect()
    with pytest.raises(CredentialsRejected):
        adapter.write(a_shipment(), REQUEST_ID)
    adapter.write(a_shipment(), REQUEST_ID)


def test_a_missing_right_names_both_rights(shop: PracticePrintSmith, connect: Connect) -> None:
    shop.rights(can_see_locks=False)
    assert error_of(connect, PermissionMissing).code == "ps_no_permission"
    shop.rights(can_save_invoice=False)
    error = error_of(connect, PermissionMissing)
    hint = Catalogue(KIND.sentences).say(error.code, error.params).hint
    assert "open and save invoices" in hint
    assert "ADMIN / SYSTEM MONITOR" in hint
    assert not methods(shop)
    assert error_of(connect, PermissionMissing, min_free_sessions="0").code == error.code
    assert methods(shop) == ["GET", "PUT"]
