"""Scenes of MANAGER on days that are not like others: busy, offline, paused, a broken disk."""

import sqlite3
from contextlib import closing
from dataclasses import dataclass

from app.core.types import ConnectionInfo, Shipment
from app.models.opening import FILE_NAME
from app.services.demo import FRONT_DESK
from app.services.rehearsal import SYSTEM
from app.services.wording import Phase
from tests.screens.manager import open_details, show_groups, stage_demonstration, write_one
from tests.screens.stage import ACTOR, HALF_HOUR_S, NOBODY_THERE, Stage


@dataclass(frozen=True, slots=True)
class Case:
    """One shipment of a busy day. `act`, `fault`: what meets it at the practice server."""

    order: str
    ends: Phase
    act: str = ""
    fault: str = ""


BUSY = (
    Case("316101", Phase.DONE),
    Case("316102", Phase.NEEDS_YOU, act="pick_up"),
    Case("316103", Phase.WAITING, act="lock"),
    Case("316104", Phase.RETRYING, fault="server_error"),
    Case("316106", Phase.NEEDS_YOU, act="void"),
    Case("316107", Phase.WAITING, act="lock"),
    Case("316105", Phase.SENDING, fault="lost_reply"),
)


def busy(stage: Stage) -> None:
    """Rows in every state beside each other."""
    stage.open()
    stage.running.rehearsal.start_servers()
    program, practice = stage.program, stage.program.practice
    url = practice.url(SYSTEM)
    connection = stage.connect(FRONT_DESK, url, practice=True, poll_locked_s="60")
    for number, case in enumerate(BUSY):
        practice.act(SYSTEM, "add_invoice", invoice=case.order)
        if case.act:
            more = {"by": "MARY"} if case.act == "lock" else {}
            practice.act(SYSTEM, case.act, invoice=case.order, **more)
        if case.fault:
            practice.fault(SYSTEM, case.fault, times=1, path=f"/invoices/{case.order}/.*")
        stage.enter(connection, Shipment(case.order, f"1Z23966E03{number:08}", "UPS"))
        stage.until_run(case.ends, case.order)
        stage.clock.advance(1)
    _park_and_send(stage, connection)
    stage.manager.feed.something_changed()
    stage.settle()
    stage.select("316104")
    stage.shoot("manager-busy")
    program.queue_page.discard([program.queue.search("316101")[0].job.id], ACTOR)
    show_groups(stage, "manager-busy-groups")
    for order, name in (("316105", "doubt"), ("316104", "retrying")):
        open_details(stage, order)
        stage.shoot(f"manager-detail-{name}")


def _park_and_send(stage: Stage, connection: ConnectionInfo) -> None:
    """One row kept back, one that is being sent and never answered, one behind it."""
    write_one(stage, connection, "316108", 8)
    stage.until_phase(Phase.DONE, "316108")
    stage.program.practice.act(SYSTEM, "add_invoice", invoice="316109")
    stage.program.practice.fault(SYSTEM, "hang", times=1, path="/invoices/316109")
    stage.enter(connection, Shipment("316109", "1Z23966E0300000009", "UPS"))
    stage.until_phase(Phase.SENDING, "316109")
    write_one(stage, connection, "316110", 10)
    write_one(stage, connection, "316111", 11)
    parked = stage.program.queue.search("316111")[0].job.id
    stage.program.queue_page.park([parked], ACTOR)


def offline(stage: Stage) -> None:
    """The other system does not answer; many rows wait for long."""
    stage.open()
    connection = stage.connect(FRONT_DESK, NOBODY_THERE, token="practice")
    for number in range(24):
        stage.enter(connection, Shipment(f"3162{number:02}", f"1Z23966E03{number:08}", "UPS"))
    service = stage.program.connections
    for failures, wait_s in ((1, 60), (2, 120), (3, 2400)):
        stage.until(lambda least=failures: service.gate(connection.id).failures >= least)  # type: ignore[misc]
        stage.settle()
        if failures == 1:
            stage.select("316223")
            stage.shoot("manager-offline")
        stage.pass_time(wait_s)
    stage.until(lambda: service.gate(connection.id).failures >= 4)
    stage.manager.feed.something_changed()
    stage.settle()
    stage.select("316223")
    stage.shoot("manager-backlog")


def paused(stage: Stage) -> None:
    """A person paused the only connection for half an hour."""
    stage.open()
    stage.running.rehearsal.start_servers()
    connection = stage.connect(FRONT_DESK, stage.program.practice.url(SYSTEM), practice=True)
    write_one(stage, connection, "316300")
    stage.until_phase(Phase.DONE, "316300")
    stage.program.connections.pause(connection, HALF_HOUR_S, ACTOR)
    for number in range(1, 5):
        write_one(stage, connection, f"31630{number}", number)
    stage.pass_time(250)
    stage.select("316304")
    stage.shoot("manager-paused")
    open_details(stage, "316302")
    stage.shoot("manager-detail-paused")


def unreadable(stage: Stage) -> None:
    """The data file cannot be read any more: old rows stay."""
    stage_demonstration(stage)
    stage.window.show_page("connections")
    stage.settle()
    stage.window.show_page("manager")
    stage.pass_time(300)
    with closing(sqlite3.connect(stage.folder / FILE_NAME, timeout=10)) as file, file:
        for table in ("jobs", "connections"):
            file.execute(f"ALTER TABLE {table} RENAME TO {table}_gone")
    stage.manager.feed.something_changed()
    stage.until(stage.manager.trouble.isVisible)
    stage.select("316121")
    stage.shoot("manager-cannot-read")
    stage.window.show_page("connections")
    stage.settle()
    stage.rest()
    stage.shoot("connections-cannot-read")


SCENES = {
    "manager-busy": busy,
    "manager-offline": offline,
    "manager-paused": paused,
    "manager-unreadable": unreadable,
}
