"""Backhaul in a terminal: one command, one exit code, never a trace."""

import importlib
import logging
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from app.bootstrap import catalogue, data_folder, demo_folder, note_fault, opened_program
from app.cli import output
from app.cli.command import Options, Start
from app.cli.parser import parse
from app.core.errors import BackhaulError
from app.services.self_test_lines import Line

INTERRUPTED = 130
_NOWHERE = logging.NullHandler()


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; 0 done, 1 not done, 2 wrong usage."""
    output.prepare()
    logging.getLogger().addHandler(_NOWHERE)  # no stray warnings on the terminal
    try:
        options = parse(argv)
        code = _run(options)
        sys.stdout.flush()
        return code
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 0
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        output.give_up()
        return 1


def _run(options: Options) -> int:
    start = Start(
        data_folder(options.data_dir),
        demo_folder(options.data_dir),
        opened_program,
        is_usual=not (options.data_dir or os.environ.get("BACKHAUL_DATA_DIR")),
        window_check=_window_check,
    )
    try:
        return int(options.run(options, start))
    except BackhaulError as error:
        said = catalogue().say(error.code, error.params)
        output.trouble(f"{said.summary}. {said.hint}".rstrip())
    except BrokenPipeError:
        raise
    except Exception as error:  # noqa: BLE001 - the last stop: the trace goes to the log
        output.trouble(_mistake(error, note_fault(start.folder, error)))
    return 1


def _window_check() -> list[Line]:
    try:
        return list(importlib.import_module("app.ui.self_check").lines())
    except ImportError as error:  # a library that Qt loads is missing here
        return [Line("Window", False, str(error))]


def _mistake(error: Exception, log: Path | None) -> str:
    more = f"see the log file {log}" if log else "no log file could be written"
    if isinstance(error, OSError) and error.filename:
        return f"{error.filename}: {error.strerror}; {more}"
    return f"{catalogue().say('program_error').summary}; {more}"
