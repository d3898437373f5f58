"""The self-test itself: what it must find, and that it cannot be fooled."""

import ast
import ssl
import sys
from pathlib import Path

import pytest

import app
from app.integrations.http_ways import TrustStore
from app.services import self_test, self_test_tls
from app.services.self_test import PARTS_BY_NAME, Line, window_lines
from app.ui import self_check

SOURCES = Path(app.__file__).parent


def imported_by_name() -> set[str]:
    """Every module of ours that the source hands to import_module as a text."""
    found = set()
    for path in SOURCES.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("import_module"):
                (name,) = node.args
                if isinstance(name, ast.Constant):
                    found.add(str(name.value))
    return found


def test_every_module_imported_by_name_is_tried() -> None:
    tried = {*PARTS_BY_NAME, *self_check.PARTS_BY_NAME, "app.ui.self_check"}
    assert imported_by_name() - tried == set()


def test_a_part_that_was_left_out_is_a_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(self_test, "PARTS_BY_NAME", ("app.no_such_part",))
    (line,) = self_test.run_checks(("Parts", self_test._parts))
    assert line == Line("Parts", False, "No module named 'app.no_such_part'")


def test_a_plug_in_that_was_left_out_is_a_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(self_test, "PLUG_INS", {"apscheduler.triggers": {"interval", "none"}})
    (line,) = self_test.run_checks(("Parts", self_test._parts))
    assert line == Line("Parts", False, "apscheduler.triggers lacks none")


def test_the_certificate_of_nobody_is_refused() -> None:
    assert self_test_tls.certificates().endswith("; strangers are refused")


def test_a_program_that_trusts_everybody_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    def careless(_store: TrustStore, _ca_file: str = "") -> ssl.SSLContext:
        context = ssl.create_default_context()
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        return context

    monkeypatch.setattr(TrustStore, "context", careless)
    (line,) = self_test.run_checks(("Certificates", self_test_tls.certificates))
    assert line.passed is False
    assert line.text == "a certificate that nobody vouches for is trusted"


def test_a_program_that_does_not_look_at_names_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    strict = TrustStore.context

    def nameless(store: TrustStore, ca_file: str = "") -> ssl.SSLContext:
        context = strict(store, ca_file)
        context.check_hostname = False
        return context

    monkeypatch.setattr(TrustStore, "context", nameless)
    (line,) = self_test.run_checks(("Certificates", self_test_tls.certificates))
    assert line.text == "a certificate made out to another name is trusted"


def test_qt_that_dies_is_one_failed_line() -> None:
    script = "import os, sys; sys.stderr.write('no Qt platform plugin\\n'); os.abort()"
    assert window_lines([sys.executable, "-c", script]) == [
        Line("Window", False, "no Qt platform plugin")
    ]


def test_a_window_check_without_a_word_names_its_exit_code() -> None:
    (line,) = window_lines([sys.executable, "-c", "raise SystemExit(3)"])
    assert line == Line("Window", False, "it ended with exit code 3")


def test_a_program_that_cannot_be_started_is_one_failed_line(tmp_path: Path) -> None:
    (line,) = window_lines([str(tmp_path / "none")])
    assert line.passed is False


class Forgetful:
    """A password store that loses what it is given."""

    priority = 5
    kept: str | None = None

    def get_password(self, service: str, username: str) -> str | None:
        return None

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept = password

    def delete_password(self, service: str, username: str) -> None:
        self.kept = None


class Faithful(Forgetful):
    """One that works."""

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept


@pytest.mark.parametrize(
    ("kind", "passed", "text"),
    [
        (Faithful, True, "keeps and forgets"),
        (Forgetful, False, "does not give back what was put in"),
    ],
)
def test_the_password_store_is_used_not_only_found(
    kind: type[Forgetful], passed: bool, text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = f"{kind.__module__}.{kind.__qualname__}"
    store = kind()
    for module in ("app.services.self_test", "app.services.password_store"):
        monkeypatch.setattr(f"{module}.ALLOWED_BACKENDS", frozenset({name}))
    monkeypatch.setattr(self_test, "installed_backends", lambda: [store])
    (line,) = self_test.run_checks(("Password store", self_test._password_store))
    assert (line.passed, text in line.text) == (passed, True), line
    assert store.kept is None
