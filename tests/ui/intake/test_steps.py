"""A list of items goes over into the next one, wherever rows go and come."""

from array import array
from random import Random

import pytest

from app.ui.intake.steps import MOST, Step, steps


def numbers(*values: int) -> "array[int]":
    return array("q", values)


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        (numbers(), numbers(), []),
        (numbers(3, 2, 1), numbers(3, 2, 1), []),
        (numbers(), numbers(2, 1), [Step(0, 0, 2)]),
        (numbers(2, 1), numbers(), [Step(0, 2, 0)]),
        (numbers(2, 1), numbers(4, 3, 2, 1), [Step(0, 0, 2)]),
        (numbers(5, 4, 3, 2, 1), numbers(5, 1), [Step(1, 3, 0)]),
        (numbers(5, 3, 1), numbers(6, 5, 1), [Step(1, 1, 0), Step(0, 0, 1)]),
    ],
)
def test_what_goes_and_comes(old: "array[int]", new: "array[int]", found: list[Step]) -> None:
    assert steps(old, new) == found


@pytest.mark.parametrize("seed", range(30))
def test_the_steps_lead_to_the_new_list(seed: int) -> None:
    chance = Random(seed)
    every = range(60, 0, -1)
    old = numbers(*(n for n in every if chance.random() < 0.6))
    new = numbers(*(n for n in every if chance.random() < 0.6))
    done, rest = old[:], len(new)
    for row, gone, come in steps(old, new) or []:
        del done[row : row + gone]
        rest = len(new) - (len(done) - row)
        done[row:row] = new[rest - come : rest]
    assert done == new


def test_too_many_places_are_no_steps() -> None:
    assert steps(numbers(*range(400, 0, -1)), numbers(*range(400, 0, -2))) is None
    assert MOST < 200
