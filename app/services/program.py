"""The program as the command line and the window get it: services, ready to use."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from app.core.clock import Clock
from app.core.events import EventBus
from app.integrations.base import Kind
from app.services.attention import AttentionService
from app.services.carrier_book import CarrierBook
from app.services.connection_setup import ConnectionSetup
from app.services.connections import ConnectionService
from app.services.engine import Engine
from app.services.erasure import Erasure
from app.services.folders import FolderService
from app.services.health import Health
from app.services.holding import Holding
from app.services.intake import Intake
from app.services.intake_files import FileIntake
from app.services.letterbox import Letterbox
from app.services.local_intake import LocalIntake
from app.services.notices import Notices
from app.services.onlooker import Onlooker
from app.services.order_fetch import OrderFetch
from app.services.orders_view import OrdersView
from app.services.origins import Origins
from app.services.overview import Overview
from app.services.ownership import Ownership
from app.services.practice import Practice
from app.services.products import ProductService
from app.services.queue_page import QueuePage
from app.services.queue_view import QueueView
from app.services.retirement import Retirement
from app.services.routes import RouteService
from app.services.secrets import Secrets
from app.services.wording import Wordsmith
from app.services.write_back import WriteBack


@dataclass(frozen=True, slots=True)
class Program:
    """One open data folder."""

    folder: Path
    log_file: Path | None  # None: a visitor, or a folder in which no log can be written
    clock: Clock
    bus: EventBus
    kinds: dict[str, Kind]
    queue: QueueView
    queue_page: QueuePage
    write_back: WriteBack
    intake: Intake
    file_intake: FileIntake
    local_intake: LocalIntake
    letterbox: Letterbox
    folders: FolderService
    attention: AttentionService
    carriers: CarrierBook
    origins: Origins
    routes: RouteService
    products: ProductService
    order_fetch: OrderFetch
    orders: OrdersView
    erasure: Erasure
    connections: ConnectionService
    setup: ConnectionSetup
    overview: Overview
    health: Health
    notices: Notices
    secrets: Secrets
    practice: Practice
    wordsmith: Wordsmith
    ownership: Ownership
    retirement: Retirement
    holding: Holding
    engine: Callable[[], Engine]
    onlooker: Callable[[], Onlooker]
    practice_servers: Callable[[], AbstractContextManager[dict[str, str]]]
    end_thread: Callable[[], None]  # closes the calling thread's database connection
    close: Callable[[], None]
