"""A person is told when other programs find nobody, and when they do again."""

from app.core.telling import Overall
from app.models.local_intake import IntakeSetups
from app.services.causes import LOCAL_S
from app.services.ownership import Ownership
from tests.services.notice_bench import MINUTE, Watch


def test_a_port_in_use_is_told_and_that_it_is_over(watch: Watch) -> None:
    setups = IntakeSetups(watch.store.database, watch.store.clock)
    engine = Ownership(watch.store.folder, watch.store.clock)
    setups.switch(8765, "ann", is_on=True)
    setups.stands(None, "local_intake_taken_by", {"port": 8765, "by": "till", "free": 8766})
    assert watch.look(MINUTE) == []  # nothing runs: another thing to say
    engine.take()
    try:
        setups.stands(None)
        setups.stands(None, "local_intake_taken_by", {"port": 8765, "by": "till", "free": 8766})
        assert watch.look(LOCAL_S - 10) == []  # a program that just ends frees its port
        (told,) = watch.look(20)
        assert told.title == "Other programs cannot hand in shipments"
        assert "Port 8765 is used by another program (till)" in told.text
        assert "8766" in told.text
        assert watch.overall is Overall.NEEDS_YOU
        setups.stands(watch.store.clock.now_ms())
        (over,) = watch.look(MINUTE)
        assert over.title == "Other programs can hand in shipments again"
        assert watch.overall is Overall.OK
    finally:
        engine.release()
