"""The tray icon: its states, its menu, and hosts that come late, go, or never come."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction, QColor, QImage
from PySide6.QtWidgets import QSystemTrayIcon
from pytestqt.qtbot import QtBot

from app.core.telling import Notice, Overall, Problem, Standing
from app.ui import tray as tray_module
from app.ui.item_hosts import WATCHER, ItemHosts
from app.ui.session_bus import SessionBus
from app.ui.tray import Tray, tray_icon
from app.ui.tray_host import HostKind, TrayHost
from tests.ui.private_bus import PrivateBus, Service, require_bus

PROBLEMS = (
    Problem("stopped:2", "Back office is stopped. Sign in & go on", 2, None),
    Problem("failed:1:rejected", "Shop: invoice 7 needs you. " + "why " * 40, 1, 7),
)
TROUBLE = Standing(Overall.NEEDS_YOU, "<b>2</b> problems", PROBLEMS, more=3, can_pause=True)


class FakeHost(QObject):
    """A tray host as the test wants it."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.kind = HostKind.NONE
        self.has_item = False

    def become(self, kind: HostKind, *, has_item: bool = False) -> None:
        """Another host, or the same one that now knows the icon."""
        self.kind, self.has_item = kind, has_item
        self.changed.emit()


@pytest.fixture
def host(qtbot: QtBot) -> FakeHost:
    return FakeHost()


@pytest.fixture
def tray(host: FakeHost, monkeypatch: pytest.MonkeyPatch) -> Iterator[Tray]:
    monkeypatch.setattr(tray_module, "_GRACE_MS", 50)
    made = Tray(host)
    yield made
    made.close()


def entries(tray: Tray) -> list[str]:
    return [action.text() for action in tray._menu.menu.actions() if action.text()]


def entry(tray: Tray, text: str) -> QAction:
    menus = [tray._menu.menu, tray._menu._pauses]
    (found,) = [a for menu in menus for a in menu.actions() if a.text().startswith(text)]
    return found


def icon(tray: Tray) -> QSystemTrayIcon:
    assert tray._icon is not None
    return tray._icon


def test_without_a_host_there_is_no_icon_and_nothing_is_visible(tray: Tray) -> None:
    assert tray._icon is None
    assert not tray.is_visible()
    assert not tray.show_message(Notice("a", "title"))


def test_offscreen_has_no_host(qtbot: QtBot) -> None:
    assert TrayHost().kind is HostKind.NONE


def test_icon_is_visible_only_once_the_host_knows_it(tray: Tray, host: FakeHost) -> None:
    host.become(HostKind.ITEM)
    assert not tray.is_visible()
    host.become(HostKind.ITEM, has_item=True)
    assert tray.is_visible()


def test_host_of_another_kind_gets_an_icon_of_its_own(tray: Tray, host: FakeHost) -> None:
    host.become(HostKind.X11)
    first = icon(tray)
    host.become(HostKind.NONE)
    host.become(HostKind.X11)
    assert icon(tray) is first
    host.become(HostKind.ITEM, has_item=True)
    assert icon(tray) is not first


def test_lost_host_is_told_after_a_moment(qtbot: QtBot, tray: Tray, host: FakeHost) -> None:
    host.become(HostKind.ITEM, has_item=True)
    with qtbot.waitSignal(tray.lost_host):
        host.become(HostKind.NONE)


def test_host_that_comes_back_at_once_was_not_lost(
    qtbot: QtBot, tray: Tray, host: FakeHost
) -> None:
    host.become(HostKind.ITEM, has_item=True)
    host.become(HostKind.NONE)
    host.become(HostKind.ITEM, has_item=True)
    assert not tray._grace.isActive()


def test_host_that_never_was_is_not_lost(tray: Tray, host: FakeHost) -> None:
    host.become(HostKind.ITEM)
    host.become(HostKind.NONE)
    assert not tray._grace.isActive()


def test_late_host_is_shown_how_things_stand(tray: Tray, host: FakeHost) -> None:
    tray.show_standing(TROUBLE)
    host.become(HostKind.ITEM, has_item=True)
    assert icon(tray).toolTip() == "Backhaul: (b)2(/b) problems"
    assert icon(tray).icon().cacheKey() == tray_icon(Overall.NEEDS_YOU).cacheKey()


def test_menu_lists_problems_and_opens_the_one_chosen(qtbot: QtBot, tray: Tray) -> None:
    tray.show_standing(TROUBLE)
    texts = entries(tray)
    assert texts[:2] == ["Open Backhaul", "Back office is stopped. Sign in && go on"]
    assert texts[2].endswith("…")
    assert len(texts[2]) <= 90
    assert texts[3:] == ["3 more", "Sync now", "Pause", "Quit"]
    with qtbot.waitSignal(tray.problem_opened) as opened:
        entry(tray, "Shop: invoice 7").trigger()
    assert opened.args == ["failed:1:rejected"]


