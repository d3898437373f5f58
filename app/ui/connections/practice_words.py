"""The practice bar in words: faults and invoices of a practice server, as plain data."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from app.core.errors import UsageError
from app.services.program import Program

TIMES = (("once", 1), ("3 times", 3), ("until cleared", None))
"""How often a fault happens."""

ANY_INVOICE = ""


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


QUICK = (
    Quick("reset", "Dead server", "Every connection is cut. Rows wait; you are told once."),
    Quick("slow", "Slow", "Every answer takes 5 seconds.", options={"seconds": 5.0}),
    Quick(
        "lost_reply", "Lost answer",
        "The next number is written, but the answer gets lost. Backhaul looks before it sends "
        "again.",
        1, {"method": "PUT"},
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
class Invoice:
    """One invoice of a practice server."""

    number: str
    state: str
    locked_by: str

    @property
    def is_picked_up(self) -> bool:
        """True when the customer has it."""
        return self.state == "picked_up"

    @property
    def is_open(self) -> bool:
        """True while it can still be changed."""
        return self.state == "pending"

    @property
    def text(self) -> str:
        """Number and state: "316132, open at another desk (MARY)"."""
        if self.locked_by:
            return f"{self.number}, open at another desk ({self.locked_by})"
        words = _STATES.get(self.state, self.state)
        return f"{self.number}, {words}" if words else self.number


@dataclass(frozen=True, slots=True)
class PracticeState:
    """What a running practice server says of itself."""

    system: str
    title: str
    faults: tuple[Fault, ...]
    in_force: tuple[str, ...]
    kinds_in_force: frozenset[str]
    invoices: tuple[Invoice, ...]

    @property
    def locked(self) -> tuple[Invoice, ...]:
        """Those open at another desk."""
        return tuple(one for one in self.invoices if one.locked_by)

    @property
    def is_normal(self) -> bool:
        """True when nothing goes wrong there."""
        return not self.in_force and all(one.is_open and not one.locked_by for one in self.invoices)


def look(program: Program) -> PracticeState | None:
    """The practice server that runs in this folder, if one does; never on the GUI thread."""
    for system, kind in program.kinds.items():
        if not program.practice.url(system):
            continue
        try:
            return read(system, kind.title, program.practice.state(system))
        except UsageError:
            continue
    return None


def read(system: str, title: str, state: Mapping[str, Any]) -> PracticeState:
    """The server's own lists in words."""
    kinds: Mapping[str, str] = state.get("kinds", {})
    invoices: Mapping[str, Mapping[str, Any]] = state.get("invoices", {})
    return PracticeState(
        system,
        title,
        tuple(Fault(kind, fault_title(kind, text), _options(text)) for kind, text in kinds.items()),
        tuple(_in_force(rule, kinds) for rule in state.get("faults", [])),
        frozenset(str(rule.get("kind", "")) for rule in state.get("faults", [])),
        tuple(
            Invoice(number, str(one.get("state", "")), str(one.get("locked_by") or ""))
            for number, one in sorted(invoices.items())
        ),
    )


def fault_title(kind: str, text: str) -> str:
    """A fault as a person chooses it; one we have no words for in the server's own."""
    if kind in _TITLES:
        return _TITLES[kind]
    plain = re.sub(r"\s*\([^)]*--[^)]*\)|\s*--[\w-]+", "", text).strip()
    return f"{plain[:1].upper()}{plain[1:]}" or kind


def fault_call(fault: Fault, times: int | None, invoice: str) -> dict[str, Any]:
    """The options of the command."""
    found: dict[str, Any] = {"times": times, **fault.options}
    if invoice:
        found["path"] = f"/invoices/{re.escape(invoice)}(/|$)"
    return found


def quick_call(quick: Quick) -> dict[str, Any]:
    """The options of the command for a quick fault."""
    return {"times": quick.times, **quick.options}


def _options(text: str) -> dict[str, Any]:
    """Sensible values for what the server's text says that the fault may be told."""
    asked = re.findall(r"--([\w-]+)", text)
    return {name: value for name, value in _VALUES.items() if name.replace("_", "-") in asked}


def _in_force(rule: Mapping[str, Any], kinds: Mapping[str, str]) -> str:
    kind, times = str(rule.get("kind", "")), rule.get("times")
    title = fault_title(kind, kinds.get(kind, kind))
    often = "until cleared" if times is None else "once" if times == 1 else f"{times} times"
    where = re.search(r"/invoices/([\w\\-]+)", str(rule.get("path", "")))
    on = f" on invoice {where[1]}" if where else ""
    return f"{title}{on}, {often}"


_VALUES: Mapping[str, Any] = {
    "seconds": 5.0, "code": 500, "retry_after": "30", "to": "https://elsewhere.example/",
}  # fmt: skip

_STATES = {
    "pending": "", "picked_up": "picked up", "voided": "voided", "deleted": "deleted",
}  # fmt: skip

_TITLES = {
    "lost_reply": "Does it, but the answer gets lost",
    "reset": "Cuts the connection, does nothing",
    "hang": "Never answers",
    "slow": "Answers after 5 seconds",
    "drip": "Answers a few letters at a time",
    "bad_gateway": "Does it, but answers 502",
    "status": "Answers 500, does nothing",
    "server_error": "Fails with an error text",
    "throttle": "Asks for a pause of 30 seconds",
    "maintenance": "Is under maintenance",
    "unauthorized": "Refuses the sign-in",
    "forbidden": "Says a right is missing",
    "login_page": "Answers with a sign-in page",
    "redirect": "Sends us to another address",
    "garbage": "Does it, but the answer is unreadable",
    "not_stored": "Says it is done, but keeps nothing",
    "edited_meanwhile": "Somebody saves the invoice meanwhile",
    "endless": "Answers without end",
    "gzip_bomb": "Answers something far too large",
}
"""By the server's own name of the fault."""
