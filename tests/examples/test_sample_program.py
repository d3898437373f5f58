"""The sample connector started as people start it: as a program of its own."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.bridge import TOKEN
from tests.examples.sample import CONNECTOR, Caller, sample


def start(*arguments: str | Path, **environment: str) -> "subprocess.Popen[str]":
    command = [sys.executable, str(CONNECTOR), *map(str, arguments)]
    clean = {key: value for key, value in os.environ.items() if key != sample.TOKEN_VARIABLE}
    return subprocess.Popen(
        command, env=clean | environment, stderr=subprocess.PIPE, text=True, encoding="utf-8"
    )


def finish(*arguments: str | Path) -> tuple[int, str]:
    with start(*arguments) as process:
        _, errors = process.communicate(timeout=30)
    return process.returncode, errors


@pytest.mark.parametrize("source", ["file", "environment"])
def test_started_as_a_program_it_serves(tmp_path: Path, source: str) -> None:
    shop, file = tmp_path / "shop.json", tmp_path / "token"
    file.write_text(f"{TOKEN}\n", encoding="utf-8")
    from_file = source == "file"
    token: list[str | Path] = ["--token-file", file] if from_file else []
    arguments = ["--port", "0", "--shop", shop, *token]
    with start(*arguments, **({} if from_file else {sample.TOKEN_VARIABLE: TOKEN})) as process:
        try:
            assert process.stderr is not None
            found = re.search(r"http://127\.0\.0\.1:(\d+)", process.stderr.readline())
            assert found is not None
            caller = Caller(int(found[1]), shop, {"Authorization": f"Bearer {TOKEN}"})
            assert caller.probe().status == 200
            assert finish("--shop", shop, "--lock", "316132", "MARY") == (0, "")
            assert caller.write().code == "locked"
            assert finish("--shop", shop, "--lock", "316132", "") == (0, "")
            assert caller.write().status == 200
        finally:
            process.terminate()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "no token"),
        (["--token-file", "missing"], "missing"),
        (["--lock", "999999", "MARY"], "No invoice 999999"),
    ],
)
def test_wrong_usage_is_said_in_a_sentence(tmp_path: Path, arguments: list[str], said: str) -> None:
    code, errors = finish("--shop", tmp_path / "shop.json", *arguments)
    assert code == 2
    assert said in errors
    assert "Traceback" not in errors


def test_empty_token_is_refused(tmp_path: Path) -> None:
    (tmp_path / "token").write_text(" \n", encoding="utf-8")
    code, errors = finish("--shop", tmp_path / "shop.json", "--token-file", tmp_path / "token")
    assert (code, "no token" in errors) == (2, True)
