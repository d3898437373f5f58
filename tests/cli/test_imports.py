"""`import`, `attention` and `folder` as people and scripts use them."""

from pathlib import Path

import pytest

from tests.cli.console import Console, Desk

HEAD = "Ref1,Tracking,Service,Void,Timestamp\n"
GOOD = "316990,1ZA1B2C30345678903,GND,N,20261120153012\n"
OTHER = "316991,1ZA1B2C30345678912,GND,N,20261120154500\n"
VOID = "316991,1ZA1B2C30345678912,GND,Y,20261120154500\n"
BAD = "316992,9.4E+21,GND,N,20261120154500\n"


@pytest.fixture
def export(tmp_path: Path, desk: Desk) -> Path:
    """A carrier's file beside a data folder with one connection."""
    folder = tmp_path / "export"
    folder.mkdir()
    file = folder / "ws.csv"
    file.write_text(HEAD + GOOD + OTHER + VOID, encoding="utf-8")
    return file


def test_a_file_is_imported_and_the_second_time_adds_nothing(
    backhaul: Console, export: Path
) -> None:
    said = backhaul.ok("import", str(export))
    assert "ws.csv: 1 entered, 2 void for Front desk" in said.lines
    assert said.lines[-1].startswith("Nothing is running to send them.")
    again = backhaul.ok("import", str(export))
    assert again.lines[-1] == "ws.csv: 3 read before for Front desk"
    (row,) = backhaul.ok("queue", "list", "--json").rows
    assert (row["order"], row["tracking"]) == ("316990", "1ZA1B2C30345678903")


def test_costs_that_are_not_sent_by_choice_are_said_once(backhaul: Console, export: Path) -> None:
    costs = "Ref1,Tracking,Cost\n316990,1ZA1B2C30345678903,8.40\n"
    export.write_text(costs, encoding="utf-8")
    kept = (
        "Kept with the rows, but not sent: shipping cost "
        "(switched off in the settings of Front desk)"
    )
    assert kept in backhaul.ok("import", str(export)).lines
    assert kept not in backhaul.ok("import", str(export)).lines


def test_queue_show_says_where_a_row_came_from(backhaul: Console, export: Path) -> None:
    backhaul.ok("import", str(export))
    assert f"  From      {export}, row 2" in backhaul.ok("queue", "show", "316990").lines
    (row,) = backhaul.ok("queue", "show", "316990", "--json").rows
    assert row["from"] == f"{export}, row 2"


def test_a_voided_row_says_so(backhaul: Console, export: Path) -> None:
    backhaul.ok("import", str(export))
    (row,) = backhaul.ok("queue", "list", "--state", "bin", "--json").rows
    assert row["text"] == "Removed: the label was voided before its number was sent"


def test_rejected_rows_are_named_and_wait(backhaul: Console, export: Path) -> None:
    export.write_text(HEAD + GOOD + BAD, encoding="utf-8")
    said = backhaul("import", str(export))
    assert said.code == 1
    assert said.err == "1 row was rejected. See them with: backhaul attention list\n"
    assert "ws.csv: 1 entered, 1 rejected for Front desk" in said.lines
    assert "  Row 3: A spreadsheet damaged the number “9.4E+21”" in said.lines
    (item,) = backhaul.ok("attention", "list", "--json").rows
    assert (item["kind"], item["file"], item["line"]) == ("rejected_row", str(export), 3)
    assert item["row_text"] == BAD.strip()


def test_the_summary_of_an_import_has_stable_keys(backhaul: Console, export: Path) -> None:
    export.write_text(HEAD + GOOD + BAD, encoding="utf-8")
    said = backhaul("import", str(export), "--json")
    (summary,) = said.rows
    (rejected,) = summary.pop("rejected_rows")
    assert list(rejected) == ["line", "text", "cause", "reason"]
    assert summary == {
        "file": str(export), "connection": "Front desk", "entered": 1, "repeated": 0, "known": 0,
        "updated": 0, "voided": 0, "returns": 0, "older": 0, "rejected": 1,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", ()),
        ("just some text\nand some more\n", ()),
        (HEAD + GOOD, ("--map", "tracking=Paketnummer")),
        (HEAD + BAD + BAD.replace("992", "993"), ()),
    ],
)
def test_a_file_that_is_none_enters_nothing_and_says_why(
    backhaul: Console, export: Path, content: str, words: tuple[str, ...]
) -> None:
    export.write_text(content, encoding="utf-8")
    assert len(backhaul.fails("import", str(export), *words)) > 30
    assert backhaul.ok("queue", "list", "--json").rows == []
    assert backhaul.ok("attention", "list", "--json").rows == []  # the person was told


def test_a_file_that_is_not_there(backhaul: Console, desk: Desk, tmp_path: Path) -> None:
    text = backhaul.fails("import", str(tmp_path / "no.csv"))
    assert text.startswith(f"{tmp_path / 'no.csv'}: No such file or directory.")


