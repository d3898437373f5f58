"""`folder add|list|show|edit|test|remove`: folders that carrier programs export to."""

from pathlib import Path
from typing import Any

from app.cli.command import Group, Options, actor, add_json, visiting, whole, wrong_usage
from app.cli.layouts import add_layout, layout_of
from app.cli.output import block, line, show_json, table, trouble
from app.cli.times import ago, iso
from app.services.folder_settings import MODES, STARTS, FolderSettings
from app.services.folders import FolderStatus, Trial, with_found
from app.services.intake_counts import counts_text
from app.services.program import Program

_MODES = {"leave": "files stay where they are", "take": "files are moved to “done” when read"}


def add_to(top: Group) -> None:
    """Add the commands."""
    group = top.group("folder", "watch folders that carrier programs export to")
    add_json(group.add("list", visiting(show_list), "list the watch folders and how they stand"))
    parser = group.add("show", visiting(show), "show one folder with its settings and last files")
    _add_name(parser)
    add_json(parser)
    parser = group.add("add", visiting(add), "watch a folder")
    _add_name(parser)
    parser.add_argument("path", metavar="FOLDER", type=Path)
    parser.add_argument("--connection", metavar="NAME", help="needed where there are several")
    parser.add_argument(
        "--start", choices=STARTS, default="now",
        help="what lies there already: nothing of it (now), the last days, or all",
    )  # fmt: skip
    parser.add_argument("--days", type=whole(1), default=7, metavar="N", help="with --start days")
    _add_options(parser)
    parser = group.add("edit", visiting(edit), "change the settings of a folder")
    _add_name(parser)
    parser.add_argument("--name", dest="new_name", metavar="NEW NAME")
    parser.add_argument("--path", type=Path, metavar="FOLDER")
    parser.add_argument("--connection", metavar="NAME")
    _add_options(parser)
    parser = group.add(
        "test", visiting(test), "show what its newest file is and which rows would be written"
    )
    _add_name(parser)
    parser.add_argument("--file", type=Path, metavar="FILE", help="another file")
    add_layout(parser)
    add_json(parser)
    parser = group.add("remove", visiting(remove), "watch a folder no more; its files stay")
    _add_name(parser)


def _add_name(parser: Any) -> None:
    parser.add_argument("name", metavar="NAME")


def _add_options(parser: Any) -> None:
    parser.add_argument("--mode", choices=MODES, help="leave files there, or take them away")
    parser.add_argument("--files", metavar="PATTERNS", help='which files: "*.csv *.txt"')
    parser.add_argument("--prefix", metavar="TEXT", help="cut off before order numbers")
    parser.add_argument("--suffix", metavar="TEXT", help="cut off behind order numbers")
    parser.add_argument(
        "--collect", type=whole(0), metavar="SECONDS",
        help="how long further parcels of a shipment are waited for (10)",
    )  # fmt: skip
    parser.add_argument("--anyway", action="store_true", help="also if it cannot be read now")
    add_layout(parser)


def _changes(options: Options) -> dict[str, Any]:
    given = {
        "mode": options.mode,
        "patterns": options.files,
        "prefix": options.prefix,
        "suffix": options.suffix,
        "collect_s": None if options.collect is None else float(options.collect),
    }
    return {name: value for name, value in given.items() if value is not None}


def show_list(options: Options, program: Program) -> int:
    """`folder list`."""
    found = program.folders.all()
    if options.json:
        show_json(map(folder_object, found))
        return 0
    cells = [
        (one.folder.name, one.folder.path, one.connection, one.settings.mode, one.text)
        for one in found
    ]
    empty = "No folder is watched yet. Watch one: backhaul folder add NAME FOLDER"
    table(("Name", "Folder", "Connection", "Mode", "State"), cells, empty, fold=4)
    return 0


def folder_object(one: FolderStatus) -> dict[str, Any]:
    """One folder for programs; keys are only ever added."""
    settings = one.settings
    return {
        "folder": one.folder.name,
        "path": one.folder.path,
        "connection": one.connection,
        "light": one.light.value,
        "text": one.text,
        "hint": one.hint,
        "looked_at": iso(one.looked_at),
        "mode": settings.mode,
        "start": settings.start,
        "start_days": settings.start_days,
        "collect_s": settings.collect_s,
        "files": settings.patterns,
        "prefix": settings.prefix,
        "suffix": settings.suffix,
        "layout": dict(settings.found or settings.layout),
        "last_files": [
            {"file": mark.name, "state": mark.state, "read_at": iso(mark.read_at), **mark.counts}
            for mark in one.files
        ],
    }


