"""The same cases for everything a store is written besides shipments.

A subclass of `DeedContract` gives a fixture `bench`.
"""

import traceback
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Protocol

import pytest

from app.core.errors import (
    BackhaulError,
    ConnectionBlocked,
    NotFound,
    OutcomeUnknown,
    RemoteUnavailable,
    TransientError,
)
from app.core.types import Proof
from app.integrations.base import Target
from app.practice.host import Seen
from app.practice.magento import PracticeMagento
from tests.integrations.contract import REQUEST_ID
from tests.magento import KEYS


class Bench(Protocol):
    """A target, the store it talks to, and what it is to write."""

    store: PracticeMagento
    target: Target[Any]
    payload: Any
    nowhere: Any  # a payload for what the store does not have
    method: str  # of the call that writes

    def times_held(self) -> int:
        """How often the store holds it."""


@dataclass
class Count:
    """Calls of a store since it was made."""

    store: PracticeMagento
    method: str
    begin: int = 0

    def __post_init__(self) -> None:
        self.begin = len(self.store.requests)

    def seen(self) -> list[Seen]:
        return self.store.requests[self.begin :]

    def writes(self) -> int:
        return sum(seen.method == self.method for seen in self.seen())


class DeedContract:
    """What the worker relies on. `looks_first`, `read_path`: how a write begins, and which of its
    reads comes again behind it."""

    looks_first = True
    read_path = ""

    @pytest.fixture
    def count(self, bench: Bench) -> Count:
        return Count(bench.store, bench.method)

    def test_the_proof_comes_from_a_read_after_the_write(self, bench: Bench, count: Count) -> None:
        proof = bench.target.write(bench.payload, REQUEST_ID)
        assert count.seen()[-1].method == "GET"
        assert (proof.was_there, bench.times_held()) == (False, 1)
        assert proof.held

    def test_what_is_there_already_stays_as_it_is(self, bench: Bench) -> None:
        bench.target.write(bench.payload, REQUEST_ID)
        bench.target.write(bench.payload, REQUEST_ID)
        assert bench.times_held() == 1

    def test_a_look_is_read_only(self, bench: Bench, count: Count) -> None:
        assert bench.target.look(bench.payload, REQUEST_ID) is None
        assert {seen.method for seen in count.seen()} == {"GET"}
        assert {seen.request_id for seen in count.seen()} == {REQUEST_ID}
        assert bench.times_held() == 0

    def test_a_look_finds_what_was_written(self, bench: Bench) -> None:
        bench.target.write(bench.payload, REQUEST_ID)
        found = bench.target.look(bench.payload, REQUEST_ID)
        assert isinstance(found, Proof)
        assert found.was_there

    @pytest.mark.parametrize("fault", ["lost_reply", "bad_gateway"])
    def test_a_lost_answer_is_in_doubt_and_the_look_settles_it(
        self, bench: Bench, count: Count, fault: str
    ) -> None:
        bench.store.fault(fault, method=bench.method)
        with pytest.raises(OutcomeUnknown):
            bench.target.write(bench.payload, REQUEST_ID)
        assert bench.target.look(bench.payload, REQUEST_ID) is not None
        assert (count.writes(), bench.times_held()) == (1, 1)

    def test_an_answer_that_cannot_be_read_costs_no_second_deed(
        self, bench: Bench, count: Count
    ) -> None:
        """In doubt, or settled at once by the read behind it."""
        bench.store.fault("garbage", method=bench.method)
        with suppress(OutcomeUnknown):
            assert not bench.target.write(bench.payload, REQUEST_ID).was_there
        assert bench.target.look(bench.payload, REQUEST_ID) is not None
        assert (count.writes(), bench.times_held()) == (1, 1)

    def test_an_error_after_the_deed_does_not_make_a_second_one(self, bench: Bench) -> None:
        bench.store.fault("status_after", method=bench.method, code=500)
        with pytest.raises(TransientError):
            bench.target.write(bench.payload, REQUEST_ID)
        bench.target.write(bench.payload, REQUEST_ID)
        assert bench.times_held() == 1

    def test_a_call_that_something_repeats_is_in_doubt_and_done_once(self, bench: Bench) -> None:
        """No nonce works twice, so the store takes the first and refuses the second."""
        bench.store.fault("twice", method=bench.method)
        with pytest.raises(OutcomeUnknown):
            bench.target.write(bench.payload, REQUEST_ID)
        assert bench.target.look(bench.payload, REQUEST_ID) is not None
        assert bench.times_held() == 1

    def test_an_answer_without_a_deed_is_no_success(self, bench: Bench) -> None:
        bench.store.fault("not_stored", method=bench.method)
        with pytest.raises(TransientError):
            bench.target.write(bench.payload, REQUEST_ID)
        assert bench.times_held() == 0
        bench.target.write(bench.payload, REQUEST_ID)
        assert bench.times_held() == 1

    def test_a_read_back_that_fails_is_in_doubt(self, bench: Bench, count: Count) -> None:
        bench.target.look(bench.payload, REQUEST_ID)
        skip = 1 if self.looks_first else 0
        bench.store.fault("maintenance", method="GET", skip=skip, path=self.read_path)
        with pytest.raises(OutcomeUnknown):
            bench.target.write(bench.payload, REQUEST_ID)
        assert bench.target.look(bench.payload, REQUEST_ID) is not None
        assert count.writes() == 1

    def test_what_is_not_there_is_said_with_its_number(self, bench: Bench) -> None:
        for call in (bench.target.write, bench.target.look):
            with pytest.raises(NotFound) as caught:
                call(bench.nowhere, REQUEST_ID)
            assert "nothing" in caught.value.params.values()

    def test_a_store_that_is_away(self, bench: Bench) -> None:
        bench.store.fault("maintenance", times=2)
        for call in (bench.target.write, bench.target.look):
            with pytest.raises(RemoteUnavailable):
                call(bench.payload, REQUEST_ID)

    def test_a_refused_sign_in_stops(self, bench: Bench) -> None:
        bench.store.act("revoke", {})
        for call in (bench.target.write, bench.target.look):
            with pytest.raises(ConnectionBlocked):
                call(bench.payload, REQUEST_ID)
        assert bench.times_held() == 0

    @pytest.mark.parametrize("status", [400, 401, 403, 404, 429, 500, 503])
    def test_no_secret_stands_in_an_error(self, bench: Bench, status: int) -> None:
        body = {"message": "no: %1", "parameters": [" ".join(KEYS.values())]}
        bench.store.fault("status", times=None, code=status, body=body)
        with pytest.raises(BackhaulError) as caught:
            bench.target.write(bench.payload, REQUEST_ID)
        error = caught.value
        texts = [str(error), error.excerpt, repr(dict(error.params))]
        texts += traceback.format_exception(error)
        assert not [secret for secret in KEYS.values() for text in texts if secret in text]

    def test_it_works_again_after_closing(self, bench: Bench) -> None:
        bench.target.close()
        bench.target.write(bench.payload, REQUEST_ID)
        bench.target.close()
        bench.target.close()
