"""Invoices as the wire has them, and which of them take a number."""

from typing import Any

import pytest

from app.core.errors import (
    BackhaulError,
    NotFound,
    OutcomeUnknown,
    RecordClosed,
    RecordLocked,
    Rejected,
    SetupChanged,
    TransientError,
)
from app.integrations.printsmith.client import Charge, Invoice, decode
from app.integrations.printsmith.mapping import (
    find_charge,
    refuse_kind,
    refuse_state,
    writable_charge,
)
from app.integrations.printsmith.words import SENTENCES
from tests.integrations.printsmith.answers import CHARGE, NOW, an_answer


def a_charge(**changes: Any) -> Charge:
    fields: dict[str, Any] = {
        "name": CHARGE,
        "notes": "",
        "notes_editable": True,
        "price_editable": True,
    }
    return Charge(**(fields | changes))


def an_invoice(**changes: Any) -> Invoice:
    fields: dict[str, Any] = {
        "invoice": "316132",
        "kind": "invoice",
        "state": "pending",
        "revision": "17",
    }
    return Invoice(**(fields | {"charges": [a_charge()]} | changes))


@pytest.mark.parametrize(
    ("changes", "error", "code"),
    [
        ({"kind": "estimate"}, Rejected, "ps_estimate"),
        ({"kind": "estimate", "state": "voided"}, Rejected, "ps_estimate"),
        ({"kind": "order"}, Rejected, "ps_no_invoice"),
        ({"state": "not_found"}, NotFound, "ps_invoice_not_found"),
        ({"state": "voided"}, RecordClosed, "ps_voided"),
        ({"state": "deleted"}, RecordClosed, "ps_deleted"),
        ({"state": "picked_up"}, RecordClosed, "ps_picked_up"),
        ({"picked_up_at": "2026-07-01"}, RecordClosed, "ps_picked_up"),
        ({"locked_by": "MARY"}, RecordLocked, "ps_locked"),
        ({"locked_by": "MARY", "state": "picked_up"}, RecordClosed, "ps_picked_up"),
    ],
)
def test_states_that_take_no_number(
    changes: dict[str, Any], error: type[BackhaulError], code: str
) -> None:
    invoice = an_invoice(**changes)

    def refuse() -> None:
        refuse_kind(invoice)
        refuse_state(invoice, NOW)

    with pytest.raises(error, match=code):
        refuse()


@pytest.mark.parametrize(
    ("since", "shown"),
    [("2026-07-29T12:02:00-04:00", "16:02"), ("10:02", "10:02"), (None, "")],
)
def test_an_open_invoice_says_since_when(since: str | None, shown: str) -> None:
    with pytest.raises(RecordLocked) as caught:
        refuse_state(an_invoice(locked_by="MARY", locked_since=since), NOW)
    assert caught.value.params == {"held_by": "MARY", "since": shown}


@pytest.mark.parametrize("state", ["pending", "ready", "other", "new in version 9"])
def test_states_that_take_a_number(state: str) -> None:
    invoice = an_invoice(state=state, picked_up_at=" ", locked_by="")
    refuse_kind(invoice)
    refuse_state(invoice, NOW)


@pytest.mark.parametrize("name", ["Shipleap Tracking", "ShipLeap Tracking ", "ShipLeap  Tracking"])
def test_the_charge_is_found_by_its_exact_name_only(name: str) -> None:
    invoice = an_invoice(charges=[a_charge(name=name)])
    assert find_charge(invoice, CHARGE) is None
    with pytest.raises(SetupChanged) as caught:
        writable_charge(invoice, CHARGE)
    assert caught.value.params == {"charge": CHARGE}


def test_notes_that_cannot_be_changed_name_the_field() -> None:
    with pytest.raises(SetupChanged) as caught:
        writable_charge(an_invoice(charges=[a_charge(notes_editable=False)]), CHARGE)
    assert caught.value.params["field"] == "notes"


PLAIN = {
    "invoice": "316132",
    "kind": "invoice",
    "state": "pending",
    "revision": "17",
    "charges": [],
}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"revision": 17}, "revision"),
        ({"charges": {}}, "charges"),
        ({"charges": [{"name": CHARGE, "notes": 5}]}, "charges[0].notes"),
        ({"charges": [{"name": CHARGE, "notes": ""}]}, "notes_editable"),
        ({"locked_by": True}, "locked_by"),
        ({"state": None}, "state"),
    ],
)
def test_a_field_that_drifted_is_named(changes: dict[str, Any], field: str) -> None:
    with pytest.raises(TransientError) as caught:
        decode(an_answer(200, PLAIN | changes), Invoice)
    assert caught.value.code == "ps_drift"
    assert field.rpartition(".")[2] in str(caught.value.params["problem"])


def test_keys_nobody_agreed_on_are_ignored_and_optional_ones_may_be_absent() -> None:
    invoice = decode(an_answer(200, PLAIN | {"colour": "blue"}), Invoice)
    assert (invoice.locked_by, invoice.picked_up_at) == (None, None)


@pytest.mark.parametrize("body", [b"", b"<html>sign in", b"[]", b'{"notes":"\\ud800"}', b"\xff"])
def test_an_answer_that_cannot_be_read(body: bytes) -> None:
    with pytest.raises(TransientError) as caught:
        decode(an_answer(200, body), Invoice)
    assert not isinstance(caught.value, OutcomeUnknown)
    with pytest.raises(OutcomeUnknown):
        decode(an_answer(200, body), Charge, write=True)


def test_every_code_has_its_words() -> None:
    assert all(code.startswith("ps_") for code in SENTENCES)
    assert all(sentence.summary for sentence in SENTENCES.values())
