"""`run`, `practice` and `demo`, some of them as the processes they are."""

import json
import random
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app.bootstrap import opened_program
from app.cli.command import Start, pasteable
from app.cli.running import play
from app.services.demo import PARTS, Ending, Plan
from app.services.demo_folder import MARKER, mark, prepare
from tests.cli.console import ORDER, PYTHON, TRACKING, Console

QUICK = Plan(unlock_after_s=0.2, poll_locked_s=1.0, patience_s=20.0, look_s=0.02)
Starting = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def starting(folder: Path) -> Iterator[Starting]:
    """Starts `backhaul …` as a process; whatever still runs at the end is stopped."""
    children = []

    def start(*words: str) -> "subprocess.Popen[str]":
        command = [*PYTHON, *words, "--data-dir", str(folder)]
        child = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        children.append(child)
        return child

    yield start
    for child in children:
        child.kill()
        child.communicate()


def first_line(child: "subprocess.Popen[str]") -> str:
    """What a process says first; it is up and running then."""
    assert child.stdout is not None
    return child.stdout.readline().rstrip("\n")


def test_run_sends_what_is_queued_and_stops_in_order(
    backhaul: Console, starting: Starting, folder: Path
) -> None:
    servers = starting("practice")
    assert first_line(servers).startswith(f"Practice servers for {folder}. Stop them with Ctrl-C")
    backhaul.ok("practice", "act", "printsmith", "add_invoice", "--invoice", ORDER)
    backhaul.ok("connection", "add", "printsmith", "--name", "Shop", "--practice")
    engine = starting("run")
    log = folder / "logs" / "backhaul.log"
    text = f"Backhaul is running for {folder}; log file {log}. Stop it with Ctrl-C"
    assert first_line(engine) == text
    second = backhaul.ok("run")
    assert second.out == (
        f"Backhaul is already running for this data folder (process {engine.pid}); nothing to do\n"
    )
    assert backhaul.ok("ship", ORDER, TRACKING, "--wait", "20").lines[-1].endswith(": Done")
    engine.send_signal(signal.SIGTERM)
    assert engine.communicate(timeout=10) == ("", "")
    assert engine.returncode == 0
    servers.send_signal(signal.SIGINT)
    servers.communicate(timeout=10)
    assert servers.returncode == 0


def test_run_says_when_a_connection_stops(backhaul: Console, starting: Starting) -> None:
    servers = starting("practice")
    first_line(servers)
    backhaul.ok("practice", "act", "printsmith", "add_invoice", "--invoice", ORDER)
    words = ("--practice", "--set", "charge_name=Tracking")
    backhaul.ok("connection", "add", "printsmith", "--name", "Shop", *words)
    backhaul.ok("ship", ORDER, TRACKING)
    engine = starting("run")
    assert engine.stderr is not None
    text = "Shop stopped: The invoice has no charge named “Tracking”. Check the charge definition"
    assert engine.stderr.readline().startswith(text)


@pytest.fixture
def profile(folder: Path) -> Start:
    return Start(folder, folder, opened_program)


def test_the_demonstration_ends_as_described(
    profile: Start, capsys: pytest.CaptureFixture[str]
) -> None:
    assert play(profile, QUICK) == 0
    printed = capsys.readouterr()
    assert printed.err == ""
    steps = [
        "316132  MARY has the invoice open at another desk",
        "316140  Done: read back, the invoice holds ",
        "316132  Waiting: open at another desk (MARY) since ",
        "316088  Needs you: picked up: PrintSmith no longer allows changes",
        "316121  Blocked: the invoice has no charge named “Tracking”",
        "Who must act: The administrator of that system",
        "What to do: Check the charge definition in PrintSmith",
        "316132  MARY closes the invoice",
        "316132  Done: read back, the invoice holds 1Z23966E0397467800",
        "Sent: 316140, 316132\nNeeds you: 316088\nBlocked: 316121\n",
        "  invoice 316088: nothing written\n",
        f"queue list --data-dir {profile.folder}\n",
    ]
    for step in steps:
        assert step in printed.out, step
    assert printed.out.index(steps[7]) < printed.out.index(steps[8])


def test_a_demonstration_that_ended_starts_afresh(
    profile: Start, capsys: pytest.CaptureFixture[str]
) -> None:
    prepare(profile.folder)
    mark(profile.folder, ended=True)
    (profile.folder / "old").mkdir()
    assert play(profile, QUICK) == 0
    assert not (profile.folder / "old").exists()
    assert "Going on" not in capsys.readouterr().out


def test_an_interrupted_demonstration_goes_on(
    profile: Start, capsys: pytest.CaptureFixture[str]
) -> None:
    assert play(profile, Plan(unlock_after_s=60, poll_locked_s=1, patience_s=0.5, look_s=0.02)) == 1
    said = capsys.readouterr()
    assert "Invoice 316132 did not end as described (goes through). Its row says: " in said.err
    marker = profile.folder / MARKER
    marker.write_text(json.dumps({"ended": False}), encoding="utf-8")
    assert play(profile, QUICK) == 0
    said = capsys.readouterr()
    assert "Going on where the last demonstration was interrupted" in said.out
    assert "has the invoice open" not in said.out


def test_a_folder_that_is_no_demonstrations_is_left_alone(backhaul: Console, folder: Path) -> None:
    folder.mkdir()
    precious = folder / "precious.txt"
    precious.touch()
    text = f"{folder} holds something else than a demonstration; it is left alone."
    assert backhaul.fails("demo").startswith(text)
    assert precious.exists()


def test_a_printed_command_can_be_pasted(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(sys, "argv", ["/usr/bin/backhaul"])
    assert pasteable("status", Path("/my data")) == "backhaul status --data-dir '/my data'"
    monkeypatch.setattr(sys, "argv", ["/some/app/__main__.py"])
    monkeypatch.chdir(Path(__file__).parents[2])
    assert pasteable("status", Path("/x")) == "python3 dev.py run status --data-dir /x"
    monkeypatch.chdir(tmp_path)
    assert Path(pasteable("status", tmp_path).split()[1]).resolve().name == "dev.py"


@pytest.mark.battery
@pytest.mark.timeout(120)
def test_the_demonstration_as_the_command_runs_it(starting: Starting) -> None:
    child = starting("demo")
    out, err = child.communicate(timeout=100)
    assert (child.returncode, err) == (0, "")
    assert "Sent: 316140, 316132\n" in out


@pytest.mark.battery
@pytest.mark.timeout(400)
def test_a_demonstration_killed_again_and_again_loses_and_doubles_nothing(
    starting: Starting, folder: Path
) -> None:
    seed = random.randrange(10**6)
    print(f"seed {seed}")  # noqa: T201 - to repeat a failure
    lives = random.Random(seed)
    for _ in range(12):
        child = starting("demo")
        try:
            child.communicate(timeout=lives.uniform(0.3, 2.5))
        except subprocess.TimeoutExpired:
            child.kill()
            child.communicate()
    child = starting("demo")
    out, err = child.communicate(timeout=100)
    assert (child.returncode, err) == (0, ""), out
    state = json.loads((folder / "practice-printsmith.json").read_text(encoding="utf-8"))
    sent = [part.order for part in PARTS if part.ending is Ending.SENT]
    assert sorted(write["invoice"] for write in state["writes"]) == sorted(sent)
