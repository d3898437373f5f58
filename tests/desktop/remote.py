"""A system of record for the program on a desktop: a process of its own that can die, and time."""

import json
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

from tests.desktop.program import Program
from tests.desktop.session import until

NAME = "Front desk"
ORDERS = ("316101", "316102", "316103", "316104", "316105")
SECRET = {"BACKHAUL_SECRET_FRONT_DESK_TOKEN": "practice"}


class Remote:
    """A PrintSmith with a connector, which the program takes for a real one."""

    def __init__(self, program: Program) -> None:
        """`program`: one that never opens a window, for the folder of the server."""
        self._program = program
        self._note = program.folder / "practice.json"

    @property
    def url(self) -> str:
        """Where it answers, the same after it was started again."""
        return str(self._told()["urls"]["printsmith"])

    def start(self) -> None:
        """Start it, again where it was."""
        self._program.launch("practice")
        said = self._program.said_since_start
        until(lambda: "PrintSmith Vision: http" in said(), "the server answers")

    def die(self) -> None:
        """Killed: nothing listens at its address any more."""
        self._program.kill()

    def connect(self, desk: Program) -> None:
        """Make it a connection of that program, called NAME; needs SECRET in its environment."""
        desk.command("connection", "add", "printsmith", "--name", NAME,
                     "--set", f"base_url={self.url}", "--set", "poll_locked_s=5")  # fmt: skip

    def act(self, name: str, **options: str) -> None:
        """What a person does there: add_invoice, lock, unlock, pick_up, rename_charge …"""
        self._call("act", {"act": name, **options})

    def fault(self, kind: str, **options: str | int) -> None:
        """Make the next requests fail in a certain way."""
        self._call("fault", {"kind": kind, **options})

    def clear(self) -> None:
        """Let everything work again."""
        self._call("clear", {})

    def write_count(self, order: str) -> int:
        """How often the invoice was really written."""
        writes = self._call("state", None)["writes"]
        return sum(write["invoice"] == order for write in writes)

    def _call(self, what: str, body: dict[str, Any] | None) -> dict[str, Any]:
        request = Request(
            f"{self.url}/_practice/{what}",
            data=None if body is None else json.dumps(body).encode(),
            headers={"X-Practice-Key": self._told()["key"], "Content-Type": "application/json"},
        )
        with urlopen(request, timeout=10) as answer:
            return dict(json.load(answer))

    def _told(self) -> dict[str, Any]:
        return dict(json.loads(self._note.read_text("utf-8")))


class SetClock:
    """A wall clock for the program alone that a test sets; the monotonic one goes on."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self.set("+0")

    @property
    def env(self) -> dict[str, str]:
        """What the program is started with."""
        return {
            "LD_PRELOAD": str(next(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"))),
            "FAKETIME_TIMESTAMP_FILE": str(self._file),
            "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_RESET": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            "DONT_FAKE_MONOTONIC": "1",
        }

    def set(self, ahead: str) -> None:
        """How far ahead of the real time: +6m, +2h."""
        part = self._file.with_suffix(".part")
        part.write_text(f"{ahead}\n", "utf-8")
        part.replace(self._file)
