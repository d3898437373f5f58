"""What is typed about a connection: its name, its settings, its secrets."""

from app.services.connection_setup import (
    SecretField,
    SettingField,
    name_problem,
    shown_value,
    typed_problem,
)
from app.ui.fields import ChoiceField, TextField

STORED = "Stored; leave empty to keep it"


class NameField(TextField):
    """What a person calls the connection. `taken`: names in use, case folded."""

    def __init__(self, text: str) -> None:
        self.taken: frozenset[str] = frozenset()
        lines = ["Your own choice. Rows and notices show this name."]
        super().__init__("Name", text, lines, lambda name: name_problem(name, self.taken))


class SettingText(TextField):
    """A setting that takes text or a number."""

    def __init__(self, item: SettingField, text: str) -> None:
        self.item = item
        super().__init__(item.label, text, _lines(item), lambda typed: typed_problem(item, typed))
        if item.default is None:
            self.set_hint("Needed")


class SettingChoice(ChoiceField):
    """A setting with a few words to choose from."""

    def __init__(self, item: SettingField, text: str) -> None:
        self.item = item
        super().__init__(item.label, _lines(item))
        self.box.addItems(list(item.choices))
        self.set_text(text)


class SecretText(TextField):
    """A secret: dots only, and what is stored is never shown."""

    def __init__(self, item: SecretField, *, is_stored: bool) -> None:
        self.item = item
        may_be_empty = is_stored or item.optional
        kept = "It is kept in the password store of this computer, nowhere else."
        super().__init__(
            item.label,
            "",
            [f"{item.help} {kept}", _where(item.where)],
            lambda text: "" if text.strip() or may_be_empty else "This is needed.",
        )
        self.hide_text()
        if is_stored:
            self.set_hint(STORED)
        elif not item.optional:
            self.set_hint("Needed")


def _where(text: str) -> str:
    """The line that says where a person finds the value."""
    return f"Where to find it: {text}" if text else ""


def _lines(item: SettingField) -> list[str]:
    default = shown_value(item.default)
    return [item.help, _where(item.where), default and f"Default: {default}"]


def setting_field(item: SettingField, text: str) -> SettingText | SettingChoice:
    """The field of a setting, holding what is stored or its default."""
    return SettingChoice(item, text) if item.choices else SettingText(item, text)
