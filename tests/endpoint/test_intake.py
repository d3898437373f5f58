"""`POST /intake` and `GET /intake/<id>`: each record once, on disk before it is confirmed."""

import json
import socket
from typing import Any

import pytest

from app.models.attention import ItemKind
from app.models.gate import WriteGate
from tests.endpoint.counter import TRACKING, Counter, a_record
from tests.processes import Caller, until

OTHER = "1ZA1B2C30345678912"


def no_dates(**more: Any) -> dict[str, Any]:
    record = a_record(**more)
    del record["ship_date"]
    return record


def test_a_record_becomes_a_row(counter: Counter) -> None:
    answered = counter.post(a_record())
    assert answered.status == 202
    assert answered.content == {
        "status": 202, "result": "accepted", "source_key": "parcel-1", "id": 1,
    }  # fmt: skip
    assert counter.rows() == [("316132", TRACKING, "http")]


def test_the_same_record_again_is_the_same_one(counter: Counter) -> None:
    first = counter.post(a_record())
    again = counter.post(a_record(cost=8.4))  # the same amount, written otherwise
    assert (again.status, again.content["result"]) == (200, "known")
    assert again.content["id"] == first.content["id"]
    assert len(counter.rows()) == 1


@pytest.mark.parametrize(
    "change",
    [{"cost": "9.00"}, {"references": ["316133"]}, {"tracking": OTHER}, {"void": True}],
    ids=lambda change: next(iter(change)),
)
def test_a_known_key_with_other_content_is_a_conflict(
    counter: Counter, change: dict[str, Any]
) -> None:
    first = counter.post(a_record())
    other = counter.post(a_record(**change))
    assert other.status == 409
    assert "parcel-1 was sent before" in other.content["text"]
    assert "key of its own" in other.content["hint"]
    assert other.content["id"] == first.content["id"]
    assert counter.rows() == [("316132", TRACKING, "http")]


def test_a_key_for_another_connection_is_a_conflict(tmp_path: Any) -> None:
    with Counter(tmp_path, connections=2) as counter:
        assert counter.post(a_record(connection="Shop 1")).status == 202
        assert counter.post(a_record(connection="shop 1")).status == 200
        assert counter.post(a_record()).status == 200  # names none: nothing speaks against it
        assert counter.post(a_record(connection="Shop 2")).status == 409
        unnamed = counter.post(a_record("parcel-2"))
        assert (unnamed.status, unnamed.content["error"]) == (422, "connection_needed")
        assert "Shop 1, Shop 2" in unnamed.content["text"] + unnamed.content["hint"]


def test_a_batch_answers_for_each(counter: Counter) -> None:
    counter.post(a_record("old"))
    answered = counter.post(
        [
            a_record("new", "316140", tracking=OTHER),
            a_record("old"),
            a_record("old", cost="1.00"),
            a_record("bad", tracking="-"),
            "nothing",
        ]
    )
    results = answered.content["results"]
    assert [one["status"] for one in results] == [202, 200, 409, 422, 422]
    assert answered.status == 422  # nobody takes it for well
    assert [row[0] for row in counter.rows()] == ["316132", "316140"]
    better = counter.post([a_record("new", "316140", tracking=OTHER), a_record("old")])
    assert (better.status, len(counter.rows())) == (200, 2)


def test_a_batch_names_one_key_twice(counter: Counter) -> None:
    answered = counter.post([a_record(), a_record(), a_record(cost="1.00")])
    assert [one["status"] for one in answered.content["results"]] == [202, 200, 409]
    assert answered.status == 409
    assert len(counter.rows()) == 1


