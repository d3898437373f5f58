"""How the parts fit together, area by area: storage, what all share, sending, intake, engine."""

import importlib
import os
import random
import threading
import uuid
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from app import __version__
from app.core.clock import Clock
from app.core.events import EventBus
from app.core.redact import Redactor
from app.core.words import Catalogue
from app.integrations.base import Kind
from app.integrations.http import HttpFactory
from app.integrations.registry import kind_named
from app.models.acts import Acts
from app.models.attention import Attention
from app.models.budgets import Budgets
from app.models.connections import Connections
from app.models.database import Database
from app.models.folders import Files, Folders
from app.models.health import HealthStore
from app.models.history import History
from app.models.intake import Ledger
from app.models.local_intake import IntakeSetups
from app.models.opening import Opened
from app.models.order_erasing import OrderErasing
from app.models.order_export import OrderExport
from app.models.order_jobs import is_invoiced_here
from app.models.order_list import OrderList
from app.models.order_pages import OrderPages
from app.models.orders import Orders
from app.models.outbox import Outbox
from app.models.products import Products
from app.models.received import Received
from app.models.routes import Routes
from app.services.connections import ConnectionService, Means
from app.services.engine import Engine
from app.services.erasure import Erasure
from app.services.folder_look import FolderLook
from app.services.folder_watch import FolderWatch
from app.services.health_log import HealthLog
from app.services.intake import Intake
from app.services.intake_files import FileIntake
from app.services.letterbox import Letterbox
from app.services.local_intake import LocalIntake
from app.services.local_server import LocalServer, Server
from app.services.ownership import Ownership
from app.services.practice import Practice
from app.services.product_progress import ProductProgress
from app.services.product_runs import ProductRuns
from app.services.product_words import PRODUCTS
from app.services.queue_view import QueueView
from app.services.runner import Workshop
from app.services.scheduler import Scheduler
from app.services.secrets import Secrets
from app.services.sync import Means as SyncMeans
from app.services.sync import Sync
from app.services.sync_worker import SyncWorker
from app.services.turns import Turns
from app.services.wording import Wordsmith
from app.services.worker import Worker
from app.services.write_back import WriteBack

_ERASE_S = 3600.0


@dataclass(frozen=True, slots=True)
class Tables:
    """The data file, and what is read and written in it."""

    uid: str
    clock: Clock
    database: Database
    outbox: Outbox
    connections: Connections
    history: History
    folders: Folders
    files: Files
    ledger: Ledger
    attention: Attention
    setups: IntakeSetups
    received: Received
    routes: Routes
    products: Products
    orders: Orders
    order_list: OrderList
    order_pages: OrderPages
    order_export: OrderExport
    erasing: OrderErasing
    health: HealthStore


def wire_tables(opened: Opened, clock: Clock) -> Tables:
    """The stores of an open data file."""
    database = opened.database
    outbox = Outbox(database, clock)
    ledger = Ledger(database, outbox, clock)
    return Tables(
        uid=opened.uid,
        clock=clock,
        database=database,
        outbox=outbox,
        connections=Connections(database, clock),
        history=History(database),
        folders=Folders(database, clock),
        files=Files(database, clock),
        ledger=ledger,
        attention=Attention(database, clock),
        setups=IntakeSetups(database, clock),
        received=Received(database, ledger, clock),
        routes=Routes(database, clock),
        products=Products(database, outbox, clock),
        orders=Orders(database, clock),
        order_list=OrderList(database),
        order_pages=OrderPages(database),
        order_export=OrderExport(database),
        erasing=OrderErasing(database, clock),
        health=HealthStore(database),
    )


@dataclass(frozen=True, slots=True)
class Shared:
    """What most services work with."""

    folder: Path
    kinds: dict[str, Kind]
    bus: EventBus
    wordsmith: Wordsmith
    secrets: Secrets
    practice: Practice
    connections: ConnectionService
    ownership: Ownership
    health_log: HealthLog


