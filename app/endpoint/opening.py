"""The local server put together: who may enter, through which doors. Custom stores join here."""

import threading
from collections.abc import Callable

from app.core.clock import Clock
from app.endpoint import intake
from app.endpoint.auth import Bearer, WrongCalls
from app.endpoint.calls import Entrance, Say
from app.endpoint.server import Server
from app.services.letterbox import Letterbox
from app.services.local_intake import LocalIntake


def open_server(
    port: int,
    local: LocalIntake,
    letterbox: Letterbox,
    say: Say,
    clock: Clock,
    end_thread: Callable[[], None],
) -> Server:
    """A server that listens at that port of this computer.

    Raises: OSError when the port cannot be had.
    """
    closing = threading.Event()
    bearer = Bearer(local.is_key, WrongCalls(clock, closing))
    doors = {intake.PATH: intake.IntakeDoor(local, letterbox, bearer, say)}
    return Server(port, Entrance(port, doors, say), closing, end_thread)
