"""What to make of a tracking number: warnings and suggestions; the source's word always stands.

The check digit warns, it never blocks: sandbox numbers, freight numbers and regional carriers
fail it every day. Source: shipment intake contract, D2.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

from app.core.tracking_families import Check, Fit, recognise

_PLACEHOLDERS = frozenset(
    {"TEST", "N/A", "NA", "NONE", "NULL", "NIL", "TBD", "TBA", "UNKNOWN", "PICKUP", "PICKEDUP"}
)
_LOOKALIKES = {"O": "0", "I": "1"}
_MAX_LOOKALIKES = 6

UPS_SERVICES = {
    "01": "Next Day Air",
    "02": "2nd Day Air",
    "03": "Ground",
    "12": "3 Day Select",
    "13": "Next Day Air Saver",
    "15": "Next Day Air Early",
    "66": "Worldwide Express",
    "90": "Return",
    "YW": "SurePost",
}
"""Two characters behind the account in a 1Z number, as far as they are worth showing."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """What is known of one number; every field is empty where there is nothing to say."""

    fits: tuple[Fit, ...] = ()  # the families it looks like
    check: Check = Check.NONE
    fills: str = ""  # the carrier code it gives away; to be used only where the source names none
    disagrees: str = ""  # the carrier code it surely belongs to, while the source names another
    suggestion: str = ""  # with O read as 0 or I as 1 the check digit fits
    is_placeholder: bool = False

    @property
    def badges(self) -> tuple[str, ...]:
        """Codes of the sentences to show beside the number, the gravest first."""
        found = (
            ("tracking_placeholder", self.is_placeholder),
            ("tracking_check_digit", self.check is Check.FAILED),
            ("tracking_carrier_differs", bool(self.disagrees)),
        )
        return tuple(code for code, applies in found if applies)

    @property
    def asks(self) -> bool:
        """True when a person who typed it should be asked once whether it is right."""
        return self.is_placeholder or self.check is Check.FAILED


def is_placeholder(number: str) -> bool:
    """True for what people enter when there is no number; takes a normalised one."""
    if not number:
        return False
    return (
        number in _PLACEHOLDERS
        or (number.isdigit() and len(set(number)) == 1)
        or (number.startswith("1Z") and not number[2:].strip("0"))
    )


def judge(number: str, carrier: str = "") -> Judgement:
    """What there is to say about a normalised number that the source gives to `carrier`.

    `carrier` is a code of `core.carriers`; empty or "other": the source does not tell.
    """
    named = "" if carrier == "other" else carrier
    fits = recognise(number)
    placeholder = is_placeholder(number)
    check = _check(fits, named)
    return Judgement(
        fits=fits,
        check=check,
        fills="" if carrier or placeholder else _surely(fits),
        disagrees=_other_owner(fits, named),
        suggestion="" if check is Check.OK or placeholder else _suggestion(number, named),
        is_placeholder=placeholder,
    )


def carrier_of(number: str) -> str:
    """The carrier code that a normalised number gives away; empty: not sure.

    One carrier only must fit with its check digit, by letters or a fixed prefix.
    """
    return "" if is_placeholder(number) else _surely(recognise(number))


def ups_service(number: str) -> str:
    """The service a 1Z number names; empty: none that is known."""
    is_ups = len(number) == 18 and number.startswith("1Z")
    return UPS_SERVICES.get(number[8:10], "") if is_ups else ""


def is_return(number: str, service: str = "") -> bool:
    """True for a label that brings a parcel back: by its UPS service, as digits or within the
    number, or by the word in the service's name. It is not written to the order."""
    words = "".join(char if char.isalnum() else " " for char in service.upper()).split()
    is_ups_return = "Return" in (ups_service(number), UPS_SERVICES.get(service.strip()))
    return is_ups_return or not {"RETURN", "RETURNS"}.isdisjoint(words)


def _belongs(fit: Fit, carrier: str) -> bool:
    return fit.carrier == carrier or carrier in fit.family.also


def _check(fits: tuple[Fit, ...], carrier: str) -> Check:
    """Of a named carrier's families any; without a name only those nobody else's look like."""
    if carrier:
        checks = {fit.check for fit in fits if _belongs(fit, carrier)}
    else:
        checks = {fit.check for fit in fits if fit.family.is_marked}
    if Check.OK in checks:
        return Check.OK
    # A shape without a rule may be the right one: then nothing is wrong with the number.
    return Check.NONE if Check.NONE in checks or not checks else Check.FAILED


def _surely(fits: tuple[Fit, ...]) -> str:
    carriers = {fit.carrier for fit in fits if fit.family.is_marked and fit.check is Check.OK}
    return carriers.pop() if len(carriers) == 1 else ""


def _other_owner(fits: tuple[Fit, ...], carrier: str) -> str:
    owner = _surely(fits)
    if not carrier or not owner or any(_belongs(fit, carrier) for fit in fits):
        return ""
    return owner


def _suggestion(number: str, carrier: str) -> str:
    """The one number with the fewest letters replaced whose check digit fits."""
    places = [at for at, char in enumerate(number) if char in _LOOKALIKES]
    if len(places) > _MAX_LOOKALIKES:
        return ""
    for count in range(1, len(places) + 1):
        found = [text for text in _replaced(number, places, count) if _is_right(text, carrier)]
        if found:
            return found[0] if len(found) == 1 else ""
    return ""


def _replaced(number: str, places: list[int], count: int) -> Iterator[str]:
    for chosen in combinations(places, count):
        yield "".join(_LOOKALIKES[char] if at in chosen else char for at, char in enumerate(number))


def _is_right(number: str, carrier: str) -> bool:
    fits = recognise(number)
    if not carrier:
        return bool(_surely(fits))
    return any(fit.check is Check.OK and _belongs(fit, carrier) for fit in fits)
