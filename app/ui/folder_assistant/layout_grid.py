"""Everything that was found out about a file, each with why, each to be changed."""

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QWidget

from app.services.folder_trial import Trial
from app.ui.folder_assistant import words
from app.ui.folder_assistant.choosing import VOID, cut_example, why_of
from app.ui.folder_assistant.found import FIND, Found, FoundChoice, FoundText
from app.ui.folder_assistant.typed import Reading

_ACROSS = 4
_AGAIN = ("Find it out again", FIND)
_DATES_OPEN = "Both ways are possible. Choose the one of your carrier program."
_MARK_OPEN = "Both ways are possible. Choose the one of your amounts."
_NO_DATES = "No column is chosen for the ship date."
_NO_AMOUNTS = "No column is chosen for the cost."
_USUAL_VOID = "Y, Yes, 1, Void …"


class LayoutGrid(QWidget):
    """`chosen` is told with the name of a setting and its value."""

    chosen = Signal(str, str)

    def __init__(self) -> None:
        super().__init__()
        self.program = FoundChoice("preset", "Carrier program")
        self.delimiter = FoundChoice("delimiter", "Columns are parted by")
        self.encoding = FoundChoice("encoding", "Encoding")
        self.header = FoundChoice("has_header", "First row holds names")
        self.void = FoundChoice(VOID, "Void column")
        self.void_value = FoundText("void_value", "Void is marked by", _USUAL_VOID)
        self.dates = FoundChoice("date_order", "Dates like 03/04/2026")
        self.mark = FoundChoice("decimal_mark", "Decimal mark of amounts")
        self.prefix = FoundText("prefix", "Cut off in front")
        self.suffix = FoundText("suffix", "Cut off at the end")
        self.separator = FoundText("separator", "Several orders parted by")
        self.carrier = FoundText("carrier", "Carrier")
        self._of_files: tuple[Found, ...] = (
            self.delimiter, self.encoding, self.header, self.void, self.void_value,
            self.dates, self.mark,
        )  # fmt: skip
        self._of_orders = (self.prefix, self.suffix, self.separator, self.carrier)
        self._lay_out()
        for one in (self.program, *self._of_files, *self._of_orders):
            one.chosen.connect(self.chosen)

    def _lay_out(self) -> None:
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(20)
        grid.setVerticalSpacing(10)
        for column in range(_ACROSS):
            grid.setColumnStretch(column, 2 if column else 3)
        for place, one in enumerate((self.program, *self._of_files, *self._of_orders)):
            grid.addWidget(one, place // _ACROSS, place % _ACROSS)

    def field(self, name: str) -> Found:
        """A field by the name of its setting."""
        every = (self.program, *self._of_files, *self._of_orders)
        return next(one for one in every if one.name == name)

    def show_orders(self, reading: Reading, trial: Trial | None, roles: Sequence[str]) -> None:
        """What is known without a file: the program, and what is cut off."""
        layout = reading.layout
        preset = str(layout.get("preset", "generic"))
        self.program.show_value(words.program_entries(), preset)
        self.prefix.show_value(reading.prefix)
        self.suffix.show_value(reading.suffix)
        self.separator.show_value(str(layout.get("separator", "")))
        self.carrier.show_value(str(layout.get("carrier", "")))
        is_cut = bool(reading.prefix or reading.suffix)
        example = cut_example(trial, roles) if trial and is_cut else ""
        self.prefix.explain(example or "Of order numbers, such as INV-")
        self.suffix.explain("Of order numbers, such as /A")
        self.separator.explain("In one cell, such as / or ;")
        found = str(trial.layout.get("carrier", "")) if trial else ""
        self.carrier.line.setPlaceholderText(found)
        has_column = "carrier" in roles
        self.carrier.explain(
            "Its own column names it." if has_column else "For all rows; the file names none."
        )
        for one in self._of_files:
            one.setVisible(trial is not None and not trial.is_answer)

    def show_file(self, reading: Reading, trial: Trial, roles: Sequence[str]) -> None:
        """What a look at a file found out."""
        self.show_orders(reading, trial, roles)
        why = why_of(trial)
        layout, chosen = trial.layout, reading.layout

        def explain(one: Found) -> None:
            text = why.get(one.name, ("", ""))[1]
            one.explain(words.BY_PERSON if one.name in chosen else f"{text}." if text else "")

        for one, entries in (
            (self.delimiter, words.DELIMITERS),
            (self.encoding, words.encoding_entries()),
        ):
            value = str(layout.get(one.name, ""))
            others = [] if value in dict((v, t) for t, v in entries) else [(value, value)]
            one.show_value([*entries, *others, *_again(one.name in chosen)], value)
            explain(one)
        has_header = "yes" if layout.get("has_header") else "no"
        self.header.show_value([*words.HEADERS, *_again("has_header" in chosen)], has_header)
        explain(self.header)
        self._show_void(trial, roles, chosen, why)
        self._show_dates(trial, roles)

    def _show_void(
        self,
        trial: Trial,
        roles: Sequence[str],
        chosen: Mapping[str, Any],
        why: Mapping[str, tuple[str, str]],
    ) -> None:
        columns = [(words.column_name(trial.header, n), str(n)) for n in range(trial.width)]
        at = roles.index(VOID) if VOID in roles else -1
        self.void.show_value([("No column", "-1"), *columns], str(at))
        told = why.get(VOID, ("", ""))[1]
        none = "Without one a voided label looks like another parcel."
        by_name = f"{told}." if told else words.BY_PERSON
        self.void.explain(by_name if at >= 0 else none)
        self.void_value.setEnabled(at >= 0)
        marks, reason = why.get("void_value", ("", ""))
        self.void_value.show_value(str(chosen.get("void_value", "")))
        self.void_value.line.setPlaceholderText(marks or _USUAL_VOID)
        self.void_value.explain(f"{reason}." if reason and at >= 0 else "")

    def _show_dates(self, trial: Trial, roles: Sequence[str]) -> None:
        layout, why = trial.layout, why_of(trial)
        for one, entries, code, question, role, none in (
            (self.dates, words.DATES, "date_order_open", _DATES_OPEN, "ship_date", _NO_DATES),
            (self.mark, words.MARKS, "amount_mark_open", _MARK_OPEN, "cost", _NO_AMOUNTS),
        ):
            one.setEnabled(role in roles)
            one.show_value(entries, str(layout.get(one.name, "")))
            is_open = code in trial.open
            told = why.get(one.name, ("", ""))[1]
            plain = (
                f"{told}."
                if told
                else words.BY_PERSON
                if layout.get(one.name)
                else "They are plain."
            )
            if role not in roles:
                plain = none
            one.explain(question if is_open else plain, is_wrong=is_open)


def _again(is_chosen: bool) -> list[tuple[str, str]]:
    return [_AGAIN] if is_chosen else []
