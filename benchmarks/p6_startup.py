"""P6, start: from the command to the window and the icon, seen from outside, and what idling costs.

Each peer is a command on an X server of its own (Xvfb); this script is the tray that takes the
icon in. The limit is a bare PySide6 window with a label and an icon.
window_s, tray_s: from the start to the mapped window, to the icon's request. idle_cpu_pct: CPU
over `--idle` seconds, after `--settle`. uss_mb: memory that no other process shares.
"""

import argparse
import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import harness

_BARE = """
import sys
from PySide6.QtGui import QColor, QIcon, QPixmap
from PySide6.QtWidgets import QApplication, QLabel, QMainWindow, QSystemTrayIcon
app = QApplication(sys.argv)
window = QMainWindow()
window.setCentralWidget(QLabel("bare"))
window.resize(1240, 800)
window.show()
picture = QPixmap(22, 22)
picture.fill(QColor("green"))
icon = QSystemTrayIcon(QIcon(picture))
icon.show()
sys.exit(app.exec())
"""
_PATIENCE_S = 30.0
_DOCK = 0  # SYSTEM_TRAY_REQUEST_DOCK of the system tray protocol


class Watcher:
    """Sees the first window and the first icon on an X display."""

    def __init__(self, display: str) -> None:
        from Xlib import X  # noqa: PLC0415 - an extra of the benchmarks
        from Xlib import display as xdisplay  # noqa: PLC0415

        self._x, self._display = X, xdisplay.Display(display)
        root = self._display.screen().root
        root.change_attributes(event_mask=X.SubstructureNotifyMask)
        self._host = root.create_window(0, 0, 200, 30, 0, X.CopyFromParent)
        tray = self._display.intern_atom("_NET_SYSTEM_TRAY_S0")
        self._host.set_selection_owner(tray, X.CurrentTime)
        self._opcode = self._display.intern_atom("_NET_SYSTEM_TRAY_OPCODE")
        self._display.sync()
        self.seen: dict[str, float] = {}
        self.has_both = threading.Event()
        threading.Thread(target=self._watch, daemon=True).start()

    def _watch(self) -> None:
        while not self.has_both.is_set():
            event = self._display.next_event()
            if event.type == self._x.MapNotify and not event.override:
                self._note("window_s")
            elif self._is_dock(event):
                self._note("tray_s")
                self._take_in(event.data[1][2])

    def _is_dock(self, event: Any) -> bool:
        if event.type != self._x.ClientMessage or event.client_type != self._opcode:
            return False
        return bool(event.data[1][1] == _DOCK)

    def _take_in(self, window_id: int) -> None:
        icon = self._display.create_resource_object("window", window_id)
        icon.reparent(self._host, 0, 0)
        self._host.map()
        icon.map()
        self._display.flush()

    def _note(self, what: str) -> None:
        self.seen.setdefault(what, time.perf_counter())
        if len(self.seen) == 2:
            self.has_both.set()


@contextmanager
def x_server() -> Iterator[str]:
    """An X server without a screen; yields its display."""
    if shutil.which("Xvfb") is None:
        raise SystemExit("p6_startup needs Xvfb (Debian: apt-get install xvfb)")
    reading, writing = os.pipe()
    command = ["Xvfb", "-displayfd", str(writing), "-screen", "0", "1600x1200x24"]
    server = subprocess.Popen(
        [*command, "-nolisten", "tcp"], pass_fds=[writing], stderr=subprocess.DEVNULL
    )
    os.close(writing)
    try:
        with os.fdopen(reading) as said:
            yield f":{said.readline().strip()}"
    finally:
        server.terminate()
        server.wait(10)


def environment(display: str, home: Path) -> dict[str, str]:
    """A new user's: nothing but the display, and no session bus."""
    home.mkdir(mode=0o700)
    places = {"HOME": home, "XDG_RUNTIME_DIR": home, "XDG_DATA_HOME": home / "data"}
    places |= {"XDG_CONFIG_HOME": home / "config", "XDG_CACHE_HOME": home / "cache"}
    return {
        "PATH": os.environ["PATH"], "DISPLAY": display, "QT_QPA_PLATFORM": "xcb",
        "PYTHONPATH": str(harness.HERE.parent), "DBUS_SESSION_BUS_ADDRESS": "disabled:",
        "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring",
        **{name: str(place) for name, place in places.items()},
    }  # fmt: skip


def one_start(
    command: Sequence[str], display: str, home: Path, arguments: argparse.Namespace | None
) -> dict[str, float]:
    """Start it, watch it, stop it; without `arguments` only that it starts."""
    watcher = Watcher(display)
    begun = time.perf_counter()
    program = subprocess.Popen(command, env=environment(display, home), cwd=home)
    try:
        if not watcher.has_both.wait(_PATIENCE_S):
            raise RuntimeError(f"within {_PATIENCE_S:.0f} s only {list(watcher.seen) or 'nothing'}")
        found = {what: moment - begun for what, moment in watcher.seen.items()}
        if arguments is not None:
            found |= idling(program.pid, arguments)
        assert program.poll() is None, "it ended by itself"
    finally:
        program.terminate()
        program.wait(20)
    return found


def idling(pid: int, arguments: argparse.Namespace) -> dict[str, float]:
    """CPU and memory of a process with nothing to do."""
    time.sleep(arguments.settle)
    before, begun = cpu_s(pid), time.perf_counter()
    time.sleep(arguments.idle)
    share = (cpu_s(pid) - before) / (time.perf_counter() - begun)
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines()
    private = sum(int(line.split()[1]) for line in lines if line.startswith("Private_"))
    return {"idle_cpu_pct": share * 100, "uss_mb": private / 1000}


def cpu_s(pid: int) -> float:
    """CPU seconds of a process so far."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def peer(*command: str) -> Any:
    """A command as a peer: one start to warm up, then the one that counts."""

    def measure(arguments: argparse.Namespace, folder: Path) -> Mapping[str, float]:
        with x_server() as display:
            one_start(command, display, folder / "warm", None)
            return one_start(command, display, folder / "home", arguments)

    return measure


PEERS: dict[str, harness.Peer] = {
    "bare-window": peer(sys.executable, "-c", _BARE),
    "ours": peer(sys.executable, "-m", "app"),
}
GOALS = [
    *harness.at_most(1.8, "bare-window", "window_s", "tray_s"),
    *harness.at_most(2.2, "bare-window", "uss_mb"),
    *harness.at_most(0.1, "", "idle_cpu_pct"),
]

if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--settle", type=float, default=5)
    parser.add_argument("--idle", type=float, default=60)
    raise SystemExit(harness.main(PEERS, parser, GOALS))
