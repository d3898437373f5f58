"""What a card says, without a window."""

import pytest

from app.core.clock import clock_time
from app.core.health import MINUTE_MS, Api, ApiCalls, ConnectionCalls, Mark, Result, Tally, Way
from app.core.types import ConnectionGate, ConnectionInfo
from app.services.connection_setup import Access, LastTest
from app.services.connection_tests import SeenStep
from app.services.overview import ConnectionStatus
from app.ui.connections.facts import Facts, Lamp, Mend, Seen, facts, left, summary

NOW = 1_790_000_000_000
MINUTE = 60_000


def a_seen(
    state: str = "working",
    *,
    last_success: int | None = NOW - 12_000,
    gate: ConnectionGate | None = None,
    tested: LastTest | None = None,
    text: str = "",
    hint: str = "",
    backlog: str = "",
    calls: dict[Api, ApiCalls] | None = None,
) -> Seen:
    status = ConnectionStatus(
        ConnectionInfo(1, "Front desk", "printsmith"),
        state, text, hint, waiting=0, needs_you=0, oldest_s=None,
        last_success=last_success, backlog=backlog,
    )  # fmt: skip
    labels = {"charge_name": "Name of the tracking charge"}
    access = Access("the invoice", "its notes")
    gate = gate or ConnectionGate()
    made = ConnectionCalls({Api.WRITE_BACK: a_call()} if calls is None else calls, gate)
    return Seen(
        status, gate, "PrintSmith Vision", access, True, tested, "You", labels,
        calls=made, lit=frozenset({Api.WRITE_BACK}),
    )  # fmt: skip


def a_call(age: int = 12_000, result: Result = Result.OK) -> ApiCalls:
    mark, at = Mark(), NOW - age
    mark.hear(result, at, "refused", {"host": "shop"})
    return ApiCalls((Tally(at // MINUTE_MS, Way.READ, result, 3, 1),), {Way.READ: mark})


def shown(seen: Seen) -> Facts:
    return facts(seen, NOW)


def a_test(passed: bool = True, at: int = NOW) -> LastTest:
    return LastTest(at, (SeenStep("May save invoices", passed),))


def test_green_is_only_what_was_seen_working_in_the_last_ten_minutes() -> None:
    assert shown(a_seen()).lamp is Lamp.GREEN
    old = shown(a_seen(last_success=NOW - 11 * MINUTE, calls={Api.WRITE_BACK: a_call(11 * MINUTE)}))
    assert (old.lamp, old.word) == (Lamp.NONE, "Quiet")


def test_a_connection_that_was_never_used_is_not_green() -> None:
    never = shown(a_seen("never used", last_success=None, calls={}))
    assert (never.lamp, never.word) == (Lamp.NONE, "Not used yet")


def test_a_test_that_just_passed_is_said_and_lights_nothing_it_did_not_ask() -> None:
    ready = shown(a_seen("never used", last_success=None, tested=a_test(), calls={}))
    assert (ready.lamp, ready.word) == (Lamp.NONE, "Ready")


@pytest.mark.parametrize(("passed", "age"), [(False, 0), (True, 11 * MINUTE)])
def test_a_failed_or_old_test_does_not(passed: bool, age: int) -> None:
    tested = a_test(passed, NOW - age)
    assert shown(a_seen("never used", last_success=None, tested=tested, calls={})).word != "Ready"


def test_a_stopped_connection_says_why_who_and_what() -> None:
    gate = ConnectionGate(block_code="ps_charge_missing", block_since=NOW)
    seen = a_seen("blocked", gate=gate, text="No charge “X”", hint="Change charge_name.")
    card = shown(seen)
    assert (card.lamp, card.word, card.mend) == (Lamp.RED, "Stopped", Mend.TRY)
    assert (card.why, card.who) == ("No charge “X”", "You")
    assert card.hint == "Change “Name of the tracking charge”."


@pytest.mark.parametrize(
    ("code", "mend"),
    [
        ("credentials_rejected", Mend.SIGN_IN),
        ("secret_missing", Mend.SIGN_IN),
        ("keyring_none", Mend.SIGN_IN),
        ("keyring_locked", Mend.UNLOCK),
        ("keyring_slow", Mend.UNLOCK),
        ("ps_no_permission", Mend.TRY),
    ],
)
def test_the_button_of_a_stopped_connection_fits_its_cause(code: str, mend: Mend) -> None:
    card = shown(a_seen("blocked", gate=ConnectionGate(block_code=code), hint="backhaul …"))
    assert card.mend is mend
    assert mend is Mend.TRY or "backhaul " not in card.hint, "no commands in the window"


def test_a_pause_says_until_when_and_how_long_it_is() -> None:
    until = NOW + 30 * MINUTE
    card = shown(a_seen("paused", gate=ConnectionGate(paused_at=NOW, paused_until=until)))
    assert card.is_paused
    assert (card.line, card.left) == (f"until {clock_time(until)}", "30:00 left")
    forever = shown(a_seen("paused", gate=ConnectionGate(paused_at=NOW)))
    assert forever.line == "until you resume it"


def test_an_unreachable_system_is_red_and_needs_nobody() -> None:
    gate = ConnectionGate(failures=3, failing_since=NOW)
    gone = {Api.WRITE_BACK: a_call(0, Result.FAILED)}
    card = shown(a_seen("unreachable", gate=gate, calls=gone))
    assert (card.lamp, card.is_stopped) == (Lamp.RED, False)
    assert "tries again by itself" in card.line


def test_a_network_out_of_order_says_nothing_against_the_system() -> None:
    gate = ConnectionGate(failures=3, failing_since=NOW)
    lost = {Api.WRITE_BACK: a_call(0, Result.NETWORK)}
    card = shown(a_seen("unreachable", gate=gate, calls=lost))
    assert (card.lamp, card.word) == (Lamp.NONE, "Not reachable")


def test_errors_show_on_the_card_as_on_the_status_page() -> None:
    card = shown(a_seen(calls={Api.WRITE_BACK: a_call(0, Result.FAILED)}))
    assert (card.lamp, card.word) == (Lamp.YELLOW, "Last call failed")


def test_a_growing_queue_is_yellow_with_its_words() -> None:
    card = shown(a_seen(backlog="30 rows wait"))
    assert (card.lamp, card.line) == (Lamp.YELLOW, "30 rows wait")


def test_a_failed_test_names_its_lines() -> None:
    card = shown(a_seen(tested=a_test(passed=False)))
    assert card.tested == "Failed just now: May save invoices"
    assert card.test_passed is False


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.2, "0:01 left"), (61, "1:01 left"), (1781, "29:41 left"), (3600, "1 h left")],
)
def test_what_is_left_never_reads_zero(seconds: float, words: str) -> None:
    assert left(seconds) == words


def test_the_page_counts_what_is_stopped() -> None:
    stopped = shown(a_seen("blocked", gate=ConnectionGate(block_code="moved")))
    assert summary([]) == ""
    assert summary([shown(a_seen())]) == "1 system connected"
    assert summary([shown(a_seen()), stopped]) == "2 systems connected · 1 stopped"
