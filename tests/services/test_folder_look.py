"""One look: what cannot be read, what lay there before, and a share that is away."""

from pathlib import Path
from typing import Any

import pytest

from app.models.attention import ItemKind
from app.services import folder_look
from tests.services.intake_bench import HEAD, IntakeBench, Watching, orders, row, rows


def test_bad_rows_wait_with_their_reasons_and_the_others_go_on(
    bench: IntakeBench, watching: Watching
) -> None:
    text = rows(1) + "316002,9.4E+21,Ground,N,20260921\n" + ",1Z2,Ground,N,20260921\n" + row(3)
    watching.put("ws.csv", text)
    watching.poll()
    assert orders(bench) == ["316001", "316003"]
    items = bench.open_items()
    assert [(item.kind, item.line) for item in items] == [
        (ItemKind.REJECTED_ROW, 3), (ItemKind.REJECTED_ROW, 4),
    ]  # fmt: skip
    assert items[0].text == "316002,9.4E+21,Ground,N,20260921"
    assert bench.items.one(items[0].id).where == "WorldShip: ws.csv, row 3"
    watching.put("ws.csv", text + row(4), later=60)
    watching.put("copy.csv", text, later=60)
    watching.poll()
    assert len(bench.open_items()) == 2  # neither the file nor its copy tells them again


def test_a_file_in_which_nothing_can_be_read_is_one_item(
    bench: IntakeBench, watching: Watching
) -> None:
    bad = HEAD + "".join(f"31600{n},9.4E+21,Ground,N,20260921\n" for n in range(9))
    watching.put("ws.csv", bad)
    watching.poll(5)
    (item,) = bench.open_items()
    assert (item.kind, item.line) == (ItemKind.REJECTED_FILE, 2)
    watching.put("ws.csv", rows(1), later=60)
    watching.poll()
    assert (orders(bench), bench.open_items()) == (["316001"], [])


def test_a_wrong_mapping_is_tried_again_when_it_is_mended(
    bench: IntakeBench, tmp_path: Path
) -> None:
    layout = {"columns": {"tracking": "Paket", "references": ["Order Number"]}}
    watching = Watching(bench, tmp_path / "export", layout=layout, start="all")
    watching.put("ws.csv", rows(1, 2))
    watching.poll(5)
    assert [item.kind for item in bench.open_items()] == [ItemKind.REJECTED_FILE]
    bench.service.edit(watching.folder, changes={"layout": {}}, actor="ann")
    watching.poll()
    assert (orders(bench), bench.open_items()) == (["316001", "316002"], [])


def test_what_was_found_out_about_the_first_file_is_kept(watching: Watching) -> None:
    watching.put("ws.csv", rows(1).replace(",", ";"))
    watching.poll()
    found = watching.status.settings.found
    assert (found["delimiter"], found["columns"]["tracking"]) == (";", "Tracking Number")


def test_a_file_of_another_kind_in_the_same_folder_is_read_too(
    bench: IntakeBench, watching: Watching
) -> None:
    watching.put("ws.csv", rows(1))
    watching.poll()
    watching.put("dhl.csv", "Invoice;Waybill\n316009;1234567891\n", later=60)
    watching.put("ws.csv", rows(1, 2), later=61)
    watching.poll()
    assert (orders(bench), bench.open_items()) == (["316001", "316009", "316002"], [])


def start(bench: IntakeBench, tmp_path: Path, **settings: Any) -> Watching:
    """A folder with history: an old and a younger file, added now."""
    watching = Watching(bench, tmp_path / "export", **settings)
    watching.put("old.csv", HEAD + row(1, day="20260801"), later=-40 * 86_400)
    watching.put("new.csv", HEAD + row(2, day="20260801") + row(3), later=-2 * 86_400)
    watching.poll()
    return watching


def test_from_now_on_reads_nothing_that_lay_there(bench: IntakeBench, tmp_path: Path) -> None:
    watching = start(bench, tmp_path)
    assert orders(bench) == []
    watching.put("new.csv", HEAD + row(2, day="20260801") + row(3) + row(4), later=60)
    watching.poll()
    assert orders(bench) == ["316004"]


def test_a_history_that_is_written_anew_is_known(bench: IntakeBench, tmp_path: Path) -> None:
    watching = start(bench, tmp_path)
    watching.put("new.csv", HEAD + row(4) + row(3) + row(2), later=60)
    watching.poll()
    assert orders(bench) == ["316004"]  # row 2 has another day now, and is the same parcel


def test_the_last_days_go_by_file_and_by_row(bench: IntakeBench, tmp_path: Path) -> None:
    start(bench, tmp_path, start="days", start_days=7)
    assert orders(bench) == ["316003"]


def test_all_of_the_history_is_read_on_wish(bench: IntakeBench, tmp_path: Path) -> None:
    start(bench, tmp_path, start="all")
    assert orders(bench) == ["316001", "316002", "316003"]


def test_a_folder_that_is_gone_is_not_an_empty_one(bench: IntakeBench, watching: Watching) -> None:
    watching.put("ws.csv", rows(1))
    watching.poll()
    away = watching.path.rename(watching.path.with_name("away"))
    with pytest.raises(FileNotFoundError):
        watching.look()
    away.rename(watching.path)
    watching.poll()
    assert orders(bench) == ["316001"]


def test_an_empty_mount_point_is_not_the_share(
    watching: Watching, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(folder_look, "mount_of", lambda path: "/another/disk")
    with pytest.raises(OSError, match="is not there"):
        watching.look()
