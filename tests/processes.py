"""Other processes for tests: started, spoken to over pipes, and ended when the test is over."""

import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

ROOT = Path(__file__).parent.parent
PATIENCE_S = 20.0


class Child:
    """A process of `tests/children.py`."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self.process = process

    @property
    def _in(self) -> IO[str]:
        assert self.process.stdin is not None
        return self.process.stdin

    def tell(self, line: str = "go") -> None:
        """Send it a line."""
        self._in.write(f"{line}\n")
        self._in.flush()

    def hear(self) -> str:
        """Its next line; empty when it ended."""
        assert self.process.stdout is not None
        return self.process.stdout.readline().rstrip("\n")

    def end(self) -> int:
        """Close its input, which tells it to stop; returns its exit code."""
        if not self._in.closed:
            self._in.close()
        return self.process.wait(PATIENCE_S)

    def kill(self) -> None:
        """As the power cut does."""
        self.process.kill()
        self.process.wait(PATIENCE_S)


@contextmanager
def child(*arguments: object) -> Iterator[Child]:
    """`python -m tests.children …`, killed at the end if it still runs."""
    command = [sys.executable, "-m", "tests.children", *map(str, arguments)]
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            yield Child(process)
        finally:
            process.kill()


def until(condition: Callable[[], object], patience_s: float = PATIENCE_S) -> bool:
    """Look every millisecond until it holds; False when it never did."""
    never = threading.Event()
    for _ in range(int(patience_s * 1000)):
        if condition():
            return True
        never.wait(0.001)
    return False


class Caller(threading.Thread):
    """A thread that keeps what its action returned or raised."""

    def __init__(self, action: Callable[[], object]) -> None:
        super().__init__(daemon=True)
        self._action = action
        self.value: object = None
        self.error: BaseException | None = None
        self.start()

    def run(self) -> None:
        try:
            self.value = self._action()
        except BaseException as error:  # noqa: BLE001 - looked at by the test
            self.error = error

    def result(self) -> object:
        """What came of it, within the patience of a test."""
        self.join(PATIENCE_S)
        assert not self.is_alive(), "it never came back"
        if self.error is not None:
            raise self.error
        return self.value
