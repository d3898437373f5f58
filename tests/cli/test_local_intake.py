"""`local-intake`: on, off, its key, and how it stands."""

import json
import os
import signal
import subprocess
import urllib.request
from pathlib import Path

import pytest

from app.services.local_intake import KEY_VARIABLE
from tests.cli.console import PYTHON, Console, Desk
from tests.endpoint.counter import KEY, a_record, free_port
from tests.processes import until


@pytest.fixture
def key(monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv(KEY_VARIABLE, KEY)
    return KEY


def test_it_is_off_at_first(backhaul: Console) -> None:
    assert backhaul.ok("local-intake").lines == [
        "Off",
        "  Address           http://127.0.0.1:8765/intake",
        "  Records taken in  0",
    ]
    (row,) = backhaul.ok("local-intake", "status", "--json").rows
    assert (row["is_on"], row["port"], row["last_at"]) == (False, 8765, None)


def test_on_and_off(backhaul: Console, key: str) -> None:
    said = backhaul.ok("local-intake", "on", "--port", "9001")
    assert said.lines[0] == "Switched on at http://127.0.0.1:9001/intake"
    assert "backhaul run" in said.lines[-1]
    assert backhaul.ok("local-intake", "key").out == f"{key}\n"
    assert backhaul.ok("local-intake", "status", "--json").rows[0]["trouble"] == "local_intake_idle"
    assert backhaul.ok("local-intake", "off").lines == [
        "Switched off. The key stays for the next time"
    ]
    assert [line.split("  ")[1] for line in backhaul.ok("log").lines] == [
        "Local intake switched on: port 9001 (by ann)",
        "Local intake switched off: port 9001 (by ann)",
    ]  # fmt: skip


@pytest.mark.parametrize("port", ["80", "99999"])
def test_a_port_that_cannot_be(backhaul: Console, key: str, port: str) -> None:
    said = backhaul.fails("local-intake", "on", "--port", port)
    assert said.startswith(f"{port} is no port that can be used")


def test_a_key_of_the_environment_is_changed_there(backhaul: Console, key: str) -> None:
    assert KEY_VARIABLE in backhaul.fails("local-intake", "new-key")


def test_a_running_engine_is_switched_and_answers(
    backhaul: Console, folder: Path, key: str
) -> None:
    Desk(folder).connect()
    port = free_port()
    command = [*PYTHON, "run", "--data-dir", str(folder)]
    engine = subprocess.Popen(command, env=os.environ, stdout=subprocess.DEVNULL)
    try:
        assert until(lambda: "running" in backhaul("status").out)
        backhaul.ok("local-intake", "on", "--port", str(port))
        assert until(lambda: _status(backhaul)["is_serving"])
        call = urllib.request.Request(
            f"http://127.0.0.1:{port}/intake",
            data=json.dumps(a_record()).encode(),
            headers={"Authorization": f"Bearer {key}", "Content-Type": "application/json"},
        )
        with urllib.request.urlopen(call, timeout=20) as answer:
            assert answer.status == 202
        assert _status(backhaul)["accepted"] == 1
        backhaul.ok("local-intake", "off")
        assert until(lambda: not _answers(call))
    finally:
        engine.send_signal(signal.SIGTERM)
        assert engine.wait(20) == 0
    assert backhaul.ok("queue", "list", "--json").rows[0]["order"] == "316132"


def _status(backhaul: Console) -> dict[str, object]:
    return backhaul.ok("local-intake", "status", "--json").rows[0]


def _answers(call: urllib.request.Request) -> bool:
    try:
        urllib.request.urlopen(call, timeout=20).close()
    except OSError as error:
        return "refused" not in str(error)
    return True
