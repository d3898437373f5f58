"""How rows read: phase, sentence, who must act, in the order a person needs to know it."""

import itertools
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from app.core.clock import clock_time, to_ms
from app.core.states import JobState
from app.core.types import ConnectionGate, Job
from app.core.words import Catalogue, Who
from app.integrations.registry import KINDS
from app.services.wording import Phase, Wording, Wordsmith
from tests.builders import a_job

P, F, D = JobState.PENDING, JobState.IN_FLIGHT, JobState.IN_DOUBT
S, X, K, R = JobState.SUCCEEDED, JobState.FAILED, JobState.PARKED, JobState.DISCARDED

PARTS = [kind.sentences for kind in KINDS.values()]
OPEN = ConnectionGate()
BLOCKED = ConnectionGate(block_code="credentials_rejected", block_params={"host": "pos"})
PAUSED = ConnectionGate(paused_at=1, paused_until=None)
PAUSED_UNTIL = ConnectionGate(paused_at=1, paused_until=1_790_000_000_000)
UNREACHABLE = ConnectionGate(failures=1, failing_since=1_790_000_000_000)
SINCE = clock_time(a_job().reason_since)


def row(job: Job, gate: ConnectionGate = OPEN) -> Wording:
    titles = [kind.title for kind in KINDS.values()]
    return Wordsmith(Catalogue(*PARTS), titles).row(job, gate, "Front desk")


def reads(state: JobState, **more: Any) -> tuple[Phase, str]:
    gate = more.pop("gate", OPEN)
    found = row(a_job(state, **more), gate)
    return found.phase, found.text


@pytest.mark.parametrize(
    ("state", "more", "phase", "text"),
    [
        (P, {}, Phase.WAITING, "Waiting for its turn"),
        (
            P, {"gate": UNREACHABLE}, Phase.WAITING,
            f"Waiting: not reachable since {clock_time(1_790_000_000_000)}",
        ),
        (P, {"reason_code": "ps_locked", "reason_params": {"held_by": "Ann"}}, Phase.WAITING,
         f"Waiting: open at another desk (Ann) since {SINCE}"),
        (P, {"reason_code": "server_error", "reason_params": {"host": "pos", "status": 500},
             "attempts": 2}, Phase.RETRYING,
         "Retrying: pos failed while it worked on this (error 500); attempt 2 of 5"),
        (P, {"gate": BLOCKED, "reason_code": "ps_locked"}, Phase.NEEDS_YOU,
         "Blocked: pos does not accept the sign-in"),
        (P, {"gate": PAUSED, "reason_code": "ps_locked"}, Phase.WAITING,
         "Waiting: the connection is paused"),
        (P, {"gate": PAUSED_UNTIL}, Phase.WAITING,
         f"Waiting: the connection is paused until {clock_time(1_790_000_000_000)}"),
        (X, {"reason_code": "mg_order_not_found", "reason_params": {"order": "5"}},
         Phase.NEEDS_YOU, "Needs you: Magento has no order 5"),
        (F, {}, Phase.SENDING, "Sending to Front desk"),
        (F, {"gate": BLOCKED}, Phase.SENDING, "Sending to Front desk"),
        (F, {"removing": True}, Phase.SENDING, "Removing when the answer is in"),
        (D, {"removing": True}, Phase.SENDING, "Removing when the answer is in"),
        (D, {"reason_code": "answer_lost"}, Phase.SENDING,
         "Checking whether it arrived: the answer got lost; looking whether it arrived"),
        (D, {"reason_code": "answer_lost", "gate": BLOCKED}, Phase.NEEDS_YOU,
         "Blocked: pos does not accept the sign-in"),
        (D, {"reason_code": "person_decides", "due_at": None}, Phase.NEEDS_YOU,
         "Needs you: sent, but nobody can tell whether it arrived"),
        (D, {"reason_code": "person_decides", "due_at": None, "gate": BLOCKED}, Phase.NEEDS_YOU,
         "Needs you: sent, but nobody can tell whether it arrived"),
        (X, {"reason_code": "not_found", "reason_params": {"host": "pos"}}, Phase.NEEDS_YOU,
         "Needs you: pos does not know order 316132"),
        (X, {"reason_code": "program_error", "reason_params": {"error": "KeyError"}},
         Phase.NEEDS_YOU, "Needs you: Backhaul made a mistake here"),
        (K, {"reason_code": "ps_locked"}, Phase.PARKED, "Parked by you; not tried"),
        (S, {}, Phase.DONE, "Done"),
        (S, {"reason_code": "was_there"}, Phase.DONE,
         "Done: it was there already; nothing was sent"),
        (S, {"reason_code": "done_by_hand"}, Phase.DONE, "Done: done by hand"),
        (R, {"reason_code": "ps_locked"}, Phase.REMOVED, "Removed"),
        (P, {"reason_code": "from_the_future"}, Phase.WAITING,
         "Waiting: something happened that this version has no words for (from_the_future)"),
    ],
)  # fmt: skip
def test_row_reads(state: JobState, more: dict[str, Any], phase: Phase, text: str) -> None:
    assert reads(state, **more) == (phase, text)


