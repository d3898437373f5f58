"""The INTAKE page, light while nobody looks at it."""

from typing import TYPE_CHECKING

from app.ui.connections.desk import Desk
from app.ui.intake.seen import look
from app.ui.light_page import LightPage

if TYPE_CHECKING:
    from app.ui.intake.content import IntakeContent


class IntakePage(LightPage["IntakeContent"]):
    """Add it with `MainWindow.add_page("intake", "INTAKE", "nav_intake", page)`.
    `needs_you_changed`: open items, and folders that cannot be read."""

    def __init__(self, desk: Desk) -> None:
        bridge = desk.bridge
        super().__init__(
            desk, lambda: look(desk.program),
            bridge.folder_changed, bridge.attention_changed, bridge.connection_changed,
        )  # fmt: skip

    def make_content(self) -> "IntakeContent":
        from app.ui.intake.content import IntakeContent  # noqa: PLC0415 - costs start-up time

        return IntakeContent(self._desk, self.feed, self.seen)

    def focus_list(self) -> None:
        """Where the keyboard begins."""
        self.content.focus_list()
