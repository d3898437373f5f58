"""The log: bounded whatever comes, and never in the way of the program."""

import logging
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from app import logs
from app.core.redact import Redactor
from app.logs import FILE_NAME, start_logging, stop_logging

BYTES = 20_000


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logs, "_BYTES", BYTES)


@pytest.fixture
def log(tmp_path: Path) -> Iterator[logging.Logger]:
    handler = start_logging(tmp_path / "data" / "logs", Redactor())
    assert handler is not None
    yield logging.getLogger("test")
    stop_logging(handler)


def files(tmp_path: Path) -> list[Path]:
    return sorted((tmp_path / "data" / "logs").iterdir())


def test_a_flood_of_errors_is_bounded_by_size_and_count(
    log: logging.Logger, tmp_path: Path
) -> None:
    for number in range(4000):
        log.error("error %d: %s", number, "x" * 200)
    found = files(tmp_path)
    assert [file.name for file in found] == [
        FILE_NAME, *(f"{FILE_NAME}.{n}" for n in range(1, logs._FILES + 1))
    ]  # fmt: skip
    assert all(file.stat().st_size <= BYTES for file in found)
    assert "error 3999" in found[0].read_text("utf-8")


def test_one_endless_entry_is_cut(log: logging.Logger, tmp_path: Path) -> None:
    log.error("begin %s", "x" * 5_000_000)
    log.error("next")
    sizes = [file.stat().st_size for file in files(tmp_path)]
    assert sum(sizes) < logs._LONGEST + BYTES
    text = "".join(file.read_text("utf-8") for file in files(tmp_path))
    assert "begin xxx" in text
    assert "characters more)" in text
    assert "next" in text


def test_a_secret_is_cleaned_before_an_entry_is_cut(tmp_path: Path) -> None:
    redactor = Redactor()
    secret = "s3cret-value-of-a-token"
    redactor.learn([secret])
    handler = start_logging(tmp_path / "data" / "logs", redactor)
    length = logs._LONGEST - len("12345678") - 60
    for more in range(0, 60, 5):  # the cut falls into it somewhere
        logging.getLogger("test").error("%s%s%s", "x" * (length + more), secret, "y" * 200)
    stop_logging(handler)
    text = "".join(file.read_text("utf-8") for file in files(tmp_path))
    assert "xxx" in text
    assert secret[:8] not in text


def test_old_files_that_cannot_be_moved_do_not_let_the_file_grow(
    log: logging.Logger, tmp_path: Path
) -> None:
    (tmp_path / "data" / "logs" / f"{FILE_NAME}.1").mkdir()  # cannot be replaced by a file
    for number in range(1000):
        log.error("error %d: %s", number, "x" * 200)
    file = tmp_path / "data" / "logs" / FILE_NAME
    assert file.stat().st_size <= BYTES
    assert "error 999" in file.read_text("utf-8")


def test_a_folder_that_cannot_be_made_means_no_log(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file, not a folder")
    assert start_logging(tmp_path / "data" / "logs", Redactor()) is None
    stop_logging(None)


FULL_DISK = """
import logging, resource, sys
from pathlib import Path
from app import logs
from app.core.redact import Redactor

logs._BYTES = 20_000
most = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
handler = logs.start_logging(Path(sys.argv[1]) / "logs", Redactor())
log = logging.getLogger("test")
log.error("before")
resource.setrlimit(resource.RLIMIT_FSIZE, (3_000, most))
for number in range(2_000):
    log.error("while it is full %d %s", number, "x" * 200)
print("goes on", flush=True)
if sys.argv[2] == "freed":
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
    for number in range(3):
        log.error("after %d", number)
logs.stop_logging(handler)
print("ends", flush=True)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="the limit on file sizes is of POSIX")
@pytest.mark.parametrize("way", ["freed", "stays full"])
def test_a_full_disk_neither_stops_the_program_nor_ends_the_log(tmp_path: Path, way: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", FULL_DISK, str(tmp_path), way],
        capture_output=True,
        text=True,
        check=True,
        timeout=50,
    )
    assert done.stdout.split("\n")[:2] == ["goes on", "ends"]
    assert done.stderr == ""
    text = "".join(file.read_text("utf-8") for file in sorted((tmp_path / "logs").iterdir()))
    assert "before" in text
    assert ("after 2" in text) == (way == "freed")
