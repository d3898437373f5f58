"""What the SYNC page shows, read at one moment."""

from dataclasses import dataclass

from app.core.types import ConnectionInfo
from app.services.program import Program
from app.services.routes import TaskInWords, TaskState


@dataclass(frozen=True, slots=True)
class SeenTask:
    """One task. `is_blocked`: its connection is stopped; it is mended there."""

    one: TaskInWords
    is_practice: bool
    is_blocked: bool

    @property
    def needs_you(self) -> bool:
        """True when it goes on only after somebody has acted."""
        return self.one.state in (TaskState.HELD, TaskState.FAILED) and self.one.is_for_person


@dataclass(frozen=True, slots=True)
class Seen:
    """What was read. `free`: connections that have orders which nobody reads yet."""

    tasks: tuple[SeenTask, ...]
    free: tuple[ConnectionInfo, ...]

    @property
    def needs_you(self) -> int:
        """Tasks that go on only after somebody has acted."""
        return sum(task.needs_you for task in self.tasks)


def look(program: Program) -> Seen:
    """Read it; never on the thread of the window."""
    connections = {one.id: one for one in program.connections.all()}
    tasks = []
    for one in program.routes.all():
        source = connections.get(one.task.route.source_id)
        gate = program.connections.gate(one.task.route.source_id)
        is_practice = source is not None and source.is_practice
        tasks.append(SeenTask(one, is_practice, gate.is_blocked))
    return Seen(tuple(tasks), tuple(program.routes.free()))
