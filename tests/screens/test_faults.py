"""What the pictures are checked for: planted faults are found and named, good windows have none."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QRect
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)
from pytestqt.qtbot import QtBot

from app.ui import painting
from app.ui.queue.model import TRACKING
from app.ui.widgets import ElidedLabel, button, label
from tests.screens.__main__ import _report, _scenes
from tests.screens.camera import Camera
from tests.screens.faults import faults_of
from tests.ui.desk import Desk, until

LONG = "Every order of the print shop in Old Harbour Street"


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    """300 x 200 pixels, nothing in it."""
    made = QWidget()
    made.resize(300, 200)
    qtbot.addWidget(made)
    return made


def placed(widget: QWidget, parent: QWidget, *box: int) -> QWidget:
    """A child at x, y with a width and a height."""
    widget.setParent(parent)
    widget.setGeometry(QRect(*box))
    return widget


def found(window: QWidget) -> list[str]:
    window.show()
    return [str(fault) for fault in faults_of(window)]


def test_a_laid_out_window_has_no_faults(window: QWidget) -> None:
    column = QVBoxLayout(window)
    column.addWidget(label("Write-backs", "title"))
    column.addWidget(label(f"{LONG}. {LONG}.", wrap=True))
    row = QHBoxLayout()
    row.addWidget(button("Edit and retry…", name="Edit and retry invoice 316132"))
    row.addWidget(button("Remove", "danger"))
    column.addLayout(row)
    column.addWidget(ElidedLabel(f"{LONG}, the second floor"))
    column.addStretch(1)
    assert found(window) == []


def test_a_planted_cut_label_and_overlapping_siblings_are_both_named(window: QWidget) -> None:
    cut = placed(label(LONG), window, 10, 10, 120, 20)
    cut.setObjectName("cut")
    for name, left in (("Retry", 10), ("Park", 60)):
        placed(QPushButton(name), window, left, 60, 80, 28)
    assert found(window) == [
        "over each other by 30 x 28: QPushButton “Retry” and QPushButton “Park”",
        f"cut text: QLabel “cut” “{LONG}”",
    ]


def test_lines_of_a_wrapped_label_that_have_no_room_are_missed(window: QWidget) -> None:
    placed(label(LONG, wrap=True), window, 10, 10, 120, 18)
    assert f"text not written to its end: QLabel “{LONG}” “{LONG}”" in found(window)


@pytest.mark.parametrize(
    ("make", "width", "word"),
    [(QPushButton, 80, "cut text"), (QLabel, 0, "text without room")],
    ids=["narrow button", "no width at all"],
)
def test_text_without_room_is_found(
    window: QWidget, make: Callable[[str], QWidget], width: int, word: str
) -> None:
    placed(make("Remove it and 5,000 rows"), window, 10, 10, width, 28)
    assert [fault.split(":")[0] for fault in found(window)] == [word]


def test_text_shortened_by_our_own_code_is_found_unless_it_may_be(window: QWidget) -> None:
    shown = label("Every order of…")
    shown.setAccessibleName(LONG)
    placed(shown, window, 10, 10, 200, 20)
    assert found(window) == [f"shortened text: QLabel “{LONG}” “Every order of…”"]
    shown.setProperty("elides", True)
    assert found(window) == []


def test_a_child_outside_of_its_parent_is_found(window: QWidget) -> None:
    placed(QPushButton("Close"), window, 250, 180, 80, 28)
    assert found(window) == [
        "outside of its parent by 30 px (right), 8 px (bottom): QPushButton “Close” “Close”"
    ]


def test_a_widget_that_says_so_may_lie_over_others(window: QWidget) -> None:
    placed(QPushButton("Rows"), window, 10, 10, 200, 100)
    bar = placed(QWidget(), window, 100, 20, 60, 26)
    assert len(found(window)) == 1
    bar.setProperty("overlay", True)
    assert found(window) == []


def test_hidden_widgets_have_no_faults(window: QWidget) -> None:
    for _ in range(2):
        placed(label(LONG), window, 10, 10, 60, 20).hide()
    assert found(window) == []


@pytest.mark.parametrize(("width", "count"), [(200, 0), (400, 1)])
def test_what_can_be_scrolled_to_is_no_fault(window: QWidget, width: int, count: int) -> None:
    area = QScrollArea(window)
    area.setGeometry(0, 0, 300, 200)
    area.setHorizontalScrollBarPolicy(area.horizontalScrollBarPolicy().ScrollBarAlwaysOff)
    inside = QWidget()
    inside.setFixedSize(width, 2000)
    area.setWidget(inside)
    assert len(found(window)) == count


def test_a_row_whose_number_loses_its_end_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = Desk(tmp_path / "data")
    try:
        desk.connect()
        desk.enter("316132")
        page = desk.page()
        until(lambda: not faults_of(page))  # the note above the list comes after the rows
        monkeypatch.setattr(painting, "end_kept", painting.cut_short)
        page.table.setColumnWidth(TRACKING, 110)
        names = [str(fault) for fault in faults_of(page)]
        number = "1Z23966E0000000001"
        assert f"tracking number without its end: QueueTable “Write-backs” “{number}”" in names
    finally:
        desk.close()


def test_a_picture_is_kept_and_its_fault_is_told_with_the_state(
    window: QWidget, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    placed(label(LONG), window, 10, 10, 60, 20).setObjectName("cut")
    window.show()
    camera = Camera(tmp_path / "1x")
    camera.take("manager-empty", "light", window, [window])
    assert [file.name for file in camera.taken] == ["manager-empty-light.png"]
    assert camera.taken[0].stat().st_size > 0
    assert _report(tmp_path, len(camera.taken), list(camera.faults)) == 1
    assert f"manager-empty: cut text: QLabel “cut” “{LONG}”" in capsys.readouterr().out


@pytest.mark.parametrize(("taken", "wrong", "code"), [(3, [], 0), (3, ["x"], 1), (0, [], 2)])
def test_no_picture_at_all_is_a_failure_too(
    taken: int, wrong: list[str], code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _report(Path("out"), taken, wrong) == code
    assert capsys.readouterr().out.startswith(f"{taken} pictures in out; {len(wrong)} faults")


def test_only_the_scenes_that_can_hold_a_picture_are_played() -> None:
    every = list(_scenes([]))
    assert list(_scenes(["tray"])) == ["tray"]
    assert list(_scenes(["manager-empty"])) == ["manager-empty"]
    assert list(_scenes(["manager-undo"])) == [one for one in every if one.startswith("manager-")]
    assert list(_scenes(["nothing"])) == []
