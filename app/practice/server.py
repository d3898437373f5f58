"""What every practice server is besides its shop: started, stopped, given faults."""

from types import TracebackType
from typing import Any, Self

from app.practice.host import Host, Seen


class PracticeServer:
    """One shop that is served; whoever inherits makes `host`."""

    host: Host

    @property
    def url(self) -> str:
        """Its base address."""
        return self.host.url

    @property
    def requests(self) -> list[Seen]:
        """Every request met so far."""
        return self.host.requests

    def start(self) -> Self:
        """Begin to serve."""
        self.host.start()
        return self

    def stop(self) -> None:
        """End."""
        self.host.stop()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def fault(self, kind: str, **options: Any) -> None:
        """The next requests go wrong (see `app.practice.faults.KINDS`)."""
        self.host.faults.add(kind, **options)

    def clear_faults(self) -> None:
        """Everything works again."""
        self.host.faults.clear()
