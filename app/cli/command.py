"""What every command has in common: how it opens a data folder, who gives it, its options."""

import argparse
import os
import shlex
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, NoReturn

from app.core.errors import UsageError
from app.services.person import actor as actor
from app.services.program import Program
from app.services.self_test_lines import Line

Options = argparse.Namespace
MOST_PAID = Decimal(1_000_000)


@dataclass(frozen=True, slots=True)
class Start:
    """The folders that were chosen, and the means to open one: `open(folder, is_engine)`.

    `is_usual`: the platform's own folder, not one that was named.
    `window_check`: what the self-test finds out about the window.
    """

    folder: Path
    demo_folder: Path
    open: Callable[[Path, bool], AbstractContextManager[Program]]
    is_usual: bool = False
    window_check: Callable[[], Iterable[Line]] = tuple

    def visit(self) -> AbstractContextManager[Program]:
        """The chosen folder, for a command beside whatever runs there."""
        return self.open(self.folder, False)

    def engine(self) -> AbstractContextManager[Program]:
        """The chosen folder, for a command that may run the engine."""
        return self.open(self.folder, True)

    @contextmanager
    def working(self) -> Iterator[Program]:
        """The chosen folder with the engine running here, unless another process was quicker."""
        with self.engine() as program:
            engine = program.engine()
            try:
                engine.start()
            except UsageError as error:
                if error.code != "engine_elsewhere":
                    raise
                yield program
                return
            try:
                yield program
            finally:
                engine.stop()


Command = Callable[[Options, Start], int]


def visiting(command: Callable[[Options, Program], int]) -> Command:
    """A command that only needs the open data folder."""

    def run(options: Options, start: Start) -> int:
        with start.visit() as program:
            return command(options, program)

    return run


class Parser(argparse.ArgumentParser):
    """No guessing of shortened options: a script must not change its meaning later."""

    def __init__(self, **options: Any) -> None:
        super().__init__(allow_abbrev=False, **options)


class Group:
    """The commands under one parser; each says how it is run and takes the global options."""

    def __init__(
        self,
        parser: argparse.ArgumentParser,
        shared: argparse.ArgumentParser,
        *,
        required: bool = True,
    ) -> None:
        self._shared = shared
        self._commands: argparse._SubParsersAction[Parser] = parser.add_subparsers(
            title="commands", metavar="COMMAND", required=required, parser_class=Parser
        )

    def add(self, name: str, command: Command, help_text: str, more: str = "") -> Parser:
        """One command; its options are added to what is returned."""
        parser = self._parser(name, help_text, more)
        parser.set_defaults(run=command, wrong_usage=parser.error)
        return parser

    def group(self, name: str, help_text: str, command: Command | None = None) -> "Group":
        """A command word with commands of its own below it; `command`: what it does alone."""
        parser = self._parser(name, help_text, "")
        if command is not None:
            parser.set_defaults(run=command, wrong_usage=parser.error)
        return Group(parser, self._shared, required=command is None)

    def _parser(self, name: str, help_text: str, more: str) -> Parser:
        return self._commands.add_parser(
            name,
            help=help_text,
            description=f"{help_text[:1].upper()}{help_text[1:]}.",
            epilog=more or None,
            parents=[self._shared],  # type: ignore[list-item] # a parent needs no such class
        )


def add_json(parser: argparse.ArgumentParser) -> None:
    """`--json`, as every listing has it."""
    parser.add_argument("--json", action="store_true", help="an array of objects, stable keys")


def wrong_usage(options: Options, message: str) -> NoReturn:
    """Leave with exit code 2 and the usage of the command."""
    options.wrong_usage(message)
    raise SystemExit(2)


def money(text: str) -> Decimal:
    """An amount as 12.50; for argparse."""
    try:
        value = Decimal(text)
    except InvalidOperation:
        value = Decimal("NaN")
    if not (value.is_finite() and 0 <= value <= MOST_PAID):
        raise argparse.ArgumentTypeError(f"“{text}” is no amount; write it as 12.50")
    return value


def whole(low: int) -> Callable[[str], int]:
    """A whole number from `low` on; for argparse."""

    def parse(text: str) -> int:
        if not (text.isascii() and text.isdigit() and len(text) < 10 and int(text) >= low):
            raise argparse.ArgumentTypeError(f"“{text}” is no whole number from {low} on")
        return int(text)

    return parse


def pair(what: str) -> Callable[[str], tuple[str, str]]:
    """`name=value`; for argparse."""

    def parse(text: str) -> tuple[str, str]:
        name, sign, value = text.partition("=")
        if not (sign and name.strip()):
            raise argparse.ArgumentTypeError(f"“{text}” is not {what}")
        return name.strip(), value  # blanks in a value are for the setting to judge

    return parse


def pasteable(words: str, folder: Path) -> str:
    """A whole command line that works for this data folder, as the program was started."""
    return f"{_invocation()} {words} --data-dir {shlex.quote(str(folder))}"


def _invocation() -> str:
    """How the program was started."""
    if Path(sys.argv[0]).name != "__main__.py":
        return "backhaul"
    starter = Path(__file__).parents[2] / "dev.py"
    if not starter.is_file():
        return f"{Path(sys.executable).name} -m app"
    try:
        return f"python3 {shlex.quote(os.path.relpath(starter))} run"
    except ValueError:  # on another drive
        return f"python3 {shlex.quote(str(starter))} run"
