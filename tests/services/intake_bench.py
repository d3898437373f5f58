"""A data file with everything that takes shipments in, and a folder that is watched by hand."""

import os
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from app.core import words_intake
from app.core.events import EventBus
from app.core.intake import ShipmentRecord, fingerprint_of
from app.core.states import JobState
from app.core.types import Job
from app.core.words import Catalogue
from app.integrations import carrier_files
from app.integrations.registry import KINDS, kind_named
from app.models.attention import Attention, AttentionItem, ItemState
from app.models.folders import FileMark, Files, Folders, WatchFolder
from app.models.intake import Ledger
from app.models.received import Received
from app.services.attention import AttentionService
from app.services.connection_book import ConnectionBook
from app.services.folder_look import FolderLook
from app.services.folder_readiness import Readiness
from app.services.folder_settings import FolderSettings
from app.services.folder_watch import FolderWatch
from app.services.folders import FolderService, FolderStatus
from app.services.intake import Intake, IntakeResult, IntakeSource
from app.services.intake_files import FileIntake
from app.services.wording import Wording, Wordsmith
from tests.builders import AN_OUTCOME, Store, a_store
from tests.fakes.clock import FakeClock

DAY = date(2026, 9, 21)  # the day of the fake clock
AT = 1_790_000_000_000
HEAD = "Order Number,Tracking Number,Service,Void,Ship Date\n"

ALL = dict.fromkeys(
    ("entered", "repeated", "known", "updated", "voided", "returns", "noted"),
    0,
)
OPEN, GONE, DONE = "pending", "discarded", "succeeded"


def a_record(order: str = "316132", tracking: str = "1Z1", **more: Any) -> ShipmentRecord:
    """One parcel as a file reported it."""
    values: dict[str, Any] = {
        "source": "folder:WorldShip", "references": (order,), "tracking": tracking,
        "service": "Ground", "ship_date": DAY, "packages": 1, **more,
    }  # fmt: skip
    if "cost" in values and not isinstance(values["cost"], Decimal):
        values["cost"] = Decimal(values["cost"])
    record = ShipmentRecord(source_key="", **values)
    return replace(record, source_key=fingerprint_of(record))


class IntakeBench:
    """Everything between a file and the outbox, with a clock that stands still."""

    def __init__(self, folder: Path, clock: FakeClock | None = None) -> None:
        self.store: Store = a_store(folder / "data", clock, connections=2)
        self.clock = self.store.clock
        self.bus = EventBus()
        database = self.store.database
        self.folders, self.files = Folders(database, self.clock), Files(database, self.clock)
        self.attention = Attention(database, self.clock)
        self.ledger = Ledger(database, self.store.outbox, self.clock)
        self.received = Received(database, self.ledger, self.clock)
        book = ConnectionBook(self.store.connections, lambda name: kind_named(name, KINDS))
        self.intake = Intake(self.ledger, self.attention, book, self.bus, self.clock)
        self.file_intake = FileIntake(self.intake, self.files, self.bus)
        self.look = FolderLook(
            self.folders, self.files, self.attention, self.file_intake, self.bus, self.clock
        )
        catalogue = Catalogue(
            *(k.sentences for k in KINDS.values()), carrier_files.SENTENCES, words_intake.SENTENCES
        )
        self.wordsmith = wordsmith = Wordsmith(catalogue)
        self.service = FolderService(
            self.folders, self.files, self.attention, book, wordsmith, self.bus, self.clock
        )
        self.items = AttentionService(self.attention, self.folders, book, wordsmith, self.bus)
        self.source = IntakeSource("folder:1", "folder:WorldShip", 1)

    def enter(self, *records: ShipmentRecord, **more: Any) -> IntakeResult:
        """Records of one batch, in the rows 2, 3, ... of a file."""
        numbered = list(enumerate(records, 2))
        return self.intake.enter(more.pop("source", self.source), numbered, actor="ann", **more)

    def jobs(self) -> list[tuple[str, str, str]]:
        """Every job: order, tracking number, state."""
        return [
            tuple(row)
            for row in self.store.rows("SELECT order_ref, tracking, state FROM jobs ORDER BY id")
        ]

    def write_costs(self) -> None:
        """From now on connection 1 is sent shipping costs too."""
        self.store.connections.change(1, "Shop 1", {"write_cost": "on"}, "ann")

    def wording(self, job_id: int) -> Wording:
        """What a person reads of a row."""
        gate = self.store.connections.gate(1)
        return self.wordsmith.row(self.job(job_id), gate, "Shop 1")

    def job(self, job_id: int) -> Job:
        """One row."""
        return self.store.job(job_id)

    def open_items(self) -> list[AttentionItem]:
        """What waits for a person, oldest first."""
        return self.attention.items((ItemState.OPEN,))[::-1]

    def close(self) -> None:
        """Close the store."""
        self.store.database.close_thread()


class Watching:
    """One folder on disk, looked into when the test says so."""

    def __init__(self, bench: IntakeBench, path: Path, **settings: Any) -> None:
        self.bench = bench
        self.path = path
        path.mkdir(parents=True, exist_ok=True)
        self.readiness = Readiness()
        self.stopping = threading.Event()
        self.signs = 0
        status = bench.service.add(
            settings.pop("name", "WorldShip"), path, 1, FolderSettings(**settings), actor="ann"
        )
        self._name = status.folder.name

    @property
    def folder(self) -> WatchFolder:
        """As it is stored now."""
        return self.status.folder

    @property
    def status(self) -> FolderStatus:
        """As people see it."""
        return self.bench.service.named(self._name)

    def put(self, name: str, content: str | bytes, *, later: float = 0.0) -> Path:
        """Write a file, as of now on the fake clock, or so many seconds later."""
        file = self.path / name
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
        moment = self.bench.clock.now_ms() / 1000 + later
        os.utime(file, (moment, moment))
        return file

    def look(self) -> None:
        """Look once, now."""
        self.bench.look.into(self.folder, self.readiness, self.stopping, self._sign)

    def poll(self, times: int = 3, every_s: float = 3.0) -> None:
        """Look several times, as life does."""
        for _ in range(times):
            self.look()
            self.bench.clock.advance(every_s)

    def mark(self, name: str) -> FileMark | None:
        """How far a file was read."""
        return self.bench.files.of(self.folder.source).get(name)

    def _sign(self) -> None:
        self.signs += 1


def a_watch(bench: IntakeBench, look: FolderLook | None = None) -> FolderWatch:
    """The service that looks into all folders, on its own threads."""
    done: Callable[[], None] = bench.store.database.close_thread
    return FolderWatch(
        bench.folders, bench.attention, look or bench.look, bench.bus, bench.clock, done
    )


def row(number: int, *, void: str = "N", day: str = "20260921") -> str:
    return f"{316000 + number},1ZA1B2C3030000{number:04},Ground,{void},{day}\n"


def rows(*numbers: int) -> str:
    return HEAD + "".join(map(row, numbers))


def orders(bench: IntakeBench) -> list[str]:
    return [order for order, _, _ in bench.jobs()]


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def counts(**given: int) -> dict[str, int]:
    return {**ALL, **given}


def write(bench: IntakeBench) -> int:
    """The next job goes through; its number."""
    bench.clock.advance(60)
    job = bench.store.claim()
    bench.store.record(job, AN_OUTCOME[JobState.SUCCEEDED])
    return job.id
