"""The contract check: good connectors pass, and each broken one fails at its own line."""

import importlib.util
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from app.core.clock import SystemClock
from app.integrations.base import CheckStep
from app.integrations.printsmith import Maker
from app.practice.messages import Reply, Request
from app.practice.printsmith import PracticePrintSmith
from tests.integrations.printsmith.conftest import INVOICE, TOKEN, Connect, a_context

ROOT = Path(__file__).parents[3]
HUMAN = "Call first\nblue paper"

Answer = Callable[[Request], Reply]
Break = Callable[[PracticePrintSmith, Request, Answer], Reply]

PROBE = "The probe has the agreed form"
TOKENS = "A wrong token is refused"
UNKNOWN = "An unknown invoice is refused"
SHAPE = "The invoice has the agreed form"
LOCKED = "Open at another desk: a write is refused with “locked”"
PICKED_UP = "Picked up: a write is refused with “picked_up”"
USABLE = "The invoice can be used for this check"
CHARGE = "An unknown charge is refused"
CAPITALS = "Capitals count in the name of the charge"
REPLACE = "“replace” stores exactly what was sent"
ADDED = "The number is added, and a second read shows it"
KEPT = "What people wrote is kept"
RISES = "The revision rises with a change"
OLD = "An old revision is refused"
AGAIN = "The same write again doubles nothing"
REQUEST_ID = "A request id that comes again does no harm"
PRICE_NULL = "A price of null leaves the price alone"
PRICE = "A price is stored"
BACK = "Everything was put back"


class BrokenPrintSmith(PracticePrintSmith):
    """A practice shop whose connector breaks one rule."""

    def __init__(self, broken: Break) -> None:
        super().__init__(token=TOKEN)
        self._broken = broken
        self.memory: dict[str, Any] = {}

    def answer(self, request: Request, *, keep: bool = True) -> Reply:
        def well(request: Request) -> Reply:
            return super(BrokenPrintSmith, self).answer(request, keep=keep)

        return self._broken(self, request, well)


def check(adapter: Any, record: str = INVOICE) -> dict[str, CheckStep]:
    return {step.title: step for step in adapter.check_contract(record)}


def failed(steps: dict[str, CheckStep]) -> list[str]:
    return [title for title, step in steps.items() if step.passed is False]


def changed(request: Request, **fields: Any) -> Request:
    """A write with another body."""
    return replace(request, body=json.dumps({**request.json(), **fields}).encode())


# Good connectors


def test_the_practice_server_passes_and_is_left_as_it_was(
    shop: PracticePrintSmith, connect: Connect
) -> None:
    shop.type_note(INVOICE, HUMAN)
    steps = check(connect())
    assert not failed(steps)
    assert [title for title, step in steps.items() if step.passed is None] == [
        LOCKED,
        PICKED_UP,
        "No session free: a write is refused with “no_free_session”",
        "A right is missing: a write is refused with “no_permission”",
    ]
    assert len(steps) == 21
    assert shop.notes(INVOICE) == HUMAN
    assert shop.writes[-1]["price"] == "0.00"


@pytest.mark.parametrize("mode", ["merge", "replace"])
def test_a_connector_that_only_replaces_passes_with_that_setting(mode: str) -> None:
    def only_replaces(shop: PracticePrintSmith, request: Request, well: Answer) -> Reply:
        return well(changed(request, notes_mode="replace") if request.body else request)

    with broken(only_replaces, notes_mode=mode) as (shop, steps):
        assert failed(steps) == ([KEPT] if mode == "merge" else [])
        assert shop.notes(INVOICE) == HUMAN


def test_the_sample_connector_passes(tmp_path: Path) -> None:
    file = ROOT / "examples" / "printsmith_connector" / "connector.py"
    spec = importlib.util.spec_from_file_location("sample_connector", file)
    assert spec is not None
    assert spec.loader is not None
    sample = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(sample)
    shop = sample.Shop(tmp_path / "shop.json")
    before = shop.read(INVOICE)
    with sample.Connector(0, shop, TOKEN) as connector:
        threading.Thread(target=connector.serve_forever, args=(0.05,), daemon=True).start()
        adapter = Maker()(a_context(SystemClock(), f"http://127.0.0.1:{connector.server_port}"))
        steps = check(adapter)
        adapter.close()
        connector.shutdown()
    assert not failed(steps)
    assert {**shop.read(INVOICE), "revision": before["revision"]} == before


def test_an_open_invoice_proves_the_row_about_locks(
    shop: PracticePrintSmith, connect: Connect
) -> None:
    shop.lock(INVOICE, by="MARY")
    steps = check(connect())
    assert steps[LOCKED].passed is True
    assert steps[USABLE].passed is None
    assert "MARY" in steps[USABLE].text
    assert not failed(steps)
    assert not shop.writes


