"""The end of the assistant: stores what was typed, and says what came of it."""

from PySide6.QtCore import QObject, Signal, Slot

from app.core.errors import UsageError
from app.core.types import ConnectionInfo
from app.services.connection_setup import Draft, Found, Saved, misfit
from app.ui.connections.assistant_frame import AssistantFrame, Step
from app.ui.connections.assistant_pages import DonePage
from app.ui.connections.desk import Desk
from app.ui.connections.said import Named, named, trouble
from app.ui.connections.saving import Saving


class Storing(QObject):
    """Leads the frame to its last page, or closes it where there is nothing left to say."""

    saved = Signal(object)  # ConnectionInfo
    busy_changed = Signal()
    misfit = Signal(str, str)  # name of the setting, what is wrong with it

    def __init__(self, desk: Desk, page: DonePage, frame: AssistantFrame) -> None:
        super().__init__(frame)
        self._desk, self._page, self._frame = desk, page, frame
        self._draft: Draft | None = None
        self._stored: ConnectionInfo | None = None
        self.saving = Saving(desk, self)
        self.saving.saved.connect(self._show_saved)
        self.saving.kept_for_session.connect(self._show_kept)
        self.saving.refused.connect(self._show_refused)
        self.saving.busy_changed.connect(self._show_busy)
        self.saving.slow.connect(frame.show_note)
        page.again_asked.connect(self._keep_again)
        page.session_asked.connect(self._keep_for_session)

    @property
    def is_busy(self) -> bool:
        """True while something is being stored."""
        return self.saving.is_busy

    def store(self, draft: Draft, found: list[Found]) -> None:
        """Store it; `found`: its test, empty when there was none."""
        self._draft = draft
        self.saving.save(draft, found)

    @Slot()
    def _show_busy(self) -> None:
        self._frame.show_note("")
        self._page.set_busy(self.is_busy)
        self.busy_changed.emit()

    @Slot(object)
    def _show_saved(self, saved: Saved) -> None:
        self._stored = saved.connection
        self.saved.emit(saved.connection)
        is_edit = self._draft is not None and self._draft.edits is not None
        if saved.trouble is None and (is_edit or self._frame.isHidden()):
            self._frame.accept()
            return
        name = saved.connection.name
        if saved.trouble is None:
            self._page.show_saved(name, "Rows for it are sent from now on.")
        else:
            said = trouble(self._desk.program.wordsmith, saved.trouble)
            self._page.show_trouble(name, self._typed_secrets(), said)
        self._frame.go(Step.DONE)
        self._frame.show()  # it may have been closed meanwhile
        if saved.trouble is None:
            self._frame.next.setFocus()
        else:
            self._page.focus_first()

    def _typed_secrets(self) -> Named:
        draft = self._draft
        secrets = draft.kind.secrets if draft else ()
        return named([one for one in secrets if draft and one.name in draft.secrets])

    @Slot(object)
    def _show_refused(self, error: Exception) -> None:
        said = trouble(self._desk.program.wordsmith, error)
        setting = misfit(error) if isinstance(error, UsageError) else ""
        self._frame.show()
        if setting:
            self.misfit.emit(setting, said.hint or said.summary)
        else:
            self._frame.show_error(said.text)

    @Slot()
    def _keep_again(self) -> None:
        if self._draft is not None and self._stored is not None:
            self.saving.keep_again(self._stored, self._draft)

    @Slot()
    def _keep_for_session(self) -> None:
        if self._draft is not None and self._stored is not None:
            self.saving.keep_for_session(self._stored, self._draft)

    @Slot()
    def _show_kept(self) -> None:
        name = self._stored.name if self._stored else ""
        secrets = self._typed_secrets()
        self._page.show_saved(
            name,
            f"The {secrets.text} {secrets.verb} kept until Backhaul ends; enter {secrets.pronoun} "
            "again then.",
        )
        self._frame.go(Step.DONE)
