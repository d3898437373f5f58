"""The self-test's made-up shipments: through every layer, one of them from another program."""

import json
import secrets as randomness
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from functools import partial
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any

from app.core.states import JobState
from app.core.types import Shipment
from app.services.local_intake import free_port_near
from app.services.program import Program
from app.services.queue_view import QueueRow
from app.services.self_test_lines import Line, run_checks
from app.services.wording import Phase

OpenFolder = Callable[[Path, bool], AbstractContextManager[Program]]

PATIENCE_S = 20.0
_STEP_S = 0.05
_PRINTSMITH, _MAGENTO = "printsmith", "magento"
_ORDER, _TRACKING = "316132", "1Z23966E0397467800"
_ACTOR, _TITLE = "self-test", "Practice shipment"
_ENDED = frozenset({Phase.DONE, Phase.NEEDS_YOU})
_PORTS = range(20_000, 60_000)


def practice_lines(open_folder: OpenFolder) -> Iterator[Line]:
    """A shipment to each practice server, and one that another program hands in."""
    yield from run_checks(
        (_TITLE, partial(_shipment, open_folder, _PRINTSMITH)),
        (_TITLE, partial(_shipment, open_folder, _MAGENTO)),
        ("Local intake", partial(_handed_in, open_folder)),
    )


def _shipment(open_folder: OpenFolder, system: str) -> Line | str:
    with _practising(open_folder, system) as program, _engine(program):
        (connection,) = program.connections.all()
        shipment = Shipment(_ORDER, _TRACKING, "UPS")
        entered = program.write_back.enter(connection.id, [shipment], actor=_ACTOR)[0]
        row = _ended(program, f"row:{entered.job_id}")
        if row.job.state is JobState.SUCCEEDED and _TRACKING in _held(program, system):
            return f"written to a practice {program.kinds[system].title} and read back"
    return Line(_TITLE, False, row.wording.text)


def _handed_in(open_folder: OpenFolder) -> Line | str:
    """Over HTTP, with a key that is in no password store, up to the practice server."""
    with _practising(open_folder, _PRINTSMITH) as program:
        key = randomness.token_urlsafe(32)
        port = free_port_near(randomness.choice(_PORTS))
        program.local_intake.keep_key_for_session(key)
        program.local_intake.switch(True, port, _ACTOR)
        with _engine(program):
            _until(program, lambda: program.local_intake.status().is_serving)
            stands = program.local_intake.status()
            if not stands.is_serving:
                text = f"it does not begin to answer: {stands.text}. {stands.hint}"
                return Line("Local intake", False, text.rstrip(". "))
            receipt = _post(stands.port, key)
            row = program.letterbox.follow(receipt).row
            if row is not None:
                row = _ended(program, f"row:{row.job.id}")
            if row is None or _TRACKING not in _held(program, _PRINTSMITH):
                text = "a record was taken in, and its shipment was not written"
                return Line("Local intake", False, text)
    return "a shipment from another program was taken in and written"


@contextmanager
def _practising(open_folder: OpenFolder, system: str) -> Iterator[Program]:
    """A folder of its own with running practice servers, one order and a connection to it."""
    with (
        tempfile.TemporaryDirectory(prefix="backhaul-", ignore_cleanup_errors=True) as name,
        open_folder(Path(name), True) as program,
        program.practice_servers() as urls,
    ):
        if system == _PRINTSMITH:
            program.practice.act(system, "add_invoice", invoice=_ORDER)
        else:
            program.practice.act(system, "add_order", order=_ORDER)
        program.connections.add(
            system, "Self-test", {"base_url": urls[system]}, is_practice=True, actor=_ACTOR
        )
        yield program


@contextmanager
def _engine(program: Program) -> Iterator[None]:
    engine = program.engine()
    engine.start()
    try:
        yield
    finally:
        engine.stop()


def _ended(program: Program, ref: str) -> QueueRow:
    """The row once it is done or needs somebody, or as it stands when that takes too long."""
    _until(program, lambda: program.queue.one(ref).wording.phase in _ENDED)
    return program.queue.one(ref)


def _until(program: Program, is_so: Callable[[], bool]) -> None:
    """Come back when it is so, or when patience ends."""
    never, clock = threading.Event(), program.clock
    ends = clock.monotonic() + PATIENCE_S
    while not is_so() and clock.monotonic() < ends:
        clock.wait(never, _STEP_S)


def _held(program: Program, system: str) -> list[str]:
    """The numbers that stand at the order there."""
    state = program.practice.state(system)
    if system == _PRINTSMITH:
        return [charge["notes"] for charge in state["invoices"][_ORDER]["charges"]]
    return [
        track["track_number"] for sent in state["shipments"].values() for track in sent["tracks"]
    ]


def _post(port: int, key: str) -> int:
    """Hand the shipment in; the number of its receipt.

    Raises: ValueError, OSError.
    """
    record = {"source_key": _ACTOR, "references": [_ORDER], "tracking": _TRACKING}
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
    try:
        with closing(HTTPConnection("127.0.0.1", port, timeout=PATIENCE_S)) as call:
            call.request("POST", "/intake", json.dumps(record), headers)
            answer = call.getresponse()
            said: dict[str, Any] = json.loads(answer.read())
    except HTTPException as error:
        raise ValueError(f"a call was not answered: {error!r}") from error
    if "id" not in said:
        raise ValueError(f"a call was answered {answer.status}: {said.get('text', '')}".strip(": "))
    return int(said["id"])
