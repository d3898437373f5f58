"""The examples of docs/local-intake.md, run as they stand there."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from app.core.carriers import OTHER
from app.endpoint import records
from app.services.wording import Phase
from tests.endpoint.counter import KEY, KEY_VARIABLE, Counter

PAGE = Path(__file__).parents[2] / "docs" / "local-intake.md"


def example(language: str) -> str:
    found = re.search(rf"```{language}\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    assert found, f"the page has no example in {language}"
    return found.group(1)


def run(tmp_path: Path, *words: str) -> tuple[list[str], list[tuple[str, str, str]]]:
    """What an example printed, and the rows it made."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(KEY_VARIABLE, KEY)
        with Counter(tmp_path) as counter:
            address = counter.program.local_intake.status().address
            env = {**os.environ, "BACKHAUL_URL": address, "BACKHAUL_KEY": KEY}
            done = [
                subprocess.run(
                    words, env=env, capture_output=True, text=True, timeout=30, check=True
                ).stdout
                for _ in range(2)
            ]
            return done, counter.rows()


def test_the_example_in_python(tmp_path: Path) -> None:
    said, rows = run(tmp_path, sys.executable, "-c", example("python"))
    assert said == ["202 1\n", "200 1\n"]
    assert rows == [("316133", "1ZA1B2C30345678912", "http")]


def test_the_example_with_curl(tmp_path: Path) -> None:
    if shutil.which("curl") is None or shutil.which("sh") is None:
        pytest.skip("there is no curl here")
    said, rows = run(tmp_path, "sh", "-c", example("sh"))
    assert ['"accepted"' in said[0], '"known"' in said[1]] == [True, True]
    assert rows == [("316132", "1ZA1B2C30345678903", "http")]


def test_the_page_names_every_field_and_phase_and_the_variable() -> None:
    text = PAGE.read_text("utf-8")
    names = {*records._KNOWN, *(phase.value for phase in Phase), OTHER}
    assert {name for name in names if f"`{name}`" not in text} == set()
    assert KEY_VARIABLE in text
    assert f"up to {records.MAX_RECORDS} records" in text
