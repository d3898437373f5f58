"""The self-test itself: what it must find, and that it cannot be fooled."""

import ast
import ssl
import struct
import sys
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

import app
from app.integrations.http_ways import TrustStore
from app.services import self_test, self_test_tls
from app.services.self_test import PARTS_BY_NAME, window_lines
from app.services.self_test_lines import Line, run_checks
from app.ui import self_check

SOURCES = Path(app.__file__).parent


def imported_late() -> set[str]:
    """Every module of ours that the source names as a text, or imports inside a function: none
    of them is loaded by starting."""
    found = set()
    for path in SOURCES.rglob("*.py"):
        tree = ast.parse(path.read_text("utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                found |= named_in(node)
            elif isinstance(node, ast.FunctionDef):
                found |= {one.module for one in ast.walk(node) if isinstance(one, ast.ImportFrom)}
    return {name for name in found if name and name.startswith("app.")}


def named_in(call: ast.Call) -> set[str]:
    """What `import_module("app.a")` and `Later("app.a:Class", …)` load."""
    does = ast.unparse(call.func).rpartition(".")[2]
    if does not in ("import_module", "Later") or not isinstance(call.args[0], ast.Constant):
        return set()
    return {str(call.args[0].value).partition(":")[0]}


def test_every_module_imported_late_is_tried() -> None:
    tried = {*PARTS_BY_NAME, *self_check.PARTS_BY_NAME, "app.ui.self_check"}
    assert {"app.endpoint.opening", "app.ui.settings.page", "app.ui.scan.dialog"} <= tried
    assert imported_late() - tried == set()


def test_every_icon_is_looked_for() -> None:
    folder = SOURCES.parent / "resources" / "icons"
    assert set(self_check.ICONS) == {file.stem for file in folder.glob("*.svg")}


def test_an_icon_that_was_left_out_is_a_failure(
    qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(self_check, "ICONS", ("mark", "no_such_icon"))
    (line,) = run_checks(("Icons", self_check._icons))
    assert line == Line("Icons", False, "there is no icon no_such_icon.svg")


def test_a_part_that_was_left_out_is_a_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(self_test, "PARTS_BY_NAME", ("app.no_such_part",))
    (line,) = run_checks(("Parts", self_test._parts))
    assert line == Line("Parts", False, "No module named 'app.no_such_part'")


def test_a_plug_in_that_was_left_out_is_a_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(self_test, "PLUG_INS", {"apscheduler.triggers": {"interval", "none"}})
    (line,) = run_checks(("Parts", self_test._parts))
    assert line == Line("Parts", False, "apscheduler.triggers lacks none")


def test_a_platform_plugin_that_was_left_out_is_a_failure(tmp_path: Path) -> None:
    (tmp_path / "libqwayland.so").touch()
    (line,) = run_checks(("Screen", lambda: self_check.screen_of(tmp_path)))
    assert line == Line("Screen", False, "Qt lacks libqxcb.so")


def test_a_library_of_the_system_that_is_missing_is_worth_knowing(tmp_path: Path) -> None:
    for name in ("libqxcb.so", "libqwayland.so"):
        (tmp_path / name).write_text("no library", "ascii")
    (line,) = run_checks(("Screen", lambda: self_check.screen_of(tmp_path)))
    assert line.passed is None
    assert line.text.startswith("no window can be shown: ")


def test_a_password_stores_library_that_was_left_out_is_a_failure(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(self_test, "STORE_PARTS", {sys.platform: ("secret_none",)})
    (line,) = run_checks(("Parts", self_test._parts))
    assert line == Line("Parts", False, "No module named 'secret_none'")


def test_translations_are_read_and_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(self_test, "translations_folder", lambda: tmp_path)
    file = tmp_path / "de" / "LC_MESSAGES" / "backhaul.mo"
    file.parent.mkdir(parents=True)
    file.write_bytes(struct.pack("<7I", 0x950412DE, 0, 0, 28, 28, 0, 28))
    (line,) = run_checks(("Languages", self_test._languages))
    assert line == Line("Languages", True, "English, de")
    file.write_bytes(b"half a file")
    (line,) = run_checks(("Languages", self_test._languages))
    assert line.passed is False


def test_the_certificate_of_nobody_is_refused() -> None:
    assert self_test_tls.certificates().endswith("; strangers are refused")


def test_a_program_that_trusts_everybody_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    def careless(_store: TrustStore, _ca_file: str = "") -> ssl.SSLContext:
        context = ssl.create_default_context()
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        return context

    monkeypatch.setattr(TrustStore, "context", careless)
    (line,) = run_checks(("Certificates", self_test_tls.certificates))
    assert line.passed is False
    assert line.text == "a certificate that nobody vouches for is trusted"


def test_a_program_that_does_not_look_at_names_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    strict = TrustStore.context

    def nameless(store: TrustStore, ca_file: str = "") -> ssl.SSLContext:
        context = strict(store, ca_file)
        context.check_hostname = False
        return context

    monkeypatch.setattr(TrustStore, "context", nameless)
    (line,) = run_checks(("Certificates", self_test_tls.certificates))
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
    (line,) = run_checks(("Password store", self_test._password_store))
    assert (line.passed, text in line.text) == (passed, True), line
    assert store.kept is None
