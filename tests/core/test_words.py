"""Every code has its sentence, and every sentence passes the one catalogue."""

import ast
import string
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from app.core import (
    errors,
    words_health,
    words_intake,
    words_local_intake,
    words_orders,
    words_products,
)
from app.core.errors import BackhaulError
from app.core.states import JobState
from app.core.words import Catalogue, Sentence, Who
from app.integrations import carrier_files
from app.integrations.registry import KINDS

APP = Path(errors.__file__).parent.parent
CLASSES = {
    name
    for name, found in vars(errors).items()
    if isinstance(found, type) and issubclass(found, BackhaulError)
}
PARTS = [
    *(kind.sentences for kind in KINDS.values()), carrier_files.SENTENCES, words_intake.SENTENCES,
    words_local_intake.SENTENCES, words_orders.SENTENCES, words_products.SENTENCES,
    words_health.SENTENCES,
]  # fmt: skip
CATALOGUE = Catalogue(*PARTS)

COMPUTED = {
    "integrations/http_answer.py": {
        "server_error", "unreadable", "not_the_api", "maintenance", "service_unavailable",
    },
    "integrations/http_wire.py": {"dns", "refused", "connect_timeout", "cut_off", "timeout"},
    "integrations/printsmith/mapping.py": {"ps_picked_up", "ps_voided", "ps_deleted"},
    "integrations/printsmith/refusals.py": {"ps_picked_up", "ps_voided", "ps_deleted"},
    "integrations/printsmith/sessions.py": {"ps_no_session", "ps_few_sessions"},
    "services/product_file.py": {"row_quote", "row_broken", "product_mark", "product_number"},
    "models/acts.py": {"job_waits", "job_busy", "job_over", "job_parked", "job_removed"},
}  # fmt: skip
"""Modules that put a code together, and the codes that can come of it."""

STORED = {
    "crash_look", "crashed_twice", "restored_look", "restored", "done_by_hand", "collecting",
    "collecting_rest",
    "voided", "void_written", "void_undecided", "carrier_unknown", "file_slow", "file_stays_empty",
    "product_superseded", "products_route_removed",
    "file_left_behind", "folder_unreachable", "folder_hangs", "folder_fault",
}  # fmt: skip
"""Codes that the data file holds without an error having been raised."""

GIVEN_BY_THE_ROW = {"since", "order"}
NEVER_SHOWN = {("services/write_back.py", "not_supported")}  # becomes "person_decides"


class Said(NamedTuple):
    """A place in the source that names a code; `params` None: put together elsewhere."""

    place: str
    code: str | None
    params: set[str] | None


def places() -> Iterator[Said]:
    for path in sorted(APP.rglob("*.py")):
        name = path.relative_to(APP).as_posix()
        if name.startswith("practice/"):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                yield from _said(name, node)


def _said(name: str, call: ast.Call) -> Iterator[Said]:
    function = call.func
    called = function.id if isinstance(function, ast.Name) else getattr(function, "attr", "")
    if called not in {*CLASSES, "Outcome"}:
        return
    given = {word.arg for word in call.keywords}
    arguments = call.args[called == "Outcome" :]
    if not arguments:
        arguments = [word.value for word in call.keywords if word.arg == "code"]
    if not arguments:
        return
    whole = None if None in given or called == "Outcome" else {word for word in given if word}
    for code in _codes(arguments[0]):
        yield Said(f"{name}:{call.lineno}", code, whole)


def _codes(code: ast.expr) -> list[str | None]:
    """The codes an expression may give; None: it is put together."""
    if isinstance(code, ast.Attribute) and code.attr == "code":
        return []  # that of an error which was raised elsewhere
    if isinstance(code, ast.IfExp):
        return [*_codes(code.body), *_codes(code.orelse)]
    return [code.value] if isinstance(code, ast.Constant) else [None]


PLACES = list(places())


def fields(sentence: Sentence) -> set[str]:
    parts = string.Formatter().parse(sentence.summary + sentence.hint)
    return {name for _, name, _, _ in parts if name}