def show(options: Options, program: Program) -> int:
    """`folder show`."""
    one = program.folders.named(options.name)
    if options.json:
        show_json([folder_object(one)])
        return 0
    settings = one.settings
    line(f"{one.folder.name}: {one.folder.path}, for {one.connection}")
    block(
        (
            ("State", one.text),
            ("What to do", one.hint),
            ("Mode", _MODES[settings.mode]),
            ("Files", settings.patterns),
            ("Cut off", " ".join(part for part in (settings.prefix, settings.suffix) if part)),
        )
    )
    layout = settings.found or settings.layout
    if layout:
        line("  Layout")
        block(tuple((f"  {name}", value) for name, value in layout_lines(layout)))
    now = program.clock.now_ms()
    if one.files:
        line("  Files read last")
    for mark in one.files:
        said = counts_text(mark.counts)
        state = {"skipped": "lay there before", "failed": "could not be read"}.get(mark.state, "")
        text = "; ".join(part for part in (state, said) if part) or "no rows"
        line(f"    {mark.name}  {ago(mark.read_at, now)}: {text}")
    return 0


def layout_lines(layout: Any) -> list[tuple[str, str]]:
    """A stored layout as names and values for people."""
    found = []
    for name, value in layout.items():
        if name == "columns":
            found += [(f"{key} column", _text(part)) for key, part in value.items()]
        else:
            found.append((name, _text(value)))
    return [(name.replace("_", " "), value) for name, value in found]


def _text(value: Any) -> str:
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value))
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "tab" if value == "\t" else str(value)


def add(options: Options, program: Program) -> int:
    """`folder add`."""
    path = options.path.expanduser().absolute()
    connection = program.connections.only_one(options.connection)
    settings = FolderSettings(
        start=options.start, start_days=options.days, layout=layout_of(options)
    ).with_changes(_changes(options))
    trial = None
    if not options.anyway:
        trial = program.folders.try_out(path, settings)
        if trial.errors:
            trouble(f"{trial.file}: {trial.errors[0]}")
            return 1
        if trial.file:
            settings = with_found(settings, trial.layout)
    one = program.folders.add(
        options.name, path, connection.id, settings, actor=actor(), anyway=options.anyway
    )
    line(f"{one.folder.name}: {path} is watched for {connection.name}")
    if trial is not None and trial.file:
        for text in trial.warnings:
            line(f"Note: {text}")
        line(f"See what would be written: backhaul folder test {one.folder.name}")
    if program.ownership.is_free():
        line("Nothing is running to look into it. Start it with: backhaul run")
    return 0


def edit(options: Options, program: Program) -> int:
    """`folder edit`."""
    one = program.folders.named(options.name)
    changes = _changes(options)
    layout = layout_of(options, one.settings.layout)
    if layout != dict(one.settings.layout):
        changes["layout"] = layout
    connection_id = None
    if options.connection is not None:
        connection_id = program.connections.named(options.connection).id
    path = options.path.expanduser().absolute() if options.path else None
    if not (changes or connection_id or path or options.new_name):
        wrong_usage(options, "nothing to change was given")
    program.folders.edit(
        one.folder,
        name=options.new_name,
        path=path,
        connection_id=connection_id,
        changes=changes,
        actor=actor(),
        anyway=options.anyway,
    )
    line(f"{options.new_name or one.folder.name}: changed")
    return 0


def test(options: Options, program: Program) -> int:
    """`folder test`; 1 when the file cannot be read so."""
    one = program.folders.named(options.name)
    settings = one.settings
    layout = layout_of(options, settings.layout)
    if layout != dict(settings.layout):
        settings = settings.with_changes({"layout": layout})
    file = options.file.expanduser().absolute() if options.file else None
    trial = program.folders.try_out(Path(one.folder.path), settings, file)
    if options.json:
        show_json([_trial_object(trial)])
    else:
        _show_trial(trial)
    if trial.errors:
        trouble(trial.errors[0])
        return 1
    return 0


def _show_trial(trial: Trial) -> None:
    if not trial.file:
        line("There is no file to look at yet")
        return
    line(trial.file)
    block(tuple((what.replace("_", " "), f"{'tab' if value == chr(9) else value}  ({why})")
                for what, value, why in trial.guesses))  # fmt: skip
    for text in trial.warnings:
        line(f"Note: {text}")
    cells = [
        (str(row.line), row.order, row.tracking, row.service,
         "would be written" if row.will_write else row.reason)
        for row in trial.rows
    ]  # fmt: skip
    table(("Row", "Order", "Tracking", "Service", "What happens"), cells, "No rows", fold=4)


def _trial_object(trial: Trial) -> dict[str, Any]:
    return {
        "file": trial.file,
        "layout": dict(trial.layout),
        "found_out": [{"what": w, "value": v, "why": why} for w, v, why in trial.guesses],
        "warnings": list(trial.warnings),
        "errors": list(trial.errors),
        "rows": [
            {
                "line": row.line,
                "order": row.order,
                "tracking": row.tracking,
                "service": row.service,
                "will_write": row.will_write,
                "reason": row.reason,
            }
            for row in trial.rows
        ],
    }


def remove(options: Options, program: Program) -> int:
    """`folder remove`."""
    one = program.folders.named(options.name)
    program.folders.remove(one.folder, actor())
    line(f"{one.folder.name}: watched no more; its files and the rows of the queue stay")
    return 0