@pytest.mark.parametrize("act", ["pick_up", "void", "delete"])
def test_a_closed_invoice_proves_its_row(
    shop: PracticePrintSmith, connect: Connect, act: str
) -> None:
    getattr(shop, act)(INVOICE)
    steps = check(connect())
    assert not failed(steps)
    assert sum(step.passed is True for step in steps.values()) == 5


def test_what_cannot_be_forced_says_how_to_try_it(
    shop: PracticePrintSmith, connect: Connect
) -> None:
    for step in check(connect()).values():
        assert step.passed is not None or "Cannot be forced from outside. " in step.text


# Broken ones


@contextmanager
def broken(
    rule: Break, notes: str = HUMAN, **settings: Any
) -> Iterator[tuple[BrokenPrintSmith, dict[str, CheckStep]]]:
    shop = BrokenPrintSmith(rule)
    with shop:
        shop.add_invoice(INVOICE)
        shop.type_note(INVOICE, notes)
        adapter = Maker()(a_context(SystemClock(), shop.url, timeout_s="2", **settings))
        steps = check(adapter)
        adapter.close()
        yield shop, steps


def other_product(shop: PracticePrintSmith, request: Request, well: Answer) -> Reply:
    reply = well(request)
    return replace(reply, body={**reply.body, "product": "other"})


def probe_without_rights(shop: PracticePrintSmith, request: Request, well: Answer) -> Reply:
    reply = well(request)
    return replace(reply, body={k: v for k, v in reply.body.items() if k != "can_save_invoice"})


def any_token(shop: PracticePrintSmith, request: Request, well: Answer) -> Reply:
    return well(replace(request, headers={**request.headers, "authorization": f"Bearer {TOKEN}"}))


def wrong_token_403(shop: PracticePrintSmith, request: Request, well: Answer) -> Reply:
    reply = well(request)
    return replace(reply, status=403) if reply.status == 401 else reply


def no_code(shop: PracticePrintSmith, request: Request, well: Answer) -> Reply:
    reply = well(request)
    return Reply(404, b"not found") if reply.status == 404 else reply


def revision_is_a_number(shop: PracticePrintSmith, request: Request, well: Answer) -> Reply:
    reply = well(request)
    if isinstance(reply.body, dict) and "revision" in reply.body:
        return replace(reply, body={**reply.body, "revision": 17})
    return reply


def any_charge(shop: PracticePrintSmith, request: Request, well: Answer) -> Reply:
    path = f"/invoices/{INVOICE}/charges/ShipLeap Tracking"
    return well(replace(request, path=path) if request.method == "PUT" else request)


def any_capitals(shop: PracticePrintSmith, request: Request, well: Answer) -> Reply:
    path = request.plain_path.replace("sHIPlEAP tRACKING", "ShipLeap Tracking")
    return well(replace(request, path=path))


def shouts(shop: PracticePrintSmith, request: Request, well: Answer) -> Reply:
    if not request.body:
        return well(request)
    return well(changed(request, notes=request.json()["notes"].upper()))


def always_merges(shop: PracticePrintSmith, request: Request, well: Answer) -> Reply:
    return well(changed(request, notes_mode="merge") if request.body else request)


def appends(shop: PracticePrintSmith, request: Request, well: Answer) -> Reply:
    if not request.body or request.json()["notes_mode"] != "merge":
        return well(request)
    both = f"{shop.notes(INVOICE)}\n{request.json()['notes']}"
    return well(changed(request, notes=both, notes_mode="replace"))


def stores_nothing(shop: PracticePrintSmith, request: Request, well: Answer) -> Reply:
    if not request.body:
        return well(request)
    return PracticePrintSmith.answer(shop, request, keep=False)


def adds_beside(shop: PracticePrintSmith, request: Request, well: Answer) -> Reply:
    if not request.body or request.json()["notes_mode"] != "merge":
        return well(request)
    held, new = shop.notes(INVOICE), request.json()["notes"]
    both = held if new in held else f"{held} {new}"
    return well(changed(request, notes=both, notes_mode="replace"))


def fixed_revision(shop: PracticePrintSmith, request: Request, well: Answer) -> Reply:
    reply = ignores_revisions(shop, request, well)
    if isinstance(reply.body, dict) and "revision" in reply.body:
        return replace(reply, body={**reply.body, "revision": "17"})
    return reply


def ignores_revisions(shop: PracticePrintSmith, request: Request, well: Answer) -> Reply:
    if not request.body:
        return well(request)
    revision = shop.snapshot()["invoices"][INVOICE]["revision"]
    return well(changed(request, if_revision=revision))


def remembers_answers(shop: PracticePrintSmith, request: Request, well: Answer) -> Reply:
    assert isinstance(shop, BrokenPrintSmith)
    key = request.headers.get("x-request-id", "")
    if not request.body:
        return well(request)
    if key not in shop.memory:
        shop.memory[key] = well(request)
    return shop.memory[key]  # type: ignore[no-any-return]


