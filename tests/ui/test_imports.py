"""What importing the window must not cost."""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
_START = "import app.ui.application, app.ui.running, app.bootstrap\n"
_COUNT = """
import linecache
print(*(name for name in linecache.cache if "app" in name.replace("\\\\", "/").split("/")))
"""
_LOADED = """
import sys
print(*sys.modules)
"""

_READER = "app.integrations.carrier_files"


def words_after_start(code: str) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-c", _START + code],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    return done.stdout.split()


def test_no_source_is_read_and_kept() -> None:
    assert words_after_start(_COUNT) == []


def test_start_loads_nothing_that_reads_carrier_files() -> None:
    loaded = words_after_start(_LOADED)
    of_reader = {name for name in loaded if name.startswith(_READER)}
    assert of_reader == {_READER, f"{_READER}.words"}
    assert not [name for name in loaded if name.partition(".")[0] in ("xml", "defusedxml")]


def test_nobody_asks_a_widget_for_its_screen() -> None:
    """PySide takes the screen for a child of the widget: it may die with it, and all with it."""
    asked = re.compile(r"\w\.screen\(\)(?!`)")
    files = [*ROOT.glob("app/ui/**/*.py"), *ROOT.glob("tests/**/*.py")]
    assert [str(one) for one in files if asked.search(one.read_text("utf-8"))] == []
