"""One window per data folder: the engine's lock decides, a local socket only says "raise"."""

import hashlib
import os
import sys
import time
from pathlib import Path

from PySide6.QtCore import QObject, QThread, Signal, Slot
from PySide6.QtNetwork import QLocalServer, QLocalSocket

_WORD = b"raise\n"
_STAY = b"there?\n"
_ANSWER = b"raised\n"
_PATIENCE_S = 3.0
_STEP_MS = 300
_ANSWER_MS = 2000
_LONGEST_PATH = 100  # bytes; the system takes 107


def socket_name(folder: Path) -> str:
    """Where the window of a data folder listens: the person's own folder for such things, which
    the system empties; where there is none, a bare name, which Qt puts where it likes."""
    digest = hashlib.sha256(str(folder).encode()).hexdigest()[:16]
    name = f"backhaul-{digest}"
    text = os.environ.get("XDG_RUNTIME_DIR", "") if sys.platform == "linux" else ""
    place = Path(text)
    path = str(place / name)
    is_short = len(os.fsencode(path)) <= _LONGEST_PATH
    return path if place.is_absolute() and place.is_dir() and is_short else name


class Instance(QObject):
    """The socket of this folder's window."""

    asked = Signal()

    def __init__(self, folder: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._name = socket_name(folder)
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._connected)

    def ask_other(self, patience_s: float = _PATIENCE_S, *, raises: bool = True) -> bool:
        """Ask the window that is there to come to the front; False when none answers.

        `raises` False: only whether there is one.

        One that is just starting listens a moment after it took the lock.
        """
        ends = time.monotonic() + patience_s
        while True:
            socket = QLocalSocket()
            socket.connectToServer(self._name)
            if socket.waitForConnected(_STEP_MS):
                socket.write(_WORD if raises else _STAY)
                socket.waitForBytesWritten(_STEP_MS)
                socket.waitForReadyRead(_ANSWER_MS)
                return bool(socket.readAll().data() == _ANSWER)
            if time.monotonic() > ends:
                return False
            QThread.msleep(50)

    @Slot()
    def listen(self) -> None:
        """Answer from now on; called by the owner of the engine's lock, so what lies there is
        left by a dead process."""
        if not self._server.listen(self._name):
            QLocalServer.removeServer(self._name)
            self._server.listen(self._name)

    @property
    def is_listening(self) -> bool:
        """True while it answers."""
        return self._server.isListening()

    def close(self) -> None:
        """Answer no more."""
        self._server.close()

    @Slot()
    def _connected(self) -> None:
        while (socket := self._server.nextPendingConnection()) is not None:
            socket.disconnected.connect(socket.deleteLater)
            socket.readyRead.connect(self._heard)

    @Slot()
    def _heard(self) -> None:
        socket = self.sender()
        word = socket.readAll().data() if isinstance(socket, QLocalSocket) else b""
        if isinstance(socket, QLocalSocket) and word in (_WORD, _STAY):
            socket.write(_ANSWER)
            socket.disconnectFromServer()  # once it is written
            if word == _WORD:
                self.asked.emit()
