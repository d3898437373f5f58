"""Says in words who holds the data file while something waits to be stored."""

from collections.abc import Callable, Sequence
from pathlib import Path

from app.models.holder import find_holder
from app.services.wording import Wordsmith

_MODULE, _NAMES = "app", ("backhaul", "backhaul.exe")


class Holding:
    """Who writes the data file of one folder now."""

    def __init__(
        self,
        path: Path,
        wordsmith: Wordsmith,
        find: Callable[[Path], int | None] = find_holder,
    ) -> None:
        self._path = path
        self._words = wordsmith
        self._find = find

    def who(self) -> str:
        """One sentence about the other process that writes; empty when there is none, or when
        the system does not tell. Only what kind of command it is: the rest may be an order."""
        pid = self._find(self._path)
        if pid is None:
            return ""
        command = _command_of(pid)
        ours = _ours(command)
        if ours:
            template = "Another Backhaul command is writing: {name} (process {pid})"
        elif ours is not None:
            template = "Another Backhaul window is writing (process {pid})"
        elif command:
            ours = Path(command[0]).name
            template = "Another program is writing: {name} (process {pid})"
        else:
            template = "Another program is writing (process {pid})"
        return self._words.text(template, name=ours or "", pid=pid)


def _ours(command: Sequence[str]) -> str | None:
    """ "backhaul ship"; empty for the window; None when it is not ours."""
    for place, word in enumerate(command[:6]):
        is_module = word == _MODULE and command[place - 1] == "-m"
        if is_module or Path(word).name.lower() in _NAMES:
            return _command_word(command[place + 1 :])
    return None


def _command_word(words: Sequence[str]) -> str:
    rest = iter(words)
    for word in rest:
        if word in ("--data-dir", "--database"):
            next(rest, "")
        elif not word.startswith("-"):
            return f"backhaul {word}"
    return ""


def _command_of(pid: int) -> list[str]:
    try:
        raw = Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return []
    return [part.decode("utf-8", "replace") for part in raw.split(b"\0") if part]
