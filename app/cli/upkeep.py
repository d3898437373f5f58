"""`backup`, `restore` and `self-test`."""

import argparse
from dataclasses import asdict
from pathlib import Path

from app.cli.command import Group, Options, Start, add_json, visiting
from app.cli.connection_checks import RESULTS
from app.cli.moving import ask_for_secrets
from app.cli.output import line, show_json, trouble
from app.core.clock import SystemClock
from app.services.program import Program
from app.services.self_test import run_self_test
from app.services.upkeep import back_up, restore


def add_to(top: Group) -> None:
    """Add the commands."""
    parser = top.add("backup", visiting(backup), "copy the data file, also while it is in use")
    parser.add_argument("file", metavar="FILE", nargs="?", type=Path, help="file or folder")
    parser = top.add("restore", bring_back, "put a backup in the place of the data file")
    parser.add_argument("file", metavar="FILE", type=Path)
    parser = top.add("self-test", self_test, "test the program on this computer")
    parser.add_argument("--window", action="store_true", help=argparse.SUPPRESS)  # its own child
    add_json(parser)


def backup(options: Options, program: Program) -> int:
    """`backup`."""
    target = options.file.expanduser().absolute() if options.file else None
    line(f"Backed up to {back_up(program.folder, program.clock, target)}")
    line("Tokens and passwords are not in it; they stay in the password store of this computer")
    return 0


def bring_back(options: Options, start: Start) -> int:
    """`restore`."""
    source = options.file.expanduser().absolute()
    aside = restore(start.folder, source, SystemClock())
    line(f"Restored from {source}")
    if aside is not None:
        line(f"The data file that was here is now {aside}")
    line("What was open in the backup is looked up first; nothing is sent twice")
    return ask_for_secrets(start)


def self_test(options: Options, start: Start) -> int:
    """`self-test`; 1 when a line failed. With `--window` the part that needs Qt, as JSON."""
    if options.window:
        show_json(asdict(one) for one in start.window_check())
        return 0
    found = []
    for one in run_self_test(start.folder, start.open):
        found.append(one)
        if not options.json:
            line(f"{RESULTS[one.passed]:<11}  {one.title}: {one.text}")
    if options.json:
        show_json(
            {"line": one.title, "result": RESULTS[one.passed].lower(), "text": one.text}
            for one in found
        )
    failed = [one.title for one in found if one.passed is False]
    if failed:
        trouble(f"Failed: {', '.join(failed)}")
    return 1 if failed else 0
