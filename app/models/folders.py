"""Watch folders as stored: their settings, how they stand, and how far each file was read."""

import json
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from app.core.clock import Clock
from app.core.errors import UsageError
from app.core.types import Params
from app.models.attention import ItemKind, NewItem, add_within, close_within
from app.models.database import Database
from app.models.rows import dump, load

_COLUMNS = (
    "id, name, path, connection_id, settings, created_at, primed_at, mount, trouble_code, "
    "trouble_params, trouble_since, failures, looked_at"
)
_INSERT = (
    "INSERT INTO folders (name, path, connection_id, settings, created_at, primed_at, mount, "
    "trouble_code, trouble_params, failures) VALUES (?, ?, ?, ?, ?, NULL, '', '', '', 0)"
)
_HISTORY = (
    "INSERT INTO history (connection_id, at, what, code, params, spent, excerpt, actor) "
    "VALUES (?, ?, ?, '', ?, 0, '', ?)"
)
_FILE = "id, source, name, state, size, mtime, position, setup, counts, read_at"
_PUT_FILE = (
    "INSERT INTO files (source, name, state, size, mtime, position, setup, counts, read_at) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (source, name) DO UPDATE SET "
    "state = excluded.state, size = excluded.size, mtime = excluded.mtime, "
    "position = excluded.position, setup = excluded.setup, "
    "counts = excluded.counts, read_at = excluded.read_at"
)


@dataclass(frozen=True, slots=True)
class WatchFolder:
    """One watched folder. Times are milliseconds since 1970.

    `primed_at`: when the files that lay there at the start were looked through. `mount`: the
    disk or share it lay on then. `trouble_code` empty: it could be read the last time.
    """

    id: int
    name: str
    path: str
    connection_id: int
    settings: Mapping[str, Any]
    created_at: int
    primed_at: int | None
    mount: str
    trouble_code: str
    trouble_params: Params
    trouble_since: int | None
    failures: int
    looked_at: int | None

    @property
    def source(self) -> str:
        """Its name in the ledger, which stays when people call it something else."""
        return folder_source(self.id)


@dataclass(frozen=True, slots=True)
class FileMark:
    """How far a file was read. `size`, `mtime` (ns): as it was then.

    `position`: as its reader wants it back. `setup`: under which settings it failed.
    `state`: reading, read, skipped (it lay there before), failed, moving (read, to be moved).
    """

    source: str
    name: str
    state: str
    size: int = 0
    mtime: int = 0
    position: Mapping[str, Any] = field(default_factory=dict)
    setup: str = ""
    counts: Mapping[str, int] = field(default_factory=dict)
    read_at: int = 0
    id: int = 0


def folder_source(folder_id: int) -> str:
    """The source of a folder's rows in the ledger."""
    return f"folder:{folder_id}"


class Folders:
    """The watch folders of a data file; a removed one keeps its row."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def all(self) -> list[WatchFolder]:
        """Every folder in use, by name."""
        rows = self._database.read(
            f"SELECT {_COLUMNS} FROM folders WHERE removed_at IS NULL ORDER BY name"
        )
        return [_to_folder(row) for row in rows]

    def names(self) -> dict[str, str]:
        """What people call the sources of folders, removed ones included."""
        rows = self._database.read("SELECT id, name FROM folders")
        return {folder_source(folder_id): name for folder_id, name in rows}

    def add(
        self, name: str, path: str, connection_id: int, settings: Mapping[str, Any], actor: str
    ) -> int:
        """Store a folder; its number.

        Raises: UsageError folder_name_taken.
        """

        def work(connection: sqlite3.Connection) -> int:
            now = self._clock.now_ms()
            values = (name, path, connection_id, json.dumps(settings), now)
            try:
                row_id = connection.execute(_INSERT, values).lastrowid
            except sqlite3.IntegrityError as error:
                raise UsageError("folder_name_taken", name=name) from error
            params = dump({"name": name, "path": path})
            connection.execute(_HISTORY, (connection_id, now, "folder_added", params, actor))
            return int(row_id or 0)

        return self._database.write(work)

    def change(
        self,
        folder: WatchFolder,
        *,
        name: str,
        path: str,
        connection_id: int,
        settings: Mapping[str, Any],
        actor: str,
    ) -> None:
        """Store other settings; another path is looked through anew.

        Raises: UsageError folder_name_taken.
        """
        primed = folder.primed_at if path == folder.path else None

        def work(connection: sqlite3.Connection) -> None:
            try:
                connection.execute(
                    "UPDATE folders SET name = ?, path = ?, connection_id = ?, settings = ?, "
                    "primed_at = ?, trouble_code = '', trouble_params = '', failures = 0 "
                    "WHERE id = ?",
                    (name, path, connection_id, json.dumps(settings), primed, folder.id),
                )
            except sqlite3.IntegrityError as error:
                raise UsageError("folder_name_taken", name=name) from error
            params = dump({"name": name, "path": path})
            now = self._clock.now_ms()
            connection.execute(_HISTORY, (connection_id, now, "folder_changed", params, actor))

        self._database.write(work)

    def keep_settings(self, folder_id: int, settings: Mapping[str, Any]) -> None:
        """Store what was found out about a folder's files; nobody changed anything."""
        values = (json.dumps(settings), folder_id)
        self._database.write(
            lambda c: c.execute(
                "UPDATE folders SET settings = ? WHERE id = ?",
                values,
            )
        )

    def remove(self, folder: WatchFolder, actor: str) -> None:
        """Take it out of use; its rows in the ledger stay."""

        def work(connection: sqlite3.Connection) -> None:
            now = self._clock.now_ms()
            connection.execute("UPDATE folders SET removed_at = ? WHERE id = ?", (now, folder.id))
            params = dump({"name": folder.name, "path": folder.path})
            values = (folder.connection_id, now, "folder_removed", params, actor)
            connection.execute(_HISTORY, values)

        self._database.write(work)

    def prime(self, folder_id: int, mount: str) -> None:
        """Note that what lay there at the start was looked through."""
        values = (self._clock.now_ms(), mount, folder_id)
        self._database.write(
            lambda c: c.execute(
                "UPDATE folders SET primed_at = ?, mount = ? WHERE id = ?",
                values,
            )
        )

    def forget_failures(self, folder_id: int) -> None:
        """The next look need not wait as long as after so many failures."""
        self._database.write(
            lambda c: c.execute("UPDATE folders SET failures = 0 WHERE id = ?", (folder_id,))
        )

    def stands(self, folder_id: int, code: str, params: Params, failures: int) -> None:
        """Note how a look at the folder went; an empty code: well."""
        now = self._clock.now_ms()
        self._database.write(
            lambda c: c.execute(
                "UPDATE folders SET looked_at = ?1, failures = ?2, trouble_since = CASE "
                "WHEN ?3 = '' THEN NULL WHEN trouble_code = ?3 THEN trouble_since ELSE ?1 END, "
                "trouble_code = ?3, trouble_params = ?4 WHERE id = ?5",
                (now, failures, code, dump(params), folder_id),
            )
        )


