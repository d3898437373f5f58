"""`autostart` and `service`: started by the desktop, or by systemd."""

import shlex
from pathlib import Path

from app.cli.command import Group, Options, Start, add_json
from app.cli.output import line, show_json, trouble
from app.services.autostart import HIDDEN, Autostart
from app.services.invocation import folder_to_name
from app.services.person import actor
from app.services.user_service import UNIT, SystemdRefused, UserService


def add_to(top: Group) -> None:
    """Add the commands."""
    login = top.group("autostart", "start the window when you log in")
    parser = login.add("on", autostart_on, "start with the desktop from now on")
    parser.add_argument(HIDDEN, action="store_true", help="show the tray icon, not the window")
    login.add("off", autostart_off, "no longer start with the desktop")
    add_json(login.add("status", autostart_status, "say whether it starts with the desktop"))
    service = top.group("service", "run without a window, as a systemd unit of this user")
    service.add("install", service_install, "start the unit, now and at every login")
    service.add("remove", service_remove, "stop the unit and take it away")
    add_json(service.add("status", service_status, "say how the unit stands"))


def _named_folder(start: Start) -> Path | None:
    return folder_to_name(start.folder, is_usual=start.is_usual)


def autostart_on(options: Options, start: Start) -> int:
    """`autostart on`."""
    where = Autostart(_named_folder(start)).turn_on(hidden=options.hidden)
    line(f"Backhaul starts when you log in ({where})")
    return 0


def autostart_off(options: Options, start: Start) -> int:
    """`autostart off`."""
    was_on = Autostart(_named_folder(start)).turn_off()
    line("Backhaul no longer starts when you log in" if was_on else "It was off")
    return 0


def autostart_status(options: Options, start: Start) -> int:
    """`autostart status`."""
    state = Autostart(_named_folder(start)).state()
    if options.json:
        one = {"on": state.words is not None, "where": state.where, "words": state.words or []}
        show_json([{**one, "this_program": state.is_this}])
        return 0
    if state.words is None:
        line("Off: Backhaul does not start when you log in")
        return 0
    line(f"On: {shlex.join(state.words)}")
    line(f"Written in {state.where}")
    if not state.is_this:
        line("That is another copy or another data folder than this one")
    return 0


def service_install(options: Options, start: Start) -> int:
    """`service install`; 1 when systemd did not take it."""
    service = UserService(_named_folder(start))
    if not service.can_be_used:
        trouble("This computer has no systemd. Start “backhaul run” the way it starts programs.")
        return 1
    try:
        service.install()
    except SystemdRefused as error:
        trouble(
            f"{service.file} is written, but systemd did not start it: {error}. "
            f"After the next login: systemctl --user enable --now {UNIT}"
        )
        return 1
    line(f"Backhaul runs now, and whenever you log in ({service.file})")
    if service.state().lingers is False:
        line(f"To run with nobody logged in too: loginctl enable-linger {shlex.quote(actor())}")
    return 0


def service_remove(options: Options, start: Start) -> int:
    """`service remove`; 1 when systemd did not stop it."""
    service = UserService(_named_folder(start))
    try:
        was_there = service.remove()
    except SystemdRefused as error:
        trouble(f"The unit is removed, but systemd did not answer: {error}. It ends at the logout.")
        return 1
    line("The unit is stopped and removed" if was_there else "There was no unit")
    return 0


def service_status(options: Options, start: Start) -> int:
    """`service status`."""
    state = UserService(_named_folder(start)).state()
    if options.json:
        file = str(state.file) if state.file else ""
        show_json([{"file": file, "systemd": state.said, "lingers": state.lingers}])
        return 0
    if state.file is None:
        line("Not installed. Install it: backhaul service install")
    else:
        line(f"Installed in {state.file}")
    line(f"systemd says: {state.said or 'no answer'}")
    if state.file is not None and state.lingers is False:
        line("It runs only while you are logged in")
    return 0
