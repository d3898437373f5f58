"""Tests of a connection, line by line; whatever was opened for one is closed again."""

import threading
from collections.abc import Callable, Generator, Iterator

from app.core.errors import BackhaulError, UsageError
from app.integrations.base import CheckStep, CheckStopped, WriteBackTarget
from app.services.adapters import Opened

Lines = Generator[CheckStep | BackhaulError, None, None]
"""What a test found, line by line."""

Opener = Callable[[], Opened]


class ConnectionChecks:
    """Each test is walked by one thread, which also opens what it needs."""

    def __init__(self) -> None:
        self._free = threading.Condition()
        self._changing = 0  # contract checks under way
        self._is_ending = False

    def end(self, patience_s: float) -> bool:
        """The program ends: contract checks put back what they changed after the line under way.

        False when one is still at it after `patience_s` seconds.
        """
        with self._free:
            self._is_ending = True
            return self._free.wait_for(lambda: not self._changing, patience_s)

    def test(self, opener: Opener) -> Lines:
        """Changes nothing there; an error is the last thing yielded."""
        return _walk(opener, lambda target: iter(target.check()))

    def has_contract(self, opener: Opener) -> bool:
        """True when there is a contract to check; asks nobody.

        Raises: SetupChanged when its settings do not fit together.
        """
        opened = opener()
        try:
            return hasattr(opened.target, "check_contract")
        finally:
            opened.close()

    def contract(self, opener: Opener, name: str, record: str) -> Lines:
        """Every rule of the contract on one throw-away record.

        Raises: UsageError when there is none for this connection.
        """

        def steps(target: WriteBackTarget) -> Iterator[CheckStep]:
            check = getattr(target, "check_contract", None)
            if check is None:
                raise UsageError("not_supported", host=name)
            found: Iterator[CheckStep] = check(record)
            return found

        return self._put_back_at_end(_walk(opener, steps))

    def _put_back_at_end(self, lines: Lines) -> Lines:
        with self._free:
            if self._is_ending:
                return
            self._changing += 1
        try:
            yield from until_over(lines, lambda: self._is_ending)
        finally:
            lines.close()
            with self._free:
                self._changing -= 1
                self._free.notify_all()


def until_over(lines: Lines, is_over: Callable[[], bool]) -> Lines:
    """The lines; once it is over, or `CheckStopped` is thrown in, only what was put back."""
    for found in lines:
        try:
            yield found
        except CheckStopped:
            break
        if is_over():
            break
    else:
        return
    try:
        yield lines.throw(CheckStopped())
        yield from lines
    except (CheckStopped, StopIteration):
        return


def _walk(opener: Opener, steps: Callable[[WriteBackTarget], Iterator[CheckStep]]) -> Lines:
    opened = None
    try:
        opened = opener()
        yield from steps(opened.target)
    except UsageError:
        raise
    except BackhaulError as error:
        yield error
    finally:
        if opened is not None:
            opened.close()