def price_to_zero(shop: PracticePrintSmith, request: Request, well: Answer) -> Reply:
    if not request.body or request.json()["price"] is not None:
        return well(request)
    return well(changed(request, price="7.77"))


def ignores_prices(shop: PracticePrintSmith, request: Request, well: Answer) -> Reply:
    return well(changed(request, price=None) if request.body else request)


@pytest.mark.parametrize(
    ("rule", "lines"),
    [
        (other_product, [PROBE]),
        (probe_without_rights, [PROBE]),
        (any_token, [TOKENS]),
        (wrong_token_403, [TOKENS]),
        (no_code, [UNKNOWN, CHARGE, CAPITALS]),
        (revision_is_a_number, [SHAPE]),
        (any_charge, [CHARGE, CAPITALS]),
        (any_capitals, [CAPITALS]),
        (appends, [AGAIN, REQUEST_ID]),
        (adds_beside, [ADDED, KEPT]),
        (fixed_revision, [RISES, OLD]),
        (ignores_revisions, [OLD]),
        (remembers_answers, [REQUEST_ID]),
        (price_to_zero, [PRICE_NULL]),
        (ignores_prices, [PRICE]),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_a_broken_connector_fails_at_its_line(rule: Break, lines: list[str]) -> None:
    with broken(rule) as (shop, steps):
        assert failed(steps) == lines
        assert all(step.text for step in steps.values() if step.passed is False)
        assert shop.notes(INVOICE) == HUMAN


@pytest.mark.parametrize("rule", [shouts, always_merges])
def test_what_cannot_be_put_back_is_said_with_the_text(rule: Break) -> None:
    with broken(rule) as (_, steps):
        assert BACK in failed(steps)
        assert HUMAN in steps[BACK].text


def test_a_connector_that_stores_nothing_fails_at_the_second_read() -> None:
    with broken(stores_nothing) as (shop, steps):
        assert "the second read" in steps[REPLACE].text
        assert steps[ADDED].passed is False
        assert steps[BACK].passed
        assert shop.notes(INVOICE) == HUMAN


# When it ends early


def test_a_connector_that_is_not_there_gives_one_line(connect: Connect) -> None:
    steps = check(connect(base_url="http://127.0.0.1:9"))
    assert failed(steps) == [PROBE] == list(steps)
    assert "127.0.0.1" in steps[PROBE].text


def test_it_is_put_back_when_a_person_stops_it_half_way(
    shop: PracticePrintSmith, connect: Connect
) -> None:
    shop.type_note(INVOICE, HUMAN)
    steps = connect().check_contract(INVOICE)
    for step in steps:
        if step.title == KEPT:
            break
    assert shop.notes(INVOICE) != HUMAN
    steps.close()  # type: ignore[attr-defined]
    assert shop.notes(INVOICE) == HUMAN


def test_it_is_put_back_after_a_failure_in_between(
    shop: PracticePrintSmith, connect: Connect
) -> None:
    shop.type_note(INVOICE, HUMAN)
    shop.fault("server_error", times=3, method="PUT", skip=3)
    steps = check(connect())
    assert len(failed(steps)) >= 3
    assert steps[BACK].passed
    assert shop.notes(INVOICE) == HUMAN


def test_it_stops_when_the_connector_goes_away(shop: PracticePrintSmith, connect: Connect) -> None:
    shop.fault("reset", times=None, skip=12)
    steps = check(connect())
    assert failed(steps) == [REPLACE, ADDED, BACK]
    assert "by hand" in steps[BACK].text


@pytest.mark.parametrize(
    ("spoil", "passed"),
    [
        (lambda shop: shop.rename_charge("x"), False),
        (lambda shop: shop.editable(notes=False), False),
        (lambda shop: shop.type_note(INVOICE, "x" * 200), None),
        (lambda shop: shop.estimate(INVOICE), None),
    ],
    ids=["no charge", "fixed notes", "full notes", "estimate"],
)
def test_an_invoice_that_cannot_be_used_is_not_touched(
    shop: PracticePrintSmith, connect: Connect, spoil: Any, passed: bool | None
) -> None:
    spoil(shop)
    steps = check(connect())
    assert list(steps)[-1] == USABLE
    assert steps[USABLE].passed is passed
    assert steps[USABLE].text
    assert not shop.writes


def test_no_line_holds_the_token(shop: PracticePrintSmith, connect: Connect) -> None:
    body = {"code": "odd", "message": f"no: {TOKEN}", "detail": {}}
    shop.fault("status", times=None, skip=6, code=422, body=body)
    steps = check(connect())
    assert failed(steps)
    assert not [step for step in steps.values() if TOKEN in step.text]
