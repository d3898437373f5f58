"""The page of the assistant on which everything about a connection is typed."""

from collections.abc import Mapping

from PySide6.QtCore import QMargins, Qt, Signal, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.core.types import ConnectionInfo
from app.services.connection_setup import Draft, Kind, shown_value
from app.ui.connections.fields import (
    NameField,
    SecretText,
    SettingChoice,
    SettingText,
    setting_field,
)
from app.ui.connections.scroll import Scroll
from app.ui.fields import Field
from app.ui.widgets import button, frame, label

_GAP = 18


class ConnectionForm(Scroll):
    """Name, settings, secrets; settings that seldom matter are behind a button."""

    changed = Signal()

    def __init__(
        self,
        kind: Kind,
        *,
        name: str,
        is_practice: bool = False,
        edits: ConnectionInfo | None = None,
        has_secrets: bool = True,
    ) -> None:
        """`has_secrets`: those of the connection that is edited are stored."""
        super().__init__(QMargins(24, 4, 24, 20))
        self.kind, self.edits = kind, edits
        self._start_name = name
        self.is_practice = edits.is_practice if edits else is_practice
        self._has_secrets = has_secrets and edits is not None
        self._shown = {item.name: self._start_value(item.name) for item in kind.settings}
        self._name = NameField(name)
        self._settings: dict[str, SettingText | SettingChoice] = {}
        self._secrets: dict[str, SecretText] = {}
        self._details = QWidget()
        self._more = button("", "inline")
        self._more.clicked.connect(self._toggle_details)
        self._fill()
        for field in self._all():
            field.changed.connect(self.changed)
        self._details.hide()
        self._show_asked()
        self.changed.connect(self._show_asked)

    def field(self, name: str) -> Field:
        """A field by the name of its setting or secret; "name" is that of the connection."""
        if name == "name":
            return self._name
        return {**self._settings, **self._secrets}[name]

    def set_taken(self, names: frozenset[str]) -> None:
        """The names other connections have, case folded."""
        self._name.taken = names
        self._name.judge()

    def draft(self) -> Draft:
        """What was typed; settings that were left at their default are not in it, nor what the
        others make needless."""
        asked = self._asked()
        typed = {
            name: field.text()
            for name, field in self._settings.items()
            if name in asked and (field.text() != self._shown[name] or field.item.default is None)
        }
        secrets = {name: f.text().strip() for name, f in self._secrets.items() if name in asked}
        secrets = {name: text for name, text in secrets.items() if text}
        return Draft(self.kind, self._name.text(), typed, secrets, self.is_practice, self.edits)

    def is_changed(self) -> bool:
        """True when anything was typed."""
        draft = self.draft()
        differs = any(text != self._shown[name] for name, text in draft.typed.items())
        return bool(differs or draft.secrets or draft.name != self._start_name)

    def fill(self, texts: Mapping[str, str]) -> None:
        """As if these were typed; by the names of the fields, unknown ones are left out."""
        fields: dict[str, Field] = {"name": self._name, **self._settings}
        for name, text in texts.items():
            if name in fields:
                fields[name].set_text(text)

    def leads_elsewhere(self) -> bool:
        """True when it may reach another account than before: a test should look."""
        needed = {item.name for item in self.kind.settings if item.default is None}
        draft = self.draft()
        moved = any(draft.typed[n] != self._shown[n] for n in needed & draft.typed.keys())
        return self.edits is None or bool(draft.secrets) or moved

    def check(self) -> bool:
        """True when all may be used; else every problem is shown and the first one focused."""
        wrong = [field for field in self._fields() if not field.is_right]
        for field in self._fields():
            field.judge(strict=True)
        if wrong:
            self._go_to(wrong[0])
        return not wrong

    def blame(self, setting: str, problem: str) -> bool:
        """Show a problem under a setting; False when it has no field here."""
        field = self._settings.get(setting)
        if field is None:
            return False
        field.show_problem(problem)
        self._go_to(field)
        return True

    def focus_first(self) -> None:
        """The keyboard at the first field."""
        self._name.setFocus()

    def focus_secret(self) -> None:
        """The keyboard at the first secret."""
        asked = self._asked()
        for name, field in self._secrets.items():
            if name in asked:
                self._go_to(field)
                return

    def _go_to(self, field: Field) -> None:
        if self._details.isAncestorOf(field):
            self._details.show()
            self._name_more()
        field.setFocus()
        self.ensureWidgetVisible(field)

    def _all(self) -> list[Field]:
        return [self._name, *self._settings.values(), *self._secrets.values()]

    def _fields(self) -> list[Field]:
        """Those that matter with what is typed now."""
        asked, by_name = self._asked(), {**self._settings, **self._secrets}
        return [self._name, *(field for name, field in by_name.items() if name in asked)]

    def _asked(self) -> frozenset[str]:
        typed = {name: field.text() for name, field in self._settings.items()}
        settings = [one.name for one in self.kind.settings if self.kind.asks(one, typed)]
        return frozenset([*settings, *(one.name for one in self.kind.secrets_with(typed))])

    @Slot()
    def _show_asked(self) -> None:
        asked = self._asked()
        for name, field in {**self._settings, **self._secrets}.items():
            field.setVisible(name in asked)
        self._name_more()

    def _start_value(self, name: str) -> str:
        item = next(one for one in self.kind.settings if one.name == name)
        stored = self.edits.settings.get(name, item.default) if self.edits else item.default
        return shown_value(stored)

    def _fill(self) -> None:
        column = self.column
        column.setSpacing(_GAP)
        if self.is_practice:
            text = "A practice server on this computer: no account is needed."
            column.addWidget(_box("doubt_box", "Practice", [text]))
        column.addWidget(self._name)
        details = QVBoxLayout(self._details)
        details.setContentsMargins(0, 0, 0, 0)
        details.setSpacing(_GAP)
        for item in self.kind.settings:
            if self.is_practice and item.name == "base_url":
                continue
            field = setting_field(item, self._shown[item.name])
            self._settings[item.name] = field
            (details if item.is_detail else column).addWidget(field)
        if not self.is_practice:
            self._add_secrets(column)
        column.addWidget(self._more, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self._details)
        if self.kind.caveats and not self.is_practice:
            title = f"What is not known about {self.kind.title}"
            column.addWidget(_box("warning_box", title, list(self.kind.caveats)))
        column.addStretch(1)

    def _add_secrets(self, column: QVBoxLayout) -> None:
        stored = self.edits.settings if self.edits else {}
        for item in self.kind.secrets:
            is_stored = self._has_secrets and self.kind.asks(item, stored)
            self._secrets[item.name] = SecretText(item, is_stored=is_stored)
            column.addWidget(self._secrets[item.name])

    @Slot()
    def _toggle_details(self) -> None:
        self._details.setVisible(self._details.isHidden())
        self._name_more()

    def _name_more(self) -> None:
        asked = self._asked()
        count = sum(item.is_detail and item.name in asked for item in self.kind.settings)
        self._more.setVisible(count > 0)
        verb = "Show" if self._details.isHidden() else "Hide"
        self._more.setText(f"{verb} {count} settings that seldom need a change")


def _box(role: str, title: str, lines: list[str]) -> QWidget:
    box = frame(role)
    column = QVBoxLayout(box)
    column.setContentsMargins(14, 12, 14, 12)
    column.setSpacing(6)
    column.addWidget(label(title, "name", wrap=True))
    for line in lines:
        column.addWidget(label(line, wrap=True))
    return box
