"""What a person is shown before a file is read for the first time."""

import io
from typing import Any

import pytest

from app.core.errors import UsageError
from app.core.intake import RejectedRow, ShipmentRecord
from app.integrations.carrier_files import (
    PRESETS,
    SENTENCES,
    Columns,
    Examination,
    Layout,
    examine,
    layout_from_plain,
    layout_to_plain,
    parse,
)
from tests.integrations.carrier_files.files import FOLDER, ZONE


def look(name: str, layout: Layout | None = None, **more: Any) -> Examination:
    with (FOLDER / name).open("rb") as stream:
        return examine(stream, layout or Layout(), zone=ZONE, **more)


def text(content: str, layout: Layout | None = None) -> Examination:
    return examine(io.BytesIO(content.encode()), layout or Layout(), zone=ZONE)


def warnings(seen: Examination) -> set[str]:
    return {note.code for note in seen.warnings}


def guessed(seen: Examination) -> dict[str, str]:
    return {guess.what: guess.value for guess in seen.guesses}


def test_a_worldship_export_is_understood_by_its_names() -> None:
    seen = look("worldship.csv", Layout(preset="worldship"))
    assert seen.is_ready
    assert seen.header == ("Ref1", "Tracking", "Service", "Void", "Timestamp", "Pkgs", "Lead")
    assert seen.layout.columns == Columns(
        tracking="Tracking", references=("Ref1",), service="Service", ship_date="Timestamp",
        void="Void", packages="Pkgs", master_tracking="Lead",
    )  # fmt: skip
    assert seen.layout.carrier == "UPS"
    assert guessed(seen) | {"encoding": "utf-8", "delimiter": ",", "has_header": "yes"} == guessed(
        seen
    )
    assert warnings(seen) == {"preset_worldship"}


def test_the_first_rows_are_shown_as_they_stand_and_as_what_they_become() -> None:
    seen = look("seventeen_broken.csv", shown=5)
    assert seen.rows[0][:3] == ("400000", "1ZA1B2C30345678903", "GND")
    assert seen.rows[1][:2] == ("400100", "")
    assert [type(one.found) for one in seen.found] == [
        ShipmentRecord, RejectedRow, ShipmentRecord, ShipmentRecord, RejectedRow,
    ]  # fmt: skip
    note = next(note for note in seen.warnings if note.code == "rows_rejected")
    assert note.params == {"count": 2, "total": 5, "line": 3}


def test_worldship_without_a_void_column_is_warned_of() -> None:
    columns = Columns(tracking="Tracking", references=("Ref1",), ship_date="Timestamp")
    seen = look("worldship.csv", Layout(preset="worldship", columns=columns))
    assert seen.is_ready
    assert "void_unmapped" in warnings(seen)
    assert "void_unmapped" not in warnings(look("worldship.csv", Layout(columns=columns)))


def test_columns_a_person_left_away_are_not_proposed_again() -> None:
    columns = Columns(tracking="Tracking", references=("Ref1",))
    assert look("worldship.csv", Layout(columns=columns)).layout.columns == columns


@pytest.mark.parametrize(
    ("name", "encoding", "delimiter", "has_header"),
    [
        ("utf16_le.csv", "utf-16-le", ",", True),
        ("utf16_be_no_mark.csv", "utf-16-be", ",", True),
        ("utf8_mark.csv", "utf-8", ",", True),
        ("semicolon_western.csv", "cp1252", ";", True),
        ("postage_log.txt", "utf-8", "\t", True),
        ("no_header_pipe.txt", "utf-8", "|", False),
        ("excel_sep.csv", "utf-8", ";", True),
        ("quoted_newline.csv", "utf-8", ",", True),
        ("half_quote.csv", "utf-8", ",", True),
    ],
)
def test_encoding_delimiter_and_header_are_found_out(
    name: str, encoding: str, delimiter: str, has_header: bool
) -> None:
    layout = look(name).layout
    assert (layout.encoding, layout.delimiter, layout.has_header) == (
        encoding, delimiter, has_header,
    )  # fmt: skip


def test_dates_open_to_two_readings_must_be_settled_first() -> None:
    seen = look("dates_open.csv")
    assert [note.code for note in seen.errors] == ["date_order_open"]
    assert look("dates_open.csv", Layout(date_order="dmy")).is_ready
    assert look("dates_told.csv").layout.date_order == "mdy"


def test_amounts_open_to_two_readings_must_be_settled_first() -> None:
    head = "Order Number;Tracking Number;Postage\n"
    seen = text(head + "1;1ZA1B2C30345678903;1,234\n")
    assert [note.code for note in seen.errors] == ["amount_mark_open"]
    more = text(head + "1;1ZA1B2C30345678903;1,234\n2;1ZA1B2C30345678912;8,40\n")
    assert more.layout.decimal_mark == ","
    mixed = text(head + "1;1ZA1B2C30345678903;8.40\n2;1ZA1B2C30345678912;8,40\n")
    assert not mixed.is_ready


