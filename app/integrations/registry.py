"""Every kind of system the program knows: one line each."""

from app.core.errors import UsageError
from app.integrations import printsmith
from app.integrations.base import Kind

KINDS: dict[str, Kind] = {
    printsmith.KIND.name: printsmith.KIND,
}


def kind_named(name: str) -> Kind:
    """The kind with that name.

    Raises: UsageError with the names there are.
    """
    if name not in KINDS:
        raise UsageError("kind_missing", kind=name, kinds=", ".join(sorted(KINDS)))
    return KINDS[name]
