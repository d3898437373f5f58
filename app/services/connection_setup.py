"""A connection before it is stored: judges what is typed, tries it out, saves it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from app.core.errors import BackhaulError, Param, SecretUnavailable, UsageError
from app.core.types import ConnectionInfo
from app.integrations.base import Access as Access
from app.integrations.base import CheckStep as CheckStep
from app.integrations.base import Kind as Kind
from app.integrations.base import SecretField as SecretField
from app.integrations.base import SettingField as SettingField
from app.services.connection_checks import Lines as Lines
from app.services.connection_tests import ConnectionTests
from app.services.connection_tests import Found as Found
from app.services.connection_tests import LastTest as LastTest
from app.services.connections import ConnectionService
from app.services.secrets import Secrets, variable_name
from app.services.typed_settings import parse_typed

NAME_MAX = 60


@dataclass(frozen=True, slots=True)
class Draft:
    """What was typed so far. `secrets` holds only what was typed; the rest is as stored."""

    kind: Kind
    name: str
    typed: Mapping[str, str]
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)
    is_practice: bool = False
    edits: ConnectionInfo | None = None  # the stored connection that it changes


@dataclass(frozen=True, slots=True)
class Saved:
    """A stored connection, and why a secret of it was not kept, if so."""

    connection: ConnectionInfo
    trouble: SecretUnavailable | None = None


@dataclass(frozen=True, slots=True)
class Removed:
    """A connection that is out of use. `are_secrets_gone`: they were deleted, and looked for
    again; False also where there is no password store. `trouble`: why one is still there."""

    rows: int
    are_secrets_gone: bool
    trouble: SecretUnavailable | None = None


def typed_problem(item: SettingField, text: str) -> str:
    """What is wrong with a typed value, as a sentence; empty when nothing is."""
    if item.default is None and not text.strip():
        return "This is needed."
    if item.choices:
        return "" if text in item.choices else f"Choose {' or '.join(item.choices)}."
    try:
        item.parse(text)
    except ValueError as error:
        return _sentence(str(error))
    return ""


def name_problem(name: str, taken: frozenset[str]) -> str:
    """What is wrong with a connection's name; `taken` holds the others', case folded."""
    if not name.strip():
        return "Give it a name; rows and notices show it."
    if len(name) > NAME_MAX or not name.isprintable():
        return f"Give one line of at most {NAME_MAX} characters."
    if name.strip().casefold() in taken:
        return "There is already a connection of this name."
    return ""


def shown_value(value: Param) -> str:
    """A stored or default value as a person would type it."""
    if value is None:
        return ""
    return f"{value:g}" if isinstance(value, float) else str(value)


class ConnectionSetup:
    """What the assistant needs of the services."""

    def __init__(
        self, connections: ConnectionService, secrets: Secrets, tests: ConnectionTests
    ) -> None:
        self._connections = connections
        self._secrets = secrets
        self._tests = tests

    def taken_names(self, but: ConnectionInfo | None = None) -> frozenset[str]:
        """Names that are in use, case folded."""
        own = but.id if but else 0
        return frozenset(c.name.casefold() for c in self._connections.all() if c.id != own)

    def access(self, connection: ConnectionInfo) -> Access:
        """What it reads and writes with its settings."""
        return self._connections.kind(connection).access(connection.settings)

    def last_test(self, connection_id: int) -> LastTest | None:
        """What its last test saw."""
        return self._tests.last(connection_id)

    def last_tests(self) -> dict[int, LastTest]:
        """What the last tests saw, by connection."""
        return self._tests.all()

    def test(self, connection: ConnectionInfo) -> Lines:
        """Test a stored connection step by step and remember what was seen."""
        found: list[Found] = []
        for one in self._connections.test(connection):
            found.append(one)
            yield one
        self._tests.keep(connection.id, found)

    def try_out(self, draft: Draft) -> Lines:
        """Test what was typed, storing nothing; an error is the last thing yielded."""
        yield from self._connections.try_out(self._unsaved(draft), draft.secrets)

    def _unsaved(self, draft: Draft) -> ConnectionInfo:
        """Raises: UsageError naming the setting, its value and the mend."""
        base = draft.edits or ConnectionInfo(0, "", draft.kind.name, {}, draft.is_practice)
        settings = parse_typed(draft.kind, draft.typed, base.settings, str)
        return replace(base, name=draft.name.strip(), settings=settings)

    def save(self, draft: Draft, *, found: list[Found] | None = None, actor: str) -> Saved:
        """Store the connection and its secrets; a block is lifted. `found`: its test, if any.

        Raises: UsageError; StorageError.
        """
        if draft.edits is None:
            connection = self._connections.add(
                draft.kind.name,
                draft.name.strip(),
                draft.typed,
                is_practice=draft.is_practice,
                actor=actor,
            )
            trouble = self._keep(connection, draft)
        else:
            connection = replace(draft.edits, name=draft.name.strip())
            trouble = self._keep(draft.edits, draft)
            self._connections.edit(
                draft.edits, name=connection.name, typed=draft.typed, actor=actor
            )
        if trouble is not None:
            self._connections.stop(connection, trouble)
        elif found:  # without its secret it was not seen working
            self._tests.keep(connection.id, found)
        return Saved(connection, trouble)

    def keep_secrets(self, connection: ConnectionInfo, draft: Draft, actor: str) -> Saved:
        """Try once more to keep the secrets; the connection is tried again.

        Raises: StorageError.
        """
        trouble = self._keep(connection, draft)
        if trouble is None:
            self._connections.unblock(connection, actor)
        return Saved(connection, trouble)

    def keep_for_session(self, connection: ConnectionInfo, draft: Draft, actor: str) -> None:
        """Keep the typed secrets in memory until the program ends.

        Raises: StorageError.
        """
        for name, value in draft.secrets.items():
            self._secrets.keep_for_session(connection, name, value)
        self._connections.unblock(connection, actor)

    def unlock(self, connection: ConnectionInfo, actor: str) -> None:
        """Have the password store asked, which may show its own prompt, and go on.

        Raises: SecretUnavailable; StorageError.
        """
        try:
            kind = self._connections.kind(connection)
            for one in kind.secrets_with(connection.settings):
                self._secrets.get(connection, one)
        except SecretUnavailable as error:
            self._connections.stop(connection, error)  # it may be another reason than before
            raise
        self._connections.unblock(connection, actor)

    def remove(self, connection: ConnectionInfo, *, rows: int, actor: str) -> Removed:
        """Take it out of use with its secrets and the `rows` that were counted to wait for it.

        Raises: UsageError connection_busy when more wait by now; StorageError.
        """
        removed = self._connections.take_out(
            connection, discard_rows=True, most_rows=rows, actor=actor
        )
        self._tests.forget(connection.id)
        return replace(self.forget_secrets(connection), rows=removed)

    def forget_secrets(self, connection: ConnectionInfo) -> Removed:
        """Delete the secrets of a removed connection; may be tried again."""
        try:
            return Removed(0, self._connections.forget_secrets(connection))
        except SecretUnavailable as error:
            return Removed(0, False, error)

    def _keep(self, connection: ConnectionInfo, draft: Draft) -> SecretUnavailable | None:
        if draft.is_practice or connection.is_practice:
            return None
        for one in draft.kind.secrets:
            value = draft.secrets.get(one.name, "")
            if not value:
                continue
            try:
                self._connections.set_secret(connection, one, value)
            except SecretUnavailable as error:
                params: dict[str, Any] = dict(error.params)
                params.setdefault("variable", variable_name(connection.name, one.name))
                return SecretUnavailable(error.code, **params)
        return None


def is_failed(found: Found) -> bool:
    """True for a line of a test that failed."""
    return isinstance(found, BackhaulError) or found.passed is False


def misfit(error: UsageError) -> str:
    """The name of the setting that an error is about; empty when it is about none."""
    return str(error.params.get("name", "")) if error.code.startswith("setting_") else ""


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}" + ("" if text.endswith(".") else ".")
