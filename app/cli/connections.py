"""`connection list|show|add|edit|remove|test|pause|resume`."""

from typing import Any

from app.cli.command import Group, Options, actor, add_json, pair, visiting, wrong_usage
from app.cli.connection_checks import add_test
from app.cli.connection_secrets import ask_secrets
from app.cli.output import block, line, show_json, table
from app.cli.times import duration, iso, span
from app.core.errors import UsageError
from app.core.types import ConnectionInfo
from app.services.connection_setup import SecretField, SettingField
from app.services.overview import ConnectionStatus
from app.services.program import Program

_SETTING = pair("NAME=VALUE")


def add_to(top: Group) -> None:
    """Add the commands."""
    group = top.group("connection", "connect systems, test and pause them")
    add_json(group.add("list", visiting(show_list), "list the connections and how they stand"))
    parser = group.add("show", visiting(show), "show one connection with its settings")
    parser.add_argument("name", metavar="NAME")
    add_json(parser)
    _add_add(group)
    parser = group.add("edit", visiting(edit), "change the name, settings or secrets")
    parser.add_argument("name", metavar="NAME")
    parser.add_argument("--name", dest="new_name", metavar="NEW NAME")
    _add_set(parser)
    parser.add_argument("--secrets", action="store_true", help="enter the secrets again")
    parser = group.add("remove", visiting(remove), "take a connection out of use")
    parser.add_argument("name", metavar="NAME")
    parser.add_argument("--discard-rows", action="store_true", help="remove its waiting rows too")
    add_test(group)
    parser = group.add("pause", visiting(pause), "send nothing there for a while")
    parser.add_argument("name", metavar="NAME")
    parser.add_argument("--for", type=duration, dest="for_s", metavar="30m", help="30m, 1h, 2d")
    parser = group.add("resume", visiting(resume), "end a pause, or try again after a stop")
    parser.add_argument("name", metavar="NAME")


def _add_add(group: Group) -> None:
    parser = group.add("add", visiting(add), "connect a system")
    parser.add_argument("kind", metavar="KIND", nargs="?", help="which system: see --list")
    parser.add_argument("--name", metavar="NAME", help="what you call it")
    _add_set(parser)
    parser.add_argument(
        "--practice", action="store_true", help="the practice server, not a real one"
    )
    parser.add_argument("--list", action="store_true", dest="kinds", help="list what can be added")
    parser.add_argument("--help-settings", action="store_true", help="list the settings of KIND")
    add_json(parser)


def _add_set(parser: Any) -> None:
    parser.add_argument(
        "--set", type=_SETTING, action="append", default=[], dest="settings",
        metavar="NAME=VALUE", help="a setting; may be given several times",
    )  # fmt: skip


def show_list(options: Options, program: Program) -> int:
    """`connection list`."""
    found = program.overview.all()
    if options.json:
        show_json(map(status_object, found))
        return 0
    cells = [
        (
            one.connection.name,
            program.connections.kind(one.connection).title + practice_mark(one.connection),
            one.text,
            str(one.waiting or ""),
            str(one.needs_you or ""),
        )
        for one in found
    ]
    empty = "No system is connected yet. Connect one: backhaul connection add --list"
    table(("Name", "System", "State", "Waiting", "Needs you"), cells, empty, fold=2)
    return 0


def practice_mark(connection: ConnectionInfo) -> str:
    """Practice is always marked as such."""
    return " (practice)" if connection.is_practice else ""


def status_object(status: ConnectionStatus) -> dict[str, Any]:
    """One connection for programs; keys are only ever added."""
    connection = status.connection
    return {
        "connection": connection.name,
        "kind": connection.kind,
        "practice": connection.is_practice,
        "state": status.state,
        "text": status.text,
        "hint": status.hint,
        "waiting": status.waiting,
        "needs_you": status.needs_you,
        "oldest_s": status.oldest_s,
        "last_success": iso(status.last_success),
        "backlog": status.backlog,
    }


def show(options: Options, program: Program) -> int:
    """`connection show`."""
    connection = program.connections.named(options.name)
    status = next(s for s in program.overview.all() if s.connection.id == connection.id)
    kind = program.connections.kind(connection)
    values = {field.name: connection.settings.get(field.name, field.default)
              for field in kind.settings}  # fmt: skip
    if options.json:
        show_json([{**status_object(status), "settings": values}])
        return 0
    line(f"{connection.name}: {kind.title}{practice_mark(connection)}")
    block((("State", status.text), ("What to do", status.hint), ("Backlog", status.backlog)))
    line("  Settings")
    for field in kind.settings:
        default = "" if field.name in connection.settings else " (default)"
        line(f"    {field.name} = {values[field.name]}{default}")
    return 0


