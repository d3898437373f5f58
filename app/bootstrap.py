"""The one place that knows every layer: opens the store and wires the services."""

import os
import random
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app import __version__
from app.core.clock import Clock, SystemClock
from app.core.events import EventBus
from app.core.redact import Redactor
from app.core.words import Catalogue
from app.integrations.http import HttpFactory
from app.integrations.registry import KINDS, kind_named
from app.logs import start_logging, stop_logging
from app.models.acts import Acts
from app.models.budgets import Budgets
from app.models.connections import Connections
from app.models.history import History
from app.models.opening import open_store
from app.models.outbox import Outbox
from app.practice import SYSTEMS
from app.services.connections import ConnectionService, Means
from app.services.engine import Engine
from app.services.overview import Overview
from app.services.ownership import Ownership
from app.services.practice import Practice
from app.services.program import Program
from app.services.queue_view import QueueView
from app.services.runner import Workshop
from app.services.scheduler import Scheduler
from app.services.secrets import Secrets
from app.services.turns import Turns
from app.services.wording import Wordsmith
from app.services.worker import Worker
from app.services.write_back import WriteBack

LOG_FOLDER = "logs"


def open_program(folder: Path, *, is_engine: bool, clock: Clock | None = None) -> Program:
    """Open a data folder. The engine checks the whole file first; a visitor announces writes.

    Raises: StorageError.
    """
    clock = clock or SystemClock()
    redactor = Redactor()
    log = start_logging(folder / LOG_FOLDER, redactor) if is_engine else None
    opened = open_store(folder, clock, check=is_engine, is_visitor=not is_engine)
    database, bus, rng = opened.database, EventBus(), random.Random()
    http = HttpFactory(clock=clock)
    practice = Practice(folder, http)
    outbox, connections, history = (
        Outbox(database, clock),
        Connections(database, clock),
        History(database),
    )
    secrets = Secrets(opened.uid, redactor)
    catalogue = Catalogue(*(kind.sentences for kind in KINDS.values()))
    wordsmith = Wordsmith(catalogue)
    service = ConnectionService(
        connections,
        secrets,
        kind_named,
        Means(http, Budgets(database), clock, redactor),
        bus,
        practice.url,
    )
    write_back = WriteBack(outbox, bus, clock, opened.uid, rng)
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
        )

    def close() -> None:
        database.close_thread()
        stop_logging(log)

    return Program(
        folder=folder,
        clock=clock,
        bus=bus,
        kinds=KINDS,
        queue=QueueView(
            history, Acts(database, clock), service, wordsmith, bus, clock, __version__
        ),
        write_back=write_back,
        connections=service,
        overview=Overview(service, history, wordsmith, clock),
        secrets=secrets,
        practice=practice,
        wordsmith=wordsmith,
        ownership=ownership,
        engine=engine,
        practice_servers=lambda: _practice_servers(folder, practice),
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
