"""The options of what people do at a practice server, checked."""

import inspect
from collections.abc import Callable, Mapping
from typing import Any


def require_fit(name: str, method: Callable[..., None], options: Mapping[str, Any]) -> None:
    """Check that an act takes these options.

    Raises: ValueError that names what it takes.
    """
    wanted = inspect.signature(method)
    try:
        wanted.bind(**options)
    except TypeError:
        takes = [
            one.name if one.default is not one.empty else f"{one.name} (needed)"
            for one in wanted.parameters.values()
            if one.kind is not one.VAR_KEYWORD
        ]
        raise ValueError(f"the act “{name}” takes: {', '.join(takes)}") from None


def switch(name: str, value: object) -> bool:
    """An option that is true or false.

    Raises: ValueError in words.
    """
    text = str(value).lower()
    if text not in ("true", "false"):
        raise ValueError(f"“{name}” is true or false, not “{value}”")
    return text == "true"


def number(name: str, value: object) -> float:
    """An option that is a number from 0.

    Raises: ValueError in words.
    """
    try:
        found = float(str(value))
    except ValueError:
        found = -1.0
    if not 0 <= found < float("inf"):
        raise ValueError(f"“{name}” is a number from 0, not “{value}”")
    return found
