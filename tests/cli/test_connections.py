"""`connection list|show|add|edit|remove|test|pause|resume`."""

import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from app.core.errors import SecretUnavailable, SetupChanged
from app.integrations.registry import KINDS
from app.services.connections import ConnectionService
from app.services.practice import Practice
from tests.builders import a_store
from tests.cli.console import ORDER, TRACKING, Console, Desk

ADD = ("connection", "add", "printsmith", "--name", "Shop", "--set", "base_url=https://x.example")
STATUS_KEYS = [
    "connection", "kind", "practice", "state", "text", "hint", "waiting", "needs_you", "oldest_s",
    "last_success", "backlog",
]  # fmt: skip


def test_what_can_be_connected_is_listed(backhaul: Console) -> None:
    lines = backhaul.ok("connection", "add", "--list").lines
    assert lines[1:] == ["magento     Magento", "printsmith  PrintSmith Vision"]
    rows = backhaul.ok("connection", "add", "--list", "--json").rows
    assert {"kind": "printsmith", "title": "PrintSmith Vision"} in rows


def test_what_only_goes_with_another_setting_is_said(backhaul: Console) -> None:
    text = backhaul.ok("connection", "add", "magento", "--help-settings").out
    assert "only with sign_in=admin" in text
    assert (
        "Asked for, only with sign_in=integration, never typed into the command: Consumer" in text
    )


def test_only_the_secrets_of_the_chosen_way_to_sign_in_are_asked_for(backhaul: Console) -> None:
    address = ("--set", "base_url=https://shop.example.com")
    keys = backhaul.ok("connection", "add", "magento", "--name", "Shop", *address).out
    assert "Consumer key: not entered yet" in keys
    assert "Password of the admin user" not in keys
    admin = ("--set", "sign_in=admin", "--set", "admin_user=backhaul")
    password = backhaul.ok("connection", "add", "magento", "--name", "B", *address, *admin).out
    assert "Password of the admin user: not entered yet" in password
    assert "Consumer key" not in password


def test_every_setting_is_explained(backhaul: Console) -> None:
    text = backhaul.ok("connection", "add", "printsmith", "--help-settings").out
    for field in KINDS["printsmith"].settings:
        assert f"  {field.name}: {field.label} (" in text
        assert field.help in text
    rows = backhaul.ok("connection", "add", "printsmith", "--help-settings", "--json").rows
    assert list(rows[0]) == ["name", "label", "default", "choices", "help", "only_with"]


def test_adding_says_what_is_not_known_and_how_to_give_the_token(backhaul: Console) -> None:
    said = backhaul.ok(*ADD)
    assert said.lines[0] == "Connected: Shop"
    for caveat in KINDS["printsmith"].caveats:
        assert f"  Note: {caveat}" in said.lines
    assert said.lines[-1].startswith("Token: not entered yet. Set BACKHAUL_SECRET_SHOP_TOKEN in ")


def test_a_token_from_the_environment_is_not_stored(
    backhaul: Console, monkeypatch: pytest.MonkeyPatch, folder: Path
) -> None:
    monkeypatch.setitem(os.environ, "BACKHAUL_SECRET_SHOP_TOKEN", "hunter2-hunter2")
    said = backhaul.ok(*ADD)
    assert "taken from BACKHAUL_SECRET_SHOP_TOKEN whenever it is needed" in said.lines[-1]
    assert "hunter2" not in said.out
    assert all(b"hunter2" not in path.read_bytes() for path in folder.rglob("*") if path.is_file())