def wire_shared(
    folder: Path, tables: Tables, kinds: dict[str, Kind], words: Catalogue, redactor: Redactor
) -> Shared:
    """Events, words, secrets and connections."""
    clock, bus = tables.clock, EventBus()
    http = HttpFactory(clock=clock)
    practice = Practice(folder, http)
    secrets = Secrets(tables.uid, redactor)
    health_log = HealthLog(tables.health, clock, bus, tables.database.close_thread)
    connections = ConnectionService(
        tables.connections,
        secrets,
        lambda name: kind_named(name, kinds),
        Means(
            http,
            Budgets(tables.database),
            clock,
            redactor,
            tables.history.wrote,
            health_log.heard,
            health_log.forget,
            partial(is_invoiced_here, tables.database),
        ),
        bus,
        practice.url,
    )
    return Shared(
        folder=folder,
        kinds=kinds,
        bus=bus,
        wordsmith=Wordsmith(words, (kind.title for kind in kinds.values())),
        secrets=secrets,
        practice=practice,
        connections=connections,
        ownership=Ownership(folder, clock),
        health_log=health_log,
    )


@dataclass(frozen=True, slots=True)
class Sending:
    """Jobs: how they come to be, and what people see of them."""

    write_back: WriteBack
    queue: QueueView


def wire_sending(tables: Tables, shared: Shared, rng: random.Random) -> Sending:
    """How jobs are made and shown. `rng` spreads waiting times."""
    clock, bus = tables.clock, shared.bus
    acts = Acts(tables.database, clock)
    return Sending(
        WriteBack(tables.outbox, bus, clock, tables.uid, rng),
        QueueView(
            tables.history, acts, shared.connections, shared.wordsmith, bus, clock, __version__
        ),
    )


@dataclass(frozen=True, slots=True)
class Incoming:
    """The ways shipments come in by themselves."""

    intake: Intake
    files: FileIntake
    local: LocalIntake
    letterbox: Letterbox


def wire_incoming(tables: Tables, shared: Shared, sending: Sending) -> Incoming:
    """Files, and what other programs hand in."""
    clock, bus, wordsmith = tables.clock, shared.bus, shared.wordsmith
    intake = Intake(tables.ledger, tables.attention, shared.connections, bus, clock)
    return Incoming(
        intake,
        FileIntake(intake, tables.files, bus),
        LocalIntake(
            tables.setups, tables.received, shared.secrets, shared.ownership, wordsmith, bus, clock
        ),
        Letterbox(
            tables.received, intake, tables.attention, shared.connections, sending.queue,
            wordsmith, bus,
        ),
    )  # fmt: skip


def listen_to_the_keyring(tables: Tables, shared: Shared, incoming: Incoming) -> None:
    """What waited for a secret goes on when the password store is opened at last."""

    def store_was_opened() -> None:
        shared.connections.store_was_opened()
        incoming.local.try_again()
        tables.database.close_thread()

    shared.secrets.when_answered_late(store_was_opened)


def wire_engine(tables: Tables, shared: Shared, sending: Sending, incoming: Incoming) -> Engine:
    """What works by itself, for the one process that owns the folder."""
    clock, bus, end_thread = tables.clock, shared.bus, tables.database.close_thread
    shop = Workshop(
        tables.outbox,
        tables.connections,
        sending.write_back,
        shared.connections.open,
        bus,
        clock,
        Turns(),
        f"{os.getpid()}-{uuid.uuid4()}",
        threading.Event(),
    )
    look = FolderLook(tables.folders, tables.files, tables.attention, incoming.files, bus, clock)

    def serve(port: int) -> Server:
        opening = importlib.import_module("app.endpoint.opening")  # only where it is switched on
        server: Server = opening.open_server(
            port, incoming.local, incoming.letterbox, shared.wordsmith.say, clock, end_thread
        )
        return server

    scheduler = Scheduler(clock, bus, end_thread)
    scheduler.add("erase addresses", _ERASE_S, Erasure(tables.erasing, bus).tick)
    return Engine(
        shared.folder,
        tables.database,
        shared.ownership,
        Worker(shop, end_thread=end_thread),
        scheduler,
        shared.connections,
        bus,
        clock,
        FolderWatch(tables.folders, tables.attention, look, bus, clock, end_thread),
        LocalServer(incoming.local, tables.setups, serve, bus, clock, end_thread),
        _wire_sync(tables, shared, scheduler),
    )


def _wire_sync(tables: Tables, shared: Shared, scheduler: Scheduler) -> SyncWorker:
    """What reads the sources at their intervals."""
    connections, bus = shared.connections, shared.bus
    ProductProgress(tables.routes, tables.products, bus, tables.clock)
    means = SyncMeans(
        tables.routes, tables.orders, tables.connections, connections.open_orders,
        connections.kind_of, bus, tables.clock,
        {PRODUCTS: ProductRuns(tables.products, bus, tables.clock).read},
    )  # fmt: skip
    return SyncWorker(Sync(means), means, scheduler, bus, tables.database.close_thread)
