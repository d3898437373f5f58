"""What this shop says about carriers: names that were learned, and where parcels are followed."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass

from app.core.carriers import (
    BY_CODE,
    CARRIERS,
    LINKS,
    OTHER,
    check_link,
    display_name,
    tracking_link,
)
from app.core.errors import UsageError
from app.models.carriers import CarrierWords

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class LearnedName:
    """A name as sources write it, in small letters, and the carrier it means."""

    name: str
    code: str
    carrier: str


@dataclass(frozen=True, slots=True)
class LinkRow:
    """Where parcels of a carrier are followed: `link` holds, `ours` is what we know (both may be
    empty); `{n}` stands for the number."""

    code: str
    carrier: str
    link: str
    ours: str

    @property
    def is_own(self) -> bool:
        """True when the shop put its own over ours."""
        return self.link != self.ours


class CarrierBook:
    """Reads and changes both; the engine takes a changed name with the next row it reads."""

    def __init__(self, words: CarrierWords) -> None:
        self._words = words

    def carriers(self) -> list[tuple[str, str]]:
        """Codes and names a learned name may be given, by name."""
        known = [(one.code, one.name) for one in CARRIERS if one.code != OTHER]
        return sorted(known, key=lambda one: one[1].casefold())

    def names(self) -> list[LearnedName]:
        """Every learned name, by name."""
        return [
            LearnedName(name, code, display_name(code))
            for name, code in self._words.names().items()
        ]

    def set_name(self, name: str, code: str, actor: str) -> None:
        """Which carrier a name means, for rows that come from now on.

        Raises: UsageError carrier_code_unknown.
        """
        _require_known(code)
        self._words.set_name(name.casefold(), code)
        logger.info("%s: the carrier name %s means %s from now on", actor, name, code)

    def forget_name(self, name: str, actor: str) -> None:
        """The name means nothing any more: where it comes again, a person is asked again."""
        self._words.forget_name(name)
        logger.info("%s: the carrier name %s is forgotten", actor, name)

    def link_rows(self) -> list[LinkRow]:
        """Every carrier, by name."""
        own = self._words.links()
        return [
            LinkRow(code, name, own.get(code, LINKS.get(code, "")), LINKS.get(code, ""))
            for code, name in self.carriers()
        ]

    def set_link(self, code: str, template: str, actor: str) -> None:
        """The shop's own link; an empty one, or ours, takes it away again.

        Raises: UsageError carrier_code_unknown, link_not_https, link_no_place, link_unreadable.
        """
        _require_known(code)
        text = template.strip()
        if text in ("", LINKS.get(code)):
            self._words.forget_link(code)
        else:
            self._words.set_link(code, check_link(text))
        logger.info("%s: the tracking link of %s is now %s", actor, code, text or "ours")

    def link(self, code: str, number: str, *, delivered: str = "") -> str:
        """Where a parcel can be followed; empty where nobody knows. Reads the data file."""
        links: Mapping[str, str] = {**LINKS, **self._words.links()}
        return tracking_link(code, number, delivered=delivered, links=links)


def _require_known(code: str) -> None:
    if code not in BY_CODE:
        raise UsageError("carrier_code_unknown", carrier=code, codes=", ".join(BY_CODE))