@pytest.fixture
def typing(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """A person at a terminal who types this when asked for a secret."""

    def types(secret: str) -> None:
        monkeypatch.setattr(sys.stdin, "isatty", lambda: True, raising=False)
        monkeypatch.setattr("getpass.getpass", lambda prompt: secret)

    return types


def test_a_typed_token_goes_to_the_password_store(
    backhaul: Console, typing: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = []
    monkeypatch.setattr(ConnectionService, "set_secret", lambda self, *given: kept.append(given))
    typing("hunter2-hunter2")
    said = backhaul.ok(*ADD)
    assert said.lines[-1] == "Token: kept in the password store of this computer"
    assert [(c.name, field.name, value) for c, field, value in kept] == [
        ("Shop", "token", "hunter2-hunter2")
    ]
    typing("")
    said = backhaul.ok("connection", "edit", "Shop", "--secrets")
    assert said.lines == ["Token: left as it was"]


def test_a_token_that_cannot_be_kept_says_what_to_do(
    backhaul: Console, typing: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise SecretUnavailable("keyring_none", variable="BACKHAUL_SECRET_SHOP_TOKEN")

    monkeypatch.setattr(ConnectionService, "set_secret", refuse)
    typing("hunter2-hunter2")
    assert backhaul.fails(*ADD) == (
        "Token: not kept. This computer has no password store that Backhaul can use. "
        "Set BACKHAUL_SECRET_SHOP_TOKEN in the environment of the program, or sign in to a "
        "desktop with one."
    )
    assert backhaul.ok("connection", "list", "--json").rows[0]["connection"] == "Shop"


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (("add", "nothing", "--name", "M"), "“nothing” is no system Backhaul knows. There are: "),
        (("add", "printsmith", "--name", "S"), "The setting “base_url” is missing. Add --set "),
        (
            ("add", "printsmith", "--name", "S", "--set", "base_url=https://x", "--set", "color=1"),
            "“color” is no setting of PrintSmith Vision. There are: base_url, ",
        ),
        (
            ("add", "printsmith", "--name", "S", "--set", "base_url=x"),
            "base_url: “x” cannot be used. ",
        ),
        (("add", "printsmith", "--name", "S", "--practice"), "No practice server is running here."),
        (("show", "Nowhere"), "There is no connection “Nowhere”. List them with: "),
        (("edit", "Nowhere", "--name", "S"), "There is no connection “Nowhere”. "),
        (("remove", "Nowhere"), "There is no connection “Nowhere”. "),
        (("test", "Nowhere"), "There is no connection “Nowhere”. "),
        (("pause", "Nowhere"), "There is no connection “Nowhere”. "),
        (("resume", "Nowhere"), "There is no connection “Nowhere”. "),
    ],
)
def test_what_is_wrong_is_named(backhaul: Console, words: tuple[str, ...], text: str) -> None:
    assert backhaul.fails("connection", *words).startswith(text)


@pytest.mark.parametrize(
    "words",
    [("add",), ("add", "printsmith"), ("edit", "Front desk"), ("test", "Front desk", "--contract")],
)
def test_wrong_usage(backhaul: Console, desk: Desk, words: tuple[str, ...]) -> None:
    said = backhaul("connection", *words)
    assert said.code == 2
    assert "usage: backhaul connection" in said.err


def test_a_name_is_taken_whatever_its_capitals(backhaul: Console, desk: Desk) -> None:
    words = list(ADD)
    words[4] = "front DESK"
    assert backhaul.fails(*words) == "There is already a connection “Front desk”."


def test_a_practice_connection_needs_nothing_typed(backhaul: Console, shop: Practice) -> None:
    said = backhaul.ok("connection", "add", "printsmith", "--name", "Second", "--practice")
    assert said.lines == ["Connected: Second (practice)"]
    backhaul.ok("connection", "test", "second")


def test_the_list_and_its_keys(backhaul: Console, desk: Desk) -> None:
    desk.enter()
    line = backhaul.ok("connection", "list").lines[1]
    assert "PrintSmith Vision (practice)" in line
    assert "Nothing was written back yet" in line
    (row,) = backhaul.ok("connection", "list", "--json").rows
    assert list(row) == STATUS_KEYS
    assert row["waiting"] == 1


def test_show_marks_what_is_default(backhaul: Console, desk: Desk) -> None:
    said = backhaul.ok("connection", "show", "front desk")
    assert "    base_url = http://127.0.0.1:9" in said.lines
    assert "    charge_name = ShipLeap Tracking (default)" in said.lines
    (row,) = backhaul.ok("connection", "show", "front desk", "--json").rows
    assert row["settings"]["charge_name"] == "ShipLeap Tracking"


def test_edit_changes_name_and_settings(backhaul: Console, desk: Desk) -> None:
    words = ("--name", "Counter", "--set", "charge_name=Tracking")
    assert backhaul.ok("connection", "edit", "Front desk", *words).lines == ["Counter: changed"]
    (row,) = backhaul.ok("connection", "show", "Counter", "--json").rows
    assert row["settings"]["charge_name"] == "Tracking"
    assert row["settings"]["base_url"] == "http://127.0.0.1:9"


def test_rows_that_wait_keep_a_connection_from_being_removed(backhaul: Console, desk: Desk) -> None:
    desk.enter()
    text = backhaul.fails("connection", "remove", "Front desk")
    assert "Add --discard-rows" in text
    said = backhaul.ok("connection", "remove", "Front desk", "--discard-rows")
    assert said.lines == ["Front desk: removed. Waiting rows removed with it: 1"]
    assert backhaul.ok("connection", "list", "--json").rows == []


def test_pause_and_resume(backhaul: Console, desk: Desk) -> None:
    desk.enter()
    said = backhaul.ok("connection", "pause", "Front desk", "--for", "30m")
    assert said.lines == ["Front desk: paused for 30 min"]
    (row,) = backhaul.ok("queue", "list", "--json").rows
    assert row["text"].startswith("Waiting: the connection is paused until ")
    said = backhaul.ok("connection", "pause", "Front desk")
    assert said.lines == ["Front desk: paused until you resume it"]
    backhaul.ok("connection", "resume", "Front desk")
    (row,) = backhaul.ok("connection", "list", "--json").rows
    assert row["state"] == "never used"


def test_a_test_is_one_line_per_step(backhaul: Console, shop: Practice) -> None:
    said = backhaul.ok("connection", "test", "Front desk")
    assert said.lines[0].startswith("ok           The connector answers: PrintSmith Vision")
    rows = backhaul.ok("connection", "test", "Front desk", "--json").rows
    assert list(rows[0]) == ["line", "result", "text"]
    assert {row["result"] for row in rows} <= {"ok", "not checked"}


def test_a_line_that_fails_is_shown_and_ends_with_1(backhaul: Console, shop: Practice) -> None:
    shop.act("printsmith", "rights", can_save_invoice=False)
    said = backhaul("connection", "test", "Front desk")
    assert said.code == 1
    assert any(line.startswith("FAILED       May save invoices: Give") for line in said.lines)
    assert said.err == "Front desk: 1 of 5 lines failed\n"


def test_a_connector_that_does_not_answer_is_said_in_words(backhaul: Console, desk: Desk) -> None:
    said = backhaul("connection", "test", "Front desk")
    assert said.code == 1
    assert said.lines[0].startswith(
        "FAILED       The test ended here: 127.0.0.1:9 does not answer."
    )


def test_a_stopped_connection_that_passes_says_how_to_go_on(
    backhaul: Console, shop: Practice, folder: Path
) -> None:
    store = a_store(folder, connections=0)
    store.connections.block(1, SetupChanged("ps_charge_missing", charge="Tracking"))
    store.database.close_thread()
    said = backhaul("connection", "test", "Front desk")
    assert said.code == 0
    assert said.err.endswith("Let it go on: backhaul connection resume 'Front desk'\n")


def test_a_connector_is_checked_against_the_contract(backhaul: Console, shop: Practice) -> None:
    words = ("connection", "test", "Front desk", "--contract", "--invoice", ORDER)
    said = backhaul.ok(*words)
    assert len(said.lines) > 10
    assert {line[:11].strip() for line in said.lines} == {"ok", "not checked"}
    held = shop.state("printsmith")["invoices"][ORDER]["charges"][0]["notes"]
    assert TRACKING not in held
