"""Tests of a connection, line by line; whatever was opened for one is closed again."""

from collections.abc import Callable, Generator, Iterator

from app.core.errors import BackhaulError, UsageError
from app.integrations.base import CheckStep, WriteBackTarget
from app.services.adapters import Opened

Lines = Generator[CheckStep | BackhaulError, None, None]
"""What a test found, line by line."""

Opener = Callable[[], Opened]


class ConnectionChecks:
    """Each test is walked by one thread, which also opens what it needs."""

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

        return _walk(opener, steps)


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
