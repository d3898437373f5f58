"""The local intake as people handle it: on or off, its port, its key, and how it stands."""

import hmac
import logging
import os
import secrets as randomness
import socket
import threading
from collections.abc import Mapping
from dataclasses import dataclass

from app.core.clock import Clock, clock_time
from app.core.errors import SecretUnavailable, StorageError, UsageError
from app.core.events import EventBus, LocalIntakeChanged
from app.core.types import ConnectionInfo
from app.integrations.base import SecretField
from app.models.local_intake import IntakeSetup, IntakeSetups
from app.models.received import Received
from app.services.ownership import Ownership
from app.services.secrets import Secrets, variable_name
from app.services.wording import Wordsmith

logger = logging.getLogger(__name__)

LOWEST_PORT, HIGHEST_PORT = 1024, 65535
KEY_VARIABLE = variable_name("local intake", "key")
_KEY_BYTES, _SHORTEST = 32, 32
_OWNER = ConnectionInfo(0, "local intake", "")  # connections count from 1
_KEY = SecretField("key", "key", "")
_PORTS_LOOKED_AT = 20


@dataclass(frozen=True, slots=True)
class LocalIntakeStatus:
    """How it stands, ready to show. Times are milliseconds since 1970.

    `is_serving`: it listens now. `accepted`: records taken in; `refused`: calls turned away.
    `last_at`: the last call with the right key. `trouble` empty: nothing is in the way.
    """

    is_on: bool
    port: int
    address: str
    text: str
    hint: str = ""
    last_at: int | None = None
    accepted: int = 0
    refused: int = 0
    is_serving: bool = False
    since: int | None = None
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why nobody is answered though it is switched on. `since`: ms since 1970."""

    code: str
    text: str
    hint: str
    since: int


class LocalIntake:
    """One intake per data folder; who serves it is the engine's business (`local_server`)."""

    def __init__(
        self,
        setups: IntakeSetups,
        received: Received,
        secrets: Secrets,
        ownership: Ownership,
        wordsmith: Wordsmith,
        bus: EventBus,
        clock: Clock,
        environment: Mapping[str, str] = os.environ,
    ) -> None:
        self._setups = setups
        self._received = received
        self._secrets = secrets
        self._ownership = ownership
        self._words = wordsmith
        self._bus = bus
        self._clock = clock
        self._environment = environment
        self._lock = threading.Lock()
        self._known: tuple[int, bytes] | None = None  # version of the key, and the key
        self._last_at: int | None = None
        self._refused = 0

    def status(self) -> LocalIntakeStatus:
        """How it stands now; reads the data file, so never on the thread of a window.

        Raises: StorageError.
        """
        setup = self._setups.load()
        text, hint, trouble = self._stands(setup)
        is_serving = setup.is_on and not trouble and setup.serving_since is not None
        with self._lock:
            last_at = max(filter(None, (setup.last_at, self._last_at)), default=None)
            refused = setup.refused + self._refused
        return LocalIntakeStatus(
            setup.is_on,
            setup.port,
            address_of(setup.port),
            text,
            hint,
            last_at,
            self._received.count(),
            refused,
            is_serving,
            setup.serving_since if is_serving else None,
            trouble,
        )

    def trouble(self) -> Trouble | None:
        """What keeps other programs from being answered, while the engine runs.

        Raises: StorageError.
        """
        setup = self._setups.load()
        if not (setup.is_on and setup.trouble_code) or self._ownership.is_free():
            return None
        said = self._words.say(setup.trouble_code, setup.trouble_params)
        since = setup.trouble_since or self._clock.now_ms()
        return Trouble(setup.trouble_code, said.summary, said.hint, since)

    def switch(self, is_on: bool, port: int | None, actor: str) -> str:
        """Switch it on or off; `port` None: as it was. Returns the key if one was made for it.

        Switching it on again tries anew what was in the way. Waits for a person at the prompt of
        the password store: never on the thread of a window.
        Raises: UsageError local_intake_port, SecretUnavailable, StorageError; then nothing
        was switched.
        """
        setup = self._setups.load()
        port = setup.port if port is None else port
        if not LOWEST_PORT <= port <= HIGHEST_PORT:
            raise UsageError(
                "local_intake_port", port=port, lowest=LOWEST_PORT, highest=HIGHEST_PORT
            )
        made = self._key_for_on(actor) if is_on else ""
        self._setups.switch(port, actor, is_on=is_on)
        self._setups.stands(None)
        self._bus.publish(LocalIntakeChanged())
        return made

    def key(self) -> str:
        """The key that other programs must send; may take seconds.

        Raises: SecretUnavailable, local_intake_no_key before the first one was made,
        local_intake_weak_key when the one in the environment is too short.
        """
        try:
            key = self._secrets.get(_OWNER, _KEY)
        except SecretUnavailable as error:
            if error.code != "secret_missing":
                raise
            raise SecretUnavailable("local_intake_no_key") from None
        if len(key) < _SHORTEST:
            raise SecretUnavailable(
                "local_intake_weak_key", variable=KEY_VARIABLE, shortest=_SHORTEST
            )
        return key

    def keep_key_for_session(self, key: str) -> None:
        """Count this key as the right one until the process ends, in memory only."""
        self._secrets.keep_for_session(_OWNER, _KEY.name, key)

    def new_key(self, actor: str) -> str:
        """Make another key; the old one is refused from the next call on.

        Raises: UsageError local_intake_key_set when the environment holds it,
        SecretUnavailable, StorageError; then the old one still counts.
        """
        if self._environment.get(KEY_VARIABLE):
            raise UsageError("local_intake_key_set", variable=KEY_VARIABLE)
        key = randomness.token_urlsafe(_KEY_BYTES)
        self._secrets.set(_OWNER, _KEY, key)
        self._setups.key_changed(actor)
        self._bus.publish(LocalIntakeChanged())
        return key

    def try_again(self) -> None:
        """What was in the way may be gone: a person opened the password store."""
        try:
            setup = self._setups.load()
            if setup.is_on and setup.trouble_code:
                self._setups.stands(None)
                self._bus.publish(LocalIntakeChanged())
        except StorageError as error:
            logger.warning("the local intake stays as it is: %s", error)

    def is_key(self, given: bytes) -> bool:
        """True for the key of this moment; takes as long for a wrong one as for the right one.

        Raises: UsageError local_intake_off, SecretUnavailable, StorageError.
        """
        setup = self._setups.load()
        if not setup.is_on:
            raise UsageError("local_intake_off")
        return hmac.compare_digest(given, self._key_of(setup.key_version))

    def count(self, *, has_key: bool, is_refused: bool) -> None:
        """Count a call that was answered; kept in memory until `keep_counts`."""
        with self._lock:
            self._refused += is_refused
            if has_key:
                self._last_at = self._clock.now_ms()

    def keep_counts(self) -> None:
        """Store what was counted. Raises: StorageError; then it is stored the next time."""
        with self._lock:
            last_at, refused = self._last_at, self._refused
        if last_at is None and not refused:
            return
        self._setups.add_calls(last_at, refused)
        with self._lock:
            self._refused -= refused
            if self._last_at == last_at:
                self._last_at = None

    def _key_for_on(self, actor: str) -> str:
        try:
            self.key()
        except SecretUnavailable as error:
            if error.code != "local_intake_no_key":
                raise
            return self.new_key(actor)
        return ""

    def _key_of(self, version: int) -> bytes:
        known = self._known
        if known is None or known[0] != version:
            known = self._known = (version, self.key().encode())
        return known[1]

    def _stands(self, setup: IntakeSetup) -> tuple[str, str, str]:
        """Text, hint and trouble."""
        if not setup.is_on:
            return self._words.text("Off"), "", ""
        if self._ownership.is_free():
            said = self._words.say("local_intake_idle", {})
            return said.summary, said.hint, "local_intake_idle"
        if setup.trouble_code:
            said = self._words.say(setup.trouble_code, setup.trouble_params)
            return said.summary, said.hint, setup.trouble_code
        if setup.serving_since is None:
            return self._words.text("Starting"), "", ""
        since = clock_time(setup.serving_since)
        return self._words.text("Ready for other programs since {since}", since=since), "", ""


def address_of(port: int) -> str:
    """Where records are sent to."""
    return f"http://127.0.0.1:{port}/intake"


def free_port_near(port: int) -> int | None:
    """A port above that one which nobody uses now; None where none was found nearby."""
    for other in range(port + 1, min(port + _PORTS_LOOKED_AT, HIGHEST_PORT) + 1):
        with socket.socket() as trial:
            try:
                trial.bind(("127.0.0.1", other))
            except OSError:
                continue
            return other
    return None
