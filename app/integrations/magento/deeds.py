"""What everything shares that is done at a store besides shipping."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from app.core.errors import NotFound, OutcomeUnknown, TransientError
from app.core.outcomes import RunRules
from app.integrations.base import Context
from app.integrations.limits import ServerLocks
from app.integrations.magento.client import StoreClient
from app.integrations.magento.opening import Opening
from app.integrations.magento.person import TokenMemory

POLL_HELD_S = 300.0
"""How often an order on hold is looked at."""

T = TypeVar("T")


class Deed:
    """A Magento connection that writes one type of job. Used by one thread at a time."""

    write_operation = ""
    can_read_back = True
    all_views = False

    def __init__(self, context: Context, locks: ServerLocks, memory: TokenMemory) -> None:
        """Raises: SetupChanged when the settings do not fit together."""
        self._context = context
        self._locks = locks
        self._opening = Opening(context, memory, all_views=self.all_views)
        self.rules = RunRules(poll_locked_s=POLL_HELD_S, order_wait_s=0.0)

    def close(self) -> None:
        """Give up sockets."""
        self._opening.close()

    def client(self) -> StoreClient:
        """Raises: SecretUnavailable."""
        return self._opening.client()

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """One write at a time at one store. Source: Magento contract, section 12."""
        self._context.budget.take(self.write_operation)
        server = self._opening.settings.server_key
        with self._opening.guarded(), self._locks.one_at_a_time(server):
            yield

    def _read_back(self, read: Callable[[], T]) -> T:
        """What a read after a write finds.

        Raises: OutcomeUnknown when the store does not answer now.
        """
        try:
            return read()
        except NotFound as error:
            raise OutcomeUnknown("read_back_failed", excerpt=error.excerpt) from error
        except TransientError as error:
            self._opening.heed(error)
            raise OutcomeUnknown("read_back_failed", excerpt=error.excerpt) from error
