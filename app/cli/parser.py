"""The words of the command line: which commands there are, and the options all of them take."""

import argparse
from collections.abc import Sequence

from app import __version__
from app.cli import (
    attention,
    connections,
    folders,
    imports,
    local_intake,
    moving,
    orders,
    products,
    queue,
    routes,
    running,
    ship,
    starting,
    status,
    sync,
    upkeep,
)
from app.cli.command import Group, Options, Parser

_MORE = (
    "Every listing takes --json. Exit codes: 0 done, 1 not done (one line on stderr says why), "
    "2 wrong usage."
)


def build_parser() -> argparse.ArgumentParser:
    """The whole command line."""
    shared = _shared()
    parser = Parser(
        prog="backhaul",
        description="Carries tracking numbers back to the systems the orders came from.",
        epilog=_MORE,
        parents=[shared],
    )
    top = Group(parser, shared, required=False)
    for part in (
        ship,
        imports,
        queue,
        orders,
        products,
        routes,
        sync,
        attention,
        connections,
        folders,
        local_intake,
        status,
        running,
        starting,
        upkeep,
        moving,
    ):
        part.add_to(top)
    return parser


def parse(argv: Sequence[str] | None = None) -> Options:
    """The options of one call.

    Raises: SystemExit after --help or --version (code 0) and on wrong usage (code 2).
    """
    parser = build_parser()
    options = parser.parse_args(argv, Options(data_dir=None, run=None))
    if options.run is None:
        parser.print_help()
        raise SystemExit(2)
    return options


def _shared() -> argparse.ArgumentParser:
    """Options that work before and after the command word."""
    shared = argparse.ArgumentParser(add_help=False)
    shared.add_argument(
        "--data-dir",
        metavar="DIR",
        default=argparse.SUPPRESS,
        help="the data folder (else BACKHAUL_DATA_DIR, else the platform's own place)",
    )
    shared.add_argument("--version", action="version", version=f"backhaul {__version__}")
    return shared
