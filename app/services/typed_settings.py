"""Settings of a connection as a person typed them, in the form they are stored in."""

from collections.abc import Callable, Mapping

from app.core.errors import Param, UsageError
from app.integrations.base import Kind


def parse_typed(
    kind: Kind,
    typed: Mapping[str, str],
    stored: Mapping[str, Param],
    clean: Callable[[str], str],
) -> dict[str, Param]:
    """What was typed laid over what is stored; defaults stay in the code.

    `clean` takes secrets out of a value that is refused: an address may hold a password.
    Raises: UsageError naming the setting, its value and the mend.
    """
    fields = {field.name: field for field in kind.settings}
    settings = dict(stored)
    for name, text in typed.items():
        field = fields.get(name)
        if field is None:
            raise UsageError("setting_missing", name=name, kind=kind.title, names=", ".join(fields))
        if field.choices and text not in field.choices:
            mend = "Choose one of: " + ", ".join(field.choices)
            raise UsageError("setting_bad", name=name, value=clean(text), mend=mend)
        try:
            settings[name] = field.parse(text)
        except ValueError as error:
            mend = str(error)
            raise UsageError("setting_bad", name=name, value=clean(text), mend=mend) from None
    for field in kind.settings:
        if field.default is None and settings.get(field.name) in (None, ""):
            raise UsageError("setting_needed", name=field.name)
    return settings
