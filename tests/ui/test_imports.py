"""What importing the window must not cost."""

import subprocess
import sys

_COUNT = """
import app.ui.application, app.ui.running, app.bootstrap
import linecache
print(*(name for name in linecache.cache if "app" in name.replace("\\\\", "/").split("/")))
"""


def test_no_source_is_read_and_kept() -> None:
    done = subprocess.run(
        [sys.executable, "-c", _COUNT], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.split() == []
