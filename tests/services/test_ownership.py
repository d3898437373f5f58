"""One engine per data folder: whoever starts, in whatever order, and however it ends."""

import os
from contextlib import ExitStack
from pathlib import Path

import pytest
from filelock import FileLock

from app.core.errors import UsageError
from app.services.owner_mark import OWNER_NAME, has_owner
from app.services.ownership import LOCK_NAME, Ownership
from tests.fakes.clock import FakeClock
from tests.processes import Caller, child


def an_ownership(folder: Path) -> Ownership:
    return Ownership(folder, FakeClock())


def test_owner_is_known_by_its_process_until_it_releases(tmp_path: Path) -> None:
    ownership = an_ownership(tmp_path)
    assert ownership.is_free()
    ownership.take()
    other = an_ownership(tmp_path)
    assert not other.is_free()
    assert other.owner_pid() == os.getpid()
    assert has_owner(tmp_path)
    ownership.release()
    assert not has_owner(tmp_path)
    assert other.is_free()
    assert other.owner_pid() is None


def test_second_start_finds_it_taken_and_says_by_whom(tmp_path: Path) -> None:
    with child("own", tmp_path) as owner:
        assert owner.hear() == "ready"
        owner.tell()
        pid = int(owner.hear().removeprefix("owns "))
        assert pid == owner.process.pid
        late = an_ownership(tmp_path)
        with pytest.raises(UsageError) as caught:
            late.take()
        assert (caught.value.code, caught.value.params) == ("engine_elsewhere", {"pid": pid})
        late.release()
        assert late.owner_pid() == pid, "the loser took the owner's name away"
        assert not late.is_free()
        assert owner.end() == 0


def test_owner_itself_does_not_find_its_folder_free(tmp_path: Path) -> None:
    ownership = an_ownership(tmp_path)
    ownership.take()
    assert not ownership.is_free()
    assert not an_ownership(tmp_path).is_free(), "asking gave the folder away"
    ownership.release()


def test_folder_may_be_released_by_another_thread_than_took_it(tmp_path: Path) -> None:
    ownership = an_ownership(tmp_path)
    Caller(ownership.take).result()
    assert not ownership.is_free()
    Caller(ownership.release).result()
    other = an_ownership(tmp_path)
    other.take()
    other.release()


def test_command_that_just_asks_does_not_make_a_start_fail(tmp_path: Path) -> None:
    asking = FileLock(tmp_path / LOCK_NAME)  # as `is_free` does, for a moment
    asking.acquire()
    ownership = an_ownership(tmp_path)
    starting = Caller(ownership.take)
    starting.join(0.05)
    assert starting.is_alive(), "it gave up at once"
    asking.release()
    starting.result()
    assert not an_ownership(tmp_path).is_free()
    ownership.release()


@pytest.mark.parametrize(
    "content", ["", "{", "[]", "null", '{"pid": "x"}', '{"pid": null}', "\x00"]
)
def test_unreadable_name_of_the_owner_is_no_owner_and_stops_nobody(
    tmp_path: Path, content: str
) -> None:
    (tmp_path / OWNER_NAME).write_text(content)
    ownership = an_ownership(tmp_path)
    assert ownership.owner_pid() is None
    ownership.take()
    assert ownership.owner_pid() == os.getpid()
    ownership.release()


def test_folder_of_a_killed_engine_is_free_at_once(tmp_path: Path) -> None:
    with child("own", tmp_path) as owner:
        owner.hear()
        owner.tell()
        assert owner.hear().startswith("owns ")
        owner.kill()
    ownership = an_ownership(tmp_path)
    assert ownership.owner_pid() == owner.process.pid, "its name is still there"
    assert ownership.is_free()
    ownership.take()
    assert ownership.owner_pid() == os.getpid()
    ownership.release()


def test_living_process_with_a_dead_engines_number_is_not_taken_for_it(tmp_path: Path) -> None:
    (tmp_path / OWNER_NAME).write_text(f'{{"pid": {os.getppid()}, "started_at": 0}}')
    ownership = an_ownership(tmp_path)
    assert ownership.is_free()
    ownership.take()
    ownership.release()


def start_together(folder: Path, count: int) -> None:
    """Processes that stand ready are told to take a folder within some milliseconds."""
    with ExitStack() as stack:
        starters = [stack.enter_context(child("own", folder)) for _ in range(count)]
        for starter in starters:
            assert starter.hear() == "ready"
        for starter in starters:
            starter.tell()
        said = [starter.hear() for starter in starters]
        owners = [starter for starter, line in zip(starters, said, strict=True) if "owns" in line]
        assert len(owners) == 1, said
        losers = {line for line in said if "owns" not in line}
        assert losers == {f"engine_elsewhere {owners[0].process.pid}"}
        for starter in starters:
            assert starter.end() == 0


def test_of_twenty_that_start_together_exactly_one_owns(tmp_path: Path) -> None:
    start_together(tmp_path, 20)


@pytest.mark.battery
@pytest.mark.timeout(600)
def test_of_twenty_that_start_together_exactly_one_owns_every_time(tmp_path: Path) -> None:
    for number in range(50):
        folder = tmp_path / str(number)
        folder.mkdir()
        start_together(folder, 20)
