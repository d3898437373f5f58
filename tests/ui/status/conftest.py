"""The STATUS page on a real data folder with calls of the last hour in it."""

from collections.abc import Iterator

import pytest

from app.core.health import Api
from app.core.types import ConnectionInfo
from app.services.rehearsal import Rehearsal
from app.ui.connections.desk import Desk as WindowDesk
from app.ui.status.content import StatusContent
from tests.health import Some, put_calls
from tests.ui.desk import ACTOR, Desk, until

NOBODY_THERE = "http://127.0.0.1:9"


class Place:
    """The page, and what the engine would have counted."""

    def __init__(self, desk: Desk) -> None:
        self.desk, self.clock = desk, desk.clock
        self.rehearsal = Rehearsal(desk.program)
        self.window_desk = WindowDesk(desk.program, desk.bridge, self.rehearsal, ACTOR)
        self.rows_of: list[str] = []
        self.connects = 0
        self.pages: list[StatusContent] = []

    def store(self, name: str = "Web shop") -> ConnectionInfo:
        """A connection that has every API."""
        settings = {"base_url": NOBODY_THERE}
        return self.desk.program.connections.add("magento", name, settings, actor=ACTOR)

    def calls(self, connection_id: int, api: Api, *some: Some) -> None:
        """Calls as they ended."""
        put_calls(self.desk._database, self.clock, connection_id, api, some)

    def _connect(self) -> None:
        self.connects += 1

    def page(self) -> StatusContent:
        """The page, read once."""
        page = StatusContent(self.window_desk, self.rows_of.append, self._connect)
        page.resize(1040, 760)
        page.show()
        self.pages.append(page)
        until(lambda: page.is_read and page.reading.is_quiet)
        return page

    def again(self, page: StatusContent) -> None:
        """It is read once more."""
        page.reading.now()
        until(lambda: page.reading.is_quiet)

    def close(self) -> None:
        for page in self.pages:
            page.close()
            page.deleteLater()
        self.rehearsal.close()


@pytest.fixture
def place(desk: Desk) -> Iterator[Place]:
    """The connection "Front desk", number 1, that nobody answers."""
    place = Place(desk)
    yield place
    place.close()
