"""Adds, edits, tests, pauses and removes connections, and opens them for work."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

from app.core.clock import Clock
from app.core.errors import BackhaulError, BugError, Param, SecretUnavailable, UsageError
from app.core.events import ConnectionChanged, EventBus
from app.core.redact import Redactor
from app.core.types import ConnectionGate, ConnectionInfo
from app.integrations.base import CheckStep, Context, Kind, SecretField, WriteBackTarget
from app.integrations.http import HttpFactory
from app.integrations.limits import BudgetStore, RateBudget
from app.models.connections import Connections
from app.services.secrets import Secrets

Finder = Callable[[str], Kind]


class Opened:
    """A connection made ready for work, with the budget of its calls."""

    def __init__(self, target: WriteBackTarget, budget: RateBudget) -> None:
        self.target = target
        self._budget = budget

    def write_wait_s(self) -> float:
        """Seconds until the next write is allowed."""
        operation = self.target.write_operation
        return self._budget.wait_s(operation) if operation else 0.0

    def close(self) -> None:
        """Give up sockets."""
        self.target.close()


@dataclass(frozen=True, slots=True)
class Means:
    """What adapters are built with."""

    http: HttpFactory
    budgets: BudgetStore
    clock: Clock
    redactor: Redactor


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
        self._practice_url = practice_url
        self._connections = connections
        self._secrets = secrets
        self._kind_named = kind_named
        self._means = means
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
        settings = _parsed(kind, typed, {})
        self._require_free(name)
        return self._connections.add(
            name.strip(), kind.name, settings, is_practice=is_practice, actor=actor
        )

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
        settings = _parsed(self.kind(connection), typed, connection.settings)
        self._require_free(name or "", connection.id)
        self._connections.change(connection.id, name or connection.name, settings, actor)
        self._bus.publish(ConnectionChanged(connection.id))

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

    def remove(self, connection: ConnectionInfo, *, discard_rows: bool, actor: str) -> int:
        """Take it out of use with its secrets; returns how many rows went to the bin.

        Raises: UsageError when rows wait and `discard_rows` is off.
        """
        removed = self._connections.remove(connection.id, discard_rows=discard_rows, actor=actor)
        for field in self.kind(connection).secrets:
            try:
                self._secrets.delete(connection, field)
            except SecretUnavailable as error:
                if error.code not in ("keyring_none", "keyring_plaintext"):
                    raise
        self._bus.publish(ConnectionChanged(connection.id))
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

    def test(self, connection: ConnectionInfo) -> Iterator[CheckStep | BackhaulError]:
        """Test step by step, changing nothing there; an error is the last thing yielded."""
        yield from self._steps(connection, lambda target: iter(target.check()))

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
        kind = self.kind(connection)
        means = self._means
        if connection.is_practice:
            here = self._practice_url(kind.name)
            connection = replace(
                connection, settings={**connection.settings, **({"base_url": here} if here else {})}
            )
        budget = RateBudget(connection.id, means.budgets, means.clock, kind.limits)
        fields = {field.name: field for field in kind.secrets}
        context = Context(
            connection=connection,
            secret=lambda name: self._secrets.get(connection, fields[name]),
            http=means.http,
            budget=budget,
            clock=means.clock,
            clean=means.redactor.clean,
        )
        return Opened(kind.build(context), budget)


def _parsed(kind: Kind, typed: Mapping[str, str], stored: Mapping[str, Param]) -> dict[str, Param]:
    """Settings with what was typed laid over what is stored; defaults stay in the code."""
    fields = {field.name: field for field in kind.settings}
    settings = dict(stored)
    for name, text in typed.items():
        field = fields.get(name)
        if field is None:
            raise UsageError("setting_missing", name=name, kind=kind.title, names=", ".join(fields))
        if field.choices and text not in field.choices:
            mend = "Choose one of: " + ", ".join(field.choices)
            raise UsageError("setting_bad", name=name, value=text, mend=mend)
        try:
            settings[name] = field.parse(text)
        except ValueError as error:
            raise UsageError("setting_bad", name=name, value=text, mend=str(error)) from error
    for field in kind.settings:
        if field.default is None and settings.get(field.name) in (None, ""):
            raise UsageError("setting_needed", name=field.name)
    return settings
