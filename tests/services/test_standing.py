"""What the tray shows of all that is known."""

from app.core.outcomes import Outcome
from app.core.states import JobState
from app.core.telling import Overall
from app.services.standing import pause_all, resume_all
from tests.builders import a_new_job
from tests.services.notice_bench import HOUR, LOCKED, SIGNED_OUT, Watch


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
