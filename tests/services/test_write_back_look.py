"""A job in doubt is looked up under the request id of its own writes."""

from pathlib import Path

from app.core.types import Proof, Shipment
from tests.fakes.bench import Bench
from tests.fakes.target import FakeTarget


class Remembering(FakeTarget):
    """Keeps the ids of looks beside those of writes."""

    def look(self, shipment: Shipment, request_id: str = "") -> Proof | None:
        self.remote.request_ids.append(request_id)
        return super().look(shipment, request_id)


def test_a_look_carries_the_request_id_of_its_job(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    bench.target = Remembering(bench.remote)
    bench.restart()
    bench.remote.plan.append("lost_applied")
    bench.enter()
    bench.settle()
    bench.close()
    written, looked = bench.remote.request_ids
    assert looked == written != ""
