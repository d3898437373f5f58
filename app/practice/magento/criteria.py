"""`searchCriteria` as a Magento store reads it, traps included."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from app.practice.magento.refusals import RefusedError, internal
from app.practice.shelf import Document

_PART = re.compile(r"\[([^\]]*)\]")
_SNAKE = {
    "filter_groups": "filterGroups",
    "condition_type": "conditionType",
    "sort_orders": "sortOrders",
    "page_size": "pageSize",
    "current_page": "currentPage",
}
_MOMENT = re.compile(r"(\d{4}-\d{2}-\d{2})(?:[ T](\d{2}:\d{2}:\d{2}))?")
_DATES = ("created_at", "updated_at")


@dataclass(slots=True)
class Filter:
    """One condition on one column."""

    column: str = ""
    value: str = ""
    condition: str = "eq"

    def fits(self, document: Document) -> bool:
        held = document.get(self.column)
        value = _as_date(self.value) if self.column in _DATES else self.value
        if value is None:
            return True  # a date that cannot be read filters nothing
        return _CONDITIONS.get(self.condition, _equal)(held, value)


@dataclass(slots=True)
class Criteria:
    """What a list call asks for. `size` 0: all rows."""

    groups: list[list[Filter]] = field(default_factory=list)
    sorts: list[tuple[str, bool]] = field(default_factory=list)  # column, descending
    size: int = 0
    page: int = 1

    @classmethod
    def parse(cls, query: str) -> "Criteria":
        """Raises: RefusedError when there is no searchCriteria at all."""
        found = cls()
        seen = False
        groups: dict[tuple[str, str], Filter] = {}
        sorts: dict[str, dict[str, str]] = {}
        for name, value in parse_qsl(query, keep_blank_values=True):
            head, _, rest = name.partition("[")
            if head not in ("searchCriteria", "search_criteria"):
                continue
            seen = True
            match [_SNAKE.get(part, part) for part in _PART.findall("[" + rest)]:
                case ["filterGroups", group, "filters", place, what]:
                    _take(groups.setdefault((group, place), Filter()), what, value)
                case ["sortOrders", place, what]:
                    sorts.setdefault(place, {})[what] = value
                case ["pageSize"]:
                    found.size = _number(value)
                case ["currentPage"]:
                    found.page = max(1, _number(value))
        if not seen:
            text = '"%fieldName" is required. Enter and try again.'
            raise RefusedError(400, text, {"fieldName": "searchCriteria"})
        for group in dict.fromkeys(key[0] for key in groups):
            found.groups.append([one for key, one in groups.items() if key[0] == group])
        found.sorts = [
            (one.get("field", ""), one.get("direction", "DESC").upper() != "ASC")
            for one in sorts.values()
        ]
        return found

    def refuse_columns(self, columns: Iterable[str]) -> None:
        """Raises: RefusedError 500 for a column that there is not, as a store does."""
        known = set(columns)
        asked = [one.column for group in self.groups for one in group]
        if not known.issuperset([*asked, *(column for column, _ in self.sorts)]):
            raise internal()

    def chosen(self, documents: Iterable[Document]) -> list[Document]:
        """Those that fit, in the order asked for."""
        found = [
            document
            for document in documents
            if all(any(one.fits(document) for one in group) for group in self.groups)
        ]
        for column, is_down in reversed(self.sorts):
            found.sort(key=lambda document: _sortable(document.get(column)), reverse=is_down)
        return found

    def page_of(self, found: Sequence[Document], *, repeats_last: bool) -> list[Document]:
        """One page; past the end nothing, or the last page again (up to 2.3)."""
        if self.size <= 0:
            return list(found)
        page = self.page
        if repeats_last:
            page = min(page, max(1, -(-len(found) // self.size)))
        return list(found[(page - 1) * self.size : page * self.size])

    def echo(self) -> Document:
        """How an answer repeats it."""
        said: Document = {
            "filter_groups": [
                {
                    "filters": [
                        {
                            "field": one.column,
                            "value": one.value,
                            "condition_type": one.condition,
                        }
                        for one in group
                    ]
                }
                for group in self.groups
            ]
        }
        if self.sorts:
            said["sort_orders"] = [
                {"field": column, "direction": "DESC" if is_down else "ASC"}
                for column, is_down in self.sorts
            ]
        if self.size:
            said |= {"page_size": self.size, "current_page": self.page}
        return said


def cut(body: Any, query: str) -> Any:
    """The answer without what `fields=` leaves out; unchanged where it is not given."""
    wanted = dict(parse_qsl(query)).get("fields")
    return body if not wanted else _keep(body, _tree(iter(wanted)))


def _tree(letters: Any) -> dict[str, Any]:
    found: dict[str, Any] = {}
    name = ""
    for letter in letters:
        if letter == "[":
            found[name] = _tree(letters)
            name = ""
        elif letter in ",]":
            if name:
                found[name] = {}
            name = ""
            if letter == "]":
                return found
        else:
            name += letter
    if name:
        found[name] = {}
    return found


def _keep(body: Any, tree: Mapping[str, Any]) -> Any:
    if isinstance(body, list):
        return [_keep(one, tree) for one in body]
    if not isinstance(body, dict):
        return body
    return {
        name: _keep(body[name], inner) if inner else body[name]
        for name, inner in tree.items()
        if name in body
    }


def _take(one: Filter, what: str, value: str) -> None:
    if what == "field":
        one.column = value
    elif what == "value":
        one.value = value
    elif what == "conditionType":
        one.condition = value


def _number(text: str) -> int:
    return int(text) if text.isdecimal() else 0


def _as_date(text: str) -> str | None:
    """A zone behind it is not read."""
    found = _MOMENT.match(text)
    return f"{found[1]} {found[2] or '00:00:00'}" if found else None


def _sortable(value: Any) -> tuple[int, float, str]:
    if value is None:
        return (0, 0.0, "")
    if isinstance(value, int | float):
        return (1, float(value), "")
    return (2, 0.0, str(value))


def _compared(held: Any, value: str) -> int | None:
    """Below 0, 0, above 0; None where there is nothing to compare."""
    if held is None:
        return None
    left: Any = str(held)
    right: Any = value
    if isinstance(held, int | float):
        try:
            left, right = float(held), float(value)
        except ValueError:
            return None
    return int(left > right) - int(left < right)


def _equal(held: Any, value: str) -> bool:
    return _compared(held, value) == 0


def _order(allowed: Sequence[int]) -> Callable[[Any, str], bool]:
    return lambda held, value: _compared(held, value) in allowed


def _like(held: Any, value: str) -> bool:
    pattern = ".*".join(re.escape(part) for part in value.split("%"))
    return re.fullmatch(pattern, str(held or ""), re.IGNORECASE | re.DOTALL) is not None


def _among(held: Any, value: str) -> bool:
    return any(_equal(held, one.strip()) for one in value.split(","))


_CONDITIONS: Mapping[str, Callable[[Any, str], bool]] = {
    "eq": _equal,
    "neq": lambda held, value: not _equal(held, value),
    "gt": _order((1,)),
    "gteq": _order((0, 1)),
    "moreq": _order((0, 1)),
    "from": _order((0, 1)),
    "lt": _order((-1,)),
    "lteq": _order((-1, 0)),
    "to": _order((-1, 0)),
    "in": _among,
    "nin": lambda held, value: not _among(held, value),
    "like": _like,
    "null": lambda held, value: held is None,
    "notnull": lambda held, value: held is not None,
    "finset": lambda held, value: value in str(held or "").split(","),
}
"""An unknown condition is read as eq."""
