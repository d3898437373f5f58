"""Real desktops and the real program in them, for tests that run with --desktop.

`desktop(tray=…, secrets=…)` starts a desktop, `backhaul` is the program on one with a tray and an
open keyring, `program_on(session)` on any other. All of it is ended after the test; what a failed
test leaves (screen, tree, logs) lies in its `tmp_path`.
"""

import contextlib
from collections.abc import Callable, Generator, Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.desktop.program import Program
from tests.desktop.remote import ORDERS, SECRET, Remote, SetClock
from tests.desktop.session import Session, lacking

HERE = Path(__file__).parent
_failed = pytest.StashKey[bool]()
_programs = pytest.StashKey[list[Program]]()


@cache
def _lacking() -> str:
    return lacking()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    mine = [item for item in items if HERE in item.path.parents]
    wanted = bool(config.getoption("--desktop"))
    reason = _lacking() if wanted and mine else "starts real desktops: add --desktop"
    for item in mine:
        if item.get_closest_marker("timeout") is None:
            item.add_marker(pytest.mark.timeout(120))
        if reason:
            item.add_marker(pytest.mark.skip(reason=reason))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if report.failed:
        item.stash[_failed] = True
        for program in item.stash.get(_programs, []):
            with contextlib.suppress(OSError, AssertionError):
                report.sections.append(("the terminal", program.said()[-4000:]))
                report.sections.append(("a screen reader", program.session.ui("tree", check=False)))
    return report


def _keep(request: pytest.FixtureRequest, session: Session, folder: Path) -> None:
    """Once, of a test that failed."""
    kept = folder / session.folder.parent.parent.name
    if request.node.stash.get(_failed, False) and not kept.exists():
        kept.mkdir()
        with contextlib.suppress(OSError, AssertionError):
            session.keep(kept)


@pytest.fixture
def desktop(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[..., Session]]:
    """Starts desktops: `desktop(tray="none", secrets="locked", home=FOLDER)`."""
    started: list[Session] = []

    def start(**choices: str | Path) -> Session:
        session = Session(**choices)  # type: ignore[arg-type]
        started.append(session)
        return session

    yield start
    for session in started:
        _keep(request, session, tmp_path)
        session.stop()


@pytest.fixture
def program_on(
    request: pytest.FixtureRequest, desktop: Callable[..., Session], tmp_path: Path
) -> Iterator[Callable[..., Program]]:
    """The program, not started yet, on a desktop: `program_on(session)`; `name` tells several
    data folders apart. After the test none may have left a trace of a mistake."""
    made: list[Program] = []
    request.node.stash[_programs] = made

    def make(session: Session, name: str = "data") -> Program:
        program = Program(session, tmp_path / name, tmp_path / f"{name}.log")
        made.append(program)
        return program

    yield make
    for program in made:
        _keep(request, program.session, tmp_path)
    faults = [fault for program in made for fault in program.faults()]
    for program in made:
        program.kill()
    if not request.node.stash.get(_failed, False):
        assert not faults, faults


@pytest.fixture
def backhaul(desktop: Callable[..., Session], program_on: Callable[..., Program]) -> Program:
    """The program, not started yet, on a desktop with a tray, notices and an open keyring."""
    return program_on(desktop())


@pytest.fixture
def clock(tmp_path: Path) -> SetClock:
    """The wall clock of `backhaul` where the test also has `remote`."""
    return SetClock(tmp_path / "clock")


@pytest.fixture
def remote(backhaul: Program, program_on: Callable[..., Program], clock: SetClock) -> Remote:
    """A system of record in a process of its own, connected to `backhaul`; it has ORDERS."""
    made = Remote(program_on(backhaul.session, "remote"))
    made.start()
    backhaul.env = {**SECRET, **clock.env}
    made.connect(backhaul)
    for order in ORDERS:
        made.act("add_invoice", invoice=order)
    return made
