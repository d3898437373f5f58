"""`run` and `demo`: the engine without a display."""

from contextlib import closing

from app.cli import practice
from app.cli.command import Group, Options, Start, pasteable
from app.cli.output import line, trouble
from app.cli.rows import title_of
from app.cli.waiting import stop_signals, wait_for
from app.core.clock import from_ms
from app.core.errors import UsageError
from app.core.events import ConnectionChanged, StorageTrouble
from app.core.states import JobState
from app.services.demo import Closing, Demo, Happened, Plan
from app.services.demo_folder import prepare
from app.services.engine import Engine
from app.services.program import Program

TRY_NEXT = ("queue list", "queue show 316088", "queue copy 316132")


def add_to(top: Group) -> None:
    """Add the commands."""
    top.add("run", run, "send what is in the queue, without a display, until stopped")
    practice.add_to(top)
    parser = top.add("demo", demo, "see it work with practice servers and a throw-away data folder")
    parser.add_argument(
        "--no-window", action="store_true", help="tell it here, also where a window could be shown"
    )


def run(options: Options, start: Start) -> int:
    """The engine until SIGTERM or Ctrl-C; a second one leaves the first alone."""
    with start.engine() as program, stop_signals() as stopped:
        engine = program.engine()
        _report_trouble(program)
        try:
            engine.start()
        except UsageError as error:
            if error.code != "engine_elsewhere":
                raise
            line(f"{program.wordsmith.say(error.code, error.params).summary}; nothing to do")
            return 0
        try:
            log = f"; log file {program.log_file}" if program.log_file else ""
            line(f"Backhaul is running for {program.folder}{log}. Stop it with Ctrl-C")
            wait_for(stopped, program.clock)
        finally:
            _stop(engine, program)
    return 0


def _stop(engine: Engine, program: Program) -> None:
    if not engine.stop():
        return
    for row in program.queue.rows([JobState.IN_FLIGHT]):
        trouble(f"{title_of(row)} was still being sent; the next start looks what came of it")


def _report_trouble(program: Program) -> None:
    """Storage trouble and stopped connections, once each, as they come and go."""
    stopped: dict[int, str] = {}

    def storage(event: StorageTrouble) -> None:
        if event.code:
            said = program.wordsmith.say(event.code, {"path": str(program.folder)})
            trouble(f"{said.summary}. {said.hint}".rstrip())
        else:
            line("The data file can be written again")

    def connection(event: ConnectionChanged) -> None:
        gate = program.connections.gate(event.connection_id)
        name = program.connections.names().get(event.connection_id, "?")
        before = stopped.get(event.connection_id, "")
        stopped[event.connection_id] = gate.block_code
        if gate.block_code and gate.block_code != before:
            said = program.wordsmith.block(gate)
            trouble(f"{name} stopped: {said.summary}. {said.hint}".rstrip())
        elif before and not gate.block_code:
            line(f"{name} goes on")

    program.bus.subscribe(StorageTrouble, storage)
    program.bus.subscribe(ConnectionChanged, connection)


def demo(options: Options, start: Start) -> int:
    """The demonstration as the command runs it."""
    return play(start, Plan())


def play(start: Start, plan: Plan) -> int:
    """The demonstration, from the start or from where it was interrupted."""
    resumed = prepare(start.demo_folder)
    with start.open(start.demo_folder, True) as program:
        line(
            "Going on where the last demonstration was interrupted"
            if resumed
            else "A demonstration: four shipments, a practice PrintSmith Vision, no real account"
        )
        line(f"Everything stays in {program.folder}")
        with closing(Demo(program, plan).play()) as events:
            for event in events:
                if isinstance(event, Closing):
                    return _close(event, program)
                _tell(event)
    return 1


def _tell(event: Happened) -> None:
    about = f"{event.order}  " if event.order else ""
    line(f"{from_ms(event.at).astimezone():%H:%M:%S}  {about}{event.text}")
    if event.hint:
        margin = " " * len(f"00:00:00  {about}")
        line(f"{margin}Who must act: {event.who}")
        line(f"{margin}What to do: {event.hint}")


def _close(end: Closing, program: Program) -> int:
    line()
    line(f"Sent: {', '.join(end.sent) or 'none'}")
    line(f"Needs you: {', '.join(end.needs_you) or 'none'}")
    line(f"Blocked: {', '.join(end.blocked) or 'none'}")
    line("What the practice server holds now")
    for order, text in end.held:
        line(f"  invoice {order}: {text}")
    line()
    line("Try next")
    for words in TRY_NEXT:
        line(f"  {pasteable(words, program.folder)}")
    for text in end.wrong:
        trouble(text)
    return 1 if end.wrong else 0
