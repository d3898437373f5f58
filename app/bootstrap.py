"""The one place that knows every layer: opens the store and wires the services."""

import logging
import random
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from app.core import words_health, words_intake, words_local_intake, words_orders, words_products
from app.core.clock import Clock, SystemClock
from app.core.redact import Redactor
from app.core.words import Catalogue
from app.integrations.base import Kind
from app.integrations.carrier_files import words as carrier_words
from app.integrations.registry import KINDS
from app.logs import FILE_NAME, start_logging, stop_logging
from app.models.carriers import CarrierWords
from app.models.listing import Listing
from app.models.opening import open_store
from app.paths import data_folder, demo_folder
from app.services.attention import AttentionService
from app.services.carrier_book import CarrierBook
from app.services.causes import CauseFinder
from app.services.connection_setup import ConnectionSetup
from app.services.connection_tests import ConnectionTests
from app.services.erasure import Erasure
from app.services.folders import FolderService
from app.services.health import Health
from app.services.holding import Holding
from app.services.languages import translator
from app.services.notices import Notices
from app.services.onlooker import Onlooker
from app.services.order_fetch import OrderFetch
from app.services.orders_view import OrdersView
from app.services.origins import Origins
from app.services.overview import Overview
from app.services.practice import Practice
from app.services.products import ProductService
from app.services.program import Program
from app.services.queue_page import QueuePage
from app.services.retirement import Retirement
from app.services.routes import RouteService
from app.wiring import (
    Incoming,
    Sending,
    Shared,
    Tables,
    listen_to_the_keyring,
    wire_engine,
    wire_incoming,
    wire_sending,
    wire_shared,
    wire_tables,
)

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
    """Every sentence of the program and of these systems, in the reader's language."""
    parts = (kind.sentences for kind in kinds.values())
    own = (
        words_health.SENTENCES,
        words_intake.SENTENCES,
        words_local_intake.SENTENCES,
        words_orders.SENTENCES,
        words_products.SENTENCES,
    )
    return Catalogue(*parts, carrier_words.SENTENCES, *own, translate=translator())


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
    redactor = Redactor()
    log = start_logging(folder / LOG_FOLDER, redactor) if is_engine else None
    try:
        opened = open_store(folder, clock, check=is_engine, is_visitor=not is_engine)
    except BaseException:
        stop_logging(log)
        raise
    tables = wire_tables(opened, clock)
    kinds = {**KINDS, **(more_kinds or {})}
    shared = wire_shared(folder, tables, kinds, catalogue(kinds), redactor)
    sending = wire_sending(tables, shared, rng or random.Random())
    incoming = wire_incoming(tables, shared, sending)
    listen_to_the_keyring(tables, shared, incoming)
    if is_engine:
        shared.health_log.begin()

    def close() -> None:
        shared.health_log.stop()
        tables.database.close_thread()
        stop_logging(log)

    log_file = folder / LOG_FOLDER / FILE_NAME if log else None
    return _wire_program(tables, shared, sending, incoming, log_file, close)


def _wire_program(
    tables: Tables,
    shared: Shared,
    sending: Sending,
    incoming: Incoming,
    log_file: Path | None,
    close: Callable[[], None],
) -> Program:
    """What people and their programs use."""
    folder, clock, database = shared.folder, tables.clock, tables.database
    bus, wordsmith, connections = shared.bus, shared.wordsmith, shared.connections
    carriers = CarrierBook(CarrierWords(database))
    origins = Origins(tables.ledger, tables.received, tables.folders, tables.attention, wordsmith)
    routes = RouteService(tables.routes, connections, wordsmith, bus, clock, tables.products)
    setup = ConnectionSetup(connections, shared.secrets, ConnectionTests(folder, clock))
    overview = Overview(connections, tables.history, wordsmith, clock)
    causes = CauseFinder(connections, tables.history, wordsmith, clock, incoming.local)
    return Program(
        folder=folder,
        log_file=log_file,
        clock=clock,
        bus=bus,
        kinds=shared.kinds,
        queue=sending.queue,
        queue_page=QueuePage(Listing(database), sending.queue, clock, carriers.link, origins.of),
        write_back=sending.write_back,
        intake=incoming.intake,
        file_intake=incoming.files,
        local_intake=incoming.local,
        letterbox=incoming.letterbox,
        folders=FolderService(
            tables.folders, tables.files, tables.attention, connections, wordsmith, bus, clock
        ),
        carriers=carriers,
        attention=AttentionService(tables.attention, tables.folders, connections, wordsmith, bus),
        origins=origins,
        routes=routes,
        products=ProductService(
            tables.routes, routes, tables.products, connections, tables.history, sending.queue, bus
        ),
        order_fetch=OrderFetch(routes, tables.orders, connections.open_orders, wordsmith, bus),
        orders=OrdersView(
            tables.orders,
            tables.order_list,
            tables.order_pages,
            tables.order_export,
            connections,
            wordsmith,
            bus,
            sending.queue,
            carriers.link,
        ),
        erasure=Erasure(tables.erasing, bus),
        connections=connections,
        setup=setup,
        overview=overview,
        health=Health(
            tables.health,
            tables.routes,
            overview,
            setup,
            shared.kinds,
            shared.health_log,
            wordsmith,
            clock,
        ),
        notices=Notices(causes, wordsmith, bus, clock, str(folder), database.close_thread),
        secrets=shared.secrets,
        practice=shared.practice,
        wordsmith=wordsmith,
        ownership=shared.ownership,
        retirement=Retirement(folder, database, shared.ownership, clock),
        holding=Holding(database.path, wordsmith),
        engine=lambda: wire_engine(tables, shared, sending, incoming),
        onlooker=lambda: Onlooker(database, shared.ownership, bus, clock),
        practice_servers=lambda: _practice_servers(folder, shared.practice),
        end_thread=database.close_thread,
        close=close,
    )


@contextmanager
def _practice_servers(folder: Path, practice: Practice) -> Iterator[dict[str, str]]:
    """Run every practice server; yields their addresses by system."""
    from app.practice import SYSTEMS  # noqa: PLC0415 - most starts run none, and they are large

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
