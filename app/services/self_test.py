"""Tests the whole program on this computer, up to a practice shipment end to end."""

import importlib.metadata
import platform
import sqlite3
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from app.core.errors import BackhaulError
from app.core.states import JobState
from app.core.types import Shipment
from app.integrations.http_ways import TrustStore
from app.services.program import Program
from app.services.queue_view import QueueRow
from app.services.secrets import ALLOWED_BACKENDS, installed_backends
from app.services.wording import Phase

OpenFolder = Callable[[Path, bool], AbstractContextManager[Program]]

LIBRARIES = (
    "APScheduler", "certifi", "filelock", "httpcore", "httpx", "keyring", "msgspec", "peewee",
    "platformdirs", "truststore",
)  # fmt: skip
SHIPMENT_PATIENCE_S = 20.0
_INVOICE, _TRACKING, _SYSTEM = "316132", "1Z23966E0397467800", "printsmith"
_ENDED = frozenset({Phase.DONE, Phase.NEEDS_YOU})


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the result. `passed` None: not a fault, but worth knowing."""

    title: str
    passed: bool | None
    text: str


def run_self_test(folder: Path, open_folder: OpenFolder) -> Iterator[Line]:
    """Every check, one after the other; one that fails does not keep the others from running."""
    checks: tuple[tuple[str, Callable[[], Line | str]], ...] = (
        ("Libraries", _libraries),
        ("Password store", _password_store),
        ("Certificates", _certificates),
        ("Time zones", _time_zones),
        ("Data folder", lambda: _data_folder(folder)),
        ("Practice shipment", lambda: _shipment(open_folder)),
    )
    for title, check in checks:
        try:
            found = check()
        except (BackhaulError, OSError, ImportError, LookupError, ValueError) as error:
            yield Line(title, False, str(error))
        else:
            yield found if isinstance(found, Line) else Line(title, True, found)


def _libraries() -> str:
    names = [f"{name} {importlib.metadata.version(name)}" for name in LIBRARIES]
    python = f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}"
    return ", ".join([python, *names])


def _password_store() -> Line | str:
    names = [f"{type(b).__module__}.{type(b).__qualname__}" for b in installed_backends()]
    usable = [name for name in names if name in ALLOWED_BACKENDS]
    if usable:
        return usable[0].removeprefix("keyring.backends.")
    text = "none found; tokens are taken from BACKHAUL_SECRET_<CONNECTION>_<FIELD> instead"
    return Line("Password store", None, text)


def _certificates() -> str:
    TrustStore().context()
    return "load"


def _time_zones() -> str:
    away = datetime(2026, 7, 1, 12, tzinfo=ZoneInfo("America/New_York"))
    here = datetime.now().astimezone()
    if away.utcoffset() is None:
        raise ValueError("the time zone data is empty")
    return f"here it is {here:%H:%M %Z}"


def _data_folder(folder: Path) -> str:
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with tempfile.NamedTemporaryFile(dir=folder, prefix="self-test-") as file:
        file.write(b"x" * 65536)
        file.flush()
    return f"{folder} can be written"


def _shipment(open_folder: OpenFolder) -> Line | str:
    """Through every layer, in a folder of its own."""
    with (
        tempfile.TemporaryDirectory(prefix="backhaul-", ignore_cleanup_errors=True) as name,
        open_folder(Path(name), True) as program,
        program.practice_servers() as urls,
    ):
        row = _sent(program, urls[_SYSTEM])
        held = program.practice.state(_SYSTEM)["invoices"][_INVOICE]["charges"][0]["notes"]
    if row.job.state is JobState.SUCCEEDED and held == _TRACKING:
        return "written to a practice PrintSmith Vision and read back"
    return Line("Practice shipment", False, row.wording.text)


def _sent(program: Program, url: str) -> QueueRow:
    program.practice.act(_SYSTEM, "add_invoice", invoice=_INVOICE)
    connection = program.connections.add(
        _SYSTEM, "Self-test", {"base_url": url}, is_practice=True, actor="self-test"
    )
    engine = program.engine()
    engine.start()
    try:
        shipment = Shipment(_INVOICE, _TRACKING)
        entered = program.write_back.enter(connection.id, [shipment], actor="self-test")[0]
        never, clock = threading.Event(), program.clock
        ends = clock.monotonic() + SHIPMENT_PATIENCE_S
        while True:
            row = program.queue.one(f"row:{entered.job_id}")
            if row.wording.phase in _ENDED or clock.monotonic() > ends:
                return row
            clock.wait(never, 0.05)
    finally:
        engine.stop()
