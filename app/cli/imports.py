"""`import`: a carrier export into the queue, by the reader of the watch folders."""

from pathlib import Path
from typing import Any

from app.cli.command import Group, Options, actor, add_json, visiting
from app.cli.layouts import add_layout, layout_of
from app.cli.output import line, progress, show_json, trouble
from app.core.intake import RejectedRow
from app.services.folder_settings import FolderSettings
from app.services.intake_counts import COUNTS, counts_text
from app.services.intake_files import FileResult
from app.services.intake_import import import_file
from app.services.program import Program

_SHOWN = 20


def add_to(top: Group) -> None:
    """Add the command."""
    parser = top.add(
        "import", visiting(bring_in), "read a carrier's export file into the queue",
        "Rows that were read before are left alone, so the same file may be given again.",
    )  # fmt: skip
    parser.add_argument("file", metavar="FILE", type=Path)
    parser.add_argument("--connection", metavar="NAME", help="needed where there are several")
    add_layout(parser)
    add_json(parser)


def bring_in(options: Options, program: Program) -> int:
    """`import`; 1 when a row was rejected."""
    program.retirement.require_in_use()
    path = options.file.expanduser().absolute()
    connection = program.connections.only_one(options.connection)
    layout = layout_of(options)
    if not options.json:
        _warn(path, layout, program)

    def watch(done: int, total: int) -> None:
        progress(f"{path.name}: {done:,} of {total:,} rows")

    try:
        result = import_file(
            program.file_intake, path, connection.id, layout, actor=actor(), watch=watch
        )
    finally:
        progress("")
    if options.json:
        show_json([_object(path, connection.name, result, program)])
    else:
        line(f"{path.name}: {counts_text(result.counts) or 'no rows'} for {connection.name}")
        _tell_rejected(result, program)
        _tell_kept(result, connection.id, program)
        if result.job_ids and program.ownership.is_free():
            line("Nothing is running to send them. Start it with: backhaul run")
    if not result.rejected:
        return 0
    count = len(result.rejected)
    trouble(f"{'1 row was' if count == 1 else f'{count} rows were'} rejected. "
            "See them with: backhaul attention list")  # fmt: skip
    return 1


def _warn(path: Path, layout: dict[str, Any], program: Program) -> None:
    trial = program.folders.try_out(path.parent, FolderSettings(layout=layout), path)
    for text in trial.warnings:
        line(f"Note: {text}")


def _tell_rejected(result: FileResult, program: Program) -> None:
    for row in result.rejected[:_SHOWN]:
        line(f"  Row {row.line_no}: {reason_of(row, program)}")
    if len(result.rejected) > _SHOWN:
        line(f"  … and {len(result.rejected) - _SHOWN} more")


def _tell_kept(result: FileResult, connection_id: int, program: Program) -> None:
    """A cost that would be sent if its owner had chosen so."""
    why = program.connections.why_kept(connection_id, "cost")
    if result.job_ids and result.kept_costs and why:
        line(f"Kept with the rows, but not sent: shipping cost ({why})")


def reason_of(row: RejectedRow, program: Program) -> str:
    """Why a row was rejected."""
    return program.wordsmith.say(row.code, row.params).summary


def _object(path: Path, connection: str, result: FileResult, program: Program) -> dict[str, Any]:
    """What became of a file, for programs; keys are only ever added."""
    return {
        "file": str(path),
        "connection": connection,
        **{name: result.counts[name] for name, _ in COUNTS},
        "rejected": len(result.rejected),
        "rejected_rows": [
            {
                "line": row.line_no,
                "text": row.text,
                "cause": row.code,
                "reason": reason_of(row, program),
            }
            for row in result.rejected
        ],
    }
