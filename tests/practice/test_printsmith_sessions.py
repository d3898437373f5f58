"""The practice PrintSmith with several callers at once, and back to normal."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from app.practice.printsmith import PracticePrintSmith
from tests.bridge import INVOICE, NUMBER
from tests.practice.conftest import Caller

OTHER = "9400110200881234567890"
Act = Callable[[PracticePrintSmith], object]


# Sessions, and several at once


def test_no_free_session_refuses_all_but_the_probe(
    shop: PracticePrintSmith, caller: Caller
) -> None:
    shop.sessions(free=0)
    for answer in (caller.read(), caller.write()):
        assert answer.said == (503, "no_free_session")
    assert caller.probe().body["sessions_free"] == 0
    assert caller.read("health").code == "no_free_session"


@pytest.mark.parametrize("code", [200, 404])
def test_each_call_takes_a_session_and_gives_it_back(
    shop: PracticePrintSmith, caller: Caller, code: int
) -> None:
    shop.sessions(free=1)
    met, go_on = hold_answers(shop)
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(caller.read, INVOICE if code == 200 else "999999")
        assert met.acquire(timeout=10)
        assert caller.read().code == "no_free_session"
        go_on.set()
        assert first.result().status == code
    shop.latency(0)
    assert caller.read().status == 200
    assert caller.probe().body["sessions_free"] == 1


def test_writes_at_once_are_counted(shop: PracticePrintSmith, caller: Caller) -> None:
    caller.write()
    assert shop.most_writes_at_once == 1
    met, go_on = hold_answers(shop)
    with ThreadPoolExecutor(4) as pool:
        writes = [pool.submit(caller.write, notes=f"1Z{n}") for n in range(3)]
        reading = pool.submit(caller.read)
        assert all(met.acquire(timeout=10) for _ in range(4))
        go_on.set()
        codes = sorted(write.result().code for write in writes)
        assert reading.result().status == 200
    assert codes == ["ok", "revision_changed", "revision_changed"]
    assert shop.most_writes_at_once == 3


def hold_answers(shop: PracticePrintSmith) -> tuple[threading.Semaphore, threading.Event]:
    """From now on each call is reported when it has its session, and then held."""
    met, go_on = threading.Semaphore(0), threading.Event()

    class Held(threading.Event):
        def wait(self, timeout: float | None = None) -> bool:
            met.release()
            return go_on.wait(10)

    shop.latency(0.001)
    shop.host.stopping = Held()
    return met, go_on


def test_notes_of_two_parcels(shop: PracticePrintSmith, caller: Caller) -> None:
    caller.write()
    caller.write(notes=f"{NUMBER}\n{OTHER}")
    assert shop.notes(INVOICE).splitlines() == [NUMBER, OTHER]
    assert [write["notes"] for write in shop.writes] == [NUMBER, f"{NUMBER}\n{OTHER}"]


def test_back_to_normal_undoes_what_people_did_and_keeps_the_notes(
    shop: PracticePrintSmith, caller: Caller
) -> None:
    shop.type_note(INVOICE, "Call first")
    shop.lock(INVOICE)
    shop.pick_up(INVOICE)
    shop.rename_charge("Other")
    shop.rights(can_save_invoice=False)
    shop.editable(notes=False)
    shop.sessions(free=0)
    shop.normal()
    found = caller.probe().body
    assert (found["can_save_invoice"], found["sessions_free"]) == (True, 5)
    assert caller.read().body["locked_by"] is None
    assert caller.write().status == 200
    assert "Call first" in shop.notes(INVOICE)
