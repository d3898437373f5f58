"""What this computer does by itself: start with the desktop, send without a window."""

import sys
from dataclasses import dataclass

from PySide6.QtCore import Slot

from app.services.autostart import Autostart
from app.services.autostart import State as LoginState
from app.services.invocation import folder_to_name
from app.services.user_service import ServiceState, SystemdRefused, UserService
from app.ui.settings.means import Means
from app.ui.settings.parts import CopyText, Held, Panel, Switch

_LOGIN = (
    "Backhaul is there when you come to your desk, and sends what came in meanwhile. "
    "It holds from the next login on."
)
_HIDDEN = (
    "The tray icon shows that it runs. Where no icon shows up within 20 seconds, the window opens."
)
_DEMO = (
    "Not in the demonstration, whose data is thrown away. Start Backhaul with your own data first."
)
_UNTRIED = " On this system it has not been tried yet: see at the next login whether it works."
_SERVICE = "A service of this computer sends what waits while Backhaul itself is not open."
_RUNS = ("active", "activating", "reloading")


@dataclass(frozen=True, slots=True)
class Found:
    """How both stand; `can_serve`: there is a systemd, and it answers."""

    login: LoginState
    service: ServiceState
    can_serve: bool


class ComputerPanel(Panel):
    """Reads both when it is shown, and after each press what really came of it."""

    def __init__(self, means: Means) -> None:
        super().__init__("This computer", "What Backhaul does without being asked.")
        self._means = means
        folder = means.program.folder
        named = folder_to_name(folder, is_usual=means.around.is_usual)
        self._autostart, self._service = Autostart(named), UserService(named)
        self.login = Switch("Start when I log in", _LOGIN)
        self.hidden = Switch("Only the tray icon, without the window", _HIDDEN)
        self.service = Switch("Keep sending when Backhaul is not open", _SERVICE)
        self.linger = CopyText("the command that lets the service run with nobody logged in")
        self.linger.hide()
        self.login.below.addSpacing(4)
        self.login.below.addWidget(self.hidden)
        self.service.below.addWidget(self.linger)
        self.add(self.login)
        self.add(self.service)
        switches = (self.login, self.hidden, self.service)
        self._held = Held(*(one.tick for one in switches))
        self.was_read = False
        for one in switches:
            one.show_state(is_on=False, can_change=False)
        self.login.tick.toggled.connect(self._switch_login)
        self.hidden.tick.toggled.connect(self._switch_hidden)
        self.service.tick.toggled.connect(self._switch_service)

    def read(self) -> None:
        """Look how both stand; systemd may take its time."""
        if not self._held.is_on:
            self._means.bridge.run_apart(self._look, self._show, self._not_read)

    def _look(self) -> Found:
        service = self._service
        state = service.state()
        return Found(self._autostart.state(), state, can_serve=bool(state.said))

    @Slot(object)
    def _show(self, found: Found) -> None:
        if self._held.is_on:
            return
        self.was_read = True
        self._show_login(found.login)
        self._show_service(found.service, can_serve=found.can_serve)

    def _show_login(self, state: LoginState) -> None:
        can_change = not self._means.around.is_demo
        self.login.show_state(is_on=state.is_this, can_change=can_change)
        self.hidden.show_state(
            is_on=state.is_this and state.is_hidden, can_change=can_change and state.is_this
        )
        self.login.set_about(_DEMO if not can_change else _login_help(state))

    def _show_service(self, state: ServiceState, *, can_serve: bool) -> None:
        is_demo = self._means.around.is_demo
        is_ours = state.file is not None
        runs = state.said in _RUNS
        self.service.show_state(
            is_on=is_ours or runs,
            can_change=not is_demo and (is_ours or (can_serve and not runs)),
        )
        self.service.set_about(_DEMO if is_demo else _service_help(state, can_serve=can_serve))
        stops = can_serve and (is_ours or runs) and state.lingers is False
        self.linger.setVisible(stops)
        self.linger.set_text(f"loginctl enable-linger {self._means.actor}")

    @Slot(object)
    def _not_read(self, error: Exception) -> None:
        self.login.failed(self._means.words(error))

    @Slot(bool)
    def _switch_login(self, is_on: bool) -> None:
        hidden = self.hidden.tick.isChecked()
        self._act_login(self.login, is_on, hidden, "On from the next login" if is_on else "Off")

    @Slot(bool)
    def _switch_hidden(self, is_on: bool) -> None:
        done = "The next start shows the icon only" if is_on else "The next start shows the window"
        self._act_login(self.hidden, True, is_on, done)

    def _act_login(self, setting: Switch, is_on: bool, hidden: bool, done: str) -> None:
        def work() -> Found:
            if is_on:
                self._autostart.turn_on(hidden=hidden)
            else:
                self._autostart.turn_off()
            return self._look()

        def shown(found: Found) -> None:
            is_so = found.login.is_this is is_on
            self._end(setting, found, done if is_so else "", "It did not hold. Try once more.")

        self._begin(setting, "Saving…")
        self._means.bridge.run_apart(work, shown, lambda error: self._failed(setting, error))

    @Slot(bool)
    def _switch_service(self, is_on: bool) -> None:
        def work() -> Found:
            if is_on:
                self._service.install()
            else:
                self._service.remove()
            return self._look()

        def shown(found: Found) -> None:
            done = "On, also after the next start of this computer" if is_on else "Off"
            self._end(self.service, found, done, "")

        def failed(error: Exception) -> None:
            self._failed(self.service, error)

        self._begin(self.service, "Asking this computer…")
        self._means.bridge.run_apart(work, shown, failed)

    def _begin(self, setting: Switch, text: str) -> None:
        self._held.hold()
        setting.busy(text)

    def _end(self, setting: Switch, found: Found, done: str, problem: str) -> None:
        self._held.release()
        self._show(found)
        self._held.give_back()
        if done:
            setting.done(done)
        else:
            setting.failed(problem)

    def _failed(self, setting: Switch, error: Exception) -> None:
        self._held.release()
        self._held.give_back()
        if isinstance(error, SystemdRefused):
            setting.failed(
                "The service is written down, but this computer did not start it, and will not by "
                f"itself. It said: {error}. Untick it, and tick it again after the next login."
            )
        else:
            setting.failed(self._means.words(error))
        self.read()


def _login_help(state: LoginState) -> str:
    if state.words is not None and not state.is_this:
        return (
            "Another copy of Backhaul, or another data folder, starts at login now: "
            f"{' '.join(state.words)}. Ticking this puts the one you see here in its place."
        )
    return _LOGIN if sys.platform == "linux" else _LOGIN + _UNTRIED


def _service_help(state: ServiceState, *, can_serve: bool) -> str:
    if not can_serve and state.file is None:
        by = "With the task scheduler" if sys.platform == "win32" else "In another way"
        return (
            "Not from here: there is no systemd for your user, which would start it. "
            f"{by} you can start “backhaul run”, which sends without a window."
        )
    if state.file is None and state.said in _RUNS:
        return (
            "It runs for every user of this computer, as the installed package set it up. "
            "To end it for you: systemctl --user disable --now backhaul"
        )
    if state.file is None:
        return _SERVICE
    if state.said in _RUNS:
        ends = " It ends when you log out. This command, typed once, lets it stay:"
        text = f"{_SERVICE} It takes over within a minute after Backhaul was quit."
        return text + (ends if state.lingers is False else "")
    said = f"says “{state.said}”" if state.said else "does not answer"
    return f"{_SERVICE} It is set up, but does not run now: this computer {said}."
