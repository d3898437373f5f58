"""Notices on the desktop: one notification each, replaced in place; clicks come back."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from app.core.telling import Notice, Urgency
from app.ui.freedesktop import Freedesktop
from app.ui.notify import Notifier
from app.ui.tray_host import TrayHost
from tests.ui.private_bus import FakeNotifications, PrivateBus, require_bus

BLOCKED = Notice("stopped:1", "Shop is stopped", "Sign in again.", Urgency.CRITICAL, 3, 1)
OVER = Notice("stopped:1", "Shop works again", is_resolved=True)
GONE = Notice("stopped:1", is_resolved=True)
OTHER = Notice("failed:1:rejected", "Shop: invoice 7 needs you", "No <b>bold</b> & more")


class FakeMessages:
    """What the tray shows; nothing while `works` is off."""

    def __init__(self) -> None:
        self.shown: list[Notice] = []
        self.works = True

    def show_message(self, notice: Notice) -> bool:
        if self.works:
            self.shown.append(notice)
        return self.works


@pytest.fixture
def messages() -> FakeMessages:
    return FakeMessages()


@pytest.fixture
def bus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[PrivateBus]:
    require_bus()
    private = PrivateBus(tmp_path)
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", private.address)
    yield private
    private.stop()


Serve = Callable[..., FakeNotifications]


@pytest.fixture
def serve(bus: PrivateBus) -> Iterator[Serve]:
    """Starts notification services."""
    started: list[FakeNotifications] = []

    def start(*capabilities: str) -> FakeNotifications:
        service = FakeNotifications(bus.address, *capabilities)
        service.start()
        started.append(service)
        return service

    yield start
    for service in started:
        service.stop()


@pytest.fixture
def notifier(qtbot: QtBot, messages: FakeMessages, bus: PrivateBus) -> Iterator[Notifier]:
    """On the private bus; the service, if any, is started before it or later."""
    made = Notifier(messages)
    host = TrayHost()
    desktop = Freedesktop(made, host)
    desktop.start()
    yield made
    desktop.stop()


def values(call: tuple[Any, ...]) -> dict[str, Any]:
    names = ("app", "replaces", "icon", "title", "body", "actions", "hints", "expires")
    return dict(zip(names, call, strict=True))


def test_notice_is_shown_with_actions_and_urgency(serve: Serve, notifier: Notifier) -> None:
    service = serve("actions", "body", "body-markup")
    notifier.show(BLOCKED)
    (call,) = service.wait_for("Notify")
    shown = values(call)
    assert (shown["title"], shown["body"]) == ("Shop is stopped", "Sign in again.")
    assert shown["replaces"] == 0
    assert "default" in shown["actions"]
    assert shown["hints"]["urgency"] == ("y", 2)
    assert shown["icon"].endswith("tray_ok.svg")


def test_same_key_is_replaced_in_place_and_taken_away(serve: Serve, notifier: Notifier) -> None:
    service = serve("actions")
    for notice in (BLOCKED, OTHER, OVER, GONE):
        notifier.show(notice)
    service.wait_for("CloseNotification")
    assert [values(call)["replaces"] for call in service.of("Notify")] == [0, 0, 1]
    assert service.of("CloseNotification") == [(1,)]


@pytest.mark.parametrize(
    ("capabilities", "body"),
    [
        (("body", "body-markup"), "No &lt;b&gt;bold&lt;/b&gt; &amp; more"),
        (("body",), "No <b>bold</b> & more"),
    ],
)
def test_text_is_never_markup(
    serve: Serve, notifier: Notifier, capabilities: tuple[str, ...], body: str
) -> None:
    service = serve(*capabilities)
    notifier.show(OTHER)
    (call,) = service.wait_for("Notify")
    assert values(call)["body"] == body
    assert values(call)["actions"] == []  # it can do none


def test_click_says_which_notice(qtbot: QtBot, serve: Serve, notifier: Notifier) -> None:
    service = serve("actions")
    notifier.show(OTHER)
    notifier.show(BLOCKED)
    service.wait_for("Notify", 2)
    with qtbot.waitSignal(notifier.opened) as opened:
        service.emit("ActionInvoked", "us", 99, "default")  # another program's
        service.emit("ActionInvoked", "us", 2, "default")
    assert opened.args == ["stopped:1"]


def test_click_hands_over_what_lets_the_window_come_to_the_front(
    qtbot: QtBot, serve: Serve, notifier: Notifier, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_ACTIVATION_TOKEN", "")
    service = serve("actions")
    notifier.show(BLOCKED)
    service.wait_for("Notify")
    with qtbot.waitSignal(notifier.clicked) as clicked:
        service.emit("ActivationToken", "us", 1, "token-7")
        service.emit("ActionInvoked", "us", 1, "open")
    assert clicked.args == ["stopped:1", "token-7"]


@pytest.mark.parametrize(("reason", "replaces"), [(1, 1), (2, 0)])
def test_notice_a_person_put_away_comes_back_as_a_new_one(
    qtbot: QtBot, serve: Serve, notifier: Notifier, reason: int, replaces: int
) -> None:
    service = serve()
    notifier.show(BLOCKED)
    notifier.show(OTHER)
    service.wait_for("Notify", 2)
    with qtbot.waitSignal(notifier.opened):
        service.emit("NotificationClosed", "uu", 1, reason)
        service.emit("ActionInvoked", "us", 2, "default")  # heard after the other
    notifier.show(OVER)
    again = service.wait_for("Notify", 3)[2]
    assert values(again)["replaces"] == replaces


def test_restarted_service_is_shown_new_ones(
    qtbot: QtBot, serve: Serve, notifier: Notifier
) -> None:
    first = serve()
    notifier.show(BLOCKED)
    first.wait_for("Notify")
    first.stop()
    with qtbot.waitSignal(notifier.service_appeared):  # heard on a thread of its own
        second = serve("body-markup")
    notifier.show(OVER)
    (call,) = second.wait_for("Notify")
    assert values(call)["replaces"] == 0


def test_without_a_service_the_tray_shows_it(
    qtbot: QtBot, bus: PrivateBus, notifier: Notifier, messages: FakeMessages
) -> None:
    notifier.show(BLOCKED)
    notifier.show(GONE)
    qtbot.waitUntil(lambda: messages.shown == [BLOCKED])
    with qtbot.waitSignal(notifier.opened) as opened:
        notifier.message_clicked()
    assert opened.args == ["stopped:1"]


def test_what_nobody_could_show_is_shown_when_the_service_appears(
    qtbot: QtBot, serve: Serve, notifier: Notifier, messages: FakeMessages
) -> None:
    messages.works = False
    for notice in (BLOCKED, OTHER, GONE):
        with qtbot.waitSignal(notifier.left_over):
            notifier.show(notice)
    service = serve()
    qtbot.waitUntil(lambda: service.of("Notify") != [])
    (call,) = service.of("Notify")
    assert values(call)["title"] == OTHER.title


def test_end_of_the_program_takes_its_notices_away(
    qtbot: QtBot, serve: Serve, messages: FakeMessages
) -> None:
    service = serve()
    notifier = Notifier(messages)
    desktop = Freedesktop(notifier, TrayHost())
    desktop.start()
    notifier.show(BLOCKED)
    service.wait_for("Notify")
    desktop.stop()
    assert service.of("CloseNotification") == [(1,)]


def test_lost_bus_is_survived(
    qtbot: QtBot, bus: PrivateBus, notifier: Notifier, messages: FakeMessages
) -> None:
    notifier.show(BLOCKED)
    qtbot.waitUntil(lambda: messages.shown == [BLOCKED])
    bus.stop()
    notifier.show(OTHER)
    qtbot.waitUntil(lambda: messages.shown == [BLOCKED, OTHER])


def test_without_a_desktop_the_tray_shows_it(qtbot: QtBot, messages: FakeMessages) -> None:
    notifier = Notifier(messages)
    notifier.show(BLOCKED)
    assert messages.shown == [BLOCKED]
