"""Contract checks end with the program: what they changed is put back first."""

import threading
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from app.core.errors import BackhaulError
from app.integrations.base import CheckStep, CheckStopped
from app.services.connection_checks import ConnectionChecks, Lines, until_over
from tests.processes import Caller, until

BACK = CheckStep("Everything was put back", True, "")


class Invoice:
    """Something that a check changes from its second line on."""

    def __init__(self) -> None:
        self.text = "as it was"
        self.goes_on = threading.Event()
        self.goes_on.set()

    def check_contract(self, record: str) -> Iterator[CheckStep]:
        yield CheckStep(f"Found {record}", True, "")
        try:
            for number in range(3):
                self.text = f"test {number}"
                assert self.goes_on.wait(20)
                yield CheckStep(f"Rule {number}", True, "")
        except CheckStopped:
            pass
        finally:
            self.text = "as it was"
        yield BACK

    def close(self) -> None: ...


@pytest.fixture
def invoice() -> Invoice:
    return Invoice()


def lines_of(checks: ConnectionChecks, invoice: Invoice) -> Lines:
    opened: Any = SimpleNamespace(target=invoice, close=invoice.close)
    return checks.contract(lambda: opened, "Front desk", "990001")


def titles(found: list[CheckStep | BackhaulError]) -> list[str]:
    return [one.title for one in found if isinstance(one, CheckStep)]


def test_the_end_waits_until_a_check_has_put_back_what_it_changed(invoice: Invoice) -> None:
    checks, found = ConnectionChecks(), list[CheckStep | BackhaulError]()
    invoice.goes_on.clear()
    walk = Caller(lambda: found.extend(lines_of(checks, invoice)))
    assert until(lambda: invoice.text == "test 0")
    ending = Caller(lambda: checks.end(20))
    assert until(lambda: checks._is_ending)
    assert ending.is_alive(), "the line under way has not ended"
    invoice.goes_on.set()
    assert ending.result() is True
    walk.result()
    assert invoice.text == "as it was"
    assert titles(found) == ["Found 990001", "Rule 0", BACK.title]


def test_the_end_is_told_when_it_took_too_long(invoice: Invoice) -> None:
    checks = ConnectionChecks()
    invoice.goes_on.clear()
    walk = Caller(lambda: list(lines_of(checks, invoice)))
    assert until(lambda: invoice.text == "test 0")
    assert checks.end(0.01) is False
    invoice.goes_on.set()
    walk.result()
    assert checks.end(20) is True


def test_no_check_begins_once_the_program_ends(invoice: Invoice) -> None:
    checks = ConnectionChecks()
    assert checks.end(0) is True
    assert list(lines_of(checks, invoice)) == []
    assert invoice.text == "as it was"


def test_a_check_that_is_left_by_its_reader_is_put_back_and_counts_no_more(
    invoice: Invoice,
) -> None:
    checks = ConnectionChecks()
    lines = lines_of(checks, invoice)
    assert titles([next(lines), next(lines)]) == ["Found 990001", "Rule 0"]
    lines.close()
    assert invoice.text == "as it was"
    assert checks.end(0) is True


def test_stopping_passes_through_both_that_watch_it(invoice: Invoice) -> None:
    stopped = False
    lines = until_over(lines_of(ConnectionChecks(), invoice), lambda: stopped)
    assert titles([next(lines), next(lines)]) == ["Found 990001", "Rule 0"]
    stopped = True
    assert titles(list(lines)) == [BACK.title]
