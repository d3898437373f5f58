"""Hosting and commanding a practice server, and what outlives its process."""

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

from app.practice.faults import KINDS
from app.practice.printsmith import ACTS, CHARGE, PracticePrintSmith
from tests.bridge import INVOICE, NUMBER, TOKEN
from tests.openapi import ROOT
from tests.practice.conftest import KEY, Caller, a_shop, port_of

# Commands


@pytest.mark.parametrize("key", ["", "wrong", f"{KEY}x", TOKEN])
@pytest.mark.parametrize("what", ["state", "act", "nothing"])
def test_wrong_key(shop: PracticePrintSmith, caller: Caller, key: str, what: str) -> None:
    options = None if what == "state" else {"act": "void", "invoice": INVOICE}
    answer = caller.command(what, options, key)
    assert answer.status == 403
    assert caller.document()["state"] == "pending"


@pytest.mark.parametrize(
    ("what", "options", "said"),
    [
        ("act", {"act": "burn"}, f"there is no act “burn”; there are: {', '.join(ACTS)}"),
        ("act", {}, f"there is no act “”; there are: {', '.join(ACTS)}"),
        ("act", {"act": "stop"}, "there is no act “stop”; there are: "),
        ("fault", {"kind": "flood"}, f"there is no fault “flood”; there are: {', '.join(KINDS)}"),
        ("fault", {"kind": "slow", "self": 1}, "a fault has no option “self”; there are: times, "),
        ("burn", {}, "there is no command “burn”; there are: state, fault, act, clear"),
        ("act", {"act": "lock"}, "the act “lock” takes: invoice (needed), by"),
        ("act", {"act": "lock", "invoice": INVOICE, "who": "x"}, "the act “lock” takes: invoice"),
        ("act", {"act": "lock", "invoice": "7"}, "there is no invoice 7 here"),
        ("act", {"act": "lock", "invoice": INVOICE, "by": ""}, "say who opens the invoice"),
        ("act", {"act": "add_invoice"}, "the act “add_invoice” takes: invoice (needed)"),
        ("act", {"act": "add_invoice", "invoice": ""}, "an invoice needs a number"),
        ("act", {"act": "sessions", "free": "many"}, "“free” is a number from 0, not “many”"),
        ("act", {"act": "latency", "seconds": "inf"}, "“seconds” is a number from 0, not “inf”"),
        ("act", {"act": "rights", "can_see_locks": "maybe"}, "“can_see_locks” is true or false"),
        ("act", {"act": "editable", "notes": 1}, "“notes” is true or false, not “1”"),
        ("act", {"act": "rename_charge", "new": "x", "old": "y"}, "the charge is called “Ship"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(
    shop: PracticePrintSmith, caller: Caller, what: str, options: dict[str, Any], said: str
) -> None:
    before = shop.snapshot()
    answer = caller.command(what, options)
    assert answer.status == 400
    assert answer.body["message"].startswith(said)
    assert "\n" not in answer.body["message"]
    assert "Error" not in answer.body["message"]
    assert shop.snapshot() == before


@pytest.mark.parametrize("body", [b"{", b"[1]", b"7", b"\xff"])
def test_command_that_is_no_json_object(caller: Caller, body: bytes) -> None:
    answer = caller.raw("POST", "/_practice/fault", body, **{"X-Practice-Key": KEY})
    assert (answer.status, answer.body["message"]) == (
        400,
        "the options of a command are a JSON object",
    )


def test_commands_are_posted(caller: Caller) -> None:
    answer = caller.command("clear")
    assert (answer.status, answer.body["message"]) == (400, "the command “clear” is sent with POST")


def test_every_act_by_command(shop: PracticePrintSmith, caller: Caller) -> None:
    options: dict[str, dict[str, Any]] = {
        "add_invoice": {"title": "Flyers"},
        "lock": {"by": "JOE"},
        "type_note": {"text": "Call first"},
        "rights": {"can_save_invoice": "false", "can_see_locks": True},
        "sessions": {"free": "3"},
        "rename_charge": {"new": "Tracking"},
        "editable": {"price": "False"},
        "latency": {"seconds": 0},
    }
    shop_wide = {"rights", "sessions", "rename_charge", "editable", "latency"}
    for act in (one for one in ACTS if one != "normal"):
        which = {} if act in shop_wide else {"invoice": 7}
        command = {"act": act, **which, **options.get(act, {})}
        assert caller.command("act", command).status == 200, act
    state = caller.command("state").body
    assert state["invoices"]["7"]["kind"] == "estimate"
    assert state["invoices"]["7"]["title"] == "Flyers"
    charge: dict[str, Any] = {"name": "Tracking", "notes": "Call first", "price": "0.00"}
    charge |= {"notes_editable": True, "price_editable": False}
    assert state["invoices"]["7"]["charges"] == [charge]
    assert (state["can_save_invoice"], state["sessions"], state["charge"]) == (False, 3, "Tracking")
    assert caller.command("act", {"act": "normal"}).status == 200
    state = caller.command("state").body
    assert state["invoices"]["7"]["kind"] == "invoice"
    assert (state["can_save_invoice"], state["sessions"], state["charge"]) == (True, 5, CHARGE)


def test_state_says_what_there_is_and_what_is_in_force(caller: Caller) -> None:
    caller.read()
    rule = {"kind": "throttle", "times": 2, "method": "PUT", "path": "", "skip": 0}
    caller.command("fault", {**rule, "retry_after": 9})
    state = caller.command("state").body
    assert (state["acts"], state["kinds"], state["requests"]) == (dict(ACTS), dict(KINDS), 1)
    assert list(state["invoices"]) == [INVOICE]
    assert state["faults"] == [{**rule, "retry_after": "9"}]
    assert caller.write().status == 429
    caller.command("clear", {})
    assert caller.write().status == 200
    assert caller.command("state").body["faults"] == []


def test_commands_meet_no_fault_and_are_not_counted(
    shop: PracticePrintSmith, caller: Caller
) -> None:
    shop.fault("reset", times=None)
    assert caller.command("state").status == 200
    assert shop.requests == []


# Hosting


def test_it_listens_on_this_computer_only(shop: PracticePrintSmith) -> None:
    assert shop.url.startswith("http://127.0.0.1:")


def test_a_length_that_is_no_number_is_taken_for_none(caller: Caller) -> None:
    with closing(socket.create_connection(("127.0.0.1", caller.port), timeout=10)) as line:
        line.sendall(b"PUT /health HTTP/1.1\r\nContent-Length: x\r\n\r\n")
        assert line.recv(100).startswith(b"HTTP/1.1 401 ")


def test_several_calls_over_one_connection_until_it_stops(
    shop: PracticePrintSmith, caller: Caller
) -> None:
    with closing(caller.send("GET")) as line:
        for _ in range(3):
            head, _, body = line.recv(5000).partition(b"\r\n\r\n")
            assert head.startswith(b"HTTP/1.1 200 OK\r\n")
            assert json.loads(body)["invoice"] == INVOICE
            line.sendall(b"GET /%b/invoices/%b HTTP/1.1\r\n\r\n" % (TOKEN.encode(), b"316132"))
        assert line.recv(5000)
        shop.stop()
        assert line.recv(1) == b""


def test_it_starts_again_at_the_same_port(shop: PracticePrintSmith, caller: Caller) -> None:
    caller.write()
    shop.stop()
    shop.stop()
    with pytest.raises(ConnectionRefusedError):
        caller.probe()
    shop.start()
    assert caller.charge()["notes"] == NUMBER
    shop.fault("slow", seconds=0.01)
    assert caller.probe().status == 200


def test_a_taken_port_is_left_for_a_free_one(shop: PracticePrintSmith, caller: Caller) -> None:
    with a_shop(port=caller.port) as other:
        assert port_of(other.url) not in (0, caller.port)
        assert Caller(other).probe().status == 200
    assert caller.probe().status == 200


# What outlives the process

_PROGRAM = """
import sys
from pathlib import Path
from app.practice import SYSTEMS
make = SYSTEMS["printsmith"]
port, token, key, file = sys.argv[1:]
shop = make(port=int(port), token=token, control_key=key, state_file=Path(file)).start()
print(shop.url, flush=True)
sys.stdin.read()
"""


@contextmanager
def a_process(file: Path, port: int = 0) -> Iterator[tuple[Caller, "subprocess.Popen[str]"]]:
    """A practice server in a process of its own, killed at the end of the block."""
    with (
        subprocess.Popen(
            [sys.executable, "-c", _PROGRAM, str(port), TOKEN, KEY, str(file)],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        ) as process,
        a_shop() as double,  # never asked: the caller only needs something to stand on
    ):
        try:
            assert process.stdout is not None
            caller = Caller(double)
            caller.port = port_of(process.stdout.readline().strip())
            yield caller, process
        finally:
            process.kill()


def test_a_write_survives_the_kill_that_follows_its_answer(tmp_path: Path) -> None:
    file = tmp_path / "practice-printsmith.json"
    with a_process(file) as (caller, process):
        caller.command("act", {"act": "add_invoice", "invoice": INVOICE})
        assert caller.write(if_revision="1").status == 200
        os.kill(process.pid, signal.SIGKILL)
        process.wait(10)
        port = caller.port
    with a_process(file, port) as (caller, _):
        assert caller.port == port
        assert caller.charge()["notes"] == NUMBER
        state = caller.command("state").body
        assert [write["notes"] for write in state["writes"]] == [NUMBER]


def test_acts_and_settings_are_kept_too(tmp_path: Path) -> None:
    file = tmp_path / "shop.json"
    with a_shop(file) as shop:
        shop.add_invoice(INVOICE)
        shop.lock(INVOICE, by="JOE")
        shop.sessions(free=4)
        before = shop.snapshot()
    with a_shop(file) as shop:
        assert shop.snapshot() == before
        assert Caller(shop).write().body["detail"]["locked_by"] == "JOE"


def test_a_file_of_an_older_version_is_completed(tmp_path: Path) -> None:
    file = tmp_path / "shop.json"
    file.write_text(json.dumps({"invoices": {}, "charge": "Tracking"}), encoding="utf-8")
    with a_shop(file) as shop:
        shop.add_invoice(INVOICE)
        assert Caller(shop).write(charge="Tracking").status == 200
