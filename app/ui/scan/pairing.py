"""From scan to scan: which of an invoice and its label is awaited, and what is wrong with it."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto

from app.core.carriers import display_name
from app.core.errors import UsageError
from app.core.scanning import (
    Ask,
    Label,
    cleaned,
    is_same_order,
    is_square_code,
    is_surely_label,
    looks_like_label,
    looks_like_order,
    read_label,
    read_order,
)
from app.core.tracking import label_number, normalise_tracking
from app.core.tracking_policy import carrier_of
from app.core.types import Params
from app.core.words import Said

TWICE_S = 0.5
"""What comes sooner after a scan is the scanner's second line end or second look: no answer."""

_TAKE = "Compare it with the label. Enter, or the same scan again, takes it as it is."


class Sign(Enum):
    """How a scan is answered."""

    READY = auto()  # go on
    ENTERED = auto()  # a pair is complete
    ASK = auto()  # once: is that right?
    WRONG = auto()  # not taken


@dataclass(frozen=True, slots=True)
class Pair:
    """An invoice with its label, ready to be entered."""

    order: str
    number: str
    carrier: str  # its name, empty where it is not known


@dataclass(frozen=True, slots=True)
class Step:
    """What a scan came to. `left`: an order that was given up without a label."""

    sign: Sign
    title: str = ""
    hint: str = ""
    pair: Pair | None = None
    left: str = ""


class Pairing:
    """Takes scans one after another. A pair that might be wrong is never made by itself."""

    def __init__(
        self, say: Callable[[str, Params], Said], noun: str = "invoice", carrier: str = ""
    ) -> None:
        """`carrier`: a code that holds for every label; empty: as recognised."""
        self._say = say
        self.noun, self.carrier = noun, carrier
        self.order = ""  # scanned, and waiting for its label
        self._asked: Label | None = None
        self._held = ""  # scanned in place of an invoice
        self._last: Pair | None = None
        self._orders: dict[str, str] = {}  # by number, of this sitting
        self._at = -TWICE_S

    @property
    def is_asking(self) -> bool:
        """True while Enter alone takes the label that was warned of."""
        return self._asked is not None

    def take(self, text: str, now_s: float) -> Step:
        """One scan, or an empty line; `now_s` is monotonic."""
        is_echo = now_s - self._at < TWICE_S
        found = cleaned(text)
        if not found:
            if self._asked is None or is_echo:
                return Step(Sign.READY)
            return self._pair(self._asked)
        self._at = now_s
        if is_square_code(found):
            return _wrong("That is the square code", "Scan the long barcode beside it.")
        return self._label(found, is_echo) if self.order else self._order(found, is_echo)

    def start_over(self) -> str:
        """Forget what was scanned of the next pair; returns the order that was given up."""
        left, self.order, self._asked, self._held = self.order, "", None, ""
        return left

    def forget(self, pair: Pair) -> None:
        """It was taken back: its number may be scanned again."""
        self._orders.pop(pair.number, None)
        if self._last == pair:
            self._last = None

    def _order(self, text: str, is_echo: bool) -> Step:
        number = label_number(normalise_tracking(text))
        if self._last is not None and number == self._last.number:
            return _wrong(
                f"That label was entered just now for {self._last.order}",
                f"Scan the next {self.noun}.",
            )
        if looks_like_label(text):
            is_sure = is_surely_label(text)
            if is_sure or self._held != text or is_echo:
                self._held = text
                return self._not_an_order(number, is_sure)
        self._held = ""
        try:
            self.order = read_order(text)
        except UsageError as error:
            return self._refused(error)
        return Step(Sign.READY)

    def _not_an_order(self, number: str, is_sure: bool) -> Step:
        carrier = display_name(carrier_of(number))
        kind = f"{carrier} tracking number" if carrier else "tracking number"
        article = "an" if carrier[:1] in ("A", "O") else "a"
        more = "" if is_sure else f" If it is the {self.noun}, scan it again."
        return _wrong(f"That looks like {article} {kind}", f"Scan the {self.noun} first.{more}")

    def _label(self, text: str, is_echo: bool) -> Step:
        if is_same_order(text, self.order):
            return _wrong(f"That is {self.noun} {self.order} again", "Scan its label now.")
        if looks_like_order(text, self.order):
            left, self.order, self._asked = self.order, read_order(text), None
            return Step(
                Sign.WRONG,
                f"No label was scanned for {left}",
                f"Going on with {self.order}: scan its label. {left} can be scanned again later.",
                left=left,
            )
        try:
            label = read_label(text, self.carrier)
        except UsageError as error:
            return self._refused(error)
        if self._asked is not None and self._asked.number == label.number:
            return self._question(label) if is_echo else self._pair(label)
        other = self._orders.get(label.number, "")
        if label.ask is not None or (other and not is_same_order(other, self.order)):
            return self._question(label)
        return self._pair(label)

    def _question(self, label: Label) -> Step:
        self._asked = label
        match label.ask:
            case Ask.CHECK_DIGIT:
                title = f"The check digit of {label.number} does not match"
            case Ask.PLACEHOLDER:
                title = f"“{label.number}” looks like a stand-in, not like a number"
            case Ask.OTHER_CARRIER:
                owner, set_to = (
                    display_name(label.judgement.disagrees),
                    display_name(self.carrier),
                )
                title = f"{label.number} looks like one of {owner}, not of {set_to}"
            case Ask.UNKNOWN:
                title = f"{label.number} is like no number of a carrier that Backhaul knows"
            case None:
                title = f"{label.number} was entered for {self._orders[label.number]} already"
        return Step(Sign.ASK, title, _TAKE)

    def _pair(self, label: Label) -> Step:
        pair = Pair(self.order, label.number, display_name(label.carrier))
        self._orders[pair.number] = pair.order
        self._last = pair
        self.start_over()
        return Step(Sign.ENTERED, pair=pair)

    def _refused(self, error: UsageError) -> Step:
        said = self._say(error.code, error.params)
        return _wrong(said.summary, said.hint)


def _wrong(title: str, hint: str) -> Step:
    return Step(Sign.WRONG, title, hint)
