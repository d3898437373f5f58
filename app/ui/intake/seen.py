"""What the INTAKE page shows of the watch folders, read at one moment."""

from dataclasses import dataclass

from app.services.folders import FolderStatus, Light
from app.services.program import Program


@dataclass(frozen=True, slots=True)
class Seen:
    """What was read: the folders by name, and how many items are open."""

    folders: tuple[FolderStatus, ...]
    open_count: int
    connections: tuple[tuple[int, str], ...]  # number, name

    @property
    def needs_you(self) -> int:
        """Open items, and folders that cannot be read."""
        return self.open_count + sum(one.light is Light.RED for one in self.folders)


def look(program: Program) -> Seen:
    """Read it; never on the thread of the window."""
    connections = tuple((one.id, one.name) for one in program.connections.all())
    return Seen(tuple(program.folders.all()), program.attention.count(), connections)
