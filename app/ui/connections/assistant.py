"""Adds or edits a connection: choose a system, type, test, save. Opened beside the window."""

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QWidget

from app.core.types import ConnectionInfo
from app.services.connection_setup import Draft
from app.services.rehearsal import practice_name
from app.ui.connections.assistant_frame import AssistantFrame, Step
from app.ui.connections.assistant_pages import CheckPage, Choice, ChoosePage, DonePage
from app.ui.connections.desk import Desk
from app.ui.connections.form import ConnectionForm
from app.ui.connections.kept import Kept, without_secrets
from app.ui.connections.storing import Storing
from app.ui.widgets import set_property

_LEAVE = (
    "Close without saving? What you typed can be kept; it is there when you come back, until "
    "Backhaul ends."
)
_TYPED_BEFORE = "This is what you typed before."
_LEAVE_SECRET = f"{_LEAVE} The secret is not kept."


class Assistant(AssistantFrame):
    """`edits`: the connection to change; None adds one."""

    saved = Signal(object)  # ConnectionInfo
    sync_asked = Signal(int)  # the connection was added; its orders are to be read
    kept = Signal(object)  # Kept: closed without saving, to be offered again

    def __init__(
        self,
        desk: Desk,
        parent: QWidget | None = None,
        *,
        edits: ConnectionInfo | None = None,
        has_secrets: bool = True,
        kept: Kept | None = None,
    ) -> None:
        """`kept`: what was typed the last time."""
        first = Step.CHOOSE if edits is None else Step.TYPE
        super().__init__(f"Edit {edits.name}" if edits else "Add connection", first, parent)
        self._desk, self._edits, self._has_secrets = desk, edits, has_secrets
        self._taken: frozenset[str] = frozenset()
        self.is_ready = False  # the names in use and the account of the last test are known
        self._known_account = ""
        self._added_id = 0  # of a connection that was added and has orders
        self._draft: Draft | None = None
        self._form: ConnectionForm | None = None
        self._form_choice: Choice | None = None
        self._typed: dict[tuple[str, bool], dict[str, str]] = {}  # into forms not shown now
        self.choose_page = ChoosePage(desk.program.kinds.values())
        self.check_page = CheckPage(desk.bridge, desk.program.wordsmith)
        self.done_page = DonePage()
        pages = {Step.CHOOSE: self.choose_page, Step.TEST: self.check_page}
        for step, page in {**pages, Step.DONE: self.done_page}.items():
            self.set_page(step, page)
        self._storing = Storing(desk, self.done_page, self)
        self._connect()
        if edits is not None:
            self._make_form(Choice(desk.program.kinds[edits.kind], edits.is_practice))
        self.go(first)
        if kept is not None:
            self._offer(kept)
        self._focus_first()
        desk.bridge.run_in_background(self._read_known, self._show_known)

    def _offer(self, kept: Kept) -> None:
        """Go on where one left off."""
        self._make_form(kept.choice)
        self.form.fill(kept.texts)
        self.go(Step.TYPE)
        if kept.choice.kind.secrets and not kept.choice.is_practice:
            self.show_note(f"{_TYPED_BEFORE} Secrets were not kept: enter them again.")
        else:
            self.show_note(_TYPED_BEFORE)

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

    def reject(self) -> None:
        """Escape, Cancel or the window's own button: what was typed is not dropped unasked."""
        if self.is_asking:
            self.stay()
        elif self._storing.is_busy:
            self.hide()  # what comes of it brings it back, if there is something to do
        elif self.step is not Step.DONE and self._form is not None and self._form.is_changed():
            has_secret = bool(self._form.draft().secrets)
            self.ask_to_leave(_LEAVE_SECRET if has_secret else _LEAVE)
        else:
            super().reject()

    @Slot()
    def _leave_kept(self) -> None:
        if self._form_choice is not None:
            self.kept.emit(Kept(self._form_choice, without_secrets(self.form.draft())))
        super().reject()

    @Slot()
    def _leave_dropped(self) -> None:
        super().reject()

    @Slot()
    def _name_buttons(self) -> None:
        step, busy = self.step, self._storing.is_busy
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
        if step is Step.DONE:
            return "Read its orders…" if self._added_id else ""
        if step is Step.TEST:
            return "Test again" if tested and not self.check_page.passed else ""
        may_skip = self._form is not None and not self._form.leads_elsewhere()
        return "Save without a test" if step is Step.TYPE and may_skip else ""

    def _connect(self) -> None:
        self.stepped.connect(self._name_buttons)
        self.leave_kept.connect(self._leave_kept)
        self.leave_dropped.connect(self._leave_dropped)
        self.next.clicked.connect(self._go_on)
        self.back.clicked.connect(self._go_back)
        self.other.clicked.connect(self._pass_by)
        self.check_page.changed.connect(self._follow_test)
        self._storing.saved.connect(self._note_saved)
        self._storing.misfit.connect(self._blame)
        self._storing.busy_changed.connect(self._name_buttons)

    @Slot()
    def _follow_test(self) -> None:
        self._name_buttons()
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
            self._storing.store(self._draft, list(self.check_page.checks.found))
        elif self.step is Step.DONE:
            self.accept()

    @Slot()
    def _go_back(self) -> None:
        self.check_page.checks.stop()
        self.go(Step(self.step - 1))

    @Slot()
    def _pass_by(self) -> None:
        """The button beside the main one."""
        if self.step is Step.DONE:
            self.sync_asked.emit(self._added_id)
            self.accept()
        elif self.step is Step.TEST:
            self._test()
        elif self._form is not None and self._form.check():
            self._draft = self._form.draft()
            self._storing.store(self._draft, [])

    def _make_form(self, choice: Choice) -> None:
        if self._form is not None and self._form_choice is not None:
            if self._form_choice == choice:
                return
            self._typed[self._form_choice.key] = without_secrets(self._form.draft())
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
        self._form.fill(self._typed.get(choice.key, {}))
        self._form.changed.connect(self._name_buttons)
        self.set_page(Step.TYPE, self._form)

    def _test(self) -> None:
        if self._form is None or not self._form.check():
            return
        draft = self._draft = self._form.draft()
        setup = self._desk.program.setup
        stored = self._edits.settings if self._edits else {}
        self.go(Step.TEST)
        self.check_page.start(
            lambda: setup.try_out(self._storing.saving.complete(draft)),
            draft.name.strip(),
            known=self._known_account,
            access=draft.kind.access({**stored, **draft.typed}),
        )

    @Slot(object)
    def _note_saved(self, saved: ConnectionInfo) -> None:
        kind = self._desk.program.kinds[saved.kind]
        self._added_id = saved.id if self._edits is None and kind.orders is not None else 0
        self.saved.emit(saved)

    @Slot(str, str)
    def _blame(self, setting: str, problem: str) -> None:
        """Two settings do not go together: show it where it is mended."""
        self.go(Step.TYPE)
        if not self.form.blame(setting, problem):
            self.show_error(problem)
