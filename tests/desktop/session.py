"""A real desktop for one test: X server, window manager, tray, notification daemon, keyring, bus.

Everything is seen from outside, as a person, a screen reader or another program sees it.
"""

import json
import os
import re
import shutil
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

ROOT = Path(__file__).resolve().parent.parent.parent
RIG = Path(os.environ.get("BACKHAUL_RIG") or ROOT.parent / "shared" / "rig")
PATIENCE_S = 15.0
PASSWORD = "rig-test-password"
"""Opens the keyring of a session whose keyring is locked."""

APP = "Backhaul"
_STEP_S = 0.05
_PANELS = ("LXQt Panel", "panel", "trayer")
_OLD_ICON = re.compile(r'"Backhaul"\)\s+(\d+)x(\d+)\S+\s+\+(-?\d+)\+(-?\d+)')
_never = threading.Event()

T = TypeVar("T")


def lacking() -> str:
    """Why no desktop can be started here; empty when it can."""
    if not (RIG / "desktop").is_file():
        return "no desktop rig on this computer; BACKHAUL_RIG names its folder"
    found = subprocess.run([RIG / "desktop", "check"], capture_output=True, text=True, check=False)
    return "" if found.returncode == 0 else f"the desktop rig is incomplete: {found.stdout.strip()}"


def until(look: Callable[[], T | None], what: str, patience_s: float = PATIENCE_S) -> T:
    """Look until there is something, and return it; `what` says what was waited for.

    Raises: AssertionError after `patience_s` seconds, with what was seen last.
    """
    ends = time.monotonic() + patience_s
    while True:
        seen = look()
        if seen:
            return seen
        if time.monotonic() > ends:
            raise AssertionError(f"not within {patience_s:g} s: {what}; last seen: {seen!r}")
        _never.wait(_STEP_S)


@dataclass(frozen=True, slots=True)
class Widget:
    """One accessible thing, as a screen reader gets it. `at`: x, y, width, height in pixels."""

    role: str
    name: str
    about: str
    text: str
    at: tuple[int, int, int, int]
    states: frozenset[str]

    @property
    def shows(self) -> bool:
        """True while it is on the screen."""
        return "showing" in self.states and self.at[2] > 0

    @property
    def has_focus(self) -> bool:
        """True while keys go to it."""
        return "focused" in self.states


@dataclass(frozen=True, slots=True)
class Shown:
    """One notification that reached the daemon. `number`: the daemon's id of it."""

    number: int
    title: str
    text: str
    urgency: str


