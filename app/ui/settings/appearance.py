"""Light or dark."""

from PySide6.QtCore import QTimer, Slot
from PySide6.QtWidgets import QButtonGroup

from app.services.window_settings import (
    WindowSettings,
    load_window_settings,
    save_window_settings,
)
from app.ui.controls import Radio
from app.ui.settings.means import Means
from app.ui.settings.parts import Named, Panel, row
from app.ui.widgets import show_checked

_CHOICES = (("", "As the desktop"), ("light", "Light"), ("dark", "Dark"))


class AppearancePanel(Panel):
    """Applied at once, and kept for the next start."""

    def __init__(self, means: Means) -> None:
        super().__init__("Appearance")
        self._means = means
        self.scheme = Named(
            "Colours",
            "“As the desktop” changes with it, also in the evening where the desktop does so. "
            "Movement follows the desktop too: where it asks for calm, nothing fades.",
        )
        self._group = QButtonGroup(self)
        self.choices = {scheme: Radio(text) for scheme, text in _CHOICES}
        for scheme, one in self.choices.items():
            self._group.addButton(one)
            one.setAccessibleDescription("Colours of the window")
            one.toggled.connect(lambda is_on, scheme=scheme: self._chosen(scheme, is_on=is_on))
        self.scheme.below.insertLayout(0, row(*self.choices.values()))
        self.scheme.below.setSpacing(8)
        self.add(self.scheme)

    def read(self) -> None:
        """What is kept."""
        folder = self._means.program.folder
        self._means.bridge.run_in_background(lambda: load_window_settings(folder), self._show)

    @Slot(object)
    def _show(self, settings: WindowSettings) -> None:
        for scheme, one in self.choices.items():
            if scheme == settings.scheme:
                show_checked(one, True)

    def _chosen(self, scheme: str, *, is_on: bool) -> None:
        if not is_on:
            return
        self.scheme.busy("Saving…")
        # Not at once: every widget is dressed anew, the one that is being pressed too.
        QTimer.singleShot(0, self, lambda: self._means.around.theme.force(scheme))
        folder = self._means.program.folder
        self._means.bridge.run_in_background(
            lambda: save_window_settings(folder, WindowSettings(scheme)), self._saved, self._failed
        )

    @Slot(object)
    def _saved(self, _: None) -> None:
        self.scheme.done("Kept")

    @Slot(object)
    def _failed(self, error: Exception) -> None:
        self.scheme.failed(f"It holds until Backhaul ends. {self._means.words(error)}")
