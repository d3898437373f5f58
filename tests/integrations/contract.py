"""The same cases for every adapter that writes back: a system's tests inherit them.

A subclass of `WriteBackContract` gives a fixture `bench`: its system's practice server and an
adapter for it, behind the handful of things the cases need.
"""

import traceback
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import pytest

from app.core.errors import BackhaulError, ConnectionBlocked, OutcomeUnknown
from app.core.rates import Bucket
from app.core.types import Proof, Shipment
from app.integrations.base import WriteBackTarget

REQUEST_ID = "0b6c3a52-6a0e-4b5e-9d0c-0f6f0c6a7b11"


@dataclass(frozen=True)
class Call:
    """One request as the remote met it."""

    writes: bool
    request_id: str


class Bench(Protocol):
    """An adapter, and the remote it talks to."""

    target: WriteBackTarget
    secrets: list[str]

    def a_shipment(self) -> Shipment:
        """A shipment that the remote takes."""

    def calls(self) -> list[Call]:
        """What the remote met so far."""

    def times_held(self, shipment: Shipment) -> int:
        """How often the remote holds the number."""

    def fail_with(self, status: int) -> None:
        """Every call from now on is answered so, with the caller's secrets in the answer."""

    def lose_answers_to_writes(self) -> None:
        """The remote does what it is asked to write, and nobody hears of it."""

    def store_nothing(self) -> None:
        """The remote says it has written, and has not."""

    def recover(self) -> None:
        """Everything works again."""


class MemoryBudgets:
    """Rate budgets that end with the test."""

    def __init__(self) -> None:
        self._buckets: dict[tuple[int, str], Bucket] = {}

    def load(self, connection_id: int, operation: str) -> Bucket | None:
        return self._buckets.get((connection_id, operation))

    def update(
        self, connection_id: int, operation: str, change: Callable[[Bucket | None], Bucket]
    ) -> Bucket:
        bucket = change(self._buckets.get((connection_id, operation)))
        self._buckets[connection_id, operation] = bucket
        return bucket


class WriteBackContract:
    """What the worker relies on, whatever the system."""

    def test_it_looks_before_it_writes(self, bench: Bench) -> None:
        bench.target.write(bench.a_shipment(), REQUEST_ID)
        kinds = [call.writes for call in bench.calls()]
        assert kinds.index(False) < kinds.index(True)

    def test_the_proof_comes_from_a_read_after_the_write(self, bench: Bench) -> None:
        shipment = bench.a_shipment()
        proof = bench.target.write(shipment, REQUEST_ID)
        assert not bench.calls()[-1].writes
        assert shipment.tracking in proof.sent
        assert shipment.tracking in proof.held
        assert not proof.was_there

    def test_what_is_there_already_is_not_written_again(self, bench: Bench) -> None:
        shipment = bench.a_shipment()
        bench.target.write(shipment, REQUEST_ID)
        writes = sum(call.writes for call in bench.calls())
        assert bench.target.write(shipment, REQUEST_ID).was_there
        assert sum(call.writes for call in bench.calls()) == writes
        assert bench.times_held(shipment) == 1

    def test_every_run_of_a_job_carries_the_same_request_id(self, bench: Bench) -> None:
        shipment = bench.a_shipment()
        bench.store_nothing()
        with pytest.raises(BackhaulError):
            bench.target.write(shipment, REQUEST_ID)
        bench.recover()
        bench.target.write(shipment, REQUEST_ID)
        assert {call.request_id for call in bench.calls()} == {REQUEST_ID}

    def test_a_look_is_read_only(self, bench: Bench) -> None:
        shipment = bench.a_shipment()
        assert bench.target.look(shipment, REQUEST_ID) is None
        assert bench.calls()
        assert not any(call.writes for call in bench.calls())
        assert bench.times_held(shipment) == 0

    def test_a_look_carries_the_request_id_of_its_job(self, bench: Bench) -> None:
        bench.target.look(bench.a_shipment(), REQUEST_ID)
        assert {call.request_id for call in bench.calls()} == {REQUEST_ID}

    def test_a_look_finds_what_was_written(self, bench: Bench) -> None:
        shipment = bench.a_shipment()
        bench.target.write(shipment, REQUEST_ID)
        found = bench.target.look(shipment, REQUEST_ID)
        assert isinstance(found, Proof)
        assert shipment.tracking in found.held

    def test_a_lost_answer_is_in_doubt_and_the_look_settles_it(self, bench: Bench) -> None:
        shipment = bench.a_shipment()
        bench.lose_answers_to_writes()
        with pytest.raises(OutcomeUnknown):
            bench.target.write(shipment, REQUEST_ID)
        bench.recover()
        assert bench.target.look(shipment, REQUEST_ID) is not None
        bench.target.write(shipment, REQUEST_ID)
        assert bench.times_held(shipment) == 1

    def test_an_acknowledged_write_that_was_not_stored_is_no_success(self, bench: Bench) -> None:
        shipment = bench.a_shipment()
        bench.store_nothing()
        with pytest.raises(BackhaulError):
            bench.target.write(shipment, REQUEST_ID)
        assert bench.times_held(shipment) == 0

    def test_a_refused_sign_in_stops_the_connection(self, bench: Bench) -> None:
        shipment = bench.a_shipment()
        bench.fail_with(401)
        with pytest.raises(ConnectionBlocked):
            bench.target.write(shipment, REQUEST_ID)
        with pytest.raises(ConnectionBlocked):
            bench.target.look(shipment, REQUEST_ID)
        with pytest.raises(ConnectionBlocked):
            list(bench.target.check())

    def test_a_check_changes_nothing(self, bench: Bench) -> None:
        steps = list(bench.target.check())
        assert steps
        assert all(step.title for step in steps)
        assert not any(call.writes for call in bench.calls())

    @pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 418, 422, 429, 500, 502, 503])
    def test_no_secret_stands_in_an_error(self, bench: Bench, status: int) -> None:
        bench.fail_with(status)
        with pytest.raises(BackhaulError) as caught:
            bench.target.write(bench.a_shipment(), REQUEST_ID)
        error = caught.value
        texts = [str(error), error.excerpt, repr(dict(error.params))]
        texts += traceback.format_exception(error)
        assert not [secret for secret in bench.secrets for text in texts if secret in text]

    def test_it_works_again_after_closing(self, bench: Bench) -> None:
        bench.target.close()
        bench.target.write(bench.a_shipment(), REQUEST_ID)
        bench.target.close()
        bench.target.close()
