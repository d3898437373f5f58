"""The live preview: what was found out, roles of columns, and what each row would do."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from app.services.folder_layout import ROLES
from app.ui.folder_assistant.assistant import FolderAssistant
from app.ui.folder_assistant.preview_model import FIRST_CELL, LINE, OUTCOME
from tests.data.carrier_files import big
from tests.ui.desk import until
from tests.ui.folder_assistant.conftest import Place, looked, said, save

HEAD = "Order Number,Tracking Number\n"
TITLES = dict(ROLES)
UPS = "1ZA1B2C30345678903"


def outcomes(assistant: FolderAssistant) -> list[str]:
    """What each row would do, as the table shows it."""
    model = assistant.files_page.preview.model
    return [model.index(row, OUTCOME).data() for row in range(model.rowCount())]


def roles(assistant: FolderAssistant) -> dict[str, str]:
    """What the heading row shows: column and role."""
    preview = assistant.files_page.preview
    heads = zip(preview.model.headings, preview.headings.heads, strict=False)
    return {name: head.box.currentText() for name, head in heads}


def give(assistant: FolderAssistant, column: str, role: str) -> None:
    """Choose a role in the heading row, as a person does."""
    preview = assistant.files_page.preview
    box = preview.headings.heads[preview.model.headings.index(column)].box
    box.setCurrentIndex(box.findText(TITLES[role]))
    looked(assistant)


def test_each_row_says_what_it_would_do(place: Place) -> None:
    place.put(
        "a.csv",
        "Order Number,Tracking Number,Void\n"
        f"316132,{UPS},N\n316133,{UPS},Y\n316134,,N\n316135,9.4E+21,N\n",
    )
    found = outcomes(place.at_files())
    assert found[0] == "Would be written to 316132"
    assert found[1].startswith("Void: not written")
    assert found[2].endswith(": rejected")
    assert "tracking number" in found[2].lower()
    assert "9.4E+21" in found[3]


def test_the_preview_is_what_the_trial_of_the_command_line_says(place: Place) -> None:
    place.odd("seventeen_broken.csv")
    assistant = place.at_files()
    save(assistant, place)
    status = place.stored()
    trial = place.program.folders.try_out(place.exports, status.settings)
    assert assistant.files_page.looking.trial is not None
    assert [row.order for row in assistant.files_page.looking.trial.rows] == [
        row.order for row in trial.rows
    ]


def test_the_cells_stand_beside_the_row_they_are_of(place: Place) -> None:
    """Blank lines, header lines in the middle and broken rows must not shift anything."""
    place.put(
        "a.csv",
        f"{HEAD}\n1,{UPS}\n{HEAD}" + f'2,"{UPS}\n3,{UPS}\n',
    )
    model = place.at_files().files_page.preview.model
    shown = [
        [model.index(row, column).data() for column in (LINE, OUTCOME, FIRST_CELL)]
        for row in range(model.rowCount())
    ]
    assert shown[0] == ["3", "Would be written to 1", "1"]
    assert shown[1][0] == "5"
    assert shown[1][1].endswith(": rejected")
    assert shown[2] == ["6", "Would be written to 3", "3"]


def test_several_orders_in_one_cell_are_one_row(place: Place) -> None:
    place.odd("many_orders.csv")
    assistant = place.at_files()
    QTest.keyClicks(assistant.files_page.grid.separator.line, "/")
    looked(assistant)
    assert outcomes(assistant) == ["Would be written to 9901, 9902", "Would be written to 9903"]


def test_what_was_detected_is_shown_with_why(place: Place) -> None:
    place.odd("worldship.csv")
    grid = place.at_files().files_page.grid
    shown = {one: grid.field(one) for one in ("preset", "delimiter", "encoding", "has_header")}
    assert shown["preset"].why == "Every tracking number in it is one of UPS."
    assert shown["delimiter"].why == "It gives 7 columns in each of the first lines."
    assert shown["encoding"].why == "All of its beginning reads as UTF-8."
    assert shown["has_header"].why.startswith("Known names stand in it")
    assert grid.program.box.currentText() == "UPS WorldShip"
    assert grid.void.box.currentText() == "Void"
    assert grid.void_value.line.placeholderText() == "Y"
    assert grid.void_value.why == "Of the first rows 1 hold it."


def test_whether_the_program_adds_to_the_file_is_said(place: Place) -> None:
    place.odd("header_repeated.csv")
    assistant = place.at_files()
    assert "its header stands in it 3 times" in said(assistant.files_page)


def test_three_files_are_one_for_each_export(place: Place) -> None:
    for name in ("a", "b", "c"):
        place.put(f"{name}.csv", f"Order Number,Tracking Number\n1,{UPS}\n")
    shown = said(place.at_files().files_page)
    assert "makes a new file each time: 3 files lie there" in shown
    assert "the newest of 3" in shown


@pytest.mark.parametrize(
    ("name", "delimiter", "encoding"),
    [
        ("utf16_le.csv", "Comma  ,", "UTF-16"),
        ("utf16_be_no_mark.csv", "Comma  ,", "UTF-16, big-endian"),
        ("semicolon_western.csv", "Semicolon  ;", "Western (Windows)"),
        ("no_header_pipe.txt", "Bar  |", "UTF-8"),
        ("postage_log.txt", "Tab", "UTF-8"),
    ],
)
def test_odd_files_are_told_as_what_they_are(
    place: Place, name: str, delimiter: str, encoding: str
) -> None:
    place.odd(name)
    grid = place.at_files().files_page.grid
    assert grid.delimiter.box.currentText() == delimiter
    assert grid.encoding.box.currentText() == encoding


def test_another_delimiter_is_tried_at_once_and_can_be_taken_back(place: Place) -> None:
    place.odd("worldship.csv")
    assistant = place.at_files()
    grid = assistant.files_page.grid
    grid.delimiter.box.setCurrentText("Semicolon  ;")
    looked(assistant)
    assert grid.delimiter.why == "Chosen by you."
    assert assistant.files_page.problem()
    grid.delimiter.box.setCurrentText("Find it out again")
    looked(assistant)
    assert grid.delimiter.box.currentText() == "Comma  ,"
    assert assistant.files_page.problem() == ""
    assert outcomes(assistant)[0] == "Would be written to 316990"


def test_a_role_is_chosen_in_the_heading_row(place: Place) -> None:
    place.put("a.csv", f"Nr,Label,Note\n316132,{UPS},x\n")
    assistant = place.at_files()
    assert set(roles(assistant).values()) == {"Not read"}
    assert outcomes(assistant) == ["Not known yet"]
    assert "No column is chosen" in said(assistant.files_page)
    give(assistant, "Nr", "order")
    give(assistant, "Label", "tracking")
    assert outcomes(assistant) == ["Would be written to 316132"]
    save(assistant, place)
    columns = place.stored().settings.found["columns"]
    assert columns == {"tracking": "Label", "references": ["Nr"]}


def test_a_role_belongs_to_one_column_and_the_old_order_is_kept_beside(place: Place) -> None:
    place.odd("header_twice.csv")
    assistant = place.at_files()
    preview = assistant.files_page.preview
    assert [head.box.currentText() for head in preview.headings.heads] == [
        "Order or invoice", "Tracking number", "Further reference", "Void",
    ]  # fmt: skip
    third = preview.headings.heads[2].box
    third.setCurrentIndex(third.findText("Order or invoice"))
    looked(assistant)
    assert [head.box.currentText() for head in preview.headings.heads] == [
        "Further reference", "Tracking number", "Order or invoice", "Void",
    ]  # fmt: skip
    assert outcomes(assistant)[0] == "Would be written to 9301"
    save(assistant, place)
    assert place.stored().settings.layout["columns"]["references"] == [3, 1]


def test_the_void_column_is_the_same_above_and_in_the_heading_row(place: Place) -> None:
    place.put("a.csv", f"Order Number,Tracking Number,Gone\n1,{UPS},X\n2,{UPS},\n")
    assistant = place.at_files()
    grid = assistant.files_page.grid
    assert grid.void.box.currentText() == "No column"
    assert "looks like another parcel" in grid.void.why
    grid.void.box.setCurrentText("Gone")
    looked(assistant)
    assert roles(assistant)["Gone"] == "Void"
    assert outcomes(assistant)[0].endswith(": rejected")  # X says neither yes nor no
    assert "X" in grid.void_value.why
    QTest.keyClicks(grid.void_value.line, "X")
    looked(assistant)
    assert outcomes(assistant)[0].startswith("Void: not written")
    assert outcomes(assistant)[1] == "Would be written to 2"
    save(assistant, place)
    assert place.stored().settings.layout["void_value"] == "X"


def test_what_is_cut_off_is_previewed(place: Place) -> None:
    place.put("a.csv", f"Order Number,Tracking Number\nINV-316132/A,{UPS}\n")
    assistant = place.at_files()
    grid = assistant.files_page.grid
    QTest.keyClicks(grid.prefix.line, "INV-")
    QTest.keyClicks(grid.suffix.line, "/A")
    looked(assistant)
    assert outcomes(assistant) == ["Would be written to 316132"]
    assert grid.prefix.why == "“INV-316132/A” becomes “316132”."


def test_typing_never_loses_letters_to_an_answer(place: Place) -> None:
    place.odd("worldship.csv")
    assistant = place.at_files()
    line = assistant.files_page.grid.carrier.line
    for letter in "Purolator":
        QTest.keyClicks(line, letter)
        QTest.qWait(0)
    looked(assistant)
    assert line.text() == "Purolator"
    assert assistant.reading.layout["carrier"] == "Purolator"


def test_a_wide_file_keeps_what_would_happen_in_view(place: Place) -> None:
    names = [f"Field {number}" for number in range(58)]
    place.put(
        "wide.csv",
        ",".join([*names, "Order Number", "Tracking Number"])
        + "\n"
        + ",".join([*["x"] * 58, "316132", UPS])
        + "\n",
    )
    assistant = place.at_files()
    preview = assistant.files_page.preview
    assert len(preview.headings.heads) == 60
    first = preview.headings.heads[0].box
    first.setFocus()
    QTest.keyClick(first, Qt.Key.Key_End)
    last = preview.headings.heads[59].box
    assert assistant.focusWidget() is last
    assert last.currentText() == "Tracking number"
    until(lambda: last.width() < preview.headings.heads[59].width())
    left = last.mapTo(preview.headings, last.rect().topLeft()).x()
    assert 0 <= left <= preview.headings.width() - last.width()
    assert preview.fates.isVisible()
    assert outcomes(assistant) == ["Would be written to 316132"]
    QTest.keyClick(last, Qt.Key.Key_Left)
    assert assistant.focusWidget() is preview.headings.heads[58].box


def test_the_keyboard_comes_to_what_a_row_would_do_then_to_its_cells(place: Place) -> None:
    place.odd("worldship.csv")
    assistant = place.at_files()
    assistant.activateWindow()
    until(assistant.isActiveWindow)
    preview = assistant.files_page.preview
    preview.fates.setFocus()
    assert preview.fates.currentIndex().column() == OUTCOME
    QTest.keyClick(preview.fates, Qt.Key.Key_Down)
    preview.cells.setFocus()
    at = preview.cells.currentIndex()
    assert (at.row(), at.column()) == (1, FIRST_CELL)
    spoken = at.data(Qt.ItemDataRole.AccessibleTextRole)
    assert spoken == "Ref1: 316990"
    before = at.siblingAtColumn(OUTCOME).data(Qt.ItemDataRole.AccessibleTextRole)
    assert before == "What it would do: Would be written to 316990"


def test_arrow_keys_take_no_role_from_another_column(place: Place) -> None:
    place.odd("worldship.csv")
    assistant = place.at_files()
    before = roles(assistant)
    box = assistant.files_page.preview.headings.heads[2].box
    box.setFocus()
    QTest.keyClick(box, Qt.Key.Key_Down)
    assert box.view().isVisible()
    QTest.keyClick(box.view(), Qt.Key.Key_Escape)
    assert roles(assistant) == before


def test_of_a_file_with_200_000_rows_only_the_head_is_read(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = place.exports / "big.csv"
    big.write(path, 200_000)
    read = 0
    given = type(path).open

    class Counting:
        def __init__(self, stream: object) -> None:
            self._stream = stream

        def __getattr__(self, name: str) -> object:
            return getattr(self._stream, name)

        def __enter__(self) -> "Counting":
            return self

        def __exit__(self, *more: object) -> None:
            self._stream.close()  # type: ignore[attr-defined]

        def read(self, size: int = -1) -> bytes:
            nonlocal read
            chunk: bytes = self._stream.read(size)  # type: ignore[attr-defined]
            read += len(chunk)
            return chunk

    def counting(self: object, *more: object, **named: object) -> object:
        stream = given(self, *more, **named)  # type: ignore[arg-type, call-overload]
        return Counting(stream) if self == path else stream

    monkeypatch.setattr(type(path), "open", counting)
    assistant = place.at_files()
    assert len(outcomes(assistant)) == 20
    assert 0 < read < 2_000_000 < path.stat().st_size


def test_an_answer_in_xml_shows_what_it_names(place: Place) -> None:
    place.odd("317100.out")
    assistant = place.at_files()
    page = assistant.files_page
    assert page.preview.model.headings == ["Order", "Tracking number"]
    assert outcomes(assistant)[0] == "Would be written to 317100"
    assert not any(head.box.isVisible() for head in page.preview.headings.heads)
    assert "its file name is the order number" in said(page)
    assert not page.grid.delimiter.isVisible()
    assert page.grid.program.box.currentText() == "UPS WorldShip"


@pytest.mark.parametrize(
    ("name", "part"),
    [("doctype.out", "DOCTYPE"), ("feed.out", "no answer of WorldShip"), ("half.out", "is broken")],
)
def test_xml_that_is_no_answer_says_why(place: Place, name: str, part: str) -> None:
    place.odd(name)
    assert part in said(place.at_files().files_page)


def test_a_program_that_a_person_chose_is_not_proposed_away(place: Place) -> None:
    place.odd("worldship.csv")
    assistant = place.at_files()
    assistant.files_page.grid.program.box.setCurrentText("Another program")
    looked(assistant)
    assert assistant.files_page.grid.program.why == "Chosen by you."
    until(lambda: not assistant.files_page.looking.is_busy)
    assert assistant.reading.layout["preset"] == "generic"