def sentences() -> dict[str, Sentence]:
    return dict(CATALOGUE._sentences)


def test_the_search_finds_what_it_must() -> None:
    codes = {said.code for said in PLACES}
    assert {"store_full", "tracking_empty", "job_undecided", "lost_five", "ps_locked"} <= codes


def test_every_named_code_has_a_sentence() -> None:
    known = set(CATALOGUE.codes())
    assert [said for said in PLACES if said.code is not None and said.code not in known] == []


def test_every_computed_code_is_listed_and_has_a_sentence() -> None:
    modules = {said.place.split(":")[0] for said in PLACES if said.code is None}
    assert modules == set(COMPUTED)
    assert set().union(*COMPUTED.values(), STORED) <= set(CATALOGUE.codes())


def test_every_place_gives_what_its_sentence_asks_for() -> None:
    wanting = [
        (said.place, said.code, missing)
        for said in PLACES
        if (said.place.split(":")[0], said.code) not in NEVER_SHOWN
        if said.code and said.params is not None and said.code in sentences()
        for missing in [fields(sentences()[said.code]) - said.params - GIVEN_BY_THE_ROW]
        if missing
    ]
    assert wanting == []


@pytest.mark.parametrize("code", CATALOGUE.codes())
def test_sentence_is_whole_without_its_parameters(code: str) -> None:
    said = CATALOGUE.say(code)
    assert said.summary
    assert "\n" not in said.summary
    assert "{" not in said.summary + said.hint
    assert said.who in set(Who)


def test_a_sentence_that_needs_a_person_says_what_to_do() -> None:
    people = set(Who) - {Who.NOBODY}
    assert [c for c, s in sentences().items() if s.who in people and not s.hint] == []


@pytest.mark.parametrize("value", [None, ""])
def test_missing_parameter_reads_as_a_question_mark(value: str | None) -> None:
    assert CATALOGUE.say("dns", {"host": value}).summary == "? was not found on the network"
    assert CATALOGUE.say("dns").summary == "? was not found on the network"


def test_zero_and_braces_in_parameters_are_shown_as_they_are() -> None:
    assert "error 0" in CATALOGUE.say("server_error", {"host": "h", "status": 0}).summary
    said = CATALOGUE.say("rejected", {"host": "{0}", "message": "{host.__class__}"})
    assert said.summary == "{0} refused it: {host.__class__}"


def test_unknown_code_is_named_for_support() -> None:
    said = CATALOGUE.say("from_the_future", {"code": "other"})
    assert "(from_the_future)" in said.summary
    assert said.who == Who.SUPPORT


def test_sentences_of_an_integration_are_found_beside_the_programs() -> None:
    catalogue = Catalogue({"x_odd": Sentence("Odd: {what}")})
    assert catalogue.say("x_odd", {"what": "box"}).summary == "Odd: box"
    assert catalogue.say("dns", {"host": "h"}).summary == "h was not found on the network"


def bracketed(text: str) -> str:
    return f"⟦{text}⟧" if text else ""


@pytest.mark.parametrize("code", [*CATALOGUE.codes(), "from_the_future"])
def test_every_part_of_every_sentence_is_translated(code: str) -> None:
    translated = Catalogue(*PARTS, translate=bracketed)
    plain, said = CATALOGUE.say(code), translated.say(code)
    assert (said.summary, said.hint, said.who) == (
        bracketed(plain.summary), bracketed(plain.hint), bracketed(plain.who),
    )  # fmt: skip


def test_plain_texts_are_translated_before_they_are_filled_in() -> None:
    catalogue = Catalogue(translate={"Sending to {name}": "Senden an {name}"}.__getitem__)
    assert catalogue.text("Sending to {name}", name="Shop") == "Senden an Shop"


def test_states_are_no_words_for_people() -> None:
    texts = " ".join(s.summary + s.hint for s in sentences().values())
    assert [state for state in JobState if "_" in state and state in texts] == []
