"""What the program costs while nobody needs it: in the tray, nothing to send."""

import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from tests.desktop.program import Program
from tests.desktop.remote import ORDERS, SECRET, Remote
from tests.desktop.session import until

IDLE_S = 60.0
MOST_CPU = 0.001
MOST_USS = 2.2
BARE = """
import sys
from PySide6.QtGui import QIcon, QPixmap
from PySide6.QtWidgets import QApplication, QMainWindow, QMenu, QSystemTrayIcon
app = QApplication(sys.argv)
window = QMainWindow(windowTitle="bare")
window.resize(1240, 800)
picture = QPixmap(22, 22)
picture.fill("red")
icon, menu = QSystemTrayIcon(QIcon(picture)), QMenu()
menu.addAction("Quit")
icon.setContextMenu(menu)
icon.show()
window.show()
app.exec()
"""


@pytest.fixture
def bare_mb(backhaul: Program) -> float:
    """Memory of a window with a tray icon and nothing else, alone on the same desktop."""
    session = backhaul.session
    argv = [sys.executable, "-c", BARE]
    with subprocess.Popen(argv, env=session.env, stderr=subprocess.DEVNULL) as process:
        try:
            until(lambda: session.has_window("bare"), "the bare window")
            settle(process.pid)
            return uss_mb(process.pid)
        finally:
            process.kill()


@pytest.fixture
def idle(bare_mb: float, backhaul: Program, remote: Remote) -> Program:
    """The whole program: it has sent a row, and its window was hidden into the tray."""
    backhaul.env = SECRET  # by its own clock: one that is set costs time of its own
    backhaul.start()
    backhaul.command("ship", ORDERS[0], f"TRACK{ORDERS[0]}")
    session = backhaul.session
    session.wait(f"ago · {ORDERS[0]}", "label")
    assert remote.write_count(ORDERS[0]) == 1
    until(session.icon, "an icon in the tray")
    session.ui("close", "Backhaul")
    until(lambda: not session.has_window(), "the window is hidden")
    settle(backhaul.pid)
    return backhaul


def cpu_s(pid: int) -> float:
    """Seconds of processor time so far, all threads."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def by_thread(pid: int) -> dict[str, float]:
    """Seconds of processor time so far by the name of the thread."""
    found: dict[str, float] = {}
    for task in Path(f"/proc/{pid}/task").iterdir():
        name = (task / "comm").read_text().strip()
        spent = int((task / "schedstat").read_text().split()[0]) / 1e9
        found[f"{name} {task.name}"] = spent
    return found


def uss_mb(pid: int) -> float:
    """Memory that would be free if the process ended, in MB; of files of this Python counted as
    if nobody else had them open, which on a computer full of tests many have."""
    ours = (sys.prefix, sys.base_prefix)
    total, is_ours = 0, False
    for line in Path(f"/proc/{pid}/smaps").read_text("utf-8").splitlines():
        words = line.split()
        if not words[0].endswith(":"):
            is_ours = len(words) > 5 and words[5].startswith(ours)
        elif words[0].startswith("Private_") or (is_ours and words[0] == "Shared_Clean:"):
            total += int(words[1])
    return total / 1024


def settle(pid: int) -> None:
    """Until it does nothing any more, at most some seconds."""

    def rests() -> bool:
        before = cpu_s(pid)
        threading.Event().wait(1.0)
        return cpu_s(pid) - before <= 0.01

    until(rests, "it rests", 20)


def test_memory_beside_a_bare_window(idle: Program, bare_mb: float) -> None:
    ours = uss_mb(idle.pid)
    print(f"\nUSS {ours:.1f} MB, bare window {bare_mb:.1f} MB: {ours / bare_mb:.2f}")
    assert ours / bare_mb <= MOST_USS


@pytest.mark.timeout(150)
def test_idle_in_the_tray_costs_next_to_nothing(idle: Program) -> None:
    before, threads, began = cpu_s(idle.pid), by_thread(idle.pid), time.monotonic()
    threading.Event().wait(IDLE_S)
    took = time.monotonic() - began
    share = (cpu_s(idle.pid) - before) / took
    after = by_thread(idle.pid)
    most = {name: spent - threads.get(name, 0.0) for name, spent in after.items()}
    table = sorted(most.items(), key=lambda one: -one[1])[:8]
    print(f"\nidle over {took:.0f} s: {share:.3%} of a processor")
    print("\n".join(f"  {1000 * spent:7.1f} ms  {name}" for name, spent in table))
    assert share <= MOST_CPU