class Files:
    """How far each file of a source was read."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def of(self, source: str) -> dict[str, FileMark]:
        """The marks of a source's files, by name."""
        rows = self._database.read(f"SELECT {_FILE} FROM files WHERE source = ?", (source,))
        return {row[2]: _to_mark(row) for row in rows}

    def last(self, source: str, limit: int) -> list[FileMark]:
        """The files that were read last, newest first."""
        rows = self._database.read(
            f"SELECT {_FILE} FROM files WHERE source = ? ORDER BY read_at DESC, id DESC LIMIT ?",
            (source, limit),
        )
        return [_to_mark(row) for row in rows]

    def begin(self, source: str, name: str) -> int:
        """The number of a file that is about to be read; its mark, if any, stays as it is."""

        def work(connection: sqlite3.Connection) -> int:
            found = connection.execute(
                "SELECT id FROM files WHERE source = ? AND name = ?", (source, name)
            ).fetchall()
            if found:
                return int(found[0][0])
            mark = FileMark(source, name, "reading")
            return put_file_within(connection, mark, self._clock.now_ms())

        return self._database.write(work)

    def finish(self, mark: FileMark, items: Sequence[NewItem] = ()) -> None:
        """Note that a file was read so far, with what was rejected, in one commit."""

        def work(connection: sqlite3.Connection) -> None:
            now = self._clock.now_ms()
            put_file_within(connection, mark, now)
            for kind in (ItemKind.SLOW_FILE, ItemKind.LEFT_BEHIND, ItemKind.REJECTED_FILE):
                close_within(connection, kind, mark.source, mark.name, now)
            add_within(connection, items, now)

        self._database.write(work)

    def forget(self, mark: FileMark) -> None:
        """The file was moved away: one of the same name is another one."""
        self._database.write(
            lambda c: c.execute(
                "UPDATE files SET state = 'reading', size = 0, mtime = 0, position = '' "
                "WHERE source = ? AND name = ?",
                (mark.source, mark.name),
            )
        )


def put_file_within(connection: sqlite3.Connection, mark: FileMark, now: int) -> int:
    """Store a mark as a part of a write transaction under way; its number."""
    values = (
        mark.source, mark.name, mark.state, mark.size, mark.mtime, dump(mark.position), mark.setup,
        dump(mark.counts), now,
    )  # fmt: skip
    connection.execute(_PUT_FILE, values)
    found = connection.execute(
        "SELECT id FROM files WHERE source = ? AND name = ?", (mark.source, mark.name)
    ).fetchall()
    return int(found[0][0])


def _to_folder(row: tuple[Any, ...]) -> WatchFolder:
    values = list(row)
    values[4], values[9] = json.loads(row[4]), load(row[9])
    return WatchFolder(*values)


def _to_mark(row: tuple[Any, ...]) -> FileMark:
    file_id, source, name, state, size, mtime, position, setup, counts, read_at = row
    found: Any = load(counts)
    return FileMark(
        source, name, state, size, mtime, load(position), setup, found, read_at, file_id
    )
