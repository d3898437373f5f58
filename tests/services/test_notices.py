"""Connections that stop: told once, kept up to date, and told when it is over."""

import threading

from app.core.errors import CredentialsRejected
from app.core.events import JobChanged, StorageTrouble
from app.core.states import JobState
from app.core.telling import Notice, Overall, Urgency
from app.services.notice_ledger import AT_START
from tests.builders import a_new_job, some_new_jobs
from tests.services.notice_bench import HOUR, LOCKED, MINUTE, SIGNED_OUT, Watch, keys


def test_nothing_is_told_while_all_is_well(watch: Watch) -> None:
    watch.store.put(JobState.SUCCEEDED)
    assert watch.look(HOUR) == []
    assert watch.overall is Overall.OK


def test_outage_is_told_after_five_minutes_once_and_that_it_is_over(watch: Watch) -> None:
    watch.store.enter(*some_new_jobs(3))
    watch.out_of_reach()
    assert watch.look(4.9 * MINUTE) == []
    (told,) = watch.look(1 * MINUTE)
    assert told.key == "stopped:1"
    assert told.title == "Shop 1 is not reachable"
    assert "3 write-backs wait" in told.text
    assert (told.count, told.connection_id, told.urgency) == (3, 1, Urgency.NORMAL)
    watch.out_of_reach(times=5)
    assert watch.look(2 * HOUR) == []
    watch.store.connections.answered(1)
    (over,) = watch.look()
    assert over.is_resolved
    assert over.title == "Shop 1 works again"
    assert watch.look(2 * HOUR) == []


def test_short_outage_is_never_told(watch: Watch) -> None:
    watch.out_of_reach()
    watch.look(4 * MINUTE)
    watch.store.connections.answered(1)
    assert watch.look(HOUR) == []


def test_outage_with_more_rows_is_updated_in_place_every_ten_minutes(watch: Watch) -> None:
    watch.store.enter(*some_new_jobs(2))
    watch.out_of_reach()
    watch.look(6 * MINUTE)
    for number in range(20):
        watch.store.enter(a_new_job(f"B{number}", f"TB{number}"))
        watch.look(MINUTE)
    assert keys(watch.told) == ["stopped:1"] * 3
    assert watch.told[-1].count > watch.told[0].count


def test_outage_that_flaps_is_not_told_more_often(watch: Watch) -> None:
    for _ in range(3):
        watch.out_of_reach()
        watch.look(5.5 * MINUTE)
        watch.store.connections.answered(1)
        watch.look(0.5 * MINUTE)
    bad = [notice for notice in watch.told if not notice.is_resolved]
    assert len(bad) == 2  # at most one in ten minutes


def test_each_connection_has_its_own_notice(watch: Watch) -> None:
    watch.out_of_reach(1)
    watch.out_of_reach(2)
    assert sorted(keys(watch.look(6 * MINUTE))) == ["stopped:1", "stopped:2"]


def test_block_is_told_at_once_and_stays(watch: Watch) -> None:
    watch.store.connections.block(1, SIGNED_OUT)
    (told,) = watch.look()
    assert told.title == "Shop 1 is stopped"
    assert told.text.startswith("shop does not accept the sign-in. Enter a valid token")
    assert told.urgency is Urgency.CRITICAL
    assert watch.look(5 * HOUR) == []


def test_block_let_go_is_over_only_when_seen_working(watch: Watch) -> None:
    watch.store.connections.block(1, SIGNED_OUT)
    watch.look()
    watch.store.connections.resume(1, "desk")
    assert watch.look(MINUTE) == []
    watch.store.connections.block(1, SIGNED_OUT)  # the probe met the same
    assert watch.look(MINUTE) == []
    watch.store.connections.resume(1, "desk")
    watch.look(MINUTE)
    watch.store.put(JobState.SUCCEEDED)
    (over,) = watch.look()
    assert (over.title, over.is_resolved) == ("Shop 1 works again", True)


def test_block_let_go_that_nothing_proves_is_taken_away_unsaid(watch: Watch) -> None:
    watch.store.connections.block(1, SIGNED_OUT)
    watch.look()
    watch.store.connections.resume(1, "desk")
    assert watch.look(HOUR) == [Notice("stopped:1", is_resolved=True)]


def test_rows_behind_a_block_are_no_causes_of_their_own(watch: Watch) -> None:
    watch.store.enter(*some_new_jobs(30))
    watch.store.record(watch.store.claim(), LOCKED)
    watch.store.connections.block(1, SIGNED_OUT)
    assert keys(watch.look(5 * HOUR)) == ["stopped:1"]


