"""Whatever is sent, the answer is one of ours and nothing but whole records gets in."""

import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.endpoint.auth import Bearer, WrongCalls
from app.endpoint.calls import Entrance
from app.endpoint.intake import PATH, IntakeDoor
from tests.endpoint.counter import KEY, KEY_VARIABLE, Counter, a_record
from tests.fakes.clock import FakeClock

OURS = {200, 202, 400, 401, 403, 404, 405, 409, 415, 422, 429}
texts = st.text(max_size=30)
plain = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | texts
)
anything = st.recursive(
    plain, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4)
)
mutated = st.dictionaries(st.sampled_from([*a_record(), "void", "items", "packages"]), anything)


class Desk:
    """The application without its sockets."""

    def __init__(self, counter: Counter) -> None:
        program, clock = counter.program, FakeClock()
        wrong = WrongCalls(clock, counter.server._closing)
        wrong._slow.acquire()  # nobody is held up here
        bearer = Bearer(program.local_intake.is_key, wrong)
        say = program.wordsmith.say
        door = IntakeDoor(program.local_intake, program.letterbox, bearer, say)
        self._entrance = Entrance(1, {PATH: door}, say)

    def call(self, body: bytes, **more: str) -> tuple[int, Any]:
        environ: dict[str, Any] = {
            "REQUEST_METHOD": "POST", "PATH_INFO": "/intake", "QUERY_STRING": "",
            "HTTP_HOST": "127.0.0.1:1", "HTTP_AUTHORIZATION": f"Bearer {KEY}",
            "CONTENT_TYPE": "application/json", "wsgi.input": io.BytesIO(body), **more,
        }  # fmt: skip
        said: list[str] = []
        parts = self._entrance(environ, lambda status, headers: said.append(status))
        return int(said[0].split(" ")[0]), json.loads(b"".join(parts))


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Desk, Counter]]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(KEY_VARIABLE, KEY)
        folder: Path = tmp_path_factory.mktemp("fuzz")
        with Counter(folder) as counter:
            yield Desk(counter), counter


quickly = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@quickly
@given(body=st.binary(max_size=300))
def test_any_bytes(desk: tuple[Desk, Counter], body: bytes) -> None:
    status, said = desk[0].call(body)
    assert status in OURS
    assert "error" in said or "results" in said


@quickly
@given(content=anything)
def test_any_json(desk: tuple[Desk, Counter], content: Any) -> None:
    before = len(desk[1].rows())
    status, _ = desk[0].call(json.dumps(content).encode())
    assert status in OURS
    assert len(desk[1].rows()) == before  # none of them names order and number


@quickly
@given(change=mutated, key=st.text(min_size=1, max_size=20))
def test_any_change_of_a_record(
    desk: tuple[Desk, Counter], change: dict[str, Any], key: str
) -> None:
    door, counter = desk
    before = len(counter.database.read("SELECT id FROM received"))
    body = json.dumps({**a_record(key), **change}).encode()
    status, said = door.call(body)
    assert status in {200, 202, 409, 422}
    assert bool(said.get("text")) == (status >= 400)
    after = len(counter.database.read("SELECT id FROM received"))
    assert after - before == (status == 202)
    if status == 202:
        assert door.call(body)[0] == 200
        follow = {"REQUEST_METHOD": "GET", "PATH_INFO": f"/intake/{said['id']}"}
        assert door.call(b"", **follow)[0] == 200


@quickly
@given(
    method=texts, path=texts, host=texts, kind=texts,
    key=st.text(st.characters(max_codepoint=255), max_size=60),
)  # fmt: skip
def test_any_head(
    desk: tuple[Desk, Counter], method: str, path: str, host: str, kind: str, key: str
) -> None:
    door, _ = desk
    more = {"HTTP_AUTHORIZATION": key, "CONTENT_TYPE": kind}
    assert door.call(b"{}", REQUEST_METHOD=method, PATH_INFO=f"/intake{path}", **more)[0] in OURS
    assert door.call(b"{}", HTTP_HOST=host, **more)[0] in OURS
