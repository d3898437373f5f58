"""Every state of every page as pictures (`python3 dev.py screenshots`); fails on a faulty one."""

import argparse
import json
import logging
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from app.core import pseudo
from app.services.languages import VARIABLE

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

    from tests.screens.camera import Camera
    from tests.screens.stage import Stage

    Scene = Callable[[Stage], None]

ROOT = Path(__file__).parents[2]
OUT, DOCS = ROOT / "build" / "screenshots", ROOT / "docs" / "screenshots"
SCALES = (1, 2)
SCREEN = (1600, 1000)  # of the offscreen platform, in logical pixels
IN_DOCS = {
    "manager": "manager-practice",
    "connections": "connections-cards",
    "first-run": "manager-first-run",
    "intake": "intake-full",
    "scanner": "scan-known",
    "settings": "settings",
    "orders": "orders-one-failed",
    "status": "status-main-store",
    "sync": "sync-full",
}
"""Names in docs/screenshots, and of the pictures they are."""


def main(argv: Sequence[str] | None = None) -> int:
    """0: every picture was taken and none has a fault; 1: else; 2: nothing has such a name."""
    asked = _asked(argv)
    if asked.pseudo:
        os.environ[VARIABLE] = pseudo.NAME
    if asked.here:
        return _take(asked.out, asked.only)
    out = asked.out.resolve()
    only = list(IN_DOCS.values()) if asked.docs else asked.only
    scales = [1] if asked.docs else [asked.scale] if asked.scale else SCALES
    with tempfile.TemporaryDirectory(prefix="backhaul-screens-") as aside:
        running = [_start(scale, out, only, Path(aside)) for scale in scales]
        ends = [process.wait() for process in running]
    for scale, end in zip(scales, ends, strict=True):
        if end < 0:
            print(f"{scale}x: killed by signal {-end}")
    worst = max(end if end >= 0 else 1 for end in ends)
    if asked.docs and worst == 0:
        _copy_to_docs(out / "1x")
    return worst


