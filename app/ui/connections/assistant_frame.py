"""The pages of the assistant for a connection, in the frame that every assistant has."""

from enum import IntEnum

from PySide6.QtWidgets import QWidget

from app.ui import assistant_frame


class Step(IntEnum):
    """The pages, in order."""

    CHOOSE = 0  # which system
    TYPE = 1  # its settings and secrets
    TEST = 2  # line by line
    DONE = 3  # saved


_TITLES: dict[int, str] = {
    Step.CHOOSE: "System",
    Step.TYPE: "Details",
    Step.TEST: "Test",
    Step.DONE: "Done",
}


class AssistantFrame(assistant_frame.AssistantFrame):
    """Pages in a stack; which buttons there are is for whoever hears `stepped` to say."""

    def __init__(self, title: str, first: Step, parent: QWidget | None) -> None:
        super().__init__(title, _TITLES, first, parent)

    @property
    def step(self) -> Step:
        """The page that is shown."""
        return Step(self.place)
