"""Files as they really come: each lies on disk, byte for byte, and is read whole."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from app.core.errors import UsageError
from app.core.intake import group_key
from app.core.words import Catalogue
from app.integrations.carrier_files import SENTENCES, Columns, Layout
from tests.integrations.carrier_files.files import (
    FOLDER,
    brief,
    first_bad,
    numbers,
    only,
    read,
    reasons,
)

LEAD, SECOND, VOIDED = "1ZA1B2C30345678903", "1ZA1B2C30345678912", "1ZA1B2C30145678925"


def test_a_worldship_export_gives_one_record_a_parcel_and_one_for_the_void() -> None:
    parsed = read("worldship.csv", Layout(preset="worldship"))
    assert brief(parsed) == [
        (2, "316990", LEAD), (3, "316990", SECOND), (4, "316991", VOIDED), (5, "316991", VOIDED),
    ]  # fmt: skip
    first, second, label, void = (record for _, record in parsed.records)
    assert [label.is_void, void.is_void] == [False, True]
    assert label.source_key != void.source_key
    assert group_key(first) == group_key(second) != group_key(label)
    assert (first.carrier, first.carrier_raw, first.service) == ("ups", "UPS", "GND")
    assert (first.packages, first.master_tracking) == (2, LEAD)
    assert first.ship_date == date(2026, 11, 20)
    moment = datetime(2026, 11, 20, 20, 30, 12, tzinfo=UTC)  # 15:30:12 in New York
    assert first.shipped_at == moment.timestamp() * 1000
    assert parsed.rejected == []


@pytest.mark.parametrize("name", ["utf16_le.csv", "utf16_be_no_mark.csv"])
def test_utf_16_gives_the_same_records(name: str) -> None:
    parsed, plain = read(name), read("worldship.csv")
    assert brief(parsed) == brief(plain)
    assert [one.source_key for _, one in parsed.records] == [
        one.source_key for _, one in plain.records
    ]
    assert parsed.position["offset"] == (FOLDER / name).stat().st_size


def test_utf_16_keeps_its_letters() -> None:
    assert [one.service for _, one in read("utf16_le.csv").records[:2]] == ["Grüß", "Grüß"]


def test_a_byte_order_mark_is_no_part_of_the_first_name() -> None:
    assert [line for line, _, _ in brief(read("utf8_mark.csv"))] == [2, 3]
    assert [ref for _, ref, _ in brief(read("utf8_mark.csv"))] == ["5001", "5002"]


def test_semicolons_western_letters_and_a_comma_for_decimals() -> None:
    columns = Columns(
        tracking="tracking NO", references=("Bestellung",), service="Service", carrier="Carrier",
        ship_date="Ship Date", cost="Postage",
    )  # fmt: skip
    layout = Layout(columns=columns, date_order="dmy", decimal_mark=",")
    one, two = (record for _, record in read("semicolon_western.csv", layout).records)
    assert (one.order_ref, one.service, one.carrier) == ("A-7", "Straße", "ups")
    assert (one.cost, one.ship_date, one.shipped_at) == (Decimal("8.40"), date(2026, 11, 25), None)
    assert (two.service, two.cost, two.carrier) == ("„Müller“", Decimal("1234.50"), "fedex")
    assert two.ship_date == date(2026, 12, 3)


def test_every_kind_of_line_end_in_one_file() -> None:
    found = [(line, ref) for line, ref, _ in brief(read("line_ends_mixed.csv"))]
    assert found == [(2, "6001"), (3, "6002"), (5, "6003"), (7, "6004"), (8, "6005")]
    assert [ref for _, ref, _ in brief(read("line_ends_cr.csv"))] == ["6001", "6002"]


def test_a_void_may_come_before_its_label() -> None:
    void, label, other = (record for _, record in read("void_first.csv").records)
    assert void.is_void
    assert not label.is_void
    assert void.tracking == label.tracking != other.tracking
    assert void.shipped_at is not None
    assert label.shipped_at is not None
    assert void.shipped_at > label.shipped_at


def test_numbers_that_a_spreadsheet_damaged_are_never_repaired() -> None:
    parsed = read("spreadsheet_damage.csv")
    assert reasons(parsed) == [
        (2, "number_scientific"),
        (3, "number_scientific"),
        (4, "number_rounded"),
        (8, "number_scientific"),  # the reference
        (9, "number_rounded"),
    ]
    assert first_bad(parsed).params == {"value": "9.4E+21"}
    assert first_bad(parsed).text == "7001,9.4E+21,N"


def test_wrappers_and_apostrophes_are_taken_off() -> None:
    parsed = read("spreadsheet_damage.csv")
    assert brief(parsed)[:2] == [
        (5, "7004", "9400111899560000000120"),
        (6, "7005", "9400111899560000000120"),
    ]
    assert brief(parsed)[2][:2] == (7, "0007006")
    assert parsed.records[0][1].tracking_raw == '="9400111899560000000120"'


@pytest.mark.parametrize("name", ["half_line.csv", "half_number.csv", "half_reference.csv"])
def test_what_a_finished_file_breaks_off_in_is_rejected(name: str) -> None:
    parsed = read(name)
    assert [code for _, code in reasons(parsed)] == ["row_cut"]
    assert first_bad(parsed).line_no > max(line for line, _, _ in brief(parsed))
    assert parsed.position["offset"] == first_bad(parsed).offset


def test_a_quoted_cell_that_breaks_off_is_rejected() -> None:
    parsed = read("half_quote.csv")
    assert reasons(parsed) == [(3, "row_quote")]
    assert [ref for _, ref, _ in brief(parsed)] == ["8001"]
    assert parsed.position["offset"] == first_bad(parsed).offset


def test_line_breaks_inside_quotes_are_part_of_the_cell() -> None:
    assert [(line, ref) for line, ref, _ in brief(read("quoted_newline.csv"))] == [
        (2, "9001"), (5, "9002"),
    ]  # fmt: skip


def test_an_open_quote_costs_its_own_row_and_no_other() -> None:
    parsed = read("open_quote.csv")
    assert [(line, ref) for line, ref, _ in brief(parsed)] == [
        (2, "9101"), (4, "9103"), (5, "9104"), (6, "9105"),
    ]  # fmt: skip
    assert reasons(parsed) == [(3, "row_quote")]
    assert first_bad(parsed).text.startswith("9102,")


def test_blank_lines_and_repeated_headers_are_passed_over() -> None:
    parsed = read("header_repeated.csv")
    assert [(line, ref) for line, ref, _ in brief(parsed)] == [
        (2, "9201"), (5, "9202"), (8, "9203"),
    ]  # fmt: skip
    assert parsed.rejected == []


def test_columns_of_one_name_are_addressed_by_number() -> None:
    columns = Columns(tracking="Tracking Number", references=(3, 1), void="Void")
    parsed = read("header_twice.csv", Layout(columns=columns))
    assert [record.references for _, record in parsed.records] == [
        ("9301", "PO-1"), ("9302", "PO-2"),
    ]  # fmt: skip


def test_a_name_that_stands_twice_is_refused() -> None:
    columns = Columns(tracking="Tracking Number", references=("reference",))
    with pytest.raises(UsageError) as caught:
        read("header_twice.csv", Layout(columns=columns))
    assert caught.value.code == "file_column_twice"
    assert caught.value.params == {"column": "reference", "numbers": "1, 3"}


def test_a_byte_nobody_can_read_matters_in_mapped_columns_only() -> None:
    parsed = read("undecodable.csv")
    assert [(line, ref) for line, ref, _ in brief(parsed)] == [(2, "9401"), (5, "9404")]
    assert reasons(parsed) == [(3, "cell_undecodable"), (4, "tracking_characters")]


def test_seventeen_broken_rows_do_not_stop_the_forty_good_ones() -> None:
    parsed = read("seventeen_broken.csv", Layout(preset="worldship"))
    assert [ref for _, ref, _ in brief(parsed)] == [str(400000 + n) for n in range(40)]
    assert [code for _, code in reasons(parsed)] == [
        "tracking_empty", "order_empty", "number_scientific", "number_rounded", "void_unknown",
        "date_unreadable", "date_unreadable", "date_unreadable", "tracking_characters",
        "tracking_too_long", "number_scientific", "tracking_empty", "number_scientific",
        "date_unreadable", "row_quote", "row_short", "row_short",
    ]  # fmt: skip
    assert [line for line, _ in reasons(parsed)] == list(range(3, 54, 3))
    raw = (FOLDER / "seventeen_broken.csv").read_bytes()
    for row in parsed.rejected:
        assert raw[row.offset :].decode().startswith(row.text)


def test_columns_by_number_without_a_header() -> None:
    columns = Columns(tracking=2, references=(1,), carrier=3)
    parsed = read("no_header_pipe.txt", Layout(columns=columns, has_header=False))
    assert [(line, ref) for line, ref, _ in brief(parsed)] == [(1, "9501"), (2, "9502")]


def test_a_postage_log_with_tabs_zip_codes_and_currency_signs() -> None:
    parsed = read("postage_log.txt", Layout(preset="usps"))
    assert numbers(parsed) == ["9400111899560000000120"] * 2
    one, two = (record for _, record in parsed.records)
    assert (one.cost, two.cost) == (Decimal("8.40"), Decimal("4.10"))
    assert one.ship_date == date(2026, 11, 28)
    moment = datetime(2026, 11, 28, 20, 5, tzinfo=UTC)
    assert one.shipped_at == moment.timestamp() * 1000


def test_dates_that_can_be_read_in_two_ways_stop_the_file() -> None:
    with pytest.raises(UsageError) as caught:
        read("dates_open.csv")
    assert caught.value.code == "date_order_open"


@pytest.mark.parametrize(("order", "day"), [("dmy", date(2026, 4, 3)), ("mdy", date(2026, 3, 4))])
def test_the_chosen_order_of_dates_is_kept_to(order: str, day: date) -> None:
    parsed = read("dates_open.csv", Layout(date_order=order))
    assert parsed.records[0][1].ship_date == day


def test_dates_are_not_guessed_row_by_row() -> None:
    columns = Columns(tracking="Tracking Number", references=("Order Number",), ship_date=3)
    layout = Layout(columns=columns, has_header=True, delimiter=",")
    parsed = read("dates_told.csv", layout)
    assert reasons(parsed) == [(2, "date_order"), (3, "date_order")]
    one, two = (r for _, r in read("dates_told.csv", Layout(date_order="mdy")).records)
    assert (one.ship_date, two.ship_date) == (date(2026, 3, 4), date(2026, 5, 26))
    wrong = read("dates_told.csv", Layout(date_order="dmy"))
    assert reasons(wrong) == [(3, "date_unreadable")]


def test_the_line_in_which_excel_is_told_the_delimiter() -> None:
    assert only(read("excel_sep.csv")).order_ref == "9801"


def test_several_orders_in_one_cell_only_with_the_chosen_separator() -> None:
    whole = read("many_orders.csv")
    assert [ref for _, ref, _ in brief(whole)] == ["9901 / 9902", "9903"]
    split = read("many_orders.csv", Layout(separator="/"))
    assert [(line, ref) for line, ref, _ in brief(split)] == [
        (2, "9901"), (2, "9902"), (3, "9903"),
    ]  # fmt: skip
    assert len({record.source_key for _, record in split.records}) == 3
    assert len(set(numbers(split))) == 2


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("empty.csv", "file_empty"),
        ("blank.csv", "file_empty"),
        ("workbook.csv", "file_workbook"),
        ("doctype.out", "xml_refused"),
        ("half.out", "xml_unreadable"),
        ("feed.out", "xml_foreign"),
        ("no_header_pipe.txt", "file_unmapped"),
    ],
)
def test_a_file_that_cannot_be_read_gives_one_reason(name: str, code: str) -> None:
    with pytest.raises(UsageError) as caught:
        read(name)
    assert caught.value.code == code


def test_columns_that_are_not_there_are_named() -> None:
    columns = Columns(tracking="Label", references=("Ref1",))
    with pytest.raises(UsageError) as caught:
        read("worldship.csv", Layout(columns=columns))
    assert caught.value.code == "file_column_missing"
    assert caught.value.params["column"] == "Label"
    assert "Tracking" in str(caught.value.params["names"])
    with pytest.raises(UsageError) as caught:
        read("worldship.csv", Layout(columns=Columns(tracking=9, references=(1,))))
    assert (caught.value.code, caught.value.params) == (
        "file_column_number", {"column": 9, "count": 7},
    )  # fmt: skip


def test_an_answer_of_worldship_gives_every_number_under_the_files_name() -> None:
    parsed = read("317100.out")
    first, second = (record for _, record in parsed.records)
    assert (first.tracking, second.tracking) == (LEAD, SECOND)
    assert first.references == second.references == ("317100",)
    assert (first.carrier, first.packages, second.package_index) == ("ups", 2, 2)
    assert group_key(first) == group_key(second)


def test_an_answer_may_name_the_order_in_an_element() -> None:
    parsed = read("317100.out", Layout(columns=Columns(references=("Reference1",))))
    assert parsed.records[0][1].references == ("PO 77",)


def test_an_answer_without_a_number_is_rejected_with_what_worldship_says() -> None:
    parsed = read("317101.out")
    assert parsed.records == []
    assert reasons(parsed) == [(1, "label_failed")]
    assert first_bad(parsed).params == {
        "message": "The postal code 9000X is invalid.", "order": "317101",
    }  # fmt: skip


def test_every_reason_reads_as_a_whole_sentence() -> None:
    catalogue, seen = Catalogue(SENTENCES), set()
    for path in sorted(FOLDER.glob("*.*")):
        if path.suffix == ".py":
            continue
        try:
            found = [(row.code, row.params) for row in read(path.name).rejected]
        except UsageError as error:
            found = [(error.code, error.params)]
        for code, params in found:
            said = catalogue.say(code, params)
            assert code in catalogue.codes()
            assert "?" not in said.summary + said.hint, (path.name, code)
            assert said.hint
            seen.add(code)
    assert {"row_quote", "row_cut", "row_short", "label_failed", "xml_refused"} <= seen
