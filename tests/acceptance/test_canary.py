"""A secret planted where credentials go is found nowhere afterwards, whatever went wrong."""

import os
import stat
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.__main__ import main
from app.bootstrap import open_program
from app.core.events import JobChanged
from app.core.states import JobState
from app.core.types import Shipment
from app.practice.printsmith import PracticePrintSmith

CANARY = "CANARY-7f3a91c0d2"
PATIENCE_S = 30.0
ECHOES = [
    {"kind": "status", "code": 422, "body": {"code": "odd", "message": f"token {CANARY} is odd"}},
    {"kind": "status", "code": 500, "body": {"message": f"Authorization: Bearer {CANARY}"}},
    {
        "kind": "status",
        "code": 400,
        "body": {"message": f"https://u:{CANARY}@shop/?token={CANARY}"},
    },
    {"kind": "redirect", "to": f"http://127.0.0.1:9/?token={CANARY}"},
    {"kind": "status", "code": 401, "body": {"message": CANARY}},
]


@pytest.fixture
def shop() -> Iterator[PracticePrintSmith]:
    with PracticePrintSmith(token=CANARY) as made:
        for number in range(len(ECHOES) + 1):
            made.add_invoice(str(number))
        yield made


def run_everything(folder: Path, shop: PracticePrintSmith) -> None:
    """One shipment that goes well, and one for each answer that repeats the secret."""
    program = open_program(folder, is_engine=True)
    connection = program.connections.add("printsmith", "Shop", {"base_url": shop.url}, actor="ann")
    ran = threading.Event()
    program.bus.subscribe(
        JobChanged, lambda event: ran.set() if event.state is not JobState.IN_FLIGHT else None
    )
    engine = program.engine()
    engine.start()
    try:
        for number, echo in enumerate([None, *ECHOES]):
            if echo:
                shop.fault(method="GET", path="invoices", times=1, **echo)
            program.connections.resume(connection, "ann")  # a refused sign-in stops it
            ran.clear()
            shipment = Shipment(str(number), f"1Z{number}")
            program.write_back.enter(connection.id, [shipment], actor="ann")
            assert ran.wait(PATIENCE_S)
        list(program.connections.test(connection))
    finally:
        engine.stop()
        program.close()


def test_no_secret_is_left_anywhere(
    tmp_path: Path,
    shop: PracticePrintSmith,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("BACKHAUL_SECRET_SHOP_TOKEN", CANARY)
    folder = tmp_path / "data"
    run_everything(folder, shop)
    assert [write["invoice"] for write in shop.writes] == ["0"], "the secret itself works"
    here = ["--data-dir", str(folder)]
    for number in range(len(ECHOES) + 1):
        main(["queue", "show", f"row:{number + 1}", "--json", *here])
        main(["queue", "copy", f"row:{number + 1}", "--with-diagnosis", *here])
    for words in (
        ["status"],
        ["log"],
        ["connection", "show", "Shop"],
        ["connection", "test", "Shop"],
    ):
        main([*words, *here])
    main(["backup", str(tmp_path / "copy.db"), *here])
    printed = capsys.readouterr()
    assert "refused" in printed.out + printed.err, "the refusals were shown"
    assert CANARY not in printed.out + printed.err
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert {"backhaul.db", "backhaul.log", "copy.db"} <= {path.name for path in files}
    assert [path for path in files if CANARY.encode() in path.read_bytes()] == []


@pytest.mark.skipif(os.name == "nt", reason="rights of folders are POSIX's here")
def test_the_data_folder_is_its_owners_alone(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    open_program(folder, is_engine=True).close()
    for path in (folder, folder / "logs"):
        assert stat.S_IMODE(path.stat().st_mode) == 0o700