def test_columns_are_mapped_by_name_or_number(backhaul: Console, export: Path) -> None:
    export.write_text("316990;x;1ZA1B2C30345678903\n", encoding="utf-8")
    backhaul.ok(
        "import", str(export), "--no-header", "--delimiter", "semicolon",
        "--map", "tracking=3", "--map", "reference=1",
    )  # fmt: skip
    assert len(backhaul.ok("queue", "list", "--json").rows) == 1


@pytest.mark.parametrize("mapping", ["colour=3", "tracking", "=3"])
def test_a_mapping_that_makes_no_sense_is_wrong_usage(
    backhaul: Console, export: Path, mapping: str
) -> None:
    assert backhaul("import", str(export), "--map", mapping).code == 2


def test_items_are_resolved_and_ignored_with_who_and_why(backhaul: Console, export: Path) -> None:
    export.write_text(HEAD + GOOD + BAD + BAD.replace("992", "993"), encoding="utf-8")
    backhaul("import", str(export))
    assert backhaul.ok("attention", "resolve", "1", "--reason", "typed in").lines == [
        "Item 1: resolved"
    ]
    assert backhaul("attention", "ignore", "1").err == "Item 1 was closed already\n"
    assert backhaul.ok("attention", "ignore", "--all").lines == ["1 item: ignored"]
    assert backhaul.ok("attention", "list").lines == ["Nothing waits for you"]
    closed = backhaul.ok("attention", "list", "--closed", "--json").rows
    assert [(one["state"], one["actor"], one["note"]) for one in closed] == [
        ("ignored", "ann", ""), ("resolved", "ann", "typed in"),
    ]  # fmt: skip
    backhaul("import", str(export))
    assert backhaul.ok("attention", "list", "--json").rows == []  # it does not come back


def test_an_item_is_shown_with_its_row(backhaul: Console, export: Path) -> None:
    export.write_text(HEAD + GOOD + BAD, encoding="utf-8")
    backhaul("import", str(export))
    lines = backhaul.ok("attention", "show", "1").lines
    assert lines[0].startswith("Item 1, row not read: A spreadsheet damaged the number")
    assert f"  The row     {BAD.strip()}" in lines
    assert "There is no attention item 9" in backhaul.fails("attention", "show", "9")


def test_a_carrier_name_is_mapped(backhaul: Console, export: Path) -> None:
    export.write_text(
        "Order,Tracking Number,Carrier\n316990,ABC12345678,Speedy\n", encoding="utf-8"
    )
    backhaul("import", str(export))
    (item,) = backhaul.ok("attention", "list", "--json").rows
    assert "backhaul attention resolve 1 --carrier CODE" in item["hint"]
    assert "There are: usps, ups" in backhaul.fails("attention", "resolve", "1", "--carrier", "x")
    backhaul.ok("attention", "resolve", "1", "--carrier", "UPS")
    assert backhaul.ok("attention", "list", "--json").rows == []


def test_a_folder_is_added_tried_shown_edited_and_removed(backhaul: Console, export: Path) -> None:
    said = backhaul.ok("folder", "add", "Desk 1", str(export.parent), "--preset", "worldship")
    assert said.lines[0] == f"Desk 1: {export.parent} is watched for Front desk"
    said = backhaul.ok("folder", "test", "Desk 1")
    assert "316990  1ZA1B2C30345678903  GND" in said.out
    assert "would be written" in said.out
    assert "Void: not written; takes its label back" in said.out
    (trial,) = backhaul.ok("folder", "test", "Desk 1", "--json").rows
    assert [row["will_write"] for row in trial["rows"]] == [True, True, False]
    backhaul.ok("folder", "edit", "Desk 1", "--mode", "take", "--prefix", "INV-")
    (folder,) = backhaul.ok("folder", "list", "--json").rows
    assert (folder["mode"], folder["prefix"], folder["light"]) == ("take", "INV-", "none")
    assert folder["layout"]["columns"]["tracking"] == "Tracking"
    assert "tracking column" in backhaul.ok("folder", "show", "desk 1").out
    backhaul.ok("folder", "remove", "Desk 1")
    assert backhaul.ok("folder", "list").lines == [
        "No folder is watched yet. Watch one: backhaul folder add NAME FOLDER"
    ]
    assert backhaul.ok("queue", "list", "--json").rows == []
    assert "There is no watch folder “Desk 1”" in backhaul.fails("folder", "show", "Desk 1")


def test_a_folder_that_is_away_is_added_on_wish(
    backhaul: Console, desk: Desk, tmp_path: Path
) -> None:
    path = tmp_path / "share"
    assert "is no folder that can be read" in backhaul.fails("folder", "add", "S", str(path))
    backhaul.ok("folder", "add", "S", str(path), "--anyway")


def test_nothing_to_edit_is_wrong_usage(backhaul: Console, export: Path) -> None:
    backhaul.ok("folder", "add", "A", str(export.parent))
    assert backhaul("folder", "edit", "A").code == 2
