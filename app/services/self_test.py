"""Tests the whole program on this computer, up to a practice shipment end to end."""

import importlib
import importlib.metadata
import json
import os
import platform
import sqlite3
import ssl
import subprocess
import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from app.core.errors import BackhaulError
from app.core.states import JobState
from app.core.types import Shipment
from app.core.words import Catalogue
from app.services.invocation import own_process
from app.services.languages import translator
from app.services.password_store import (
    ALLOWED_BACKENDS,
    Backend,
    PasswordStore,
    installed_backends,
)
from app.services.program import Program
from app.services.queue_view import QueueRow
from app.services.self_test_tls import certificates
from app.services.wording import Phase

OpenFolder = Callable[[Path, bool], AbstractContextManager[Program]]

LIBRARIES = (
    "APScheduler", "certifi", "filelock", "httpcore", "httpx", "keyring", "msgspec", "peewee",
    "platformdirs", "truststore", "waitress",
)  # fmt: skip
PARTS_BY_NAME = (
    "app.bootstrap", "app.core.clock", "app.core.words", "app.endpoint.opening",
    "app.services.demo",
    "app.integrations.carrier_files.open_shipments", "app.integrations.carrier_files.parsing",
    "app.services.demo_folder", "app.services.languages", "app.services.ownership",
    "app.services.system_languages", "app.terminal",
)  # fmt: skip
"""Parts without a display that are imported by name, where a build could leave them out."""

PLUG_INS = {
    "apscheduler.triggers": {"interval"},
    "keyring.backends": {"SecretService", "Windows", "macOS"},
}
"""What libraries look up by its name while the program runs."""

WINDOW_TEST = ("self-test", "--window")
WINDOW_PATIENCE_S = 60.0
SHIPMENT_PATIENCE_S = 20.0
STORE_PATIENCE_S = 10.0
_ZONES = ("America/New_York", "Europe/Berlin", "Asia/Tokyo")
_INVOICE, _TRACKING, _SYSTEM = "316132", "1Z23966E0397467800", "printsmith"
_SERVICE, _USER = "Backhaul", "self-test"
_ENDED = frozenset({Phase.DONE, Phase.NEEDS_YOU})


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the result. `passed` None: not a fault, but worth knowing."""

    title: str
    passed: bool | None
    text: str


Check = Callable[[], Line | str]


def run_self_test(folder: Path, open_folder: OpenFolder) -> Iterator[Line]:
    """Every check, one after the other; one that fails does not keep the others from running."""
    yield from run_checks(
        ("Parts", _parts),
        ("Libraries", _libraries),
        ("Password store", _password_store),
        ("Certificates", certificates),
        ("Time zones", _time_zones),
        ("Data folder", lambda: _data_folder(folder)),
        ("Data file", lambda: _data_file(folder, open_folder)),
    )
    yield from window_lines()
    yield from run_checks(("Practice shipment", lambda: _shipment(open_folder)))


def run_checks(*checks: tuple[str, Check]) -> Iterator[Line]:
    """A line for each; an error becomes a line that failed."""
    for title, check in checks:
        try:
            found = check()
        except BackhaulError as error:
            yield Line(title, False, _said(error))
        except (ImportError, LookupError, OSError, ValueError, ssl.SSLError) as error:
            yield Line(title, False, str(error) or type(error).__name__)
        else:
            yield found if isinstance(found, Line) else Line(title, True, found)


def window_lines(words: Sequence[str] = ()) -> list[Line]:
    """What the window's own checks say, from a process of its own: Qt ends the one it fails in.

    `words`: what is started instead of this program.
    """
    own, env = own_process()
    try:
        done = subprocess.run(
            [*(words or own), *WINDOW_TEST],
            env=env | {"QT_QPA_PLATFORM": "offscreen"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            encoding="utf-8",
            errors="replace",
            timeout=WINDOW_PATIENCE_S,
            check=False,
        )
        return [Line(one["title"], one["passed"], one["text"]) for one in json.loads(done.stdout)]
    except (OSError, subprocess.TimeoutExpired) as error:
        return [Line("Window", False, str(error))]
    except (ValueError, KeyError, TypeError):
        said = done.stderr.strip().splitlines() or [f"it ended with exit code {done.returncode}"]
        return [Line("Window", False, said[-1])]


def _parts() -> str:
    for name in PARTS_BY_NAME:
        importlib.import_module(name)
    for group, names in PLUG_INS.items():
        found = {entry.name for entry in importlib.metadata.entry_points(group=group)}
        if not names <= found:
            raise LookupError(f"{group} lacks {', '.join(sorted(names - found))}")
    return "all there"


def _libraries() -> str:
    names = [f"{name} {importlib.metadata.version(name)}" for name in LIBRARIES]
    python = f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}"
    return ", ".join([python, *names])


def _password_store() -> Line | str:
    """A made-up secret goes in and out, where there is a store that is open."""
    usable = [name for name in map(_name_of, installed_backends()) if name in ALLOWED_BACKENDS]
    if not usable:
        text = "none found; tokens are taken from BACKHAUL_SECRET_<CONNECTION>_<FIELD> instead"
        return Line("Password store", None, text)
    name = usable[0].removeprefix("keyring.backends.")
    try:
        kept = PasswordStore(installed_backends).ask(
            _round_trip, STORE_PATIENCE_S, "BACKHAUL_SECRET_…"
        )
    except BackhaulError as error:
        return Line("Password store", None, f"{name} is there, but: {_said(error)}")
    if not kept:
        return Line("Password store", False, f"{name} does not give back what was put in")
    return f"{name} keeps and forgets"


def _round_trip(backend: Backend) -> bool:
    made_up = os.urandom(8).hex()
    backend.set_password(_SERVICE, _USER, made_up)
    try:
        return backend.get_password(_SERVICE, _USER) == made_up
    finally:
        backend.delete_password(_SERVICE, _USER)


def _name_of(backend: object) -> str:
    return f"{type(backend).__module__}.{type(backend).__qualname__}"


def _time_zones() -> str:
    for name in _ZONES:
        if datetime(2026, 7, 1, 12, tzinfo=ZoneInfo(name)).utcoffset() is None:
            raise ValueError("the time zone data is empty")
    return f"here it is {datetime.now().astimezone():%H:%M %Z}"


def _data_folder(folder: Path) -> str:
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with tempfile.NamedTemporaryFile(dir=folder, prefix="self-test-") as file:
        file.write(b"x" * 65536)
        file.flush()
    return f"{folder} can be written"


def _data_file(folder: Path, open_folder: OpenFolder) -> str:
    """Made, closed and opened again on the disk of the data folder; the real one is looked at."""
    with tempfile.TemporaryDirectory(dir=folder, prefix="self-test-") as name:
        for is_engine in (True, False):
            with open_folder(Path(name), is_engine):
                pass
    if not any(folder.glob("*.db")):
        return "one can be made and opened"
    with open_folder(folder, False) as program:
        connections = len(program.connections.names())
    return f"opens; connections in it: {connections}"


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


def _said(error: BackhaulError) -> str:
    said = Catalogue(translate=translator()).say(error.code, error.params)
    return f"{said.summary}. {said.hint}".rstrip()
