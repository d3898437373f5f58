"""Adds, edits, tests, pauses and removes connections, and opens them for work."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from app.core.errors import (
    BugError,
    ConnectionBlocked,
    SecretUnavailable,
    SetupChanged,
    UsageError,
)
from app.core.events import ConnectionChanged, EventBus
from app.core.health import Api
from app.core.types import ConnectionInfo
from app.integrations.base import CheckStep, OrderSource, SecretField
from app.models.connections import Connections
from app.services.adapters import Adapters, Finder
from app.services.adapters import Means as Means
from app.services.adapters import Opened as Opened
from app.services.connection_book import ConnectionBook
from app.services.connection_checks import ConnectionChecks, Lines
from app.services.secrets import Secrets
from app.services.typed_settings import parse_typed

_WAITS_FOR_STORE = frozenset({"keyring_slow", "keyring_locked"})


class ConnectionService(ConnectionBook):
    """Connections as people handle them."""

    def __init__(
        self,
        connections: Connections,
        secrets: Secrets,
        kind_named: Finder,
        means: Means,
        bus: EventBus,
        practice_url: Callable[[str], str],
    ) -> None:
        super().__init__(connections, kind_named)
        self._secrets = secrets
        self._means = means
        self._adapters = Adapters(means, secrets, kind_named, practice_url)
        self._checks = ConnectionChecks()
        self._bus = bus

    def add(
        self,
        kind_name: str,
        name: str,
        typed: Mapping[str, str],
        *,
        is_practice: bool = False,
        actor: str,
    ) -> ConnectionInfo:
        """Store a connection; `typed` are settings as a person wrote them.

        Raises: UsageError naming the setting, its value and the mend.
        """
        kind = self._kind_named(kind_name)
        settings = parse_typed(kind, typed, {}, self._means.redactor.clean)
        self._require_fit(ConnectionInfo(0, name, kind.name, settings, is_practice))
        self._require_free(name)
        added = self._connections.add(
            name.strip(), kind.name, settings, is_practice=is_practice, actor=actor
        )
        self._bus.publish(ConnectionChanged(added.id))
        return added

    def edit(
        self,
        connection: ConnectionInfo,
        *,
        name: str | None,
        typed: Mapping[str, str],
        actor: str,
    ) -> None:
        """Store other settings; a blocked connection is tried again.

        Raises: UsageError.
        """
        kind, clean = self.kind(connection), self._means.redactor.clean
        settings = parse_typed(kind, typed, connection.settings, clean)
        if typed:
            self._require_fit(replace(connection, settings=settings))
        self._require_free(name or "", connection.id)
        self._connections.change(connection.id, name or connection.name, settings, actor)
        if settings != connection.settings:
            self._means.forget(connection.id)
        self._bus.publish(ConnectionChanged(connection.id))

    def _require_fit(self, connection: ConnectionInfo) -> None:
        """Build its adapter, which opens nothing, to see whether the settings go together.

        Raises: UsageError, as the connection itself would be blocked with later.
        """
        try:
            self._adapters.build(connection).close()
        except SetupChanged as error:
            params: dict[str, Any] = dict(error.params)
            raise UsageError(error.code, **params) from error

    def _require_free(self, name: str, own_id: int = 0) -> None:
        """Raises: UsageError when another connection has the name, whatever its capitals."""
        for other in self.all():
            if other.id != own_id and other.name.casefold() == name.strip().casefold():
                raise UsageError("connection_name_taken", name=other.name)

    def set_secret(self, connection: ConnectionInfo, field: SecretField, value: str) -> None:
        """Keep a secret in the keyring.

        Raises: SecretUnavailable.
        """
        self._secrets.set(connection, field, value)

    def remove(
        self,
        connection: ConnectionInfo,
        *,
        discard_rows: bool,
        actor: str,
        most_rows: int | None = None,
    ) -> int:
        """Take it out of use with its secrets; returns how many rows went to the bin.

        Raises: UsageError when rows wait and `discard_rows` is off, or more of them than
        `most_rows`; SecretUnavailable when it is out of use but a secret is still in the keyring.
        """
        removed = self.take_out(
            connection, discard_rows=discard_rows, actor=actor, most_rows=most_rows
        )
        self.forget_secrets(connection)
        return removed

    def take_out(
        self,
        connection: ConnectionInfo,
        *,
        discard_rows: bool,
        actor: str,
        most_rows: int | None = None,
    ) -> int:
        """`remove`, but its secrets stay where they are.

        Raises: UsageError.
        """
        removed = self._connections.remove(
            connection.id, discard_rows=discard_rows, actor=actor, most_rows=most_rows
        )
        self._bus.publish(ConnectionChanged(connection.id))
        return removed

    def forget_secrets(self, connection: ConnectionInfo) -> bool:
        """Delete every secret and look that it is gone; False where none was ever kept by us.

        Raises: SecretUnavailable, after all were tried.
        """
        trouble: SecretUnavailable | None = None
        fields = () if connection.is_practice else self.kind(connection).secrets
        has_store = bool(fields)
        for field in fields:
            try:
                self._secrets.delete(connection, field)
            except SecretUnavailable as error:
                if error.code in ("keyring_none", "keyring_plaintext"):
                    has_store = False
                else:
                    trouble = error
        if trouble is not None:
            raise trouble
        return has_store

    def pause(self, connection: ConnectionInfo, for_s: float | None, actor: str) -> None:
        """Send nothing for some seconds; None: until resumed."""
        now = self._means.clock.now_ms()
        until = None if for_s is None else now + int(for_s * 1000)
        self._connections.pause(connection.id, until, actor)
        self._bus.publish(ConnectionChanged(connection.id))

    def resume(self, connection: ConnectionInfo, actor: str) -> None:
        """End a pause or a block; the next job is the probe."""
        self._connections.resume(connection.id, actor)
        self._bus.publish(ConnectionChanged(connection.id))

    def unblock(self, connection: ConnectionInfo, actor: str) -> None:
        """End a block but not a pause; the next job is the probe."""
        self._connections.unblock(connection.id, actor)
        self._bus.publish(ConnectionChanged(connection.id))

    def test(self, connection: ConnectionInfo) -> Lines:
        """Test step by step, changing nothing there; an error is the last thing yielded."""
        return self._checks.test(lambda: self.open(connection.id, Api.SIGN_IN))

    def try_out(self, connection: ConnectionInfo, secrets: Mapping[str, str]) -> Lines:
        """Test settings that are not stored, with typed secrets laid over the stored ones."""
        self._means.redactor.learn(value for value in secrets.values() if value)
        return self._checks.test(lambda: self._adapters.build(connection, secrets, None))

    def has_contract(self, connection: ConnectionInfo) -> bool:
        """True when somebody's connector stands behind it that can be checked line by line."""
        return self._checks.has_contract(lambda: self.open(connection.id, None))

    def test_contract(self, connection: ConnectionInfo, record: str) -> Lines:
        """Check somebody's connector line by line on one throw-away record, which is put back.

        Throwing `CheckStopped` into it stops after the line under way, puts the record back and
        yields what came of that. Raises: UsageError when this kind has no contract of ours.
        """
        opener = partial(self.open, connection.id, None)  # it makes calls that are to fail
        return self._checks.contract(opener, connection.name, record)

    def end_checks(self, patience_s: float) -> bool:
        """The program ends: what a contract check changed is put back; False when not in time."""
        return self._checks.end(patience_s)

    def stop(self, connection: ConnectionInfo, error: ConnectionBlocked) -> None:
        """Nothing is sent until a person acts: it is known already that it cannot work."""
        self._connections.block(connection.id, error)
        self._bus.publish(ConnectionChanged(connection.id))

    def store_was_opened(self) -> None:
        """The password store answered after all: what had stopped for that goes on."""
        for connection in self.all():
            if self.gate(connection.id).block_code in _WAITS_FOR_STORE:
                self._connections.unblock(connection.id, "")
                self._bus.publish(ConnectionChanged(connection.id))

    def look_again(self) -> None:
        """Read-only look at connections whose block may have ended by itself at the remote."""
        for connection in self.all():
            gate = self.gate(connection.id)
            if not (gate.is_blocked and gate.block_looks_again):
                continue
            found = list(self.test(connection))
            if all(isinstance(step, CheckStep) and step.passed is not False for step in found):
                self._connections.unblock(connection.id, "")
                self._bus.publish(ConnectionChanged(connection.id))

    def open(self, connection_id: int, api: Api | None = Api.WRITE_BACK) -> Opened:
        """Build the adapter of a connection; it belongs to the calling thread.

        `api`: what its calls are for; None: they say nothing of its health.
        Raises: BugError when the connection is gone; SecretUnavailable when first used.
        """
        connection = self._connections.find(connection_id)
        if connection is None:
            raise BugError("connection_missing", name=str(connection_id))
        return self._adapters.build(connection, api=api)

    def open_orders(self, connection_id: int) -> OrderSource:
        """The connection as a source of orders; it belongs to the calling thread.

        Raises: BugError when the connection is gone; NotSupported when it has no orders.
        """
        connection = self._connections.find(connection_id)
        if connection is None:
            raise BugError("connection_missing", name=str(connection_id))
        return self._adapters.build_orders(connection)