def test_an_unmapped_file_says_which_column_is_missing_and_shows_its_rows() -> None:
    seen = look("no_header_pipe.txt")
    assert [(note.code, note.params) for note in seen.errors] == [
        ("file_unmapped", {"meaning": "tracking number"})
    ]
    assert (seen.width, len(seen.rows), seen.found) == (3, 2, ())


def test_a_status_column_is_taken_for_voids_only_when_its_words_say_so() -> None:
    assert look("postage_log.txt").layout.columns.void is None
    seen = text("Order,Tracking,Status\n1,1ZA1B2C30345678903,Voided\n2,1ZA1B2C30345678912,N\n")
    assert seen.layout.columns.void == "Status"


def test_names_that_stand_twice_are_proposed_by_number() -> None:
    seen = look("header_twice.csv")
    assert seen.layout.columns.references == (1, 3)
    assert "header_twice" in warnings(seen)


def test_an_order_number_goes_before_other_references() -> None:
    seen = text("Ref 1,PO Number,Invoice No.,Tracking #\nA,B,C,1ZA1B2C30345678903\n")
    assert seen.layout.columns.references == ("Invoice No.", "Ref 1", "PO Number")
    assert seen.layout.columns.tracking == "Tracking #"


def test_a_tracking_column_full_of_something_else_is_remarked_on() -> None:
    columns = Columns(tracking="Service", references=("Ref1",))
    assert "tracking_unlike" in warnings(look("worldship.csv", Layout(columns=columns)))
    assert "tracking_unlike" not in warnings(look("worldship.csv"))


@pytest.mark.parametrize("name", sorted(PRESETS))
def test_what_is_not_verified_about_a_preset_is_said(name: str) -> None:
    said = warnings(look("worldship.csv", Layout(preset=name)))
    assert (f"preset_{name}" in said) is (name != "generic")


def test_a_look_at_a_long_file_reads_its_beginning_only() -> None:
    row = "1,1ZA1B2C30345678903\n"

    class Counting(io.BytesIO):
        taken = 0

        def read(self, size: int | None = -1, /) -> bytes:
            data = super().read(size)
            self.taken += len(data)
            return data

    stream = Counting(("Order,Tracking\n" + row * 500_000).encode())
    assert examine(stream, Layout(), zone=ZONE).is_ready
    assert stream.taken < 1_500_000  # of 10 MB


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "file_empty"),
        (b"%PDF-1.7 ...", "file_pdf"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "file_workbook"),
        (b"a,b\x00c\n" * 3, "file_no_text"),
        (b"x" * 3_000_000, "file_no_lines"),
    ],
)
def test_what_is_no_list_of_parcels_is_refused(content: bytes, code: str) -> None:
    layout = Layout(columns=Columns(tracking=1, references=(1,)), has_header=False, delimiter=",")
    with pytest.raises(UsageError, match=code):
        parse(io.BytesIO(content), layout_to_plain(layout), "x", {}, is_final=True)
    if code != "file_no_lines":  # which shows only further on
        with pytest.raises(UsageError, match=code):
            examine(io.BytesIO(content), layout, zone=ZONE)


def test_an_unknown_encoding_is_refused_by_name() -> None:
    with pytest.raises(UsageError, match="file_encoding"):
        look("worldship.csv", Layout(encoding="utf-7"))


def test_a_layout_is_stored_and_comes_back() -> None:
    for name in ("worldship.csv", "header_twice.csv", "dates_told.csv"):
        layout = look(name).layout
        assert layout_from_plain(layout_to_plain(layout)) == layout
    assert layout_to_plain(Layout()) == {}
    assert layout_from_plain({"later": 1, "columns": {"later": 2, "tracking": 1}}) == Layout(
        columns=Columns(tracking=1)
    )


def test_every_code_of_a_look_has_its_sentence() -> None:
    files = [path for path in FOLDER.iterdir() if path.suffix in (".csv", ".txt")]
    codes = set()
    for path in files:
        for preset in ("", *PRESETS):
            try:
                seen = look(path.name, Layout(preset=preset))
            except UsageError as error:
                codes.add(error.code)
                continue
            codes |= {note.code for note in (*seen.warnings, *seen.errors)}
            codes |= {guess.why for guess in seen.guesses}
    assert len(codes) > 20
    # what a file may raise that is worded by the program itself
    assert codes - set(SENTENCES) == set()
