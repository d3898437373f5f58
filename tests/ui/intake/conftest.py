"""The INTAKE page on a real data folder; folders are looked into when the test says so."""

import importlib.util
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.models.attention import Attention
from app.models.folders import Files, Folders
from app.models.intake import Ledger
from app.services.connection_book import ConnectionBook
from app.services.folder_look import FolderLook
from app.services.folder_settings import FolderSettings
from app.services.folder_watch import FolderWatch
from app.services.intake import Intake
from app.services.intake_files import FileIntake
from app.services.rehearsal import Rehearsal
from app.ui.connections.desk import Desk as WindowDesk
from app.ui.intake.folder_card import FolderCard
from app.ui.intake.page import IntakePage
from tests.ui.desk import ACTOR, Desk, until

DATA = Path(__file__).parents[2] / "data" / "carrier_files"
BROKEN = DATA / "seventeen_broken.csv"  # 40 rows that can be read, 17 that cannot


class Place:
    """The page, a folder that is watched, and an engine's watch that the test drives."""

    def __init__(self, desk: Desk, home: Path) -> None:
        self.desk, self.home = desk, home
        self.program, self.clock = desk.program, desk.clock
        self.window_desk = WindowDesk(desk.program, desk.bridge, Rehearsal(desk.program), ACTOR)
        database, bus = desk._database, desk.program.bus
        self.attention = Attention(database, desk.clock)
        folders, files = Folders(database, desk.clock), Files(database, desk.clock)
        ledger = Ledger(database, desk.outbox, desk.clock)
        book = ConnectionBook(desk.gates, lambda name: desk.program.kinds[name])
        intake = Intake(ledger, self.attention, book, bus, desk.clock)
        look = FolderLook(
            folders, files, self.attention, FileIntake(intake, files, bus), bus, desk.clock
        )
        self.watch = FolderWatch(
            folders, self.attention, look, bus, desk.clock, database.close_thread
        )
        self.pages: list[IntakePage] = []

    def add(self, name: str = "WorldShip", **settings: object) -> Path:
        """Watch one more folder; everything that lies there is read."""
        path = self.home / name
        path.mkdir(parents=True)
        chosen = FolderSettings(start="all", **settings)  # type: ignore[arg-type]
        self.program.folders.add(name, path, 1, chosen, actor=ACTOR)
        return path

    def look(self, times: int = 3) -> None:
        """The engine looks into every folder, as often as it takes to trust a file."""
        for _ in range(times):
            self.watch.tick()
            until(lambda: not self._is_looking, 60_000)
            self.clock.advance(3)

    @property
    def _is_looking(self) -> bool:
        return any(one.is_looking for one in self.watch._watched.values())

    def page(self) -> IntakePage:
        """The page, read once."""
        page = IntakePage(self.window_desk)
        page.resize(1056, 756)
        page.show()
        self.pages.append(page)
        until(lambda: page.content.is_read and page.content.needs_you.model.is_read)
        settle(page)
        return page

    def card(self, page: IntakePage, name: str = "WorldShip") -> FolderCard:
        """The card of a folder."""
        card = page.content.grid.named(name)
        assert card is not None
        return card

    def close(self) -> None:
        """The window goes."""
        self.watch.stop()
        for page in self.pages:
            if page.content.acts.dialog is not None:
                page.content.acts.dialog.close()
            page.close()
            page.deleteLater()


def settle(page: IntakePage) -> None:
    """Until everything that was asked for is shown."""
    model, acts = page.content.needs_you.model, page.content.needs_you.acts

    def rests() -> bool:
        return page.feed.is_quiet and not model.is_busy and not acts.is_busy

    until(rests, 20_000)


def write_big(path: Path, parcels: int) -> tuple[int, int]:
    """A WorldShip export; how many labels and how many voids it has."""
    spec = importlib.util.spec_from_file_location("big", DATA / "big.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    labels, voids = module.write(path, parcels)
    return labels, voids


def broken_rows() -> list[bytes]:
    """Seventeen rows that cannot be read, each for a reason of its own, as they stand there."""
    lines = BROKEN.read_bytes().splitlines(keepends=True)
    return lines[1:]


@pytest.fixture
def place(desk: Desk, tmp_path: Path) -> Iterator[Place]:
    place = Place(desk, tmp_path / "exports")
    yield place
    place.close()
