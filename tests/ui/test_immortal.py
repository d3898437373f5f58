"""Qt's calls must not use up the constants of Python."""

import subprocess
import sys
from pathlib import Path

import pytest

_ROOT = Path(__file__).parents[2]
_MANY = """
import sys
from PySide6.QtCore import QObject, QTimer, Signal
{mend}
class Sender(QObject):
    sent = Signal(bool)
sender, timer = Sender(), QTimer()
for _ in range(60_000):
    sender.sent.emit(True)
    timer.stop()
print("alive")
"""
_MEND = "from app.ui.immortal import keep_constants_alive\nkeep_constants_alive()"


def _run(mend: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", _MANY.format(mend=mend)]
    return subprocess.run(command, cwd=_ROOT, capture_output=True, text=True, check=False)


def test_many_calls_leave_the_program_alive() -> None:
    ended = _run(_MEND)
    assert (ended.stdout, ended.returncode) == ("alive\n", 0), ended.stderr


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="there the constants are immortal")
def test_the_mend_is_still_needed() -> None:
    ended = _run("")
    assert ended.returncode != 0, "PySide6 counts again: remove app/ui/immortal.py"
