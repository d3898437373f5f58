"""One sync task in words, whatever it is for: how it stands, what it reads, what came of it."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.core.clock import Clock
from app.core.types import ConnectionGate, SyncTask
from app.core.words import Who
from app.models.products import Products
from app.services.connections import ConnectionService
from app.services.gatekeeping import is_paused
from app.services.product_runs import mark_of
from app.services.product_words import (
    PRODUCTS,
    product_progress,
    product_reads,
    product_result,
    product_standing,
    product_warning,
)
from app.services.route_words import (
    Progress,
    TaskState,
    progress_of,
    reads_text,
    result_text,
    standing,
    warning,
)
from app.services.wording import Wordsmith


@dataclass(frozen=True, slots=True)
class TaskInWords:
    """A sync task for people.

    `result`: what came of the last whole reading; `reads`: what of the source; `mode_help`: what
    its mode means. `warning`: something besides how it stands, empty: nothing. `other_mode`: the
    mode that the warning speaks for, empty: none that could be chosen.
    """

    task: SyncTask
    name: str
    connection: str
    state: TaskState
    text: str
    hint: str
    warning: str
    warning_hint: str
    who: str = ""
    result: str = ""
    reads: str = ""
    mode_help: str = ""
    other_mode: str = ""
    progress: Progress | None = None
    is_for_person: bool = False  # nothing goes on before somebody has acted
    pauses_itself: bool = False  # the pause is its own, not that of its connection


class TaskWords:
    """Makes the sentences of tasks."""

    def __init__(
        self,
        connections: ConnectionService,
        products: Products,
        wordsmith: Wordsmith,
        clock: Clock,
    ) -> None:
        self._connections = connections
        self._products = products
        self._wordsmith = wordsmith
        self._clock = clock

    def say(self, task: SyncTask, names: Mapping[int, str]) -> TaskInWords:
        """A task as it stands now; `names`: of the connections, by number."""
        if task.route.purpose == PRODUCTS:
            return self._of_products(task, names)
        words, route, now = self._wordsmith, task.route, self._clock.now_ms()
        connection = names.get(route.source_id, "?")
        stand = standing(task, self._connections.gate(route.source_id), now, words)
        found = warning(task, words)
        nobody = words.text(Who.NOBODY)
        modes = self._connections.kind_of(route.source_id).order_modes
        others = [one.name for one in modes if one.is_built and one.name != route.mode]
        own = ConnectionGate(paused_at=task.paused_at, paused_until=task.paused_until)
        return TaskInWords(
            task,
            words.text("Orders from {name}", name=connection),
            connection,
            stand.state,
            stand.text,
            stand.hint,
            found.summary if found else "",
            found.hint if found else "",
            who=stand.who if stand.who != nobody else "",
            is_for_person=stand.who not in ("", nobody),
            result=result_text(task, words) if task.finished_at is not None else "",
            reads=reads_text(route, words),
            mode_help=next((one.help for one in modes if one.name == route.mode), ""),
            other_mode=others[0] if task.advice_code and len(others) == 1 else "",
            progress=progress_of(task),
            pauses_itself=is_paused(own, now),
        )

    def _of_products(self, task: SyncTask, names: Mapping[int, str]) -> TaskInWords:
        words, route, now = self._wordsmith, task.route, self._clock.now_ms()
        connection = names.get(route.source_id, "?")
        cycle = self._products.progress(route.source_id, mark_of(task).cycle)
        stand = product_standing(task, self._connections.gate(route.source_id), now, words, cycle)
        found = product_warning(task, words, cycle)
        nobody = words.text(Who.NOBODY)
        own = ConnectionGate(paused_at=task.paused_at, paused_until=task.paused_until)
        return TaskInWords(
            task,
            words.text("Products to {name}", name=connection),
            connection,
            stand.state,
            stand.text,
            stand.hint,
            found.summary if found else "",
            found.hint if found else "",
            who=stand.who if stand.who != nobody else "",
            is_for_person=stand.who not in ("", nobody),
            result=product_result(task, words, cycle) if task.finished_at is not None else "",
            reads=product_reads(route, words),
            progress=product_progress(task, cycle),
            pauses_itself=is_paused(own, now),
        )
