"""The made-up shipments of the self-test: what keeps them from passing is told."""

import socket
from typing import Any

import pytest

from app.bootstrap import opened_program
from app.services import self_test_practice
from app.services.practice import Practice
from app.services.self_test_lines import Line
from app.services.self_test_practice import practice_lines


def test_shipments_reach_both_practice_servers_and_come_in_over_http() -> None:
    assert [(line.title, line.passed) for line in practice_lines(opened_program)] == [
        ("Practice shipment", True), ("Practice shipment", True), ("Local intake", True),
    ]  # fmt: skip


def test_a_shipment_that_is_not_written_is_a_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    act = Practice.act

    def picked_up_at_once(practice: Practice, system: str, name: str, **options: Any) -> None:
        act(practice, system, name, **options)
        if name == "add_invoice":
            act(practice, system, "pick_up", **options)

    monkeypatch.setattr(Practice, "act", picked_up_at_once)
    first, second, third = practice_lines(opened_program)
    assert (first.passed, second.passed) == (False, True)
    assert "picked up" in first.text
    assert third == Line(
        "Local intake", False, "a record was taken in, and its shipment was not written"
    )


def test_an_intake_that_cannot_listen_is_a_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(self_test_practice, "PATIENCE_S", 0.5)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        monkeypatch.setattr(self_test_practice, "free_port_near", lambda _: port)
        line = self_test_practice._handed_in(opened_program)
    assert isinstance(line, Line)
    assert line.passed is False
    assert str(port) in line.text


def test_a_call_that_is_refused_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(self_test_practice, "_ACTOR", "")
    *_, line = practice_lines(opened_program)
    assert (line.title, line.passed) == ("Local intake", False)
    assert line.text.startswith("a call was answered ")
