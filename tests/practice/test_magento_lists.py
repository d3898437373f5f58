"""Lists of the practice Magento: filters, pages, the traps of its searchCriteria."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from app.practice.magento import PracticeMagento
from tests.magento import KEYS, StoreCaller, where
from tests.practice.conftest import port_of

START = datetime(2026, 1, 5, 15, 2, 0, tzinfo=UTC)


@pytest.fixture
def store() -> Iterator[PracticeMagento]:
    """Five orders, a minute apart: 000000001 at 15:02:00."""
    minutes = iter(range(10_000))
    calls: list[datetime] = []

    def now() -> datetime:
        return calls[-1] if calls else datetime.now(UTC)

    with PracticeMagento(now=now, keys=KEYS) as store:
        for _ in range(5):
            minute = next(minutes)
            calls.append(START + timedelta(minutes=minute))
            store.add_order(f"{minute + 1:09}")
        calls.append(datetime.now(UTC))
        yield store


@pytest.fixture
def caller(store: PracticeMagento) -> StoreCaller:
    return StoreCaller(port_of(store.url))


def numbers(caller: StoreCaller, *query: tuple[str, str]) -> list[int]:
    answer = caller.orders(*query)
    assert answer.status == 200, answer.body
    return [int(order["increment_id"]) for order in answer.body["items"]]


@pytest.mark.parametrize(
    ("column", "condition", "value", "found"),
    [
        ("updated_at", "gteq", "2026-01-05 15:04:00", [3, 4, 5]),
        ("updated_at", "gt", "2026-01-05 15:04:00", [4, 5]),
        ("updated_at", "lt", "2026-01-05 15:04:00", [1, 2]),
        ("updated_at", "gteq", "2026-01-05T15:04:00-05:00", [3, 4, 5]),
        ("updated_at", "gteq", "yesterday", [1, 2, 3, 4, 5]),
        ("updated_at", "gteq", "2026-01-06", []),
        ("increment_id", "eq", "000000002", [2]),
        ("increment_id", "like", "%0004", [4]),
        ("increment_id", "in", "000000001, 000000005", [1, 5]),
        ("increment_id", "nin", "000000001,000000005", [2, 3, 4]),
        ("entity_id", "gteq", "4", [4, 5]),
        ("entity_id", "moreq", "4", [4, 5]),
        ("entity_id", "neq", "4", [1, 2, 3, 5]),
        ("state", "no_such_condition", "new", [1, 2, 3, 4, 5]),
        ("total_invoiced", "null", "", [1, 2, 3, 4, 5]),
        ("total_invoiced", "notnull", "", []),
    ],
)
def test_conditions(
    caller: StoreCaller, column: str, condition: str, value: str, found: list[int]
) -> None:
    assert numbers(caller, *where(column, condition, value)) == found


def test_groups_are_anded_and_filters_in_a_group_are_ored(caller: StoreCaller) -> None:
    either = [
        ("[filter_groups][0][filters][0][field]", "increment_id"),
        ("[filter_groups][0][filters][0][value]", "000000001"),
        ("[filter_groups][0][filters][1][field]", "increment_id"),
        ("[filter_groups][0][filters][1][value]", "000000003"),
    ]
    assert numbers(caller, *either) == [1, 3]
    assert numbers(caller, *either, *where("entity_id", "gt", "1", group=1)) == [3]


def test_sorting_and_pages(caller: StoreCaller) -> None:
    sort = [("[sortOrders][0][field]", "updated_at"), ("[sortOrders][0][direction]", "DESC")]
    size = [("[pageSize]", "2")]
    assert numbers(caller, *sort, *size) == [5, 4]
    assert numbers(caller, *sort, *size, ("[currentPage]", "3")) == [1]
    assert numbers(caller, *sort, ("[page_size]", "2"), ("[current_page]", "0")) == [5, 4]
    assert numbers(caller, *sort, ("[pageSize]", "0")) == [5, 4, 3, 2, 1]
    answer = caller.orders(*size)
    assert answer.body["total_count"] == 5
    assert answer.body["search_criteria"]["page_size"] == 2


def test_past_the_end(store: PracticeMagento, caller: StoreCaller) -> None:
    past = (("[pageSize]", "2"), ("[currentPage]", "9"))
    assert numbers(caller, *past) == []
    store.version("2.3.7")
    assert numbers(caller, *past) == [5]


def test_no_criteria_at_all(caller: StoreCaller) -> None:
    answer = caller.call("GET", "orders")
    assert (answer.status, answer.text) == (
        400, '"searchCriteria" is required. Enter and try again.'
    )  # fmt: skip


def test_an_unknown_column_is_an_internal_error(caller: StoreCaller) -> None:
    answer = caller.orders(*where("track_number", "eq", "1"))
    assert (answer.status, answer.text[:14]) == (500, "Internal Error")


def test_fields_cut_the_answer(caller: StoreCaller) -> None:
    query = [("searchCriteria[pageSize]", "1"), ("fields", "items[increment_id,state],total_count")]
    answer = caller.call("GET", "orders", query=query)
    assert answer.body == {
        "items": [{"increment_id": "000000001", "state": "new"}],
        "total_count": 5,
    }


def test_a_broken_order_spoils_the_page_it_stands_on(
    store: PracticeMagento, caller: StoreCaller
) -> None:
    store.break_order("000000003")
    pages = [caller.orders(("[pageSize]", "2"), ("[currentPage]", str(page))) for page in (1, 2, 3)]
    assert [page.status for page in pages] == [200, 500, 200]


def test_input_limits(store: PracticeMagento, caller: StoreCaller) -> None:
    store.page_limit(3)
    answer = caller.orders(("[pageSize]", "4"))
    assert (answer.status, answer.text) == (400, "Maximum SearchCriteria pageSize is 3")


def test_null_keys_are_left_out(caller: StoreCaller) -> None:
    order = caller.call("GET", "orders/1").body
    assert "total_paid" not in order
    assert "cc_last4" not in order["payment"]


@pytest.mark.parametrize(
    ("method", "path", "status", "text"),
    [
        ("GET", "orders/99", 404, "The entity that was requested doesn't exist."),
        ("GET", "orders/abc", 400, 'The "abc" value\'s type is invalid.'),
        ("GET", "nothing/here", 404, "Request does not match any route."),
        ("DELETE", "orders/1", 404, "Request does not match any route."),
        ("GET", "/rest/nowhere/V1/orders", 404, "Request does not match any route."),
    ],
)
def test_what_is_not_there(
    caller: StoreCaller, method: str, path: str, status: int, text: str
) -> None:
    answer = caller.call(method, path)
    assert answer.status == status
    assert answer.text.startswith(text)


def test_the_ways_to_the_api(caller: StoreCaller) -> None:
    for start in ("/rest", "/rest/default", "/rest/all", "/index.php/rest"):
        assert caller.call("GET", f"{start}/V1/orders/1").status == 200
    wrong = caller.call("GET", "/shop/V1/orders/1")
    assert (wrong.status, wrong.headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    assert caller.call("GET", "/magento_version").body == "Magento/2.4 (Community)"


def test_another_content_type_is_refused(caller: StoreCaller) -> None:
    headers = {"Content-Type": "text/plain"}
    answer = caller.call("POST", "order/1/ship", {}, headers=headers)
    assert answer.status == 400
    assert "Content-Type HTTP header media type text/plain" in answer.text
