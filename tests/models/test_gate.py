"""The write gate inside one process: alone, together, and when one of them is in trouble."""

import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from app.core.errors import StorageError
from app.models.database import Database
from app.models.gate import Work, WriteGate
from tests.processes import Caller, until


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "gate.db"


@pytest.fixture
def database(path: Path) -> Iterator[Database]:
    database = Database(path)
    database.write(lambda c: c.execute("CREATE TABLE t (n INTEGER UNIQUE, filler)"))
    yield database
    database.close_thread()


def put(number: int) -> Work[int]:
    def work(connection: sqlite3.Connection) -> int:
        connection.execute("INSERT INTO t VALUES (?, '')", (number,))
        return number

    return work


def on_disk(path: Path) -> set[int]:
    """What another program sees."""
    with closing(sqlite3.connect(path)) as connection:
        return {row[0] for row in connection.execute("SELECT n FROM t").fetchall()}


class Crowd:
    """Callers that arrive while a commit is under way, each on a thread and connection."""

    def __init__(self, database: Database, *, pragma: str = "") -> None:
        self.database = database
        self.statements: list[str] = []
        self._pragma = pragma
        self._let_go, entered = threading.Event(), threading.Event()

        def block(connection: sqlite3.Connection) -> None:
            entered.set()
            assert self._let_go.wait(20)

        self._first = Caller(lambda: self._write(block))
        assert entered.wait(20)
        self.callers: list[Caller] = []

    def add(self, *works: Work[object]) -> None:
        """Callers that are waiting when this returns, in this order."""
        for work in works:
            before = len(self.database._gate._queue)
            self.callers.append(Caller(lambda work=work: self._write(work)))
            assert until(lambda before=before: len(self.database._gate._queue) > before)

    def let_go(self) -> list[object]:
        """End the first commit; what each got, in the order they were added."""
        self.statements.clear()
        self._let_go.set()
        self._first.result()
        for caller in self.callers:
            caller.join(20)
            assert not caller.is_alive()
        return [caller.error or caller.value for caller in self.callers]

    def _write(self, work: Work[object]) -> object:
        connection = self.database.connection()
        if self._pragma:
            connection.execute(self._pragma)
        connection.set_trace_callback(self.statements.append)
        try:
            return self.database.write(work)
        finally:
            self.database.close_thread()


def test_lone_caller_commits_on_its_own_thread_at_once(database: Database) -> None:
    threads: list[int] = []
    statements: list[str] = []
    database.connection().set_trace_callback(statements.append)
    database.write(lambda c: threads.append(threading.get_ident()))
    assert threads == [threading.get_ident()]
    assert statements == ["BEGIN IMMEDIATE", "COMMIT"]


def test_value_comes_back_and_is_on_disk(database: Database, path: Path) -> None:
    assert database.write(put(7)) == 7
    assert on_disk(path) == {7}


def test_lone_callers_error_undoes_its_changes_and_is_raised_as_it_was(
    database: Database, path: Path
) -> None:
    trouble = ValueError("mine")

    def work(connection: sqlite3.Connection) -> None:
        put(1)(connection)
        raise trouble

    with pytest.raises(ValueError, match="mine") as caught:
        database.write(work)
    assert caught.value is trouble
    assert on_disk(path) == set()
    assert database.write(put(2)) == 2


def test_sixteen_callers_ride_along_in_one_commit(database: Database, path: Path) -> None:
    crowd = Crowd(database)
    crowd.add(*map(put, range(16)))
    assert crowd.let_go() == list(range(16))
    assert crowd.statements.count("COMMIT") == 2
    assert on_disk(path) == set(range(16))


def test_caller_is_answered_only_when_its_row_is_on_disk(database: Database, path: Path) -> None:
    unseen: list[int] = []
    begin = threading.Barrier(16, timeout=20)

    def call(number: int) -> None:
        begin.wait()
        for value in range(number * 100, number * 100 + 10):
            database.write(put(value))
            if value not in on_disk(path):
                unseen.append(value)
        database.close_thread()

    callers = [Caller(lambda number=number: call(number)) for number in range(16)]
    for caller in callers:
        caller.result()
    assert unseen == []
    assert len(on_disk(path)) == 160


def test_callers_run_in_the_order_in_which_they_came(database: Database) -> None:
    crowd, order = Crowd(database), list[int]()
    crowd.add(*(lambda c, n=n: order.append(n) for n in range(8)))
    crowd.let_go()
    assert order == list(range(8))


def _raise(error: BaseException) -> Work[object]:
    def work(connection: sqlite3.Connection) -> None:
        connection.execute("INSERT INTO t VALUES (99, '')")
        raise error

    return work


