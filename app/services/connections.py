"""Adds, edits, tests, pauses and removes connections, and opens them for work."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from app.core.errors import (
    BackhaulError,
    BugError,
    Param,
    SecretUnavailable,
    SetupChanged,
    UsageError,
)
from app.core.events import ConnectionChanged, EventBus
from app.core.types import ConnectionGate, ConnectionInfo
from app.integrations.base import CheckStep, Kind, SecretField, WriteBackTarget
from app.models.connections import Connections
from app.services.adapters import Adapters, Finder
from app.services.adapters import Means as Means
from app.services.adapters import Opened as Opened
from app.services.secrets import Secrets
from app.services.typed_settings import parse_typed


class ConnectionService:
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
        self._connections = connections
        self._secrets = secrets
        self._kind_named = kind_named
        self._means = means
        self._adapters = Adapters(means, secrets, kind_named, practice_url)
        self._bus = bus

    def all(self) -> list[ConnectionInfo]:
        """Every connection, by name."""
        return self._connections.all()

    def gate(self, connection_id: int) -> ConnectionGate:
        """Why it sends nothing now, if so."""
        return self._connections.gate(connection_id)

    def names(self) -> dict[int, str]:
        """Names by id, removed connections included."""
        return self._connections.names()

    def kind_of(self, connection_id: int) -> Kind:
        """The kind of a connection, also of a removed one."""
        return self._kind_named(self._connections.kind_name(connection_id))

    def ways_of(self, connection_id: int) -> tuple[Kind, Mapping[str, Param]]:
        """Kind and settings of a connection; of a removed one the settings are forgotten."""
        found = self._connections.find(connection_id)
        return self.kind_of(connection_id), found.settings if found else {}

    def kind(self, connection: ConnectionInfo) -> Kind:
        """What kind of system it is."""
        return self._kind_named(connection.kind)

    def named(self, name: str) -> ConnectionInfo:
        """The connection with that name, whatever its capitals.

        Raises: UsageError.
        """
        for connection in self.all():
            if connection.name.casefold() == name.casefold():
                return connection
        raise UsageError("connection_missing", name=name)

    def only_one(self, name: str | None) -> ConnectionInfo:
        """The named connection, or the only one there is.

        Raises: UsageError when there is none, or a choice.
        """
        if name is not None:
            return self.named(name)
        found = self.all()
        if not found:
            raise UsageError("connection_none")
        if len(found) > 1:
            raise UsageError("connection_needed", names=", ".join(c.name for c in found))
        return found[0]

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
        `most_rows`; SecretUnavailable when it
        is out of use but a secret is still in the keyring.
        """
        removed = self._connections.remove(
            connection.id, discard_rows=discard_rows, actor=actor, most_rows=most_rows
        )
        self._bus.publish(ConnectionChanged(connection.id))
        for field in () if connection.is_practice else self.kind(connection).secrets:
            try:
                self._secrets.delete(connection, field)
            except SecretUnavailable as error:
                if error.code not in ("keyring_none", "keyring_plaintext"):
                    raise
        return removed

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

    def test(self, connection: ConnectionInfo) -> Iterator[CheckStep | BackhaulError]:
        """Test step by step, changing nothing there; an error is the last thing yielded."""
        yield from self._steps(connection, lambda target: iter(target.check()))

    def try_out(
        self, connection: ConnectionInfo, secrets: Mapping[str, str]
    ) -> Iterator[CheckStep | BackhaulError]:
        """Test settings that are not stored, with typed secrets laid over the stored ones."""
        self._means.redactor.learn(value for value in secrets.values() if value)
        opened = None
        try:
            opened = self._adapters.build(connection, secrets)
            yield from opened.target.check()
        except BackhaulError as error:
            yield error
        finally:
            if opened is not None:
                opened.close()

    def test_contract(
        self, connection: ConnectionInfo, record: str
    ) -> Iterator[CheckStep | BackhaulError]:
        """Check somebody's connector line by line on one throw-away record.

        Raises: UsageError when this kind has no contract of ours.
        """

        def steps(target: WriteBackTarget) -> Iterator[CheckStep]:
            check = getattr(target, "check_contract", None)
            if check is None:
                raise UsageError("not_supported", host=connection.name)
            found: Iterator[CheckStep] = check(record)
            return found

        yield from self._steps(connection, steps)

    def _steps(
        self,
        connection: ConnectionInfo,
        steps: Callable[[WriteBackTarget], Iterator[CheckStep]],
    ) -> Iterator[CheckStep | BackhaulError]:
        opened = None
        try:
            opened = self.open(connection.id)
            yield from steps(opened.target)
        except UsageError:
            raise
        except BackhaulError as error:
            yield error
        finally:
            if opened is not None:
                opened.close()

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

    def open(self, connection_id: int) -> Opened:
        """Build the adapter of a connection; it belongs to the calling thread.

        Raises: BugError when the connection is gone; SecretUnavailable when first used.
        """
        connection = self._connections.find(connection_id)
        if connection is None:
            raise BugError("connection_missing", name=str(connection_id))
        return self._adapters.build(connection)
