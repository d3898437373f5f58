"""How a products route reads to a person: how it stands, how far it is, what came of it."""

import json
from pathlib import Path

from app.core.clock import clock_time
from app.core.types import ConnectionGate, Route, SyncTask
from app.core.words import Said
from app.models.products import CycleProgress
from app.models.rows import load
from app.services.product_layout import MEANINGS
from app.services.route_words import Progress, Stand, TaskState, standing
from app.services.wording import Wordsmith

PRODUCTS = "products"


def product_standing(
    task: SyncTask, gate: ConnectionGate, now: int, words: Wordsmith, cycle: CycleProgress
) -> Stand:
    """How it stands at that moment (ms). While products are on their way it runs."""
    stand, text = standing(task, gate, now, words), words.text
    if stand.state is TaskState.RUNNING:
        name = Path(str(task.route.settings["file"])).name
        return Stand(TaskState.RUNNING, text("Reading {file}", file=name))
    if not cycle.left:
        if stand.state is TaskState.WAITING and task.finished_at is not None:
            return Stand(stand.state, product_result(task, words, cycle))
        return stand
    updating = updating_text(cycle, words)
    if stand.state in (TaskState.HELD, TaskState.PAUSED):
        why = text("{why}. {updating}", why=stand.text, updating=updating)
        return Stand(stand.state, why, stand.hint, stand.who)
    if not cycle.reason_code:
        return Stand(TaskState.RUNNING, updating)
    said = words.say(cycle.reason_code, {"since": "", **load(cycle.reason_params)})
    why = text("{updating}; waiting: {why}", updating=updating, why=said.summary)
    return Stand(TaskState.RUNNING, why, said.hint, said.who)


def updating_text(cycle: CycleProgress, words: Wordsmith) -> str:
    """ "Updating product 825 of 12403": the one whose turn it is."""
    number = min(cycle.done + 1, cycle.total)
    return words.text("Updating product {number} of {total}", number=number, total=cycle.total)


def product_progress(task: SyncTask, cycle: CycleProgress) -> Progress | None:
    """How far the updating is; None: nothing is on its way."""
    if task.running_since is not None:
        return Progress(0, None)
    return Progress(cycle.done, cycle.left) if cycle.left else None


def product_result(task: SyncTask, words: Wordsmith, cycle: CycleProgress) -> str:
    """What came of the last whole cycle: "12403 products: 825 updated, 11578 unchanged"."""
    counts, text = task.counts, words.text
    rejected = counts.get("rejected", 0)
    updated = max(0, cycle.total - cycle.left - cycle.need_you)
    parts = [
        text(template, count=count)
        for template, count in (
            ("{count} updated", updated),
            ("{count} unchanged", counts.get("same", 0)),
            ("{count} needs you" if cycle.need_you == 1 else "{count} need you", cycle.need_you),
            ("{count} row not read" if rejected == 1 else "{count} rows not read", rejected),
        )
        if count
    ]
    what = ", ".join(parts) or text("nothing to update")
    return text("{count} products: {what}", count=counts.get("products", 0), what=what)


def product_reads(route: Route, words: Wordsmith) -> str:
    """What of which file is written where."""
    settings = route.settings
    columns = json.loads(str(settings.get("columns") or "{}"))
    name = Path(str(settings["file"])).name
    held = ", ".join(
        words.text(MEANINGS[meaning])
        for meaning in MEANINGS
        if meaning in columns and meaning != "sku"
    )
    if not held:
        return words.text("Products of {file}", file=name)
    return words.text("Products of {file}: {what}", file=name, what=held)


def product_warning(task: SyncTask, words: Wordsmith, cycle: CycleProgress) -> Said | None:
    """Products that need a person, or that the cycle began anew before the last one was through;
    None: neither."""
    if cycle.need_you:
        return words.say("products_need_you", {"count": cycle.need_you})
    if task.over_since is not None:
        return words.say("products_over", {"since": clock_time(task.over_since)})
    return None
