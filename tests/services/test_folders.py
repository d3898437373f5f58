"""Watch folders as people handle them."""

import pytest

from app.core.errors import UsageError
from tests.services.intake_bench import IntakeBench, Watching, orders, row, rows


def test_two_folders_have_two_names_and_two_paths(bench: IntakeBench, watching: Watching) -> None:
    with pytest.raises(UsageError) as caught:
        Watching(bench, watching.path.with_name("other"), name="worldship")
    assert caught.value.code == "folder_name_taken"
    with pytest.raises(UsageError) as caught:
        Watching(bench, watching.path, name="Other")
    assert caught.value.code == "folder_path_taken"


def test_a_folder_that_is_not_there_is_refused(bench: IntakeBench, watching: Watching) -> None:
    with pytest.raises(UsageError) as caught:
        bench.service.edit(watching.folder, path=watching.path / "no", actor="ann")
    assert caught.value.code == "folder_not_there"


def test_a_folder_with_another_name_remembers_its_rows(
    bench: IntakeBench, watching: Watching
) -> None:
    watching.put("ws.csv", rows(1))
    watching.poll()
    bench.service.edit(watching.folder, name="UPS", actor="ann")
    watching._name = "UPS"
    watching.put("again.csv", rows(1), later=60)
    watching.poll()
    assert orders(bench) == ["316001"]


def test_a_trial_says_what_would_be_written(bench: IntakeBench, watching: Watching) -> None:
    text = rows(1) + row(2, void="Y") + "316003,9.4E+21,Ground,N,20260921\n"
    watching.put("ws.csv", text)
    trial = bench.service.try_out(watching.path, watching.status.settings)
    assert [(one.line, one.order, one.will_write) for one in trial.rows] == [
        (2, "316001", True), (3, "316002", False), (4, "", False),
    ]  # fmt: skip
    assert trial.rows[1].reason == "Void: not written; takes its label back"
    assert "9.4E+21" in trial.rows[2].reason
    assert ("delimiter", ",") in [(what, value) for what, value, _ in trial.guesses]
    assert orders(bench) == []