class Session:
    """One desktop. `tray`: sni, sni-xfce, xembed, both, none; `secrets`: unlocked, locked, none."""

    def __init__(self, *, tray: str = "sni", secrets: str = "unlocked", home: Path | None = None):
        self._base = Path(tempfile.mkdtemp(prefix="bh-"))  # short: sockets have short names
        self._around = {**os.environ, "RIG_STATE": str(self._base)}
        more = ["--home", str(home)] if home else []
        # Notifications stay until they are put away: none expires while a test looks.
        more += ["--notify-timeout", "0"]
        self._desktop("start", "--tray", tray, "--secrets", secrets, *more)
        self.folder = self._base / f"rig-desktop-{os.getuid()}" / "s"
        told = json.loads((self.folder / "session.json").read_text("utf-8"))
        self.env: dict[str, str] = {**os.environ, **told["env"], "RIG_STATE": str(self._base)}
        for name in ("QT_QPA_PLATFORM", "WAYLAND_DISPLAY", "PYTHON_KEYRING_BACKEND"):
            self.env.pop(name, None)

    def stop(self) -> None:
        """End every part of it and forget its folder."""
        self._desktop("stop")
        shutil.rmtree(self._base, ignore_errors=True)

    def keep(self, where: Path) -> None:
        """Put a picture of the screen, what a screen reader gets and the logs into a folder."""
        self.ui("shot", str(where / "screen.png"), check=False)
        (where / "tree.txt").write_text(self.ui("tree", check=False), "utf-8")
        shutil.copytree(self.folder / "logs", where / "session", dirs_exist_ok=True)

    def part(self, what: str, name: str, *options: str) -> None:
        """`stop`, `kill`, `start`, `freeze` or `thaw` one of tray, wm, notify, secrets, bus."""
        self._desktop("part", what, name, options=options)

    def run(self, *argv: str, check: bool = True, limit_s: float = 30.0) -> str:
        """What another program of this desktop says."""
        done = subprocess.run(
            argv, env=self.env, capture_output=True, text=True, check=False, timeout=limit_s
        )
        if check:
            assert done.returncode == 0, f"{argv}: {done.stdout}{done.stderr}"
        return done.stdout

    def ui(self, *words: str, check: bool = True, limit_s: float = 30.0) -> str:
        """One act of the rig's `ui`: the eyes and hands of a person."""
        return self.run(str(RIG / "ui"), *words, check=check, limit_s=limit_s)

    # What is on the screen

    def widgets(self, app: str = APP) -> list[Widget]:
        """Everything that shows now, in the order of the tree."""
        shown: list[Widget] = []
        hidden_at = 1000
        for told in json.loads(self.ui("tree", "--all", "--json", "--app", app)):
            one = _widget(told)
            if told["depth"] <= hidden_at:
                # What lies in a list that is not open says of itself that it shows.
                hidden_at = 1000 if one.shows or one.role == "application" else told["depth"]
                shown += [one] if one.shows else []
        return shown

    def find(self, name: str, role: str = "", app: str = APP) -> Widget | None:
        """The first widget whose name is, or else contains, these words (case ignored)."""
        wanted = name.casefold()
        fitting = [
            one
            for one in self.widgets(app)
            if wanted in one.name.casefold() and (not role or one.role == role)
        ]
        exact = [one for one in fitting if one.name.casefold() == wanted]
        return next(iter(exact or fitting), None)

    def wait(self, name: str, role: str = "", patience_s: float = PATIENCE_S) -> Widget:
        """Until it shows. Raises: AssertionError."""
        return until(lambda: self.find(name, role), f"{name!r} shows", patience_s)

    def wait_gone(self, name: str, role: str = "", patience_s: float = PATIENCE_S) -> None:
        """Until it shows no more. Raises: AssertionError."""
        until(lambda: self.find(name, role) is None, f"{name!r} is gone", patience_s)

    def focus(self) -> Widget | None:
        """What keys go to: a widget, or the cell of the list that has the keyboard.

        A cell says that it is focused also while its list is not.
        """
        focused = [one for one in self.widgets() if one.has_focus]
        parts = [one for one in focused if one.role in ("table cell", "list item")]
        whole = next((one for one in reversed(focused) if one not in parts), None)
        if whole is not None and whole.role == "table":
            return next((one for one in parts if one.role == "table cell"), whole)
        return whole

    def has_window(self, title: str = APP) -> bool:
        """True while the window manager shows such a window."""
        lines = self.run("wmctrl", "-l", check=False).splitlines()
        return any(line.split(None, 3)[3:] == [title] for line in lines)

    def active_window(self) -> str:
        """Title of the window that has the keyboard."""
        return self.run("xdotool", "getactivewindow", "getwindowname", check=False).strip()

    def top_window(self) -> str:
        """Title of the uppermost window, panels aside."""
        stacked = self.run("xprop", "-root", "_NET_CLIENT_LIST_STACKING", check=False)
        titles = [
            self.run("xdotool", "getwindowname", number, check=False).strip()
            for number in re.findall(r"0x[0-9a-f]+", stacked)
        ]
        return next((one for one in reversed(titles) if one not in _PANELS), "")

    # Hands

    def press(self, name: str, role: str = "push button") -> None:
        """Press by its accessible name alone, as a screen reader does, once it shows."""
        self.ui("act", name, "--app", APP, "--seconds", "10", *_role(role))

    def click(self, name: str, role: str = "", button: int = 1) -> None:
        """Press with the pointer, once it shows."""
        words = ("--app", APP, "--seconds", "10", "--button", str(button), *_role(role))
        self.ui("click", name, *words)

    def key(self, *names: str) -> None:
        """Press keys: Return, Tab, ctrl+c …"""
        self.ui("key", *names)

    def type(self, text: str) -> None:
        """Type into what has the focus."""
        self.ui("type", text)

    def clipboard(self) -> str:
        """What another program would paste."""
        return self.ui("clip", check=False)

    def audit(self) -> list[str]:
        """What a screen reader or a keyboard could not use, one line each; empty: clean."""
        return self.ui("audit", "--app", APP, check=False).splitlines()[:-1]

    # Tray and notices

    def item(self) -> dict[str, Any] | None:
        """Backhaul's StatusNotifierItem as its host has it over D-Bus: kind, status, icon,
        tooltip, menu, place on the screen. None: no host knows one."""
        found = self.ui("tray", "--json", check=False)
        items = json.loads(found) if found.strip() else []
        return next((one for one in items if one.get("title") == APP), None)

    def icon(self) -> tuple[int, int] | None:
        """Where a person sees Backhaul's icon in the tray of either kind; None: nowhere."""
        item = self.item()
        if item and item.get("at"):
            return _middle(*item["at"])
        for window in self.run("xdotool", "search", "--class", "trayer", check=False).split():
            tree = self.run("xwininfo", "-id", window, "-tree", check=False)
            if place := _OLD_ICON.search(tree):
                width, height, x, y = map(int, place.groups())
                return _middle(x, y, width, height)
        return None

    def press_icon(self, button: int = 1) -> None:
        """With the pointer, once there is one; button 3 opens its menu."""
        x, y = until(self.icon, "an icon in the tray")
        self.ui("at", str(x), str(y), "--button", str(button))

    def pick(self, entry: str) -> None:
        """Choose an entry of the menu that opens now, by keyboard."""
        until(lambda: "chosen" in self.ui("pick", entry, check=False), f"menu entry {entry!r}", 30)

    def arrived(self) -> list[Shown]:
        """Every notification the daemon took, replacements included, oldest first."""
        file = self.folder / "notifications.jsonl"
        if not file.exists():
            return []
        lines = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
        return [Shown(int(n["id"]), n["summary"], n["body"], n["urgency"]) for n in lines]

    def wait_notice(self, words: str, patience_s: float = PATIENCE_S) -> Shown:
        """The first notification with these words in title or text. Raises: AssertionError."""
        return until(
            lambda: next((n for n in self.arrived() if words in f"{n.title}\n{n.text}"), None),
            f"a notification with {words!r}",
            patience_s,
        )

    def shown_count(self) -> int:
        """How many notifications are on the screen now."""
        return int(self.run("dunstctl", "count", "displayed").strip())

    def _desktop(self, *words: str, options: tuple[str, ...] = ()) -> None:
        verb, *rest = words
        argv = [str(RIG / "desktop"), verb, "-s", "s", *rest, *options]
        done = subprocess.run(
            argv, env=self._around, capture_output=True, text=True, check=False, timeout=60
        )
        assert done.returncode == 0, f"{argv}: {done.stdout}{done.stderr}"


def _middle(x: int, y: int, width: int, height: int) -> tuple[int, int]:
    return x + width // 2, y + height // 2


def _role(role: str) -> tuple[str, ...]:
    return ("--role", role) if role else ()


def _widget(told: dict[str, Any]) -> Widget:
    x, y, width, height = told["at"] or (0, 0, 0, 0)
    return Widget(
        told["role"],
        told["name"],
        told["about"],
        told["text"] or "",
        (x, y, width, height),
        frozenset(told["states"]),
    )