def test_a_batch_is_one_commit(counter: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    commits = []
    run = WriteGate.run
    monkeypatch.setattr(
        WriteGate, "run", lambda gate, work: (commits.append(1), run(gate, work))[1]
    )
    batch = [a_record(f"p{n}", f"A{n}", tracking=f"1ZA1B2C3034567{n:04}") for n in range(50)]
    assert counter.post(batch).status == 202
    assert (len(commits), len(counter.rows())) == (1, 50)


def test_a_void_before_it_is_sent_takes_the_row_away(counter: Counter) -> None:
    label = counter.post(a_record())
    void = counter.post(no_dates(key="parcel-1-void", void=True))
    assert void.status == 202
    assert counter.rows() == []
    found = counter.get(label.content["id"]).content
    assert (found["state"], found["phase"]) == ("discarded", "removed")
    assert "voided" in found["text"]


def test_voids_of_a_batch_go_first(counter: Counter) -> None:
    batch = [a_record("new", tracking=OTHER), a_record("gone", void=True), a_record("old")]
    assert counter.post(batch).status == 202
    assert counter.rows() == [("316132", OTHER, "http")]  # the void waited for its label


def test_a_void_alone_waits_for_its_label(counter: Counter) -> None:
    answered = counter.post(no_dates(void=True, references=[]))
    found = counter.get(answered.content["id"]).content
    assert (found["state"], found["row"]) == ("void", None)
    assert "no label to take back" in found["text"]


def test_a_return_label_is_not_written(counter: Counter) -> None:
    answered = counter.post(a_record(service="UPS Return"))
    assert (answered.status, counter.rows()) == (202, [])
    assert "return label" in counter.get(answered.content["id"]).content["text"]


def test_where_a_record_stands_in_words(counter: Counter) -> None:
    answered = counter.post(a_record())
    found = counter.get(answered.content["id"])
    assert found.status == 200
    received_at = found.content.pop("received_at")
    assert received_at.endswith("+00:00")
    assert found.content == {
        "id": 1, "source_key": "parcel-1", "order": "316132", "tracking": TRACKING,
        "connection": "Shop 1", "row": 1, "state": "pending", "phase": "waiting",
        "text": "Waiting for its turn", "hint": "",
    }  # fmt: skip


@pytest.mark.parametrize("number", ["0", "99", "-1", "1x", "9" * 40, "%00", "1/2", ""])
def test_a_record_that_is_not_there(counter: Counter, number: str) -> None:
    assert counter.get(number).status == 404


def test_parcels_of_a_shipment_wait_for_each_other(counter: Counter) -> None:
    lead = a_record("a", shipment_id="S1", packages=2)
    assert counter.post(lead).status == 202
    assert "parcels" in counter.get(1).content["text"]
    assert counter.post(a_record("b", shipment_id="S1", packages=2, tracking=OTHER)).status == 202
    assert counter.get(1).content["text"] == "Waiting for its turn"


def test_a_carrier_nobody_knows_is_asked_for(counter: Counter) -> None:
    assert counter.post(a_record(carrier="Velo Kurier")).status == 202
    (item,) = counter.program.attention.items()
    assert (item.item.kind, item.item.params["name"]) == (ItemKind.CARRIER, "Velo Kurier")


def test_a_correction_after_it_went_out_is_followed_by_its_own_row(counter: Counter) -> None:
    counter.post(a_record(carrier="UPS"))
    counter.database.write(lambda c: c.execute("UPDATE jobs SET state='succeeded', finished_at=1"))
    counter.post(a_record("parcel-1b", carrier="FedEx", service="Express"))
    stored = counter.database.read("SELECT id FROM jobs ORDER BY id")
    assert counter.get(2).content["row"] == stored[-1][0]
    assert counter.get(1).content["state"] == "succeeded"


BAD = [
    (b"", 400, "no JSON"),
    (b"{", 400, "line 1"),
    (b"\xff\xfe", 400, "UTF-8"),
    (b"[]", 400, "0 records"),
    (b'"text"', 400, "neither"),
    (b"null", 400, "neither"),
    (b"[" * 20_000, 400, "no JSON"),
    (b'{"a": NaN}', 400, "NaN"),
    (b'{"a": 1, "a": 2}', 400, "twice"),
    (b"9" * 5000, 400, "no JSON"),
    (json.dumps([a_record()] * 501).encode(), 400, "501 records"),
]


@pytest.mark.parametrize(("body", "status", "words"), BAD, ids=range(len(BAD)))
def test_content_that_is_no_record(counter: Counter, body: bytes, status: int, words: str) -> None:
    answered = counter.call(body=body)
    assert answered.status == status
    assert words in answered.content["text"]
    assert counter.rows() == []


FIELDS = [
    ("source_key", None), ("source_key", " "), ("source_key", 7), ("source_key", "x" * 201),
    ("references", None), ("references", "316132"), ("references", [""]), ("references", [7]),
    ("references", ["a\x00b"]), ("references", ["\ud800"]), ("tracking", None), ("tracking", 12),
    ("tracking", []), ("tracking", ["x"] * 5), ("ship_date", "11/20/2026"), ("ship_date", 20261120),
    ("ship_date", "2026-02-30"), ("shipped_at", "2026-11-20T15:30:00"), ("shipped_at", "soon"),
    ("cost", "-1"), ("cost", "x"), ("cost", True), ("cost", "1e400"), ("cost", "NaN"),
    ("cost", 10**12), ("cost", "0.0000001"), ("weight", {}), ("currency", "usd"), ("packages", 0),
    ("packages", 1.5), ("packages", True), ("package_index", -1), ("void", "Y"), ("void", 1),
    ("items", {}), ("items", [{"item": "A"}]), ("items", [{"item": "A", "quantity": 0}]),
    ("items", [{"item": "", "quantity": 1}]), ("items", [{"item": "A", "quantity": "two"}]),
    ("carrier", 3), ("carrier", "other"), ("source", "folder:1"), ("colour", "red"),
    ("connection", 1),
]  # fmt: skip


@pytest.mark.parametrize(("name", "value"), FIELDS, ids=lambda value: str(value)[:20])
def test_a_field_that_cannot_be_used_is_named_with_its_mend(
    counter: Counter, name: str, value: Any
) -> None:
    answered = counter.post(a_record(**{name: value}))
    assert answered.status == 422
    named = answered.content["field"].replace("carrier_raw", "carrier")
    assert name in named
    assert answered.content["hint"]
    assert counter.rows() == []


@pytest.mark.parametrize(
    ("tracking", "code"),
    [("9" * 51, "tracking_too_long"), ("1Z<br>", "tracking_characters"), ("--", "tracking_empty")],
)
def test_a_number_no_carrier_has_is_refused(counter: Counter, tracking: str, code: str) -> None:
    answered = counter.post(a_record(tracking=tracking))
    assert (answered.status, answered.content["error"]) == (422, code)


def test_a_bad_check_digit_is_no_reason(counter: Counter) -> None:  # T13
    assert counter.post(a_record(tracking="1Z23966E0397467800")).status == 202


def test_sixteen_programs_at_once(counter: Counter) -> None:
    def hand_in(caller: int) -> list[int]:
        return [
            counter.post(a_record(f"{caller}/{n}", f"C{caller}", tracking=f"T{caller:03}{n:05}"))
            .content["id"]
            for n in range(10)
        ]  # fmt: skip

    callers = [Caller(lambda caller=caller: hand_in(caller)) for caller in range(16)]
    ids = [number for caller in callers for number in caller.result()]
    assert len(set(ids)) == 160
    assert len(counter.rows()) == 160


def test_one_key_from_sixteen_programs_at_once_is_taken_once(counter: Counter) -> None:
    callers = [Caller(lambda: counter.post(a_record())) for _ in range(16)]
    answers = [caller.result() for caller in callers]
    assert sorted(answer.status for answer in answers) == [200] * 15 + [202]
    assert {answer.content["id"] for answer in answers} == {1}
    assert len(counter.rows()) == 1


def test_an_answer_that_was_lost_is_given_again(counter: Counter) -> None:
    body = json.dumps(a_record()).encode()
    call = counter.head(f"Content-Length: {len(body)}") + body
    with socket.create_connection(("127.0.0.1", counter.port)) as line:
        line.sendall(call)  # and gone, before a word came back
    assert until(counter.rows)
    again = counter.post(a_record())
    assert (again.status, again.content["id"]) == (200, 1)
    assert len(counter.rows()) == 1


def test_a_full_disk_takes_nothing_and_says_so(
    counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:  # D1
    gate = counter.database._gate
    connect = gate._connect

    def full() -> Any:
        connection = connect()
        connection.execute("PRAGMA max_page_count = 1")
        return connection

    batch = [a_record(f"p{n}", f"A{n}", tracking=f"1ZA1B2C3034567{n:04}") for n in range(100)]
    with monkeypatch.context() as patch:
        patch.setattr(gate, "_connect", full)
        answered = counter.post(batch)
    assert (answered.status, answered.headers["retry-after"]) == (503, "60")
    assert "disk" in answered.content["text"].lower()
    assert counter.rows() == []

    def roomy() -> Any:
        connection = connect()
        connection.execute("PRAGMA max_page_count = 1000000")
        return connection

    monkeypatch.setattr(gate, "_connect", roomy)
    assert counter.post(batch).status == 202
    assert len(counter.rows()) == 100


def test_a_fault_of_the_program_gives_no_detail_away(
    counter: Counter, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:  # F15
    def fail(_: Any) -> None:
        raise LookupError("secret insides")

    monkeypatch.setattr("app.services.letterbox.Letterbox.take", lambda box, entries: fail(entries))
    answered = counter.post(a_record())
    assert answered.status == 500
    assert "insides" not in json.dumps(answered.content)
    (record,) = [one for one in caplog.records if one.levelname == "ERROR"]
    assert record.getMessage().split()[-1] in answered.content["hint"]


def test_what_is_sent_never_comes_into_the_log(
    counter: Counter, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level("DEBUG"):
        counter.post(a_record(carrier="Mystery Movers", references=["SECRETORDER"]))
        counter.post(a_record("x", tracking="SECRET<>"))
        counter.call(body=b"{SECRETBODY", key="SECRETKEY")
    assert "SECRET" not in caplog.text
    assert TRACKING not in caplog.text


def test_calls_are_counted(counter: Counter) -> None:
    counter.post(a_record())
    first = counter.program.local_intake.status().last_at
    assert first is not None
    counter.call(key="wrong")
    assert counter.program.local_intake.status().last_at == first
    counter.post(a_record(cost="7"))
    found = counter.program.local_intake.status()
    assert (found.accepted, found.refused) == (1, 2)
    assert found.last_at is not None
    assert found.last_at >= first
    counter.program.local_intake.keep_counts()
    assert counter.program.local_intake.status() == found


def test_switched_off_nobody_is_answered(counter: Counter) -> None:
    counter.program.local_intake.switch(False, None, "ann")
    answered = counter.post(a_record())
    assert (answered.status, counter.rows()) == (503, [])
    assert "switched off" in answered.content["text"]
