"""Who is told what and when: once per cause, in place, not for what heals, and that it is over."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.core.errors import CredentialsRejected, RemoteUnavailable
from app.core.events import EventBus, JobChanged, StorageTrouble
from app.core.outcomes import Outcome
from app.core.redact import Redactor
from app.core.states import JobState
from app.core.telling import Notice, Overall, Standing, Urgency
from app.core.words import Catalogue
from app.integrations.http import HttpFactory
from app.integrations.registry import KINDS, kind_named
from app.services.causes import CauseFinder
from app.services.connections import ConnectionService, Means
from app.services.notice_ledger import AT_START
from app.services.notices import Notices
from app.services.secrets import Secrets
from app.services.standing import pause_all, resume_all
from app.services.wording import Wordsmith
from tests.builders import (
    AN_OUTCOME,
    PERSON_DECIDES,
    Store,
    a_new_job,
    a_store,
    some_new_jobs,
)

MINUTE, HOUR = 60.0, 3600.0
REFUSED = RemoteUnavailable("refused", host="shop")
SIGNED_OUT = CredentialsRejected("credentials_rejected", host="shop")
LOCKED = Outcome(JobState.PENDING, "ps_locked", {"held_by": "MARY", "since": ""}, 60.0)
NO_SESSION = Outcome(JobState.PENDING, "ps_no_session", {}, 60.0)


class Watch:
    """Notices over a real store; the test moves the clock and looks."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.bus = EventBus()
        self.told: list[Notice] = []
        self.standings: list[Standing] = []
        self.bus.subscribe(Notice, self.told.append)
        self.bus.subscribe(Standing, self.standings.append)
        redactor = Redactor()
        words = Wordsmith(Catalogue(*(kind.sentences for kind in KINDS.values())))
        self.service = ConnectionService(
            store.connections,
            Secrets("uid", redactor),
            kind_named,
            Means(
                HttpFactory(clock=store.clock),
                store.budgets,
                store.clock,
                redactor,
                store.history.wrote,
            ),
            self.bus,
            lambda _: "",
        )
        finder = CauseFinder(self.service, store.history, words, store.clock)
        self.notices = Notices(
            finder, words, self.bus, store.clock, "/data", store.database.close_thread
        )

    def look(self, after_s: float = 0.0) -> list[Notice]:
        """Time passes, as the watch would look meanwhile; what was told in it."""
        told = len(self.told)
        ends = self.store.clock.monotonic() + after_s
        while True:
            wait = self.notices.step()
            left = ends - self.store.clock.monotonic()
            if left <= 0:
                return self.told[told:]
            self.store.clock.advance(min(max(wait, 1.0), left))

    @property
    def overall(self) -> Overall:
        return self.notices.standing.overall

    def fail(self, *orders: str, connection_id: int = 1, outcome: Outcome | None = None) -> None:
        """Rows that enter and fail."""
        for order in orders:
            self.store.enter(a_new_job(order, f"T{order}", connection_id))
            job = self.store.claim(connection_id)
            self.store.record(job, outcome or AN_OUTCOME[JobState.FAILED])

    def out_of_reach(self, connection_id: int = 1, times: int = 3) -> None:
        """So many times in a row."""
        for _ in range(times):
            self.store.connections.failed_to_reach(connection_id, REFUSED, 30.0)


@pytest.fixture
def watch(tmp_path: Path) -> Iterator[Watch]:
    """Two connections, Shop 1 and Shop 2, nothing in the queue, and a first look taken."""
    store = a_store(tmp_path, connections=2)
    watch = Watch(store)
    watch.look()
    yield watch
    store.database.close_thread()


def keys(notices: list[Notice]) -> list[str]:
    return [notice.key for notice in notices]


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


def test_failed_row_is_told_within_seconds_with_the_row_to_open(watch: Watch) -> None:
    watch.fail("316088")
    (told,) = watch.look(5)
    assert told.key == "failed:1:rejected"
    assert told.title == "Shop 1: invoice 316088 needs you"
    assert told.text.endswith("Correct it with Edit and retry.")
    assert (told.count, told.connection_id, told.job_id) == (1, 1, 1)


def test_five_thousand_failures_in_a_minute_are_one_notice(watch: Watch) -> None:
    for number in range(50):
        watch.store.enter(*some_new_jobs(100, stem=f"B{number}-"))
        now = watch.store.clock.now_ms()
        watch.store.change(
            "UPDATE jobs SET state = 'failed', reason_code = 'rejected', reason_since = ?, "
            "finished_at = ? WHERE state = 'pending'",
            (now, now),
        )
        watch.look(1.15)
    (told,) = watch.look(5)
    assert told.title == "Shop 1: 5000 write-backs need you"
    assert watch.told == [told]
    assert watch.look(HOUR) == []


def test_failures_that_go_on_are_told_after_a_minute(watch: Watch) -> None:
    for number in range(70):
        watch.fail(f"A{number}")
        watch.look(1)
    (told,) = watch.told
    assert 50 <= told.count < 70
    (more,) = watch.look(11 * MINUTE)
    assert (more.key, more.count) == (told.key, 70)


