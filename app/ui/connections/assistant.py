"""Adds or edits a connection: choose a system, type, test, save. Opened beside the window."""

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QWidget

from app.core.errors import UsageError
from app.core.types import ConnectionInfo
from app.services.connection_setup import Draft, Saved, misfit
from app.services.rehearsal import practice_name
from app.ui.connections.assistant_frame import AssistantFrame, Step
from app.ui.connections.assistant_pages import CheckPage, Choice, ChoosePage, DonePage
from app.ui.connections.desk import Desk
from app.ui.connections.form import ConnectionForm
from app.ui.connections.said import trouble
from app.ui.connections.saving import Saving
from app.ui.widgets import set_property


class Assistant(AssistantFrame):
    """`edits`: the connection to change; None adds one."""

    saved = Signal(object)  # ConnectionInfo

    def __init__(
        self,
        desk: Desk,
        parent: QWidget | None = None,
        *,
        edits: ConnectionInfo | None = None,
        has_secrets: bool = True,
    ) -> None:
        first = Step.CHOOSE if edits is None else Step.TYPE
        super().__init__(f"Edit {edits.name}" if edits else "Add connection", first, parent)
        self._desk, self._edits, self._has_secrets = desk, edits, has_secrets
        self._taken: frozenset[str] = frozenset()
        self.is_ready = False  # the names in use and the account of the last test are known
        self._known_account = ""
        self._draft: Draft | None = None
        self._stored: ConnectionInfo | None = None
        self._form: ConnectionForm | None = None
        self._form_choice: Choice | None = None
        self.choose_page = ChoosePage(desk.program.kinds.values())
        self.check_page = CheckPage(desk.bridge, desk.program.wordsmith)
        self.done_page = DonePage()
        pages = {Step.CHOOSE: self.choose_page, Step.TEST: self.check_page}
        for step, page in {**pages, Step.DONE: self.done_page}.items():
            self.set_page(step, page)
        self._saving = Saving(desk, self)
        self._connect()
        if edits is not None:
            self._make_form(Choice(desk.program.kinds[edits.kind], edits.is_practice))
        self.go(first)
        self._focus_first()
        desk.bridge.run_in_background(self._read_known, self._show_known)

    def _focus_first(self) -> None:
        if self.step is Step.CHOOSE:
            self.choose_page.focus_first()
        elif self._form is not None:
            self._form.focus_first()

    @property
    def form(self) -> ConnectionForm:
        """The fields; there once a system is chosen."""
        assert self._form is not None
        return self._form

    def focus_secret(self) -> None:
        """Begin at the secret: that is what has to be entered again."""
        if self._form is not None:
            self._form.focus_secret()

    def done(self, result: int) -> None:
        """Closed: a test under way is not heard any more."""
        self.check_page.checks.stop()
        super().done(result)

    @Slot()
    def name_buttons(self) -> None:
        step, busy = self.step, self._saving.is_busy
        tested, passed = self.check_page.passed is not None, bool(self.check_page.passed)
        has_back = (self._edits is None and step is Step.TYPE) or step is Step.TEST
        self.put(self.back, "Back" if has_back else "", enabled=not busy)
        self.put(self.cancel, "" if step is Step.DONE else "Cancel")
        self.put(self.other, self._other_text(step, tested), enabled=not busy)
        save = "Saving…" if busy else "Save" if passed or not tested else "Save anyway"
        texts = {Step.CHOOSE: "Next", Step.TYPE: "Test", Step.TEST: save, Step.DONE: "Close"}
        ready = self.check_page.may_save and not busy if step is Step.TEST else not busy
        self.put(self.next, texts[step], enabled=ready)
        may_shine = step is not Step.TEST or passed or not tested
        set_property(self.next, "kind", "primary" if may_shine else "")

    def _other_text(self, step: Step, tested: bool) -> str:
        if step is Step.TEST:
            return "Test again" if tested and not self.check_page.passed else ""
        may_skip = self._form is not None and not self._form.leads_elsewhere()
        return "Save without a test" if step is Step.TYPE and may_skip else ""

    def _connect(self) -> None:
        self.next.clicked.connect(self._go_on)
        self.back.clicked.connect(self._go_back)
        self.other.clicked.connect(self._pass_by)
        self.check_page.changed.connect(self._follow_test)
        self.done_page.again_asked.connect(self._keep_again)
        self.done_page.session_asked.connect(self._keep_for_session)
        self._saving.saved.connect(self._show_saved)
        self._saving.kept_for_session.connect(self._show_kept)
        self._saving.refused.connect(self._show_refused)
        self._saving.busy_changed.connect(self._show_busy)
        self._saving.slow.connect(self._show_slow)

    @Slot()
    def _follow_test(self) -> None:
        self.name_buttons()
        if self.step is Step.TEST and self.check_page.passed is not None:
            self.focus_answer()

    def _read_known(self) -> tuple[frozenset[str], str]:
        setup, edits = self._desk.program.setup, self._edits
        last = setup.last_test(edits.id) if edits else None
        return setup.taken_names(edits), last.account if last else ""

    @Slot(object)
    def _show_known(self, known: tuple[frozenset[str], str]) -> None:
        self._taken, self._known_account = known
        self.is_ready = True
        if self._form is not None:
            self._form.set_taken(self._taken)

    @Slot()
    def _go_on(self) -> None:
        if self.step is Step.CHOOSE:
            self._make_form(self.choose_page.choice)
            self.go(Step.TYPE)
            self._focus_first()
        elif self.step is Step.TYPE:
            self._test()
        elif self.step is Step.TEST and self._draft is not None:
            self._saving.save(self._draft, list(self.check_page.checks.found))
        elif self.step is Step.DONE:
            self.accept()

    @Slot()
    def _go_back(self) -> None:
        self.check_page.checks.stop()
        self.go(Step(self.step - 1))

    @Slot()
    def _pass_by(self) -> None:
        """The button beside the main one."""
        if self.step is Step.TEST:
            self._test()
        elif self._form is not None and self._form.check():
            self._draft = self._form.draft()
            self._saving.save(self._draft, [])

    def _make_form(self, choice: Choice) -> None:
        if self._form is not None and self._form_choice == choice:
            return
        name = self._edits.name if self._edits else ""
        if self._edits is None and choice.is_practice:
            name = practice_name(self._taken)
        self._form_choice = choice
        self._form = ConnectionForm(
            choice.kind,
            name=name,
            is_practice=choice.is_practice,
            edits=self._edits,
            has_secrets=self._has_secrets,
        )
        self._form.set_taken(self._taken)
        self._form.changed.connect(self.name_buttons)
        self.set_page(Step.TYPE, self._form)

    def _test(self) -> None:
        if self._form is None or not self._form.check():
            return
        draft = self._draft = self._form.draft()
        setup = self._desk.program.setup
        stored = self._edits.settings if self._edits else {}
        self.go(Step.TEST)
        self.check_page.start(
            lambda: setup.try_out(self._saving.complete(draft)),
            draft.name.strip(),
            known=self._known_account,
            access=draft.kind.access({**stored, **draft.typed}),
        )

    @Slot()
    def _show_slow(self) -> None:
        self.show_note("Still saving. The password store may ask in a window of its own.")

    @Slot()
    def _show_busy(self) -> None:
        self.show_note("")
        self.done_page.set_busy(self._saving.is_busy)
        self.name_buttons()

    @Slot(object)
    def _show_saved(self, saved: Saved) -> None:
        self._stored = saved.connection
        self.saved.emit(saved.connection)
        if saved.trouble is None and self._edits is not None:
            self.accept()
            return
        if saved.trouble is None:
            self.done_page.show_saved(saved.connection.name, "Rows for it are sent from now on.")
        else:
            said = trouble(self._desk.program.wordsmith, saved.trouble)
            self.done_page.show_trouble(saved.connection.name, self._typed_secrets(), said)
        self.go(Step.DONE)
        if saved.trouble is None:
            self.next.setFocus()
        else:
            self.done_page.focus_first()

    def _typed_secrets(self) -> str:
        """ "token", or several in a row."""
        if self._draft is None:
            return ""
        labels = {one.name: one.label.lower() for one in self._draft.kind.secrets}
        return " and ".join(labels[name] for name in self._draft.secrets)

    @Slot(object)
    def _show_refused(self, error: Exception) -> None:
        said = trouble(self._desk.program.wordsmith, error)
        setting = misfit(error) if isinstance(error, UsageError) else ""
        if setting and self._form is not None:
            self.go(Step.TYPE)
            if self._form.blame(setting, said.hint or said.summary):
                return
        self.show_error(said.text)

    @Slot()
    def _keep_again(self) -> None:
        if self._draft is not None and self._stored is not None:
            self._saving.keep_again(self._stored, self._draft)

    @Slot()
    def _keep_for_session(self) -> None:
        if self._draft is not None and self._stored is not None:
            self._saving.keep_for_session(self._stored, self._draft)

    @Slot()
    def _show_kept(self) -> None:
        name = self._stored.name if self._stored else ""
        self.done_page.show_saved(
            name, f"The {self._typed_secrets()} is kept until Backhaul ends; enter it again then."
        )
        self.go(Step.DONE)
