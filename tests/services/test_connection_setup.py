"""A connection before it is stored, and what its last test saw."""

from collections.abc import Iterator
from pathlib import Path

import keyring.errors
import pytest

from app.bootstrap import open_program
from app.core.errors import CredentialsRejected, SecretUnavailable, UsageError
from app.core.states import JobState
from app.services.connection_setup import (
    CheckStep,
    Draft,
    is_failed,
    misfit,
    name_problem,
    shown_value,
    typed_problem,
)
from app.services.connection_tests import FILE_NAME, ConnectionTests
from app.services.program import Program
from tests.builders import a_shipment
from tests.fakes.clock import FakeClock
from tests.fakes.ring import Ring

URL = "http://127.0.0.1:9"


@pytest.fixture
def ring() -> Ring:
    return Ring()


@pytest.fixture
def program(tmp_path: Path, ring: Ring, monkeypatch: pytest.MonkeyPatch) -> Iterator[Program]:
    program = open_program(tmp_path / "data", is_engine=False)
    monkeypatch.setattr(program.secrets._store, "_backends", lambda: [ring])
    monkeypatch.setattr(program.secrets, "_environment", {})
    yield program
    program.close()


def a_draft(program: Program, name: str = "Shop", **more: object) -> Draft:
    values = {"typed": {"base_url": URL}, "secrets": {"token": "CANARY-1"}, **more}
    return Draft(program.kinds["printsmith"], name, **values)  # type: ignore[arg-type]


def test_a_draft_never_shows_its_secrets(program: Program) -> None:
    assert "CANARY" not in repr(a_draft(program))


def test_saving_keeps_the_secret_and_lifts_no_pause(program: Program, ring: Ring) -> None:
    saved = program.setup.save(a_draft(program), actor="ann")
    assert saved.trouble is None
    assert list(ring.values.values()) == ["CANARY-1"]
    program.connections.pause(saved.connection, None, "ann")
    again = a_draft(program, edits=saved.connection, typed={}, secrets={"token": "CANARY-2"})
    program.setup.save(again, actor="ann")
    assert program.connections.gate(saved.connection.id).paused_at is not None
    assert list(ring.values.values()) == ["CANARY-2"]


def test_a_locked_keyring_leaves_the_connection_and_says_so(program: Program, ring: Ring) -> None:
    ring.trouble = keyring.errors.KeyringLocked("locked")
    passed = [CheckStep("Answers", True)]
    saved = program.setup.save(a_draft(program), found=list(passed), actor="ann")
    assert program.setup.last_test(saved.connection.id) is None, "not green without its secret"
    assert saved.trouble is not None
    assert saved.trouble.code == "keyring_locked"
    assert [c.name for c in program.connections.all()] == ["Shop"]


def test_a_secret_kept_later_in_the_keyring_replaces_the_one_of_the_session(
    program: Program, ring: Ring
) -> None:
    draft = a_draft(program)
    ring.trouble = keyring.errors.KeyringLocked("locked")
    saved = program.setup.save(draft, actor="ann")
    program.setup.keep_for_session(saved.connection, draft, "ann")
    field = program.kinds["printsmith"].secrets[0]
    assert program.secrets.get(saved.connection, field) == "CANARY-1"
    ring.trouble = None
    newer = a_draft(program, edits=saved.connection, typed={}, secrets={"token": "CANARY-2"})
    program.setup.save(newer, actor="ann")
    assert program.secrets.get(saved.connection, field) == "CANARY-2"


def test_trying_out_stores_nothing(program: Program, ring: Ring) -> None:
    found = [*program.setup.try_out(a_draft(program))]
    assert is_failed(found[-1])
    assert (program.connections.all(), ring.values) == ([], {})


def test_removing_takes_only_as_many_rows_as_were_counted(program: Program) -> None:
    saved = program.setup.save(a_draft(program), actor="ann")
    program.setup._tests.keep(saved.connection.id, [])
    program.write_back.enter(
        saved.connection.id, [a_shipment("1"), a_shipment("2", "1Z2")], actor="ann"
    )
    assert program.overview.unfinished(saved.connection.id) == {JobState.PENDING: 2}
    with pytest.raises(UsageError, match="connection_busy"):
        program.setup.remove(saved.connection, rows=1, actor="ann")
    removed = program.setup.remove(saved.connection, rows=2, actor="ann")
    assert (removed.rows, removed.are_secrets_gone, removed.trouble) == (2, True, None)
    assert program.setup.last_test(saved.connection.id) is None


