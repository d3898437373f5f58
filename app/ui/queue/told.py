"""How it is told what became of an act: exactly how many rows, and why others were left alone."""

from dataclasses import dataclass

from app.services.queue_page import Result
from app.ui.queue.choice import Choice
from app.ui.queue.deeds import Act
from app.ui.queue.words import rows


@dataclass(frozen=True, slots=True)
class Deed:
    """ "Removing" while it goes on, "Removed … from the queue" when it is over."""

    doing: str
    past: str
    tail: str = ""


REMOVE = Deed("Removing", "Removed", " from the queue")
RESTORE = Deed("Putting back", "Put back")
RETRY = Deed("Retrying", "Retried")
PARK = Deed("Parking", "Parked", "; not tried until you press Retry")
DONE = Deed("Closing", "Closed", " as done by hand")

_CAN_BE = {
    Act.RETRY: "tried again", Act.PARK: "parked", Act.REMOVE: "removed", Act.RESTORE: "put back",
    Act.DONE: "closed", Act.EDIT: "corrected",
}  # fmt: skip


def cannot(act: Act, choice: Choice) -> str:
    """Why a key did nothing."""
    if choice.line is None:
        return f"None of the {rows(choice.count)} can be {_CAN_BE[act]} as they stand"
    name = choice.line.title
    if choice.kinds[0][0].is_undecided:
        return f"{name}: look first whether it arrived. Then press Retry, or Done by hand"
    return f"{name} cannot be {_CAN_BE[act]} as it stands"


def edited(what: str) -> str:
    """A row was corrected."""
    return f"Corrected {what}; trying it again"


def told(deed: Deed, result: Result, what: str) -> str:
    """ "Retried 11, 1 was already being sent". `what`: "invoice 316132", or "12 rows"."""
    count = len(result.done)
    if not count:
        return _nothing(deed, result)
    if deed is REMOVE and len(result.later) == count:
        return _later(count, what)
    is_named = count == 1 and not what[:1].isdigit()
    parts = [one.clause for one in result.left]
    if deed is REMOVE and result.later:
        parts.append(f"{len(result.later):,} more when the answer is in")
    if result.not_reached:
        parts.append(f"{result.not_reached:,} not touched")
    if not parts:
        return f"{deed.past} {what if is_named else rows(count)}{deed.tail}"
    at_once = count - (len(result.later) if deed is REMOVE else 0)
    return f"{deed.past} {at_once:,}, {', '.join(parts)}"


def _nothing(deed: Deed, result: Result) -> str:
    left = sum(one.count for one in result.left)
    if left == 1 and not result.not_reached:
        return f"Not done. {result.left[0].why}"
    parts = [one.clause for one in result.left]
    if result.not_reached:
        parts.append(f"{result.not_reached:,} not touched")
    return f"{deed.past} none, {', '.join(parts)}"


def _later(count: int, what: str) -> str:
    if count == 1:
        name = "The row" if what[:1].isdigit() else f"{what[:1].upper()}{what[1:]}"
        return f"{name}: being sent; it is removed when the answer is in"
    return f"{rows(count)}: being sent; they are removed when the answer is in"