def add(options: Options, program: Program) -> int:
    """`connection add`, and what it needs to know beforehand."""
    if options.kinds:
        return _list_kinds(options, program)
    if options.kind is None:
        wrong_usage(options, "say which system: backhaul connection add --list")
    if options.help_settings:
        return _list_settings(options, program)
    if not (options.name or "").strip():
        wrong_usage(options, "give it a name: --name NAME")
    kind = program.kinds[_known(options.kind, program)]
    typed = dict(options.settings)
    if options.practice:
        url = program.practice.url(kind.name)
        if not url:
            raise UsageError("practice_missing")
        typed.setdefault("base_url", url)
    connection = program.connections.add(
        kind.name, options.name, typed, is_practice=options.practice, actor=actor()
    )
    line(f"Connected: {connection.name}{practice_mark(connection)}")
    if connection.is_practice:
        return 0
    for caveat in kind.caveats:
        line(f"  Note: {caveat}")
    return ask_secrets(connection, program)


def _list_kinds(options: Options, program: Program) -> int:
    kinds = sorted(program.kinds.values(), key=lambda kind: kind.name)
    if options.json:
        show_json({"kind": kind.name, "title": kind.title} for kind in kinds)
    else:
        table(("Kind", "System"), [(kind.name, kind.title) for kind in kinds], "")
    return 0


def _known(kind: str, program: Program) -> str:
    """Raises: UsageError with the kinds there are."""
    if kind not in program.kinds:
        raise UsageError("kind_missing", kind=kind, kinds=", ".join(sorted(program.kinds)))
    return kind


def _list_settings(options: Options, program: Program) -> int:
    kind = program.kinds[_known(options.kind, program)]
    if options.json:
        show_json(
            {
                "name": field.name,
                "label": field.label,
                "default": field.default,
                "choices": list(field.choices),
                "help": field.help,
                "only_with": field.only_with and "=".join(field.only_with),
            }
            for field in kind.settings
        )
        return 0
    line(f"Settings of {kind.title}, each given as --set NAME=VALUE")
    for field in kind.settings:
        default = "must be given" if field.default is None else f"default: {field.default}"
        line(f"  {field.name}: {field.label} ({default}{_only_with(field)})")
        line(f"      {field.help}")
    for secret in kind.secrets:
        asked = f"Asked for{_only_with(secret)}, never typed into the command"
        line(f"{asked}: {secret.label}. {secret.help}")
    return 0


def _only_with(item: SettingField | SecretField) -> str:
    return f", only with {'='.join(item.only_with)}" if item.only_with else ""


def edit(options: Options, program: Program) -> int:
    """`connection edit`."""
    connection = program.connections.named(options.name)
    if not (options.new_name or options.settings or options.secrets):
        wrong_usage(options, "say what to change: --name, --set or --secrets")
    if options.new_name or options.settings:
        program.connections.edit(
            connection, name=options.new_name, typed=dict(options.settings), actor=actor()
        )
        connection = program.connections.named(options.new_name or connection.name)
        line(f"{connection.name}: changed")
    return ask_secrets(connection, program) if options.secrets else 0


def remove(options: Options, program: Program) -> int:
    """`connection remove`."""
    connection = program.connections.named(options.name)
    rows = program.connections.remove(connection, discard_rows=options.discard_rows, actor=actor())
    line(
        f"{connection.name}: removed" + (f". Waiting rows removed with it: {rows}" if rows else "")
    )
    return 0


def pause(options: Options, program: Program) -> int:
    """`connection pause`."""
    connection = program.connections.named(options.name)
    program.connections.pause(connection, options.for_s, actor())
    how_long = f"for {span(options.for_s)}" if options.for_s else "until you resume it"
    line(f"{connection.name}: paused {how_long}")
    return 0


def resume(options: Options, program: Program) -> int:
    """`connection resume`."""
    connection = program.connections.named(options.name)
    program.connections.resume(connection, actor())
    line(f"{connection.name}: resumed; the next row is tried at once")
    return 0