def test_another_block_is_another_cause_in_the_same_place(watch: Watch) -> None:
    watch.store.connections.block(1, SIGNED_OUT)
    watch.look(MINUTE)
    other = CredentialsRejected("permission_missing", host="shop")
    watch.store.connections.block(1, other)
    (told,) = watch.look()
    assert told.key == "stopped:1"
    assert "may not do that" in told.text


def test_pause_silences_what_waits_and_takes_it_away(watch: Watch) -> None:
    watch.store.enter(*some_new_jobs(25))
    watch.out_of_reach()
    watch.look(6 * MINUTE)
    watch.service.pause(watch.service.named("Shop 1"), None, "desk")
    assert watch.look(5 * HOUR) == [Notice("stopped:1", is_resolved=True)]


def test_removed_connection_takes_its_notices_along(watch: Watch) -> None:
    watch.fail("A1")
    watch.store.connections.block(1, SIGNED_OUT)
    watch.look(10)
    watch.store.connections.remove(1, discard_rows=True, actor="desk")
    assert sorted(keys(watch.look())) == ["failed:1:rejected", "stopped:1"]
    assert all(not notice.title for notice in watch.told[-2:])


def test_restart_tells_what_was_there_in_one_notice(watch: Watch) -> None:
    watch.fail("A1")
    watch.fail("B1", connection_id=2)
    watch.store.connections.block(1, SIGNED_OUT)
    watch.look(MINUTE)
    again = Watch(watch.store)
    (told,) = again.look(HOUR)
    assert told.key == AT_START
    assert told.title == "3 problems"
    assert told.text.splitlines() == [
        "Shop 1: invoice A1 needs you",
        "Shop 1 is stopped",
        "Shop 2: invoice B1 needs you",
    ]
    watch.store.connections.resume(1, "desk")
    watch.store.put(JobState.SUCCEEDED, a_new_job("C1"))
    assert [notice.title for notice in again.look()] == ["Shop 1 works again"]
    watch.store.acts.discard([1, 2], "desk")
    assert keys(again.look()) == ["failed:1:rejected", "failed:2:rejected", AT_START]


def test_restart_with_one_old_cause_tells_just_that(watch: Watch) -> None:
    watch.store.connections.block(1, SIGNED_OUT)
    assert keys(Watch(watch.store).look()) == ["stopped:1"]


def test_restart_during_an_outage_goes_on_counting(watch: Watch) -> None:
    watch.out_of_reach()
    watch.look(3 * MINUTE)
    again = Watch(watch.store)
    assert again.look(1.9 * MINUTE) == []
    assert keys(again.look(MINUTE)) == ["stopped:1"]


def test_clock_set_back_neither_hides_nor_hurries_an_outage(watch: Watch) -> None:
    watch.out_of_reach()
    watch.look(MINUTE)
    watch.store.clock.jump(-HOUR)
    assert watch.look(3.9 * MINUTE) == []
    assert keys(watch.look(MINUTE)) == ["stopped:1"]


def test_full_disk_is_told_at_once_and_when_it_is_over(watch: Watch) -> None:
    watch.bus.publish(StorageTrouble("store_full"))
    (told,) = watch.look()
    assert (told.key, told.title) == ("storage", "Backhaul sends nothing now")
    watch.bus.publish(StorageTrouble(""))
    (over,) = watch.look()
    assert over.title == "Backhaul goes on"


def test_file_held_by_a_backup_is_told_only_after_five_minutes(watch: Watch) -> None:
    watch.bus.publish(StorageTrouble("store_busy"))
    assert watch.look(4 * MINUTE) == []
    assert keys(watch.look(2 * MINUTE)) == ["storage"]


def test_idle_watch_rests(watch: Watch) -> None:
    assert watch.notices.step() == HOUR


def test_watch_wakes_by_itself_when_something_changes(watch: Watch) -> None:
    told = threading.Event()
    watch.bus.subscribe(Notice, lambda _: told.set())
    watch.notices.start()
    try:
        watch.fail("A1")
        watch.bus.publish(JobChanged(1, 1, JobState.FAILED))
        while not told.wait(0.01):
            watch.store.clock.advance(1.0)
        assert keys(watch.told) == ["failed:1:rejected"]
    finally:
        watch.notices.stop()
