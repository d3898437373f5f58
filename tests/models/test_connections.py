"""Connections and their gate: why one sends nothing, since when, and what ends that."""

import pytest

from app.core.errors import (
    CredentialsRejected,
    PermissionMissing,
    RemoteUnavailable,
    SetupChanged,
    UsageError,
)
from app.core.states import LIVE, JobState
from tests.builders import AN_OUTCOME, LEASE, OTHER_LEASE, Store, a_new_job

NO_TOKEN = CredentialsRejected("credentials_rejected", host="pos")
NO_RIGHT = PermissionMissing("permission_missing", host="pos")
DOWN = RemoteUnavailable("refused", host="pos")


def story(store: Store) -> list[tuple[str, str, str]]:
    """What happened to connection 1, who did it, and the code."""
    lines = store.history.recent(1000)
    return [(e.what, e.actor, e.code) for e in lines if e.job_id is None and e.connection_id == 1]


def test_connection_is_found_with_its_settings(store: Store) -> None:
    settings = {"base_url": "http://ü", "poll_locked_s": 60.5, "verify": True, "note": None}
    made = store.connections.add("Ä shop", "printsmith", settings, is_practice=True, actor="ann")
    assert store.connections.find(made.id) == made
    assert dict(made.settings) == settings
    assert [c.name for c in store.connections.all()] == ["Shop 1", "Shop 2", "Ä shop"]
    assert store.connections.kind_name(made.id) == "printsmith"


def test_name_is_taken_by_a_connection_in_use_only(store: Store) -> None:
    with pytest.raises(UsageError, match="connection_name_taken") as caught:
        store.connect("Shop 1")
    assert caught.value.params == {"name": "Shop 1"}
    store.connections.remove(1, discard_rows=False, actor="ann")
    again = store.connect("Shop 1")
    assert store.connections.names() == {1: "Shop 1", 2: "Shop 2", again: "Shop 1"}
    assert store.connections.find(1) is None


def test_change_stores_name_and_settings_and_lifts_a_block(store: Store) -> None:
    store.connections.block(1, NO_TOKEN)
    store.connections.change(1, "Front desk", {"a": 1}, "ann")
    found = store.connections.find(1)
    assert found is not None
    assert (found.name, dict(found.settings)) == ("Front desk", {"a": 1})
    assert not store.connections.gate(1).is_blocked
    assert story(store)[-1][:2] == ("connection_changed", "ann")


def test_change_to_a_taken_name_changes_nothing(store: Store) -> None:
    store.connections.block(1, NO_TOKEN)
    with pytest.raises(UsageError, match="connection_name_taken"):
        store.connections.change(1, "Shop 2", {"a": 1}, "ann")
    found = store.connections.find(1)
    assert found is not None
    assert (found.name, dict(found.settings)) == ("Shop 1", {})
    assert store.connections.gate(1).is_blocked


def test_block_says_why_and_since_when(store: Store) -> None:
    store.connections.block(1, NO_TOKEN)
    gate = store.connections.gate(1)
    assert (gate.block_code, dict(gate.block_params)) == ("credentials_rejected", {"host": "pos"})
    assert (gate.block_since, gate.block_looks_again) == (store.clock.now_ms(), False)
    assert story(store)[-1] == ("connection_blocked", "", "credentials_rejected")
    assert not store.connections.gate(2).is_blocked


def test_block_keeps_its_first_time_while_the_cause_stays(store: Store) -> None:
    store.connections.block(1, NO_TOKEN)
    since = store.clock.now_ms()
    store.clock.advance(60)
    store.connections.block(1, NO_TOKEN)
    assert store.connections.gate(1).block_since == since
    store.connections.block(1, NO_RIGHT)
    assert store.connections.gate(1).block_since == store.clock.now_ms()


@pytest.mark.parametrize(
    ("error", "again"),
    [(NO_TOKEN, False), (NO_RIGHT, True), (SetupChanged("moved", host="h", target="t"), True)],
)
def test_block_says_whether_a_look_may_end_it(
    store: Store, error: CredentialsRejected, again: bool
) -> None:
    store.connections.block(1, error)
    assert store.connections.gate(1).block_looks_again is again


def test_block_takes_over_from_a_storm(store: Store) -> None:
    store.connections.failed_to_reach(1, DOWN, 900)
    store.connections.block(1, NO_TOKEN)
    gate = store.connections.gate(1)
    assert (gate.failures, gate.failing_since, gate.held_until) == (0, None, 0)


@pytest.mark.parametrize("end", ["unblock", "resume"])
def test_person_ends_a_block_and_nothing_of_it_is_left(store: Store, end: str) -> None:
    store.connections.block(1, NO_RIGHT)
    getattr(store.connections, end)(1, "ann")
    assert store.connections.gate(1) == store.connections.gate(2)
    assert story(store)[-1][1] == "ann"


def test_unblock_leaves_a_pause_alone_and_resume_ends_it(store: Store) -> None:
    until = store.clock.now_ms() + 60_000
    store.connections.pause(1, until, "ann")
    store.connections.unblock(1, "")
    gate = store.connections.gate(1)
    assert (gate.paused_at, gate.paused_until) == (store.clock.now_ms(), until)
    store.connections.resume(1, "ann")
    assert store.connections.gate(1).paused_at is None


