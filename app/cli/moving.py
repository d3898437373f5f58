"""`retire`: the old computer's last act, and what a restored data file asks for at the new one."""

from pathlib import Path

from app.cli.command import Group, Options, Start, visiting, wrong_usage
from app.cli.connection_secrets import ask_secrets
from app.cli.output import line
from app.core.errors import SecretUnavailable
from app.core.types import ConnectionInfo
from app.services.program import Program


def add_to(top: Group) -> None:
    """Add the command."""
    parser = top.add(
        "retire", visiting(retire), "move to another computer: send nothing from here any more",
        "At the new computer: backhaul restore FILE",
    )  # fmt: skip
    parser.add_argument("file", metavar="FILE", nargs="?", type=Path, help="make a last backup")
    parser.add_argument("--undo", action="store_true", help="take this computer back into use")


def retire(options: Options, program: Program) -> int:
    """`retire`."""
    if options.undo:
        if options.file:
            wrong_usage(options, "--undo makes no backup")
        program.retirement.undo()
        line("This computer is in use again. Make sure that no other one sends the same queue")
        return 0
    target = options.file.expanduser().absolute() if options.file else None
    made = program.retirement.retire(target)
    if made is not None:
        line(f"Backed up to {made}")
    line("This computer is retired: nothing is sent from here any more")
    line(f"At the new computer: backhaul restore {made.name if made else 'FILE'}")
    if made is None:
        line("No backup was made now; what the last one does not hold is only here")
    return 0


def ask_for_secrets(start: Start) -> int:
    """After a restore: have the secrets typed that this computer does not have."""
    code = 0
    with start.visit() as program:
        for connection in program.connections.all():
            if _lacks_secrets(connection, program):
                line(f"{connection.name} needs its secrets on this computer")
                code = max(code, ask_secrets(connection, program))
    return code


def _lacks_secrets(connection: ConnectionInfo, program: Program) -> bool:
    for field in program.connections.kind(connection).secrets_with(connection.settings):
        try:
            program.secrets.get(connection, field)
        except SecretUnavailable:
            return True
    return False
