"""`practice list|fault|act|clear`."""

import pytest

from app.services.practice import Practice
from tests.cli.console import ORDER, TRACKING, Console


def test_what_a_server_can_be_told_comes_from_the_server(backhaul: Console, shop: Practice) -> None:
    state = shop.state("printsmith")
    rows = backhaul.ok("practice", "list", "--json").rows
    assert list(rows[0]) == ["system", "type", "name", "text"]
    assert {row["name"] for row in rows if row["type"] == "act"} == set(state["acts"])
    assert {row["name"] for row in rows if row["type"] == "fault"} == set(state["kinds"])


def test_every_option_a_server_names_can_be_typed(backhaul: Console, shop: Practice) -> None:
    texts = {**shop.state("printsmith")["acts"], **shop.state("printsmith")["kinds"]}
    words = {word.strip("(),.") for text in texts.values() for word in text.split()}
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


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (("fault", "magento", "slow"), "“magento” is no system Backhaul knows. There are: "),
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
    url = shop.url("printsmith")
    said = backhaul.ok("practice")
    assert said.lines == [f"The practice servers are running already: {url}"]
    assert shop.state("printsmith")["invoices"]