def test_causes_of_one_connection_are_told_apart(watch: Watch) -> None:
    watch.fail("A1")
    watch.fail("A2", outcome=Outcome(JobState.FAILED, "ps_picked_up"))
    assert sorted(keys(watch.look(10))) == ["failed:1:ps_picked_up", "failed:1:rejected"]


def test_failed_rows_a_person_deals_with_are_taken_away_unsaid(watch: Watch) -> None:
    watch.fail("A1", "A2")
    watch.look(10)
    watch.store.acts.discard([1], "desk")
    assert watch.look(HOUR) == []
    watch.store.acts.discard([2], "desk")
    assert watch.look() == [Notice("failed:1:rejected", is_resolved=True)]


def test_new_failure_after_some_were_dealt_with_is_news(watch: Watch) -> None:
    watch.fail("A1", "A2")
    watch.look(10)
    watch.store.acts.discard([1], "desk")
    watch.look(HOUR)
    watch.fail("A3")
    (told,) = watch.look(10)
    assert told.count == 2


def test_row_that_nobody_can_tell_the_end_of_needs_a_person(watch: Watch) -> None:
    watch.fail("A1", outcome=PERSON_DECIDES)
    (told,) = watch.look(10)
    assert told.key == "undecided:1:person_decides"
    assert watch.overall is Overall.NEEDS_YOU


@pytest.mark.parametrize(("outcome", "patience_s"), [(LOCKED, 4 * HOUR), (NO_SESSION, HOUR / 2)])
def test_row_that_waits_is_told_only_when_it_waits_for_long(
    watch: Watch, outcome: Outcome, patience_s: float
) -> None:
    watch.store.enter(a_new_job("316132"))
    watch.store.record(watch.store.claim(), outcome)
    assert watch.look(patience_s - MINUTE) == []
    (told,) = watch.look(3 * MINUTE)
    assert told.key == "waiting:1"
    assert told.title.startswith("Shop 1: invoice 316132 has waited since ")
    assert watch.look(5 * HOUR) == []
    watch.store.change("UPDATE jobs SET state = 'succeeded', finished_at = 1")
    assert watch.look() == [Notice("waiting:1", is_resolved=True)]


def test_row_whose_order_is_still_to_come_is_never_told(watch: Watch) -> None:
    watch.store.enter(a_new_job())
    watch.store.record(watch.store.claim(), Outcome(JobState.PENDING, "order_wait", {}, 900.0))
    assert watch.look(100 * HOUR) == []


def test_backlog_is_told_with_what_most_wait_for_and_that_it_drains(watch: Watch) -> None:
    watch.store.enter(*some_new_jobs(25))
    for _ in range(25):
        watch.store.record(watch.store.claim(), LOCKED)
    (told,) = watch.look(HOUR)
    assert told.title == "Shop 1: the queue is not draining"
    assert "25 write-backs wait" in told.text
    assert "Open at another desk (MARY)" in told.text
    watch.store.change("UPDATE jobs SET state = 'succeeded', finished_at = 1 WHERE id < 20")
    (over,) = watch.look()
    assert over.title == "Shop 1: the queue drains again"


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


def test_standing_says_what_the_tray_shows(watch: Watch) -> None:
    assert (watch.overall, watch.notices.standing.text) == (Overall.OK, "Nothing waits")
    watch.store.enter(a_new_job("A1"))
    watch.look()
    assert watch.overall is Overall.WORKING
    watch.store.record(watch.store.claim(), LOCKED)
    watch.look()
    assert (watch.overall, watch.notices.standing.text) == (Overall.OK, "1 waits")
    watch.out_of_reach(times=2)
    watch.look()
    assert watch.overall is Overall.OK
    watch.out_of_reach(times=1)
    watch.look()
    assert (watch.overall, watch.notices.standing.text) == (
        Overall.OFFLINE,
        "Shop 1 is not reachable",
    )
    watch.fail("A2", connection_id=2)
    watch.look()
    assert (watch.overall, watch.notices.standing.text) == (Overall.NEEDS_YOU, "2 problems")
    pause_all(watch.service, 1800.0, "desk")
    watch.look()
    assert watch.overall is Overall.PAUSED
    assert watch.notices.standing.can_resume
    assert not watch.notices.standing.can_pause
    watch.look(1801)
    assert watch.overall is Overall.NEEDS_YOU  # the pause ended by itself
    resume_all(watch.service, "desk")


def test_standing_lists_five_problems_the_gravest_first(watch: Watch) -> None:
    codes = ("ps_picked_up", "ps_voided", "ps_deleted", "ps_estimate", "rejected")
    for number, code in enumerate(codes):
        watch.fail(f"A{number}", outcome=Outcome(JobState.FAILED, code, {"message": "no"}))
        watch.store.clock.advance(1)
    watch.store.connections.block(1, SIGNED_OUT)
    watch.look()
    standing = watch.notices.standing
    assert len(standing.problems) == 5
    assert standing.more == 1
    assert standing.problems[0].text == "Shop 1 is stopped. shop does not accept the sign-in"
    assert standing.problems[1].text == (
        "Shop 1: invoice A0 needs you. Picked up: PrintSmith no longer allows changes"
    )
    assert standing.problems[1].job_id == 1


def test_standing_is_published_only_when_it_changed(watch: Watch) -> None:
    watch.look(HOUR)
    assert len(watch.standings) == 1


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
