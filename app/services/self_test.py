"""Tests the whole program on this computer, up to a practice shipment end to end."""

import gettext
import importlib
import importlib.metadata
import json
import os
import platform
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from app.core.errors import BackhaulError
from app.services.invocation import own_process
from app.services.languages import DOMAIN, translations_folder
from app.services.password_store import (
    ALLOWED_BACKENDS,
    Backend,
    PasswordStore,
    installed_backends,
)
from app.services.self_test_lines import Line, run_checks, said
from app.services.self_test_practice import OpenFolder, practice_lines
from app.services.self_test_tls import certificates

LIBRARIES = (
    "APScheduler", "certifi", "filelock", "httpcore", "httpx", "keyring", "msgspec", "peewee",
    "platformdirs", "truststore", "waitress",
)  # fmt: skip
PARTS_BY_NAME = (
    "app.bootstrap", "app.core.clock", "app.core.words", "app.endpoint.opening",
    "app.services.demo",
    "app.integrations.carrier_files.open_shipments", "app.integrations.carrier_files.parsing",
    "app.practice", "app.services.demo_folder", "app.services.languages", "app.services.ownership",
    "app.services.product_file",
    "app.services.system_languages", "app.terminal",
)  # fmt: skip
"""Parts without a display that are imported by name, where a build could leave them out."""

PLUG_INS = {
    "apscheduler.triggers": {"interval"},
    "keyring.backends": {"SecretService", "Windows", "macOS"},
}
"""What libraries look up by its name while the program runs."""

STORE_PARTS = {
    "linux": ("jeepney.io.blocking", "secretstorage", "keyring.backends.SecretService"),
    "win32": ("win32ctypes.pywin32.win32cred", "keyring.backends.Windows"),
    "darwin": ("keyring.backends.macOS.api", "keyring.backends.macOS"),
}
"""What the password store of a system needs; keyring does without a word when it is missing."""

WINDOW_TEST = ("self-test", "--window")
WINDOW_PATIENCE_S = 60.0
STORE_PATIENCE_S = 10.0
_ZONES = ("America/New_York", "Europe/Berlin", "Asia/Tokyo")
_SERVICE, _USER = "Backhaul", "self-test"


def run_self_test(folder: Path, open_folder: OpenFolder) -> Iterator[Line]:
    """Every check, one after the other; one that fails does not keep the others from running."""
    yield from run_checks(
        ("Parts", _parts),
        ("Libraries", _libraries),
        ("Password store", _password_store),
        ("Certificates", certificates),
        ("Time zones", _time_zones),
        ("Languages", _languages),
        ("Data folder", lambda: _data_folder(folder)),
        ("Data file", lambda: _data_file(folder, open_folder)),
    )
    yield from window_lines()
    yield from practice_lines(open_folder)


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
    for name in (*PARTS_BY_NAME, *STORE_PARTS.get(sys.platform, ())):
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
        return Line("Password store", None, f"{name} is there, but: {said(error)}")
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


def _languages() -> str:
    """Every translation that was installed can be read. Raises: OSError, ValueError."""
    place, found = translations_folder(), ["English"]
    for file in sorted(place.glob(f"*/LC_MESSAGES/{DOMAIN}.mo")) if place else ():
        with file.open("rb") as content:
            gettext.GNUTranslations(content)
        found.append(file.parents[1].name)
    return ", ".join(found)


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
