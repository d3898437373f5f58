"""Where rows stand in a grouped list, and the steps from one such list to the next."""

import random

import pytest

from app.core.states import JobState
from app.services.queue_lines import CauseGroup
from app.services.queue_page import Standing
from app.services.wording import Phase
from app.ui.queue.plan import Edit, Plan, edits, kept_in_order


def a_group(key: str, *ids: int) -> CauseGroup:
    kinds = ((Standing(JobState.FAILED, False, False), ids),)
    return CauseGroup(key, key, "Shop", "You", "", "12:00", Phase.NEEDS_YOU, False, ids, kinds)


def seen(plan: Plan) -> list[str | int]:
    """The list from top to bottom: keys of headers, numbers of rows."""
    found: list[str | int] = []
    for row in range(plan.count):
        place, job_id = plan.head(row), plan.id_at(row)
        assert (place is None) is (job_id is not None)
        found.append(job_id if job_id is not None else plan.groups[plan.place(row)].key)
    return found


def walked(old: Plan, new: Plan) -> list[str | int | None]:
    """The old list after the steps; None: a row that came."""
    rows: list[str | int | None] = list(seen(old))
    for step in edits(old, new):
        assert 0 <= step.row <= step.row + step.removed <= len(rows)
        rows[step.row : step.row + step.removed] = [None] * step.added
    return rows


def test_headers_stand_above_their_rows() -> None:
    plan = Plan([a_group("a", 9, 4), a_group("b", 7), a_group("c", 5, 3)], {"b": True})
    assert seen(plan) == ["a", 9, 4, "b", "c", 5, 3]
    assert [plan.row_of(one) for one in (9, 4, 7, 5, 3, 8)] == [1, 2, None, 5, 6, None]
    assert plan.ids(0, 4) == [9, 4]
    assert (plan.id_at(-1), plan.id_at(7), plan.head(7)) == (None, None, None)


def test_an_empty_list_has_no_rows() -> None:
    assert (Plan().count, Plan().id_at(0), Plan().head(0), Plan().ids(0, 9)) == (0, None, None, [])


@pytest.mark.parametrize(
    ("old", "new", "steps"),
    [
        ([a_group("a", 9, 7)], [a_group("a", 9, 7)], []),
        ([a_group("a", 9, 7)], [a_group("a", 9, 8, 7)], [Edit(2, 0, 1)]),
        ([a_group("a", 9, 8, 7)], [a_group("a", 9, 7)], [Edit(2, 1, 0)]),
        ([a_group("a", 9)], [a_group("a", 9), a_group("b", 7, 6)], [Edit(2, 0, 3)]),
        ([a_group("a", 9), a_group("b", 7)], [a_group("b", 7)], [Edit(0, 2, 0)]),
    ],
)
def test_only_what_changed_is_a_step(
    old: list[CauseGroup], new: list[CauseGroup], steps: list[Edit]
) -> None:
    assert edits(Plan(old), Plan(new)) == steps


@pytest.mark.parametrize("seed", range(40))
def test_steps_lead_to_the_new_list_and_keep_what_stays(seed: int) -> None:
    dice = random.Random(seed)

    def some_groups() -> list[CauseGroup]:
        ids = sorted(dice.sample(range(1, 60), 30), reverse=True)
        parts: dict[str, list[int]] = {}
        for job_id in ids:
            parts.setdefault(dice.choice("abcde"), []).append(job_id)
        return [a_group(key, *part) for key, part in sorted(parts.items()) if dice.random() < 0.8]

    def folds() -> dict[str, bool]:
        return {key: dice.random() < 0.3 for key in "abcde"}

    old = Plan(some_groups(), folds())
    new = Plan(kept_in_order(old, some_groups()), folds())
    after, wanted = walked(old, new), seen(new)
    assert len(after) == len(wanted)
    kept = [(one, other) for one, other in zip(after, wanted, strict=True) if one is not None]
    assert all(one == other for one, other in kept)
    stays = {
        (group.key, job_id) for place, group in enumerate(old.groups) for job_id in old.body(place)
    } & {
        (group.key, job_id) for place, group in enumerate(new.groups) for job_id in new.body(place)
    }
    assert len([one for one, _ in kept if isinstance(one, int)]) == len(stays)


def test_very_many_changes_of_a_group_are_one_step() -> None:
    old, new = range(1000, 0, -2), range(999, 0, -3)
    assert edits(Plan([a_group("a", *old)]), Plan([a_group("a", *new)])) == [
        Edit(1, len(old), len(new))
    ]


def test_known_groups_keep_their_order_and_new_ones_stand_where_they_are_sorted() -> None:
    old = Plan([a_group("a", 3), a_group("b", 2)])
    now = [a_group("x", 9), a_group("b", 2, 1), a_group("y", 8), a_group("a", 3)]
    assert [group.key for group in kept_in_order(old, now)] == ["x", "a", "b", "y"]
