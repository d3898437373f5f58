"""Asks for the secrets of a connection: without echo, never as an argument."""

import getpass
import os
import shlex
import sys
from typing import Any

from app.cli.output import line, trouble
from app.core.errors import SecretUnavailable
from app.core.types import ConnectionInfo
from app.services.program import Program
from app.services.secrets import variable_name


def ask_secrets(connection: ConnectionInfo, program: Program) -> int:
    """Have every secret that goes with its settings typed and kept, or say how to give it.

    1 when one could not be kept.
    """
    fields = program.connections.kind(connection).secrets_with(connection.settings)
    return max((_ask(connection, field, program) for field in fields), default=0)


def _ask(connection: ConnectionInfo, field: Any, program: Program) -> int:
    variable = variable_name(connection.name, field.name)
    if os.environ.get(variable):
        line(f"{field.label}: taken from {variable} whenever it is needed, not stored")
        return 0
    if not (sys.stdin is not None and sys.stdin.isatty()):
        line(
            f"{field.label}: not entered yet. Set {variable} in the environment of the program, "
            f"or type it at a terminal: backhaul connection edit {shlex.quote(connection.name)} "
            "--secrets"
        )
        return 0
    value = _typed(field.label)
    if not value:
        line(f"{field.label}: left as it was")
        return 0
    try:
        program.connections.set_secret(connection, field, value)
    except SecretUnavailable as error:
        said = program.wordsmith.say(error.code, {"variable": variable, **error.params})
        trouble(f"{field.label}: not kept. {said.summary}. {said.hint}")
        return 1
    line(f"{field.label}: kept in the password store of this computer")
    return 0


def _typed(label: str) -> str:
    try:
        return getpass.getpass(f"{label} (nothing is shown while you type): ").strip()
    except EOFError:
        return ""
