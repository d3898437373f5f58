"""The practice bar in words: what the practice servers of a folder say, as plain data."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from app.core.errors import UsageError
from app.services.program import Program
from app.ui.connections.practice_shops import OTHER, SHOPS, Deed, Record, Shop

TIMES = (("once", 1), ("3 times", 3), ("until cleared", None))
"""How often a fault happens."""

ANYWHERE = ""


@dataclass(frozen=True, slots=True)
class Fault:
    """One way a practice server can misbehave. `options`: what it is told besides."""

    kind: str
    title: str
    options: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Quick:
    """A fault that one press starts. `times` None: until it is ended."""

    kind: str
    title: str
    text: str  # what a person will see
    times: int | None = None
    options: Mapping[str, Any] = field(default_factory=dict)
    is_of_writes: bool = False  # reading goes well meanwhile


QUICK = (
    Quick("reset", "Dead server", "Every connection is cut. Rows wait; you are told once."),
    Quick("slow", "Slow", "Every answer takes 5 seconds.", options={"seconds": 5.0}),
    Quick(
        "lost_reply", "Lost answer",
        "The next number is written, but the answer gets lost. Backhaul looks before it sends "
        "again.",
        1, is_of_writes=True,
    ),
    Quick(
        "throttle", "Too busy",
        "The next 3 requests are refused with a pause of 10 seconds each.",
        3, {"retry_after": "10"},
    ),
    Quick("maintenance", "Maintenance", "Every request gets a maintenance page."),
)  # fmt: skip
"""In the order shown."""


@dataclass(frozen=True, slots=True)
class PracticeState:
    """What a running practice server says of itself. `deeds`: those about no single record."""

    system: str
    title: str
    shop: Shop
    faults: tuple[Fault, ...]
    in_force: tuple[str, ...]
    kinds_in_force: frozenset[str]
    records: tuple[Record, ...]
    deeds: tuple[Deed, ...]
    is_normal: bool  # nothing goes wrong there


@dataclass(frozen=True, slots=True)
class Running:
    """The practice servers that answer; `wanted`: the system whose connection came last."""

    states: tuple[PracticeState, ...]
    wanted: str = ""


def look(program: Program) -> Running:
    """The practice servers that run in this folder; never on the GUI thread."""
    states = []
    for system, kind in program.kinds.items():
        if not program.practice.url(system):
            continue
        try:
            states.append(read(system, kind.title, program.practice.state(system)))
        except UsageError:
            continue
    practised = [one for one in program.connections.all() if one.is_practice]
    newest = max(practised, key=lambda one: one.id, default=None)
    return Running(tuple(states), newest.kind if newest else "")


def read(system: str, title: str, state: Mapping[str, Any]) -> PracticeState:
    """The server's own lists in words."""
    shop = SHOPS.get(system, OTHER)
    kinds: Mapping[str, str] = state.get("kinds", {})
    rules: Sequence[Mapping[str, Any]] = state.get("faults", ())
    records = shop.records(state)
    titles = {kind: fault_title(kind, text, shop) for kind, text in kinds.items()}
    return PracticeState(
        system,
        title,
        shop,
        tuple(Fault(kind, titles[kind], _options(text)) for kind, text in kinds.items()),
        tuple(_in_force(rule, titles, records, shop.noun) for rule in rules),
        frozenset(str(rule.get("kind", "")) for rule in rules),
        records,
        shop.deeds(state),
        not rules and shop.is_normal(state),
    )


def fault_title(kind: str, text: str, shop: Shop = OTHER) -> str:
    """A fault as a person chooses it; one we have no words for in the server's own."""
    ours = shop.faults.get(kind) or _TITLES.get(kind)
    if ours:
        return ours
    plain = re.sub(r"\s*\([^)]*--[^)]*\)|\s*--[\w-]+", "", text).strip()
    return f"{plain[:1].upper()}{plain[1:]}" or kind


def fault_call(fault: Fault, times: int | None, path: str) -> dict[str, Any]:
    """The options of the command. `path`: that of a record, or ANYWHERE."""
    found: dict[str, Any] = {"times": times, **fault.options}
    if path:
        found["path"] = path
    return found


def quick_call(quick: Quick, shop: Shop) -> dict[str, Any]:
    """The options of the command for a quick fault."""
    method = {"method": shop.write_method} if quick.is_of_writes else {}
    return {"times": quick.times, **quick.options, **method}


def _options(text: str) -> dict[str, Any]:
    """Sensible values for what the server's text says that the fault may be told."""
    asked = re.findall(r"--([\w-]+)", text)
    return {name: value for name, value in _VALUES.items() if name.replace("_", "-") in asked}


def _in_force(
    rule: Mapping[str, Any], titles: Mapping[str, str], records: Sequence[Record], noun: str
) -> str:
    kind, times, path = str(rule.get("kind", "")), rule.get("times"), str(rule.get("path", ""))
    often = "until cleared" if times is None else "once" if times == 1 else f"{times} times"
    number = next((one.number for one in records if one.path == path), "")
    on = f" on {noun} {number}" if number else ""
    return f"{titles.get(kind, kind)}{on}, {often}"


_VALUES: Mapping[str, Any] = {
    "seconds": 5.0, "code": 500, "retry_after": "30", "to": "https://elsewhere.example/",
}  # fmt: skip

_TITLES = {
    "lost_reply": "Does it, but the answer gets lost",
    "reset": "Cuts the connection, does nothing",
    "hang": "Never answers",
    "slow": "Answers after 5 seconds",
    "drip": "Answers a few letters at a time",
    "bad_gateway": "Does it, but answers 502",
    "status": "Answers 500, does nothing",
    "status_after": "Does it, but answers 500",
    "twice": "Does it twice",
    "server_error": "Fails with an error text",
    "throttle": "Asks for a pause of 30 seconds",
    "maintenance": "Is under maintenance",
    "unauthorized": "Refuses the sign-in",
    "forbidden": "Says a right is missing",
    "login_page": "Answers with a sign-in page",
    "redirect": "Sends us to another address",
    "garbage": "Does it, but the answer is unreadable",
    "not_stored": "Says it is done, but keeps nothing",
    "endless": "Answers without end",
    "gzip_bomb": "Answers something far too large",
}
"""By the server's own name of the fault."""