@pytest.mark.parametrize(
    ("text", "seconds"), [("30 minutes", 1800.0), ("1 hour", 3600.0), ("Until", None)]
)
def test_pause_says_for_how_long(
    qtbot: QtBot, tray: Tray, text: str, seconds: float | None
) -> None:
    with qtbot.waitSignal(tray.pause_requested) as asked:
        entry(tray, text).trigger()
    assert asked.args == [seconds]


def test_sync_now_is_offered_where_something_is_connected(qtbot: QtBot, tray: Tray) -> None:
    assert "Sync now" not in entries(tray)
    tray.show_standing(Standing(can_pause=True))
    with qtbot.waitSignal(tray.sync_requested):
        entry(tray, "Sync now").trigger()


def test_paused_menu_offers_to_resume(qtbot: QtBot, tray: Tray) -> None:
    tray.show_standing(Standing(Overall.PAUSED, "Paused", can_resume=True, paused_until=None))
    assert entries(tray) == ["Open Backhaul", "Resume", "Quit"]
    with qtbot.waitSignal(tray.resume_requested):
        entry(tray, "Resume").trigger()
    tray.show_standing(Standing(Overall.PAUSED, "Paused", can_resume=True, paused_until=10**12))
    assert entries(tray)[1].startswith("Resume (paused until ")


def test_open_and_quit(qtbot: QtBot, tray: Tray) -> None:
    with qtbot.waitSignal(tray.open_requested):
        entry(tray, "Open").trigger()
    with qtbot.waitSignal(tray.quit_requested):
        entry(tray, "Quit").trigger()


def test_press_on_the_icon_opens_the_window(qtbot: QtBot, tray: Tray, host: FakeHost) -> None:
    host.become(HostKind.ITEM, has_item=True)
    with qtbot.waitSignal(tray.open_requested):
        icon(tray).activated.emit(QSystemTrayIcon.ActivationReason.Trigger)
    with qtbot.assertNotEmitted(tray.open_requested):
        icon(tray).activated.emit(QSystemTrayIcon.ActivationReason.Context)


def test_menu_is_rebuilt_only_when_it_says_something_else(tray: Tray) -> None:
    tray.show_standing(TROUBLE)
    first = entry(tray, "Back office")
    tray.show_standing(Standing(Overall.OFFLINE, "other", PROBLEMS, more=3, can_pause=True))
    assert entry(tray, "Back office") is first


def test_open_menu_does_not_move_under_the_pointer(tray: Tray) -> None:
    tray.show_standing(TROUBLE)
    tray._menu.menu.aboutToShow.emit()
    tray.show_standing(Standing())
    assert "3 more" in entries(tray)
    tray._menu.menu.aboutToHide.emit()
    assert entries(tray) == ["Open Backhaul", "Quit"]


def test_item_host_is_left_to_the_notification_service(tray: Tray, host: FakeHost) -> None:
    host.become(HostKind.ITEM, has_item=True)
    assert not tray.show_message(Notice("a", "title"))


@pytest.mark.parametrize("size", [16, 22, 24, 32])
def test_every_state_looks_different_and_stands_out_on_any_panel(qtbot: QtBot, size: int) -> None:
    pictures = [tray_icon(overall).pixmap(size, size).toImage() for overall in Overall]
    for number, picture in enumerate(pictures):
        assert picture.width() == size
        assert not any(picture == other for other in pictures[:number])
        for ground in ("#FFFFFF", "#808080", "#000000"):
            assert _stands_out(picture, QColor(ground)) > size * size / 20, (number, ground)


def _stands_out(picture: QImage, ground: QColor) -> int:
    """Pixels that differ clearly in lightness from the panel behind them."""
    count = 0
    for x in range(picture.width()):
        for y in range(picture.height()):
            pixel = picture.pixelColor(x, y)
            drawn = pixel.alphaF() * pixel.lightnessF() + (1 - pixel.alphaF()) * ground.lightnessF()
            count += abs(drawn - ground.lightnessF()) > 0.3
    return count


def test_item_hosts_are_seen_coming_and_going(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    require_bus()
    private = PrivateBus(tmp_path)
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", private.address)
    host, bus = TrayHost(), SessionBus()
    ItemHosts(bus, host.item_host_seen.emit)
    bus.start()
    items: list[str] = []
    watcher = Service(private.address, WATCHER, "/StatusNotifierWatcher")
    found = {
        "IsStatusNotifierHostRegistered": lambda: ("b", True),
        "RegisteredStatusNotifierItems": lambda: ("as", items),
    }
    watcher.answers["Get"] = lambda _, name: ("v", (found[name](),))
    watcher.start()
    try:
        watcher.emit("StatusNotifierHostRegistered", "")
        qtbot.waitUntil(lambda: host.kind is HostKind.ITEM)
        assert not host.has_item
        items.append(f"{watcher._connection.unique_name}/StatusNotifierItem")  # this process's
        watcher.emit("StatusNotifierItemRegistered", "s", items[0])
        qtbot.waitUntil(lambda: host.has_item)
        watcher.stop()
        qtbot.waitUntil(lambda: host.kind is HostKind.NONE)
        assert not host.has_item
    finally:
        bus.stop()
        private.stop()
