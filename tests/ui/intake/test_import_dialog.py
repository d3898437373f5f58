"""A file by hand: looked at, corrected where needed, entered with progress, stopped."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.core.events import IntakeProgress
from app.services.folder_layout import ORDER
from app.ui.intake.import_dialog import ImportDialog
from tests.ui.desk import until
from tests.ui.intake.conftest import BROKEN, DATA, Place, write_big

FOREIGN = DATA / "semicolon_western.csv"  # its order column has a name nobody knows


class Opened:
    """The dialogs of one test."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self._dialogs: list[ImportDialog] = []

    def __call__(self, path: Path) -> ImportDialog:
        dialog = ImportDialog(self._place.window_desk, path, None)
        dialog.show()
        self._dialogs.append(dialog)
        return dialog

    def close(self) -> None:
        for one in self._dialogs:
            one.close()
            one.deleteLater()


@pytest.fixture
def opened(place: Place) -> Iterator[Opened]:
    opened = Opened(place)
    yield opened
    opened.close()


def test_it_says_what_was_recognised_and_what_rows_would_do(opened: Opened) -> None:
    dialog = opened(BROKEN)
    assert dialog.said.text() == "Looking at the file…"
    until(lambda: dialog.start.isEnabled())
    assert dialog.trial.file.text() == "Recognised: separated by comma, UTF-8, with column names"
    assert dialog.trial._count.text() == "The first 20 rows: 13 would be written, 7 rejected"
    assert dialog.target.currentText() == "Front desk"


def test_dates_that_can_be_read_in_two_ways_are_asked_for(place: Place, opened: Opened) -> None:
    dialog = opened(DATA / "dates_open.csv")
    until(lambda: dialog._is_known)
    assert not dialog.start.isEnabled()
    dates = dialog.trial.asked["date_order"]
    assert dates.isVisible()
    assert not dialog.trial.asked["decimal_mark"].isVisible()
    dates.setCurrentText("Month first")
    until(dialog.start.isEnabled)
    assert dialog._layout_found["date_order"] == "mdy"
    assert dates.isVisible(), "it can be chosen otherwise"
    dialog.start.click()
    until(lambda: "entered" in dialog.said.text())


def test_the_counts_stand_there_at_the_end(place: Place, opened: Opened) -> None:
    dialog = opened(BROKEN)
    until(lambda: dialog.start.isEnabled())
    dialog.start.click()
    assert not dialog.start.isEnabled()
    assert dialog.gauge.isVisible()
    until(lambda: dialog.said.text() == "40 entered, 17 rejected.")
    assert "Row 3: There is no tracking number" in dialog.more.text()
    assert "and 13 more" in dialog.more.text()
    assert place.program.attention.count() == 17
    again = opened(BROKEN)
    until(lambda: again.start.isEnabled())
    again.start.click()
    until(lambda: again.said.text() == "40 read before, 17 rejected.")
    assert place.program.attention.count() == 17


def test_a_column_is_chosen_where_nobody_knows_its_name(place: Place, opened: Opened) -> None:
    dialog = opened(FOREIGN)
    until(lambda: dialog.trial._errors.isVisible())
    assert not dialog.start.isEnabled()
    dialog.trial.preview.role_chosen.emit(0, ORDER)
    until(lambda: dialog.start.isEnabled())
    assert not dialog.trial._errors.isVisible()
    dialog.start.click()
    until(lambda: dialog.said.text() == "2 entered.")
    assert {row.job.order_ref for row in place.program.queue.search("A-7")} == {"A-7"}


def test_a_carrier_is_chosen_where_the_file_names_none(opened: Opened) -> None:
    dialog = opened(BROKEN)
    until(lambda: dialog.start.isEnabled())
    box = dialog.trial.carrier
    box.setCurrentIndex(box.findText("FedEx"))
    assert not dialog.start.isEnabled()  # until it was looked at once more
    until(lambda: dialog.start.isEnabled())
    assert dialog._layout_found["carrier"] == "FedEx"
    assert not dialog.trial._warnings.isVisible()


def test_cancel_stops_after_what_is_under_way_and_the_rest_can_follow(
    place: Place, opened: Opened, tmp_path: Path
) -> None:
    path = tmp_path / "big.csv"
    labels, voids = write_big(path, 6_000)
    dialog = opened(path)
    until(lambda: dialog.start.isEnabled())
    reached = threading.Event()

    def cancel(told: IntakeProgress) -> None:
        if told.done > voids + 500 and not reached.is_set():
            reached.set()
            dialog.cancel.click()
            assert not dialog.cancel.isEnabled()

    place.desk.bridge.intake_progress.connect(cancel)
    dialog.start.click()
    until(lambda: dialog.said.text().startswith("Stopped. So far:"), 20_000)
    entered = place.desk._database.read("SELECT COUNT(*) FROM jobs")[0][0]
    assert 0 < entered < labels - voids
    assert dialog.isVisible()
    dialog.start.click()
    until(lambda: "read before" in dialog.said.text(), 20_000)
    counts = dict(place.desk._database.read("SELECT state, COUNT(*) FROM jobs GROUP BY state"))
    assert counts["pending"] == labels - voids


def test_a_file_that_is_gone_is_told(opened: Opened, tmp_path: Path) -> None:
    dialog = opened(tmp_path / "gone.csv")
    until(lambda: "gone.csv" in dialog.said.text())
    assert not dialog.start.isVisible()
    assert dialog.cancel.text() == "Close"


def test_without_a_connection_nothing_can_be_imported(place: Place, opened: Opened) -> None:
    (connection,) = place.program.connections.all()
    place.program.connections.take_out(connection, discard_rows=True, actor="ann")
    dialog = opened(BROKEN)
    until(lambda: dialog.said.text().startswith("Nothing is connected yet"))
    assert not dialog.start.isEnabled()
