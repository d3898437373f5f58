"""dev.py: when it sets up, what it says when it cannot, and what it hands on."""

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import dev

ROOT = Path(dev.__file__).parent
APP = "import os, sys; print(os.getpid(), os.getcwd(), sys.argv[1:])"


class Machine:
    """A checkout of its own whose set-up steps are written down instead of run."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.steps: list[str] = []
        self.fails = ""

    def step(self, title: str, argv: list[str], _guard: int, _hint: str = "") -> None:
        self.steps.append(title.split(" with ")[0])
        if self.fails and self.fails in title:
            raise dev.SetUpError(title)
        if "venv" in argv:
            (self.root / ".venv").mkdir()


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    for name in dev.LOCKS:
        (tmp_path / name).write_text(name)
    made = Machine(tmp_path)
    monkeypatch.setattr(dev, "ROOT", tmp_path)
    monkeypatch.setattr(dev, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(dev, "STAMPS", tmp_path / ".venv" / "stamps.json")
    monkeypatch.setattr(dev, "step", made.step)
    return made


def test_first_start_makes_the_environment_and_the_second_does_nothing(machine: Machine) -> None:
    dev.set_up(dev.BASE)
    assert machine.steps == ["create .venv", "install requirements.lock"]
    dev.set_up(dev.BASE)
    assert len(machine.steps) == 2


def test_further_lock_is_added_to_a_whole_environment(machine: Machine) -> None:
    dev.set_up(dev.BASE)
    dev.set_up(dev.BASE, dev.DEV)
    assert machine.steps[2:] == ["install requirements-dev.lock"]
    dev.set_up(dev.BASE)
    assert len(machine.steps) == 3


def test_changed_lock_begins_with_a_new_environment(machine: Machine) -> None:
    dev.set_up(dev.BASE, dev.DEV)
    (machine.root / dev.BASE).write_text("changed")
    dev.set_up(dev.BASE)
    assert machine.steps[3:] == ["create .venv", "install requirements.lock"]
    assert list(dev.load_stamps()) == [dev.BASE]


@pytest.mark.parametrize("stops_at", ["create .venv", "install requirements-dev.lock"])
def test_stopped_set_up_is_done_again_from_the_start(machine: Machine, stops_at: str) -> None:
    machine.fails = stops_at
    with pytest.raises(dev.SetUpError):
        dev.set_up(dev.BASE, dev.DEV)
    assert dev.load_stamps() == {}
    machine.fails, machine.steps = "", []
    dev.set_up(dev.BASE)
    assert machine.steps == ["create .venv", "install requirements.lock"]


def test_stopped_addition_to_a_whole_environment_spoils_it(machine: Machine) -> None:
    dev.set_up(dev.BASE)
    machine.fails = dev.DEV
    with pytest.raises(dev.SetUpError):
        dev.set_up(dev.BASE, dev.DEV)
    assert dev.load_stamps() == {}


@pytest.mark.skipif(os.name == "nt", reason="the descriptor is handed on with POSIX only")
def test_lock_is_held_as_long_as_a_child_of_the_set_up_lives(machine: Machine) -> None:
    with dev.only_one_set_up() as guard:
        argv = [sys.executable, "-c", "input()"]
        child = subprocess.Popen(argv, pass_fds=(guard,), stdin=subprocess.PIPE)
    with (machine.root / ".venv.lock").open("a") as file:
        assert not dev.try_lock(file.fileno())
        child.communicate(b"\n")
        assert dev.try_lock(file.fileno())


def test_checkout_that_cannot_be_written_is_said(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dev, "ROOT", machine.root / "absent")
    with pytest.raises(dev.SetUpError, match="is not writable"), dev.only_one_set_up():
        pass


@pytest.fixture
def debian_without_venv(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dev, "DEBIAN_PACKAGES", {"no_such_module": "python3-none"})
    monkeypatch.setattr(dev, "QT_LIBRARIES", {})
    monkeypatch.setattr(dev, "FONT_FOLDERS", (tmp_path / "fonts",))
    (tmp_path / "fonts" / "truetype").mkdir(parents=True)
    (tmp_path / "fonts" / "truetype" / "Plain.ttf").touch()
    monkeypatch.setattr(shutil, "which", lambda name: f"/usr/bin/{name}")


@pytest.mark.usefixtures("debian_without_venv")
def test_plain_user_gets_the_exact_command_for_a_missing_package(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dev, "administrator", lambda: None)
    command = "sudo apt-get install -y --no-install-recommends python3-none"
    with pytest.raises(dev.SetUpError, match=f"\n  {command}$"):
        dev.set_up(dev.BASE)
    assert machine.steps == []


@pytest.mark.usefixtures("debian_without_venv")
def test_root_gets_the_missing_package_installed(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dev, "administrator", list)
    with pytest.raises(dev.SetUpError, match="even now"):
        dev.set_up(dev.BASE)
    assert machine.steps == ["install python3-none"]


@pytest.mark.skipif(sys.platform != "linux", reason="asked of Linux only")
@pytest.mark.usefixtures("debian_without_venv")
def test_libraries_and_font_of_qt_are_asked_for_where_apt_is(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    libraries = {"libc.so.6": "libc6", "libnone.so.1": "libnone1"}
    monkeypatch.setattr(dev, "QT_LIBRARIES", libraries)
    module = {"no_such_module": "python3-none"}
    assert dev.lacking() == {**module, "libnone.so.1": "libnone1"}
    monkeypatch.setattr(dev, "FONT_FOLDERS", ())
    assert dev.lacking()["a font"] == "fonts-dejavu-core"
    monkeypatch.setattr(shutil, "which", lambda _name: None)
    assert dev.lacking() == module


def test_changed_list_of_libraries_is_probed_again(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    dev.set_up(dev.BASE)
    monkeypatch.setattr(dev, "QT_LIBRARIES", {})
    dev.set_up(dev.BASE)
    assert machine.steps[2:] == ["create .venv", "install requirements.lock"]


def test_failed_step_shows_the_end_of_its_output(tmp_path: Path) -> None:
    argv = [sys.executable, "-c", "print(*range(99), sep='\\n'); raise SystemExit(4)"]
    with (tmp_path / "lock").open("a") as file, pytest.raises(dev.SetUpError) as caught:
        dev.step("count", argv, file.fileno(), "Try again.")
    lines = str(caught.value).splitlines()
    assert lines[0] == "could not count (exit status 4)"
    assert lines[-2:] == ["    98", "Try again."]
    assert len(lines) == 17


@pytest.mark.parametrize(("status", "word"), [(0, "All 2 passed."), (1, "FAILED: one")])
def test_every_check_runs_and_a_failure_is_the_result(
    status: int, word: str, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(dev, "set_up", lambda *_locks: None)
    one = [sys.executable, "-c", f"raise SystemExit({status})"]
    two = [sys.executable, "-c", "print('two ran')"]
    assert dev.run_all({"one": one, "two": two}) == status
    out = capfd.readouterr().out
    assert "two ran" in out
    assert out.splitlines()[-1] == word


def test_screenshots_need_the_tools_and_take_the_arguments_where_the_caller_is(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    locks: list[str] = []
    calls: list[tuple[list[str], Path | None]] = []

    def call(argv: list[str], cwd: Path | None = ROOT) -> int:
        calls.append((argv, cwd))
        return 1

    monkeypatch.setattr(dev, "set_up", lambda *wanted: locks.extend(wanted))
    monkeypatch.setattr(dev, "call", call)
    monkeypatch.setenv("PYTHONPATH", "")
    assert dev.main(["screenshots", "--only", "tray", "--out", "here"]) == 1
    assert locks == [dev.BASE, dev.DEV]
    argv = [dev.PYTHON, "-P", "-m", "tests.screens", "--only", "tray", "--out", "here"]
    assert calls == [(argv, None)]


def test_too_old_python_is_told_the_version_it_needs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dev, "MIN_PYTHON", (99, 0))
    with pytest.raises(dev.SetUpError, match="needs Python"):
        dev.main(["check"])


@pytest.mark.skipif(os.name == "nt", reason="Windows cannot replace a process")
def test_run_becomes_the_program_in_the_callers_folder(tmp_path: Path) -> None:
    checkout, elsewhere = tmp_path / "a checkout (ü)", tmp_path / "elsewhere"
    for folder in (checkout / "app", checkout / ".venv" / "bin", elsewhere / "app"):
        folder.mkdir(parents=True)
    (checkout / "app" / "__main__.py").write_text(APP)
    (elsewhere / "app" / "__main__.py").write_text("print('the wrong app')")
    (checkout / ".venv" / "bin" / "python").symlink_to(sys.executable)
    for name in ("dev.py", *dev.LOCKS):
        shutil.copy(ROOT / name, checkout)
    tell = "import json, dev; print(json.dumps({dev.BASE: dev.fingerprint(dev.BASE)}))"
    stamps = subprocess.check_output([sys.executable, "-c", tell], cwd=checkout, text=True)
    (checkout / ".venv" / "stamps.json").write_text(stamps)
    argv = [sys.executable, str(checkout / "dev.py"), "run", "ship", "--help", "--", "a b"]
    with subprocess.Popen(argv, cwd=elsewhere, stdout=subprocess.PIPE, text=True) as process:
        out, _ = process.communicate()
    assert out == f"{process.pid} {elsewhere} ['ship', '--help', '--', 'a b']\n"
    assert json.loads((checkout / ".venv" / "stamps.json").read_text()) == json.loads(stamps)


@pytest.mark.parametrize("name", dev.LOCKS)
def test_locks_pin_by_hash_and_name_no_place(name: str) -> None:
    text = (ROOT / name).read_text()
    entries = re.findall(
        r"^(\S.*?) \\\n((?:    --hash=sha256:[0-9a-f]{64}(?: \\)?\n)+)", text, re.M
    )
    requirements = [line for line in text.splitlines() if line and line[0] not in " #"]
    assert len(entries) == len(requirements) > 0
    assert all("==" in pin for pin, _ in entries)
    assert "://" not in text
    assert "index" not in text


def test_every_integration_is_in_the_independence_contract() -> None:
    config = tomllib.loads((ROOT / "pyproject.toml").read_text())
    contracts = config["tool"]["importlinter"]["contracts"]
    listed = next(c["modules"] for c in contracts if c["type"] == "independence")
    folders = (ROOT / "app" / "integrations").glob("*/__init__.py")
    assert sorted(listed) == sorted(f"app.integrations.{file.parent.name}" for file in folders)