@pytest.mark.parametrize(
    ("work", "raised"),
    [
        (_raise(ValueError("mine")), ValueError),
        (_raise(KeyboardInterrupt()), KeyboardInterrupt),
        (lambda c: [put(99)(c), put(99)(c)], sqlite3.IntegrityError),
        (lambda c: [put(99)(c), c.execute("INSERT INTO t VALUES (?, ?)", (1, object()))],
         sqlite3.ProgrammingError),
        (lambda c: [put(99)(c), c.execute("INSERT INTO t VALUES (?, '')", (2**70,))],
         OverflowError),
        (lambda c: [put(99)(c), c.execute("INSERT INTO t VALUES (3, ?)", ("\ud800",))],
         UnicodeEncodeError),
        (lambda c: [put(99)(c), c.execute("SAVEPOINT mine"), 1 / 0], ZeroDivisionError),
    ],
)  # fmt: skip
def test_error_of_one_rider_touches_no_other(
    database: Database, path: Path, work: Work[object], raised: type[BaseException]
) -> None:
    crowd = Crowd(database)
    crowd.add(put(1), work, put(2))
    first, second, third = crowd.let_go()
    assert (first, third) == (1, 2)
    assert isinstance(second, raised)
    assert on_disk(path) == {1, 2}


def test_full_disk_is_told_to_all_of_the_group_and_the_next_write_works(
    database: Database, path: Path
) -> None:
    database.write(put(0))
    crowd = Crowd(database, pragma="PRAGMA max_page_count = 10")

    def much(connection: sqlite3.Connection) -> None:
        connection.execute("INSERT INTO t VALUES (50, zeroblob(100000))")

    crowd.add(put(1), much, put(2))
    answers = crowd.let_go()
    assert [getattr(answer, "code", answer) for answer in answers] == ["store_full"] * 3
    assert on_disk(path) == {0}
    assert database.read("PRAGMA quick_check") == [("ok",)]
    assert database.write(put(1)) == 1
    database.write(much)
    assert on_disk(path) == {0, 1, 50}


def test_file_that_cannot_be_opened_is_told_in_our_words(tmp_path: Path) -> None:
    gone = Database(tmp_path / "gone" / "gate.db")
    for _ in range(2):
        with pytest.raises(StorageError) as caught:
            gone.write(put(1))
        assert caught.value.code == "store_readonly"
    with pytest.raises(StorageError):
        gone.read("SELECT 1")


def test_leader_that_breaks_leaves_nobody_waiting_or_without_an_error(path: Path) -> None:
    connections = threading.local()

    def connect() -> sqlite3.Connection:
        if not hasattr(connections, "own"):
            raise MemoryError
        found: sqlite3.Connection = connections.own
        return found

    gate = WriteGate(connect, str(path))
    with closing(sqlite3.connect(path, isolation_level=None)) as own:
        connections.own = own
        own.execute("CREATE TABLE t (n INTEGER UNIQUE, filler)")
        riders: list[Caller] = []

        def work(connection: sqlite3.Connection) -> None:
            for number in range(3):
                riders.append(Caller(lambda number=number: gate.run(put(number))))
                assert until(lambda number=number: len(gate._queue) > number)

        gate.run(work)
        for rider in riders:
            rider.join(20)
        assert [type(rider.error) for rider in riders] == [MemoryError] * 3
        assert gate.run(put(7)) == 7


def test_commit_waits_for_a_reader_where_there_is_no_write_ahead_log(path: Path) -> None:
    tried, statements = threading.Event(), list[str]()

    def traced(statement: str) -> None:
        statements.append(statement)
        if statement == "COMMIT":
            tried.set()

    def write() -> int:
        with closing(sqlite3.connect(path, timeout=0, isolation_level=None)) as own:
            own.set_trace_callback(traced)
            return WriteGate(lambda: own, str(path)).run(put(3))

    with closing(sqlite3.connect(path, isolation_level=None)) as reader:
        reader.execute("CREATE TABLE t (n INTEGER UNIQUE, filler)")
        reader.execute("INSERT INTO t VALUES (1, ''), (2, '')")
        cursor = reader.execute("SELECT n FROM t")
        cursor.fetchone()
        writer = Caller(write)
        assert tried.wait(20)
        assert until(lambda: statements.count("COMMIT") > 3 or not writer.is_alive())
        cursor.close()
    assert writer.result() == 3
    assert on_disk(path) == {1, 2, 3}


@pytest.mark.parametrize("count", [1, 3])
def test_first_statement_opens_every_commit(path: Path, count: int) -> None:
    database = Database(path)
    database.write(lambda c: c.execute("CREATE TABLE store (visits INTEGER)"))
    database.write(lambda c: c.execute("CREATE TABLE t (n INTEGER UNIQUE, filler)"))
    database.write(lambda c: c.execute("INSERT INTO store VALUES (0)"))
    visitor = Database(path, is_visitor=True)
    for number in range(count):
        visitor.write(put(number))
        assert database.visits() == number + 1
    with pytest.raises(ValueError, match="mine"):
        visitor.write(_raise(ValueError("mine")))
    assert database.visits() == count
    database.write(put(99))
    assert database.visits() == count
    visitor.close_thread()
    database.close_thread()


def test_reader_sees_the_last_commit_and_never_a_half_one(database: Database) -> None:
    seen: list[list[tuple[int]]] = []

    def work(connection: sqlite3.Connection) -> None:
        put(1)(connection)
        reader = Caller(lambda: _read_on_own_thread(database, seen.append))
        reader.result()

    database.write(work)
    assert seen == [[(0,)]]
    assert database.read("SELECT COUNT(*) FROM t") == [(1,)]


def _read_on_own_thread(database: Database, tell: Callable[..., None]) -> None:
    tell(database.read("SELECT COUNT(*) FROM t"))
    database.close_thread()
