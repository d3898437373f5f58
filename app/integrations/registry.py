"""Every kind of system the program knows: one line each."""

from collections.abc import Mapping

from app.core.errors import UsageError
from app.integrations import magento, printsmith
from app.integrations.base import Kind

KINDS: dict[str, Kind] = {
    printsmith.KIND.name: printsmith.KIND,
    magento.KIND.name: magento.KIND,
}


def kind_named(name: str, kinds: Mapping[str, Kind] = KINDS) -> Kind:
    """The kind with that name.

    Raises: UsageError with the names there are.
    """
    if name not in kinds:
        raise UsageError("kind_missing", kind=name, kinds=", ".join(sorted(kinds)))
    return kinds[name]
