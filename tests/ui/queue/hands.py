"""What a person does on the MANAGER page, and how tests change the file behind its back."""

from PySide6.QtWidgets import QAbstractButton, QPushButton, QWidget

from app.core.errors import SetupChanged
from app.ui.queue.view import ManagerPage
from tests.ui.desk import ACTOR, Desk, until


def named(page: QWidget, name: str) -> QAbstractButton:
    """The visible button with that accessible name, as a screen reader finds it."""
    for one in page.findChildren(QAbstractButton):
        if one.isVisible() and (one.accessibleName() or one.text()) == name:
            return one
    raise AssertionError(f"no button is named {name}")


def texts(page: QWidget) -> list[str]:
    """What stands on the visible buttons."""
    return [one.text() for one in page.findChildren(QPushButton) if one.isVisible()]


def shown(page: ManagerPage) -> list[str]:
    """Headers (phase and count) and order references from top to bottom."""
    until(lambda: not page.model.is_busy)
    found = []
    for row in range(page.model.rowCount()):
        group, line = page.model.group(row), page.model.line(row)
        if group is not None:
            found.append(f"{group.phase.value} {len(group.ids)}")
        else:
            found.append(line.row.job.order_ref if line is not None else "?")
    return found


def change(desk: Desk, sql: str) -> None:
    """Something that the tests have no shorter way to."""

    def work(connection: object) -> None:
        connection.execute(sql)  # type: ignore[attr-defined]

    desk._database.write(work)


def block(desk: Desk) -> None:
    """The connection is stopped."""
    desk.gates.block(1, SetupChanged("ps_charge_missing", charge="ShipLeap Tracking"))


def pause(desk: Desk, for_s: float | None = None) -> None:
    """A person pauses the connection."""
    service = desk.program.connections
    service.pause(service.all()[0], for_s, ACTOR)