def test_row_says_who_must_act_and_what_to_do() -> None:
    found = row(a_job(X, reason_code="ps_picked_up"))
    assert found.who == Who.DESK
    assert found.hint
    assert row(a_job(P)).who == ""


def test_stored_number_of_the_order_goes_before_the_rows_own() -> None:
    job = a_job(X, reason_code="not_found", reason_params={"host": "h", "order": "7"})
    assert row(job).text == "Needs you: h does not know order 7"
    job = a_job(X, reason_code="not_found", reason_params={"host": "h", "order": ""})
    assert row(job).text == "Needs you: h does not know order 316132"


def test_zero_among_the_parameters_is_a_number_too() -> None:
    job = a_job(P, reason_code="ps_few_sessions", reason_params={"free": 0, "wanted": 1})
    assert row(job).text == (
        "Waiting: only 0 PrintSmith user sessions are free; 1 are left for people"
    )


def test_since_of_the_remote_goes_before_ours_and_is_local() -> None:
    told = datetime(2026, 11, 21, 10, 2, tzinfo=UTC)
    job = a_job(P, reason_code="ps_locked", reason_params={"since": told.isoformat()})
    assert row(job).text.endswith(f"since {clock_time(to_ms(told))}")


@pytest.mark.parametrize("since", ["yesterday", "2026-99-99T99:99:99", "x" * 40, 7])
def test_since_that_is_no_time_is_shown_as_it_came(since: object) -> None:
    job = a_job(P, reason_code="ps_locked", reason_params={"held_by": "Ann", "since": since})
    assert row(job).text.endswith(f"since {since}")


def test_clock_time_is_local_and_names_the_day_when_it_is_another() -> None:
    now = datetime.now().astimezone()
    noon = now.replace(hour=12, minute=5)
    assert clock_time(to_ms(noon), noon) == "12:05"
    assert clock_time(to_ms(noon), noon + timedelta(days=1)) == noon.strftime("%Y-%m-%d 12:05")
    assert clock_time(to_ms(noon), noon.astimezone(UTC)).endswith("12:05")


def test_block_reads_like_its_sentence() -> None:
    said = Wordsmith(Catalogue()).block(BLOCKED)
    assert said.summary == "pos does not accept the sign-in"
    assert said.who == Who.DESK


def bracketed(text: str) -> str:
    return f"⟦{text}⟧" if text else ""


GATES = [OPEN, BLOCKED, PAUSED, PAUSED_UNTIL]
ROWS = [
    {"reason_code": code, "attempts": attempts, "removing": removing, "due_at": due_at}
    for code in ("", "server_error", "ps_locked", "from_the_future")
    for attempts in (0, 3)
    for removing in (False, True)
    for due_at in (1, None)
]


@pytest.mark.parametrize(("state", "gate"), [*itertools.product(JobState, GATES)])
def test_every_word_of_every_row_passes_the_catalogue(
    state: JobState, gate: ConnectionGate
) -> None:
    translated = Wordsmith(Catalogue(*PARTS, translate=bracketed))
    plain = Wordsmith(Catalogue(*PARTS))
    for more in ROWS:
        job = a_job(state, **more)
        found, before = translated.row(job, gate, "Shop"), plain.row(job, gate, "Shop")
        assert found.text.startswith("⟦")
        assert found.text.endswith("⟧")
        bare = found.text.replace("⟦", "").replace("⟧", "")
        assert bare.lower() == before.text.lower()
        nested = found.text.count("⟦")
        assert nested == (2 if ": " in before.text and before.hint + before.who else 1)
        assert (found.hint, found.who) == (bracketed(before.hint), bracketed(before.who))