def _asked(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser("dev.py screenshots", description=__doc__)
    parser.add_argument("--out", type=Path, default=OUT, help="folder for the pictures")
    parser.add_argument(
        "--only",
        action="append",
        default=[],
        metavar="PART",
        help="pictures whose names begin like this, or a scene as the last lines name them",
    )
    parser.add_argument("--scale", type=int, choices=SCALES, help="only this one")
    parser.add_argument(
        "--pseudo", action="store_true", help="in the pseudo-locale: every sentence a third longer"
    )
    parser.add_argument("--docs", action="store_true", help="refresh docs/screenshots, only those")
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    return parser.parse_args(argv)


def _start(scale: int, out: Path, only: Sequence[str], aside: Path) -> "subprocess.Popen[bytes]":
    """A process of its own: Qt takes the scale at its start."""
    command = [
        sys.executable,
        "-P",
        "-m",
        "tests.screens",
        "--here",
        "--out",
        str(out / f"{scale}x"),
    ]
    for part in only:
        command += ["--only", part]
    return subprocess.Popen(command, env=_environment(scale, aside))


def _environment(scale: int, aside: Path) -> dict[str, str]:
    """No session bus: neither the desktop's notices nor its password store belong here."""
    given = {k: v for k, v in os.environ.items() if k != "DBUS_SESSION_BUS_ADDRESS"}
    has_display = given.get("DISPLAY") or given.get("WAYLAND_DISPLAY")
    if not has_display or given.get("QT_QPA_PLATFORM") == "offscreen":
        given["QT_QPA_PLATFORM"] = f"offscreen:configfile={_screen(scale, aside)}"
    same = {"TZ": "UTC", "LC_ALL": "C.UTF-8", "PYTHONFAULTHANDLER": "1"}
    same["XDG_RUNTIME_DIR"] = str(aside)  # sockets go with it
    return {**given, **same, "QT_SCALE_FACTOR": str(scale), "PYTHONPATH": str(ROOT)}


def _screen(scale: int, aside: Path) -> Path:
    """Qt's own screen without a display is too small for the window."""
    width, height = (side * scale for side in SCREEN)
    screen = {"name": "stage", "x": 0, "y": 0, "width": width, "height": height}
    dpi = {"logicalDpi": 96, "logicalBaseDpi": 96, "dpr": 1}
    target = aside / f"screen-{scale}.json"
    target.write_text(json.dumps({"screens": [{**screen, **dpi}]}))
    return target


def _take(out: Path, only: Sequence[str]) -> int:
    from PySide6.QtCore import qInstallMessageHandler  # noqa: PLC0415 - the scale is set by then
    from PySide6.QtWidgets import QApplication  # noqa: PLC0415 - likewise

    from app.ui.collecting import Collector  # noqa: PLC0415 - likewise
    from tests.screens.camera import Camera  # noqa: PLC0415 - likewise
    from tests.screens.troubles import Troubles  # noqa: PLC0415 - likewise

    app = QApplication(["backhaul"])
    app.setQuitOnLastWindowClosed(False)
    app.setCursorFlashTime(0)
    Collector(app).start()
    troubles, camera = Troubles(), Camera(out)
    logging.getLogger().addHandler(troubles)
    sys.excepthook = troubles.raised
    qInstallMessageHandler(troubles.qt_said)
    for name, scene in _scenes(only).items():
        began, troubles.scene = time.monotonic(), name
        camera.only = () if name in only else tuple(only)
        _play(app, camera, name, scene)
        print(f"{out.name} {name}: {time.monotonic() - began:.1f} s", flush=True)
    return _report(out, len(camera.taken), [*camera.faults, *troubles.found])


def _report(out: Path, taken: int, wrong: Sequence[str]) -> int:
    told = [f"{taken} pictures in {out}; {len(wrong)} faults", *(f"  {one}" for one in wrong)]
    print("\n".join(told), flush=True)
    return 1 if wrong else 0 if taken else 2


def _scenes(only: Sequence[str]) -> dict[str, "Scene"]:
    """Those that may hold what was asked for: a scene by its name, else all of a part."""
    from tests.screens import (  # noqa: PLC0415 - see above
        connections,
        days,
        folder_assistant,
        full,
        intake,
        manager,
        orders,
        scan,
        settings,
        status,
        sync,
    )

    every: dict[str, Scene] = {
        **manager.SCENES,
        **orders.SCENES,
        **days.SCENES,
        **connections.SCENES,
        **folder_assistant.SCENES,
        **full.SCENES,
        **intake.SCENES,
        **scan.SCENES,
        **settings.SCENES,
        **sync.SCENES,
        **status.SCENES,
    }
    parts = {name.partition("-")[0] for name in only if name not in every}
    return {
        name: scene
        for name, scene in every.items()
        if not only or name in only or name.partition("-")[0] in parts
    }


def _play(app: "QApplication", camera: "Camera", name: str, scene: "Scene") -> None:
    """One scene in a folder of its own; when it breaks off, the others go on."""
    from tests.screens.stage import Stage  # noqa: PLC0415 - see above

    with tempfile.TemporaryDirectory(prefix="backhaul-screens-") as folder:
        stage = Stage(app, Path(folder) / "data", camera)
        try:
            scene(stage)
        except Exception as error:
            logging.getLogger(__name__).exception("the scene broke off: %s", error)
            camera.take(f"{name}-broke-off", "light", stage.window, stage.in_front())
        finally:
            stage.close()


def _copy_to_docs(taken: Path) -> None:
    DOCS.mkdir(parents=True, exist_ok=True)
    for name, picture in IN_DOCS.items():
        for scheme in ("light", "dark"):
            shutil.copy(taken / f"{picture}-{scheme}.png", DOCS / f"{name}-{scheme}.png")
    print(f"{2 * len(IN_DOCS)} pictures copied to {DOCS}")


if __name__ == "__main__":
    sys.exit(main())
