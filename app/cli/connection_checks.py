"""`connection test`: one line for each thing that was looked at."""

import shlex
from typing import Any

from app.cli.command import Group, Options, add_json, visiting, wrong_usage
from app.cli.output import line, show_json, trouble
from app.core.errors import BackhaulError
from app.services.program import Program

RESULTS = {True: "ok", False: "FAILED", None: "not checked"}
"""How a line of a test reads."""


def add_test(group: Group) -> None:
    """Add the command under `connection`."""
    parser = group.add("test", visiting(test), "test a connection, changing nothing there")
    parser.add_argument("name", metavar="NAME")
    parser.add_argument(
        "--contract", action="store_true",
        help="check somebody's connector line by line; writes to one invoice and puts it back",
    )  # fmt: skip
    parser.add_argument("--invoice", metavar="NUMBER", help="an invoice you can throw away")
    add_json(parser)


def test(options: Options, program: Program) -> int:
    """`connection test`; 1 when a line failed."""
    if options.contract != (options.invoice is not None):
        wrong_usage(options, "--contract and --invoice NUMBER go together")
    connection = program.connections.named(options.name)
    steps = (
        program.connections.test_contract(connection, options.invoice)
        if options.contract
        else program.connections.test(connection)
    )
    found = []
    for step in steps:
        if isinstance(step, BackhaulError):
            said = program.wordsmith.say(step.code, step.params)
            text = f"{said.summary}. {said.hint}".strip()
            found.append(_tell(options, "The test ended here", False, text))
        else:
            found.append(_tell(options, step.title, step.passed, step.text))
    if options.json:
        show_json(found)
    return _close(connection.name, found, program)


def _tell(options: Options, title: str, passed: bool | None, text: str) -> dict[str, Any]:
    if not options.json:
        line(f"{RESULTS[passed]:<11}  {title}" + (f": {text}" if text else ""))
    return {"line": title, "result": RESULTS[passed].lower(), "text": text}


def _close(name: str, found: list[dict[str, Any]], program: Program) -> int:
    failed = sum(one["result"] == "failed" for one in found)
    if failed:
        trouble(f"{name}: {failed} of {len(found)} lines failed")
        return 1
    if program.connections.gate(program.connections.named(name).id).is_blocked:
        trouble(
            f"{name} is still stopped. Let it go on: backhaul connection resume {shlex.quote(name)}"
        )
    return 0
