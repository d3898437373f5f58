"""Settings as people type them: what is wrong is told at once, without secrets."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.bootstrap import open_program
from app.core.errors import UsageError
from app.core.types import ConnectionInfo
from app.core.words import Catalogue
from app.integrations.printsmith import KIND
from app.integrations.printsmith.settings import read_settings
from app.services.program import Program
from app.services.typed_settings import parse_typed

URL = {"base_url": "http://127.0.0.1:9"}
TOKEN_IN_PATH = {
    "token_in": "path",
    "probe_path": "/{token}/health",
    "read_path": "/{token}/invoices/{invoice}",
    "write_path": "/{token}/invoices/{invoice}/charges/{charge}",
}


@pytest.fixture
def program(tmp_path: Path) -> Iterator[Program]:
    program = open_program(tmp_path, is_engine=False)
    yield program
    program.close()


def add(program: Program, **typed: str) -> ConnectionInfo:
    return program.connections.add("printsmith", "Shop", {**URL, **typed}, actor="ann")


def edit(program: Program, **typed: str) -> None:
    connection = program.connections.named("Shop")
    program.connections.edit(connection, name=None, typed=typed, actor="ann")


def said(error: UsageError) -> str:
    words = Catalogue().say(error.code, error.params)
    return f"{words.summary} {words.hint}"


def test_typed_lies_over_stored_and_defaults_stay_in_the_code() -> None:
    settings = parse_typed(KIND, {"timeout_s": "5"}, {**URL, "notes_max": 99}, str)
    assert settings == {**URL, "notes_max": 99, "timeout_s": 5.0}


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ({"colour": "red"}, "setting_missing"),
        ({"notes_mode": "append"}, "setting_bad"),
        ({"timeout_s": "soon"}, "setting_bad"),
        ({"base_url": ""}, "setting_bad"),
        ({}, "setting_needed"),
    ],
)
def test_what_is_wrong_has_its_code(typed: dict[str, str], code: str) -> None:
    with pytest.raises(UsageError, match=code):
        parse_typed(KIND, typed, {}, str)


def test_a_password_in_an_address_is_not_shown(program: Program) -> None:
    with pytest.raises(UsageError) as caught:
        add(program, base_url="http://ann:pa55word@printsmith.example")
    assert "pa55word" not in f"{caught.value!r} {said(caught.value)}"
    assert "http://[hidden]@printsmith.example" in said(caught.value)


def test_settings_that_do_not_go_together_are_told_when_added(program: Program) -> None:
    with pytest.raises(UsageError) as stored:
        read_settings({**URL, "token_in": "path"})
    with pytest.raises(UsageError) as caught:
        add(program, token_in="path")
    assert (caught.value.code, caught.value.params) == (stored.value.code, stored.value.params)
    assert "probe_path" in said(caught.value)
    assert "{token}" in said(caught.value)
    assert program.connections.all() == []
    assert add(program, **TOKEN_IN_PATH).name == "Shop"


def test_settings_that_do_not_go_together_are_told_when_edited(program: Program) -> None:
    before = add(program)
    with pytest.raises(UsageError, match="setting_bad"):
        edit(program, token_in="path")
    assert program.connections.named("Shop") == before
    edit(program, **TOKEN_IN_PATH)
    assert program.connections.named("Shop").settings["token_in"] == "path"
    with pytest.raises(UsageError, match="setting_bad"):
        edit(program, token_in="header")


def test_a_new_name_is_no_matter_of_the_settings(program: Program, tmp_path: Path) -> None:
    file = tmp_path / "ca.pem"
    file.write_text("x")
    connection = add(program, ca_file=str(file))
    file.unlink()
    program.connections.edit(connection, name="Front desk", typed={}, actor="ann")
    assert program.connections.named("Front desk").id == connection.id
