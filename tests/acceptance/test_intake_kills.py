"""Programs hand in shipments while the engine is killed again and again: each is there once.

A7 of the fault battery, at the other end: what was confirmed is on disk, and what was not
confirmed is sent again under its key.
"""

import http.client
import json
import os
import random
import sqlite3
import subprocess
import threading
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from app.models.gate import pause
from app.models.opening import FILE_NAME
from app.services.local_intake import KEY_VARIABLE
from tests.cli.console import PYTHON, Desk
from tests.endpoint.counter import JSON, KEY, a_record, free_port
from tests.processes import Caller, until


class Kills:
    """An engine that comes and goes, and programs that do not give up."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        desk = Desk(folder)
        desk.connect()
        desk.program.local_intake.switch(True, self.port, "ann")
        desk.program.close()
        self.confirmed: dict[str, int] = {}
        self.lost = 0
        self._lock = threading.Lock()

    def start(self) -> "subprocess.Popen[bytes]":
        command = [*PYTHON, "run", "--data-dir", str(self.folder)]
        return subprocess.Popen(command, env=os.environ, stdout=subprocess.DEVNULL)

    def hand_in(self, program: int, count: int) -> None:
        """So many parcels, one after the other, each sent until it is confirmed."""
        for number in range(count):
            key = f"{program}/{number}"
            record = a_record(key, f"P{program}-{number}", tracking=f"T{program:02}{number:06}")
            while (receipt := self._send(record)) is None:
                pause(0.02)
            with self._lock:
                self.confirmed[key] = receipt

    def _send(self, record: dict[str, Any]) -> int | None:
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            headers = {**JSON, "Authorization": f"Bearer {KEY}"}
            line.request("POST", "/intake", json.dumps(record), headers)
            response = line.getresponse()
            content = json.loads(response.read())
        except ConnectionRefusedError:
            return None
        except (OSError, http.client.HTTPException):
            self.lost += 1
            return None
        finally:
            line.close()
        assert response.status in (200, 202, 503), content
        return None if response.status == 503 else int(content["id"])

    def stored(self, sql: str) -> list[Any]:
        with closing(sqlite3.connect(self.folder / FILE_NAME)) as file:
            return file.execute(sql).fetchall()


def battery(folder: Path, *, programs: int, parcels: int, kills: int, seed: int) -> None:
    """Hand in under kills; then look what is there."""
    print(f"seed {seed}")
    rng = random.Random(seed)
    scene = Kills(folder)
    callers = [Caller(lambda n=n: scene.hand_in(n, parcels)) for n in range(programs)]
    engine = scene.start()
    try:
        for _ in range(kills):
            before = len(scene.confirmed)
            wanted = before + rng.randrange(1, programs * parcels // (kills + 1))
            assert until(lambda wanted=wanted: len(scene.confirmed) >= wanted)
            engine.kill()
            engine.wait(20)
            engine = scene.start()
        for caller in callers:
            caller.join(120)
            caller.result()
    finally:
        engine.kill()
        engine.wait(20)
    total = programs * parcels
    assert scene.stored("PRAGMA integrity_check") == [("ok",)]
    assert dict(scene.stored("SELECT source_key, id FROM received")) == scene.confirmed
    assert len(scene.confirmed) == total
    orders = scene.stored("SELECT order_ref, count(*) FROM jobs GROUP BY order_ref")
    assert len(orders) == total
    assert {count for _, count in orders} == {1}


@pytest.fixture(autouse=True)
def _key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(KEY_VARIABLE, KEY)


def test_what_is_handed_in_survives_a_kill(tmp_path: Path) -> None:
    battery(tmp_path, programs=4, parcels=40, kills=2, seed=random.randrange(10**6))


@pytest.mark.battery
@pytest.mark.timeout(600)
def test_what_is_handed_in_survives_many_kills(tmp_path: Path) -> None:
    battery(tmp_path, programs=8, parcels=400, kills=20, seed=random.randrange(10**6))
