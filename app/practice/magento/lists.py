"""Lists as a store answers them: chosen, cut into pages, without what is null."""

from collections.abc import Iterable, Mapping
from typing import Any

from app.practice.magento.criteria import Criteria
from app.practice.magento.refusals import RefusedError
from app.practice.magento.shop import MagentoShop
from app.practice.shelf import Document


def chosen(
    shop: MagentoShop, query: str, documents: Iterable[Document], columns: Iterable[str]
) -> Document:
    """The page that a call asks for.

    Raises: RefusedError.
    """
    criteria = Criteria.parse(query)
    criteria.refuse_columns(columns)
    most = shop.values["max_page_size"]
    if most and criteria.size > most:
        raise RefusedError(400, "Maximum SearchCriteria pageSize is %max", {"max": most})
    if most and not criteria.size:
        criteria.size = 20
    found = criteria.chosen(documents)
    page = criteria.page_of(found, repeats_last=shop.version < (2, 4))
    return listed(criteria, page, len(found))


def listed(criteria: Criteria, page: list[Document], total: int | None = None) -> Document:
    """A page with what was asked for."""
    count = len(page) if total is None else total
    return {"items": plain(page), "search_criteria": criteria.echo(), "total_count": count}


def plain(document: Any) -> Any:
    """Without what is null, as answers are."""
    if isinstance(document, Mapping):
        return {name: plain(value) for name, value in document.items() if value is not None}
    if isinstance(document, list):
        return [plain(one) for one in document]
    return document
