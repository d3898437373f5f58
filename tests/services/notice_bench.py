"""Notices over a real store, with a clock that stands still."""

from app.core import words_local_intake
from app.core.errors import CredentialsRejected, RemoteUnavailable
from app.core.events import EventBus
from app.core.outcomes import Outcome
from app.core.redact import Redactor
from app.core.states import JobState
from app.core.telling import Notice, Overall, Standing
from app.core.words import Catalogue
from app.integrations.http import HttpFactory
from app.integrations.registry import KINDS, kind_named
from app.models.intake import Ledger
from app.models.local_intake import IntakeSetups
from app.models.received import Received
from app.services.causes import CauseFinder
from app.services.connections import ConnectionService, Means
from app.services.local_intake import LocalIntake
from app.services.notices import Notices
from app.services.ownership import Ownership
from app.services.secrets import Secrets
from app.services.wording import Wordsmith
from tests.builders import AN_OUTCOME, Store, a_new_job

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
        parts = (*(kind.sentences for kind in KINDS.values()), words_local_intake.SENTENCES)
        words = Wordsmith(Catalogue(*parts))
        secrets = Secrets("uid", redactor)
        self.service = ConnectionService(
            store.connections,
            secrets,
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
        ledger = Ledger(store.database, store.outbox, store.clock)
        local = LocalIntake(
            IntakeSetups(store.database, store.clock),
            Received(store.database, ledger, store.clock),
            secrets,
            Ownership(store.folder, store.clock),
            words,
            self.bus,
            store.clock,
            environment={},
        )
        finder = CauseFinder(self.service, store.history, words, store.clock, local)
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


def keys(notices: list[Notice]) -> list[str]:
    return [notice.key for notice in notices]
