"""The one place that knows every layer: opens the store and wires the services."""

import logging
import os
import random
import threading
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from app import __version__
from app.core import words_intake
from app.core.clock import Clock, SystemClock
from app.core.events import EventBus
from app.core.redact import Redactor
from app.core.words import Catalogue
from app.integrations import carrier_files
from app.integrations.base import Kind
from app.integrations.http import HttpFactory
from app.integrations.registry import KINDS, kind_named
from app.logs import FILE_NAME, start_logging, stop_logging
from app.models.acts import Acts
from app.models.attention import Attention
from app.models.budgets import Budgets
from app.models.connections import Connections
from app.models.folders import Files, Folders
from app.models.history import History
from app.models.intake import Ledger
from app.models.listing import Listing
from app.models.opening import open_store
from app.models.outbox import Outbox
from app.paths import data_folder, demo_folder
from app.practice import SYSTEMS
from app.services.attention import AttentionService
from app.services.causes import CauseFinder
from app.services.connection_setup import ConnectionSetup
from app.services.connection_tests import ConnectionTests
from app.services.connections import ConnectionService, Means
from app.services.engine import Engine
from app.services.folder_look import FolderLook
from app.services.folder_watch import FolderWatch
from app.services.folders import FolderService
from app.services.holding import Holding
from app.services.intake import Intake
from app.services.intake_files import FileIntake
from app.services.notices import Notices
from app.services.onlooker import Onlooker
from app.services.origins import Origins
from app.services.overview import Overview
from app.services.ownership import Ownership
from app.services.practice import Practice
from app.services.program import Program
from app.services.queue_page import QueuePage
from app.services.queue_view import QueueView
from app.services.retirement import Retirement
from app.services.runner import Workshop
from app.services.scheduler import Scheduler
from app.services.secrets import Secrets
from app.services.turns import Turns
from app.services.wording import Wordsmith
from app.services.worker import Worker
from app.services.write_back import WriteBack

__all__ = [
    "catalogue",
    "data_folder",
    "demo_folder",
    "note_fault",
    "open_program",
    "opened_program",
]

logger = logging.getLogger(__name__)

LOG_FOLDER = "logs"


def catalogue(kinds: Mapping[str, Kind] = KINDS) -> Catalogue:
    """Every sentence of the program and of these systems."""
    parts = (kind.sentences for kind in kinds.values())
    return Catalogue(*parts, carrier_files.SENTENCES, words_intake.SENTENCES)


@contextmanager
def opened_program(folder: Path, is_engine: bool) -> Iterator[Program]:
    """`open_program` for the time of a command."""
    program = open_program(folder, is_engine=is_engine)
    try:
        yield program
    finally:
        program.close()


def note_fault(folder: Path, error: Exception) -> Path | None:
    """Write a trace into the log; returns the file, None where none can be written."""
    log = start_logging(folder / LOG_FOLDER, Redactor())
    if log is None:
        return None
    logger.error("a fault of the program", exc_info=error)
    stop_logging(log)
    return folder / LOG_FOLDER / FILE_NAME


def open_program(
    folder: Path,
    *,
    is_engine: bool,
    clock: Clock | None = None,
    more_kinds: Mapping[str, Kind] | None = None,
    rng: random.Random | None = None,
) -> Program:
    """Open a data folder. The engine checks the whole file first; a visitor announces writes.

    `more_kinds`: systems that are not shipped (the benchmarks bring one with a single call).
    `rng`: spreads waiting times; seeded where they are to be the same on every run.

    Raises: StorageError.
    """
    clock = clock or SystemClock()
    kinds = {**KINDS, **(more_kinds or {})}
    redactor = Redactor()
    log = start_logging(folder / LOG_FOLDER, redactor) if is_engine else None
    try:
        opened = open_store(folder, clock, check=is_engine, is_visitor=not is_engine)
    except BaseException:
        stop_logging(log)
        raise
    database, bus, rng = opened.database, EventBus(), rng or random.Random()
    http = HttpFactory(clock=clock)
    practice = Practice(folder, http)
    outbox, connections, history = (
        Outbox(database, clock),
        Connections(database, clock),
        History(database),
    )
    secrets = Secrets(opened.uid, redactor)
    wordsmith = Wordsmith(catalogue(kinds))
    service = ConnectionService(
        connections,
        secrets,
        lambda name: kind_named(name, kinds),
        Means(http, Budgets(database), clock, redactor, history.wrote),
        bus,
        practice.url,
    )

    def store_was_opened() -> None:
        service.store_was_opened()
        database.close_thread()

    secrets.when_answered_late(store_was_opened)
    queue = QueueView(history, Acts(database, clock), service, wordsmith, bus, clock, __version__)
    write_back = WriteBack(outbox, bus, clock, opened.uid, rng)
    folders, files = Folders(database, clock), Files(database, clock)
    ledger, attention = Ledger(database, outbox, clock), Attention(database, clock)
    intake = Intake(ledger, attention, service, bus, clock)
    file_intake = FileIntake(intake, files, bus)
    ownership = Ownership(folder, clock)

    def engine() -> Engine:
        lease = f"{os.getpid()}-{uuid.uuid4()}"
        stopping = threading.Event()
        shop = Workshop(
            outbox, connections, write_back, service.open, bus, clock, Turns(), lease, stopping
        )
        return Engine(
            folder,
            database,
            ownership,
            Worker(shop, end_thread=database.close_thread),
            Scheduler(clock, bus, database.close_thread),
            service,
            bus,
            clock,
            FolderWatch(
                folders,
                attention,
                FolderLook(folders, files, attention, file_intake, bus, clock),
                bus,
                clock,
                database.close_thread,
            ),
        )

    def close() -> None:
        database.close_thread()
        stop_logging(log)

    return Program(
        folder=folder,
        log_file=folder / LOG_FOLDER / FILE_NAME if log else None,
        clock=clock,
        bus=bus,
        kinds=kinds,
        queue=queue,
        queue_page=QueuePage(Listing(database), queue, clock),
        write_back=write_back,
        intake=intake,
        file_intake=file_intake,
        folders=FolderService(folders, files, attention, service, wordsmith, bus, clock),
        attention=AttentionService(attention, folders, service, wordsmith, bus),
        origins=Origins(ledger, folders),
        connections=service,
        setup=ConnectionSetup(service, secrets, ConnectionTests(folder, clock)),
        overview=Overview(service, history, wordsmith, clock),
        notices=Notices(
            CauseFinder(service, history, wordsmith, clock),
            wordsmith,
            bus,
            clock,
            str(folder),
            database.close_thread,
        ),
        secrets=secrets,
        practice=practice,
        wordsmith=wordsmith,
        ownership=ownership,
        retirement=Retirement(folder, database, ownership, clock),
        holding=Holding(database.path, wordsmith),
        engine=engine,
        onlooker=lambda: Onlooker(database, ownership, bus, clock),
        practice_servers=lambda: _practice_servers(folder, practice),
        end_thread=database.close_thread,
        close=close,
    )


@contextmanager
def _practice_servers(folder: Path, practice: Practice) -> Iterator[dict[str, str]]:
    """Run every practice server; yields their addresses by system."""
    key = uuid.uuid4().hex
    servers = {
        name: make(
            port=practice.port(name),
            control_key=key,
            state_file=folder / f"practice-{name}.json",
        )
        for name, make in SYSTEMS.items()
    }
    started = []
    try:
        for server in servers.values():
            server.start()
            started.append(server)
        urls = {name: server.url for name, server in servers.items()}
        practice.publish(urls, key)
        yield urls
    finally:
        for server in started:
            server.stop()
