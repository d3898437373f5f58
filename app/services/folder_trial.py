"""What the files of a watch folder would do, seen before anything is entered."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.core.errors import UsageError
from app.core.intake import RejectedRow
from app.core.tracking import clean_order_ref
from app.core.tracking_policy import is_return
from app.services.folder_readiness import Seen
from app.services.folder_settings import FolderSettings
from app.services.intake_reading import look_at, plain_layout
from app.services.intake_rows import order_ref
from app.services.wording import Wordsmith

if TYPE_CHECKING:
    from app.services.intake_reading import Examination

_SHOWN_ROWS = 20
_SEVERAL = 3
"""From so many files on, a carrier program makes a new one for each export."""


@dataclass(frozen=True, slots=True)
class TrialRow:
    """What one row of a file would do: `reason` says why it would not be written."""

    line: int
    order: str
    tracking: str
    service: str
    will_write: bool
    reason: str = ""
    is_rejected: bool = False  # it cannot be read; `tracking` is its text


@dataclass(frozen=True, slots=True)
class Trial:
    """What a look at the newest file of a folder showed; `file` empty: there is none.

    `cells`: the first rows as they stand there, each with its line, without the header; an
    answer in XML has none. `count`: files in the folder, 0 when only one file was asked for.
    """

    file: str
    layout: Mapping[str, Any]
    guesses: tuple[tuple[str, str, str], ...] = ()  # what, value, why
    warnings: tuple[str, ...] = ()
    errors: tuple[str, ...] = ()
    open: tuple[str, ...] = ()  # codes of the errors
    rows: tuple[TrialRow, ...] = ()
    header: tuple[str, ...] = ()  # empty: the file has none
    width: int = 0
    cells: tuple[tuple[int, tuple[str, ...]], ...] = ()
    count: int = 0

    @property
    def is_answer(self) -> bool:
        """True for a file without columns: XML that a program wrote in answer to ours."""
        return bool(self.file) and not self.width


@dataclass(frozen=True, slots=True)
class Glance:
    """What lies in a folder: how many files that are looked for, and whether they may be moved."""

    count: int
    may_move: bool


class Trials:
    """Looks at files as the reader does."""

    def __init__(self, wordsmith: Wordsmith) -> None:
        self._wordsmith = wordsmith

    def newest(self, folder: Path, found: Sequence[Seen], settings: FolderSettings) -> Trial:
        """Of the newest file that is not empty.

        Raises: as `of`.
        """
        if not found:
            return Trial("", settings.layout)
        newest = next((seen for seen in reversed(found) if seen.size), found[-1])
        trial = replace(self.of(folder / newest.name, settings), count=len(found))
        return trial if len(found) < _SEVERAL else self._with_growth(trial)

    def of(self, file: Path, settings: FolderSettings) -> Trial:
        """Of one file; only its beginning is read.

        Raises: UsageError file_problem, or why the file is none that is read; `file` is its name.
        """
        try:
            with file.open("rb") as stream:
                seen = look_at(stream, settings.found or settings.layout, _SHOWN_ROWS, file.name)
                if seen.errors and settings.found:  # another kind of file than the first
                    seen = look_at(stream, settings.layout, _SHOWN_ROWS, file.name)
        except OSError as error:
            reason = error.strerror or str(error)
            raise UsageError(
                "file_problem", path=str(file), reason=reason, file=file.name
            ) from error
        except UsageError as error:
            error.params = {**error.params, "file": file.name}
            raise
        return self._trial(file.name, seen, settings)

    def _with_growth(self, trial: Trial) -> Trial:
        """Where one file did not tell whether it is added to, several do."""
        why = self._wordsmith.say("why_growth_files", {"count": trial.count}).summary
        guesses = [
            ("growth", "anew", why) if one[:2] == ("growth", "unknown") else one
            for one in trial.guesses
        ]
        return replace(trial, guesses=tuple(guesses))

    def _trial(self, file: str, seen: "Examination", settings: FolderSettings) -> Trial:
        say = self._wordsmith.say
        return Trial(
            file,
            plain_layout(seen),
            tuple((g.what, g.value, say(g.why, g.params).summary) for g in seen.guesses),
            tuple(
                _sentence(say(note.code, note.params))
                for note in seen.warnings
                if note.code != "rows_rejected"  # each of them says why itself
            ),
            tuple(_sentence(say(note.code, note.params)) for note in seen.errors),
            tuple(note.code for note in seen.errors),
            tuple(self._row(row.line_no, row.found, settings) for row in seen.found),
            seen.header,
            seen.width,
            tuple(zip(seen.lines, seen.rows, strict=True)),
        )

    def _row(self, line: int, found: Any, settings: FolderSettings) -> TrialRow:
        if isinstance(found, RejectedRow):
            why = self._wordsmith.say(found.code, found.params).summary
            return TrialRow(line, "", found.text, "", False, why, is_rejected=True)
        ref = order_ref(found.order_ref, settings.prefix, settings.suffix)
        reason = ""
        if found.is_void:
            reason = self._wordsmith.text("Void: not written; takes its label back")
        elif is_return(found.tracking, found.service):
            reason = self._wordsmith.text("Return label: not written back")
        return TrialRow(
            line, ref or clean_order_ref(found.order_ref), found.tracking, found.service,
            not reason, reason,
        )  # fmt: skip


def _sentence(said: Any) -> str:
    return f"{said.summary}. {said.hint}".rstrip(". ")