def test_pause_without_an_end_lasts_until_resumed(store: Store) -> None:
    store.connections.pause(1, None, "ann")
    gate = store.connections.gate(1)
    assert (gate.paused_at, gate.paused_until) == (store.clock.now_ms(), None)


def test_pause_that_is_over_reads_as_none(store: Store) -> None:
    store.connections.pause(1, store.clock.now_ms() + 60_000, "ann")
    store.clock.advance(59.999)
    assert store.connections.gate(1).paused_at is not None
    store.clock.advance(0.001)
    assert store.connections.gate(1) == store.connections.gate(2)


def test_failures_are_counted_since_the_first(store: Store) -> None:
    since = store.clock.now_ms()
    for hold_s in (0, 0, 30):
        store.connections.failed_to_reach(1, DOWN, hold_s)
        store.clock.advance(1)
    gate = store.connections.gate(1)
    assert (gate.failures, gate.failing_since) == (3, since)
    assert (gate.held_set_at, gate.held_until) == (since + 2000, since + 32_000)
    assert [what for what, *_ in story(store)].count("connection_unreachable") == 1
    store.connections.answered(1)
    gate = store.connections.gate(1)
    assert (gate.failures, gate.failing_since, gate.held_until) == (0, None, 0)
    assert story(store)[-1][0] == "connection_reached"


def test_hold_is_what_the_remote_asked_for(store: Store) -> None:
    store.connections.hold(1, 12.5)
    gate = store.connections.gate(1)
    assert gate.held_until - gate.held_set_at == 12_500
    assert not gate.failures


def test_waits_set_before_the_clock_went_back_count_from_now(store: Store) -> None:
    store.connections.hold(1, 60)
    store.connections.pause(1, store.clock.now_ms() + 1_800_000, "ann")
    store.connections.pause(2, None, "ann")
    store.clock.jump(-3600)
    store.connections.rebase_holds()
    now, gate = store.clock.now_ms(), store.connections.gate(1)
    assert (gate.held_set_at, gate.held_until) == (now, now + 60_000)
    assert (gate.paused_at, gate.paused_until) == (now, now + 1_800_000)
    assert store.connections.gate(2).paused_until is None
    assert store.connections.gate(2).paused_at is not None


def test_waits_are_left_alone_when_the_clock_goes_forward(store: Store) -> None:
    store.connections.hold(1, 60)
    store.connections.pause(1, store.clock.now_ms() + 1_800_000, "ann")
    before = store.connections.gate(1)
    store.clock.jump(10)
    store.connections.rebase_holds()
    assert store.connections.gate(1) == before


@pytest.mark.parametrize("state", LIVE)
def test_connection_with_a_waiting_row_is_not_removed_unasked(
    store: Store, state: JobState
) -> None:
    store.put(state)
    with pytest.raises(UsageError) as caught:
        store.connections.remove(1, discard_rows=False, actor="ann")
    assert (caught.value.code, caught.value.params) == ("connection_busy", {"count": 1})
    assert store.connections.find(1) is not None
    assert store.job().state is state


def test_rows_go_to_the_bin_with_their_connection_and_others_stay(store: Store) -> None:
    for state in (JobState.SUCCEEDED, JobState.FAILED, JobState.IN_DOUBT, JobState.PARKED):
        store.put(state, a_new_job(f"order {state}"))
    store.enter(a_new_job("waits"), a_new_job("elsewhere", connection_id=2))
    assert store.connections.remove(1, discard_rows=True, actor="ann") == 4
    states = [store.job(number).state for number in range(1, 7)]
    gone = JobState.DISCARDED
    assert states == [JobState.SUCCEEDED, gone, gone, gone, gone, JobState.PENDING]
    assert store.outbox.claim(1, LEASE) is None
    assert store.rows("SELECT discarded_from FROM jobs WHERE discarded_from IS NOT NULL") == [
        ("failed",), ("in_doubt",), ("parked",), ("pending",),
    ]  # fmt: skip
    assert story(store)[-1][:2] == ("connection_removed", "ann")


def test_removed_while_a_row_is_sent_it_ends_done_if_it_landed(store: Store) -> None:
    store.enter()
    job = store.claim()
    store.connections.remove(1, discard_rows=True, actor="ann")
    assert store.job().state is JobState.IN_FLIGHT
    store.record(job, AN_OUTCOME[JobState.SUCCEEDED])
    assert store.job().state is JobState.SUCCEEDED


def test_removed_while_a_row_is_sent_it_goes_to_the_bin_if_it_did_not_land(store: Store) -> None:
    store.enter()
    job = store.claim()
    store.connections.remove(1, discard_rows=True, actor="ann")
    store.record(job, AN_OUTCOME[JobState.PENDING])
    assert store.job().state is JobState.DISCARDED


def test_row_of_a_removed_connection_whose_sender_died_is_nobodys_any_more(store: Store) -> None:
    store.enter()
    store.claim()
    store.connections.remove(1, discard_rows=True, actor="ann")
    store.outbox.recover(OTHER_LEASE)
    assert store.job().state is JobState.DISCARDED