def test_a_removed_connection_is_told_even_if_its_secret_stays(
    program: Program, ring: Ring
) -> None:
    saved = program.setup.save(a_draft(program), actor="ann")
    ring.trouble = keyring.errors.KeyringLocked("locked")
    removed = program.setup.remove(saved.connection, rows=0, actor="ann")
    assert removed.trouble is not None
    assert (removed.trouble.code, removed.are_secrets_gone) == ("keyring_locked", False)
    assert program.connections.all() == []
    assert ring.values != {}
    ring.trouble = None
    again = program.setup.forget_secrets(saved.connection)
    assert (again.are_secrets_gone, again.trouble) == (True, None)
    assert ring.values == {}


def test_a_connection_whose_secret_was_not_kept_is_stopped_and_says_so(
    program: Program, ring: Ring
) -> None:
    ring.trouble = keyring.errors.KeyringLocked("locked")
    saved = program.setup.save(a_draft(program), actor="ann")
    assert program.connections.gate(saved.connection.id).block_code == "keyring_locked"
    ring.trouble = None
    with pytest.raises(SecretUnavailable, match="secret_missing"):
        program.setup.unlock(saved.connection, "ann")
    gate = program.connections.gate(saved.connection.id)
    assert gate.block_code == "secret_missing", "unlocked, but there is nothing in it"


def test_what_stopped_for_the_password_store_goes_on_when_it_answers(
    program: Program, ring: Ring
) -> None:
    locked = program.setup.save(a_draft(program), actor="ann").connection
    other = program.setup.save(a_draft(program, name="Other"), actor="ann").connection
    program.connections.stop(locked, SecretUnavailable("keyring_slow"))
    program.connections.stop(other, SecretUnavailable("secret_missing", label="Token"))
    program.connections.store_was_opened()
    blocked = [program.connections.gate(one.id).is_blocked for one in (locked, other)]
    assert blocked == [False, True]


def test_what_is_typed_is_judged_in_sentences(program: Program) -> None:
    fields = {item.name: item for item in program.kinds["printsmith"].settings}
    assert typed_problem(fields["base_url"], " ") == "This is needed."
    assert typed_problem(fields["notes_mode"], "x") == "Choose merge or replace."
    assert typed_problem(fields["notes_max"], "3").startswith("Give a number from 20")
    assert typed_problem(fields["notes_max"], "255") == ""
    assert name_problem(" ", frozenset()) != ""
    assert name_problem("Shop ", frozenset({"shop"})) != ""
    assert name_problem("x" * 61, frozenset()) != ""
    assert name_problem("Shop", frozenset()) == ""
    assert [shown_value(v) for v in (None, 60.0, 2, "off")] == ["", "60", "2", "off"]
    assert misfit(UsageError("setting_bad", name="probe_path")) == "probe_path"
    assert misfit(UsageError("connection_name_taken", name="Shop")) == ""


def test_the_last_test_survives_a_restart_and_a_test_without_an_account(tmp_path: Path) -> None:
    clock = FakeClock()
    tests = ConnectionTests(tmp_path, clock)
    steps = [CheckStep("Answers", True, account="shipper"), CheckStep("May save", False)]
    tests.keep(1, steps)
    tests.keep(2, [CredentialsRejected("credentials_rejected")])
    tests = ConnectionTests(tmp_path, clock)
    found = tests.last(1)
    assert found is not None
    assert (found.passed, found.account, found.at) == (False, "shipper", clock.now_ms())
    tests.keep(1, [CredentialsRejected("credentials_rejected")])
    later = tests.last(1)
    assert later is not None
    assert (later.account, later.error_code) == ("shipper", "credentials_rejected")
    tests.forget(1)
    assert list(tests.all()) == [2]


@pytest.mark.parametrize("text", ["", "no json", "[]", '{"x": {}}', '{"1": {"at": "?"}}'])
def test_a_spoiled_memory_is_no_trouble(tmp_path: Path, text: str) -> None:
    (tmp_path / FILE_NAME).write_text(text, encoding="utf-8")
    tests = ConnectionTests(tmp_path, FakeClock())
    assert tests.all() == {}
    tests.keep(1, [CheckStep("Answers", True)])
    assert list(tests.all()) == [1]
