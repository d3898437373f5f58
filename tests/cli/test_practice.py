"""`practice list|fault|act|clear`."""

import pytest

from app.services.practice import Practice
from tests.cli.console import ORDER, TRACKING, Console


def test_what_a_server_can_be_told_comes_from_the_server(backhaul: Console, shop: Practice) -> None:
    rows = backhaul.ok("practice", "list", "--json").rows
    assert list(rows[0]) == ["system", "type", "name", "text"]
    for system in ("printsmith", "magento"):
        state, own = shop.state(system), [row for row in rows if row["system"] == system]
        assert {row["name"] for row in own if row["type"] == "act"} == set(state["acts"])
        assert {row["name"] for row in own if row["type"] == "fault"} == set(state["kinds"])


def test_every_option_a_server_names_can_be_typed(backhaul: Console, shop: Practice) -> None:
    states = [shop.state(system) for system in ("printsmith", "magento")]
    texts = [
        text for state in states for part in ("acts", "kinds") for text in state[part].values()
    ]
    words = {word.strip("(),.:;") for text in texts for word in text.split()}
    helps = backhaul("practice", "act", "--help").out + backhaul("practice", "fault", "--help").out
    assert {word for word in words if word.startswith("--")} <= set(helps.replace("[", "").split())


def test_a_fault_hits_the_next_request_about_that_invoice(
    backhaul: Console, shop: Practice
) -> None:
    words = ("practice", "fault", "printsmith", "server_error", "--invoice", ORDER)
    assert backhaul.ok(*words).lines == ["printsmith: server_error, once"]
    text = backhaul.fails("ship", ORDER, TRACKING, "--wait", "1")
    assert "attempt 1 of 5" in text


def test_a_fault_lasts_until_cleared(backhaul: Console, shop: Practice) -> None:
    words = ("practice", "fault", "printsmith", "status", "--code", "500", "--times", "always")
    assert backhaul.ok(*words).lines == ["printsmith: status, until cleared"]
    assert shop.state("printsmith")["faults"][0]["times"] is None
    assert backhaul.ok("practice", "clear", "printsmith").out == (
        "printsmith: everything works again\n"
    )
    assert shop.state("printsmith")["faults"] == []


def test_acts_are_those_of_a_person_there(backhaul: Console, shop: Practice) -> None:
    backhaul.ok("practice", "act", "printsmith", "add_invoice", "--invoice", "77")
    backhaul.ok("practice", "act", "printsmith", "lock", "--invoice", "77", "--by", "BOB")
    backhaul.ok("practice", "act", "printsmith", "rights", "--can-save-invoice", "false")
    state = shop.state("printsmith")
    assert state["invoices"]["77"]["locked_by"] == "BOB"
    assert state["can_save_invoice"] is False


def test_an_order_is_typed_as_its_items(backhaul: Console, shop: Practice) -> None:
    words = ("practice", "act", "magento", "add_order", "--order", "7", "--items", "CARDS=2 PAPER")
    backhaul.ok(*words)
    (order,) = shop.state("magento")["orders"].values()
    assert [(row["sku"], row["qty_ordered"]) for row in order["items"]] == [
        ("CARDS", 2), ("PAPER", 1)
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (("fault", "nothing", "slow"), "“nothing” is no system Backhaul knows. There are: "),
        (("fault", "printsmith", "nonsense"), "The practice server did not take that: there is"),
        (("act", "printsmith", "nonsense"), "The practice server did not take that: there is no"),
        (("act", "printsmith", "lock", "--invoice", "1"), "The practice server did not take that:"),
    ],
)
def test_what_a_server_does_not_take(
    backhaul: Console, shop: Practice, words: tuple[str, ...], text: str
) -> None:
    assert backhaul.fails("practice", *words).startswith(text)


def test_without_a_server_it_says_how_to_start_one(backhaul: Console) -> None:
    text = "No practice server is running here. Start one with: backhaul practice"
    assert backhaul.fails("practice", "list") == text
    assert backhaul.fails("practice", "clear", "printsmith") == text


def test_servers_that_run_already_are_left_alone(backhaul: Console, shop: Practice) -> None:
    urls = f"{shop.url('printsmith')}, {shop.url('magento')}"
    said = backhaul.ok("practice")
    assert said.lines == [f"The practice servers are running already: {urls}"]
    assert shop.state("printsmith")["invoices"]
