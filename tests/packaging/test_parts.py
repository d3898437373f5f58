"""What the package is made of: icons, version, what is left out, what desktops are told."""

import ast
import configparser
import os
import runpy
import shutil
import struct
import tomllib
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import app_icons
import debian_package
import pytest
import trimming
import version_info
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

import app
from app.services import autostart, resources
from app.ui import theme
from app.ui.application import DESKTOP_NAME
from app.ui.main_window import TITLE

ROOT = Path(app.__file__).parents[1]
LINUX = ROOT / "packaging" / "linux"


def test_every_desktop_knows_the_program_by_one_name() -> None:
    assert {version_info.IDENTIFIER, autostart.IDENTIFIER, debian_package.ID} == {DESKTOP_NAME}
    assert {file.name for file in LINUX.iterdir()} == {
        f"{DESKTOP_NAME}.desktop", f"{DESKTOP_NAME}.metainfo.xml"
    }  # fmt: skip


def test_the_desktop_file_starts_the_program_under_its_icon() -> None:
    parsed = configparser.RawConfigParser(delimiters=("=",))
    parsed.optionxform = str  # type: ignore[assignment,method-assign] # keys keep their capitals
    parsed.read(LINUX / f"{DESKTOP_NAME}.desktop", "utf-8")
    entry = parsed["Desktop Entry"]
    assert (entry["Name"], entry["Icon"], entry["Exec"]) == (TITLE, DESKTOP_NAME, "backhaul")


def test_the_metadata_names_desktop_file_and_version(tmp_path: Path) -> None:
    debian_package._put_metainfo(tmp_path / "made" / "x.xml", 1_795_200_000)
    root = ElementTree.parse(tmp_path / "made" / "x.xml").getroot()
    assert root.findtext("id") == DESKTOP_NAME
    assert root.findtext("launchable") == f"{DESKTOP_NAME}.desktop"
    release = root.find("releases/release")
    assert release is not None
    assert dict(release.attrib) == {"version": app.__version__, "date": "2026-11-20"}


@pytest.mark.parametrize("size", app_icons.SIZES)
def test_the_icon_is_drawn_in_every_size(qapp: QApplication, size: int) -> None:
    image = QImage.fromData(app_icons.png(size))
    assert (image.width(), image.height()) == (size, size)
    colours = {image.pixelColor(x, y).name() for x in range(size) for y in range(size)}
    assert "#ffffff" in colours  # the plane
    assert image.pixelColor(0, 0).alpha() < 255  # round corners
    assert image.pixelColor(size // 2, size - 2 - size // 16).blue() > 150  # the blue ground


def test_the_windows_icon_holds_what_its_table_says(qapp: QApplication) -> None:
    made = app_icons.ico()
    _, kind, count = struct.unpack_from("<HHH", made)
    assert (kind, count) == (1, 6)
    for number in range(count):
        side, _, _, _, _, bits, length, place = struct.unpack_from(
            "<BBBBHHII", made, 6 + 16 * number
        )
        image = QImage.fromData(made[place : place + length])
        assert (image.width() % 256, bits) == (side, 32)


def test_the_mac_icon_holds_what_its_lengths_say(qapp: QApplication) -> None:
    made = app_icons.icns()
    assert struct.unpack_from(">4sI", made) == (b"icns", len(made))
    place, sizes = 8, []
    while place < len(made):
        _, length = struct.unpack_from(">4sI", made, place)
        sizes.append(QImage.fromData(made[place + 8 : place + length]).width())
        place += length
    assert sizes == [16, 32, 64, 128, 256, 512]


def test_the_version_is_the_same_everywhere() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert version_info.version() == app.__version__ == project["version"]


@pytest.mark.parametrize(
    ("text", "four"), [("1.2.3", (1, 2, 3, 0)), ("1.2.3rc4", (1, 2, 3, 4)), ("7", (7, 0, 0, 0))]
)
def test_the_version_resource_is_well_formed(text: str, four: tuple[int, ...]) -> None:
    made = version_info.windows_text(text)
    call = ast.parse(made.strip(), mode="eval").body
    assert isinstance(call, ast.Call)
    numbers = [
        ast.literal_eval(word.value)
        for node in ast.walk(call)
        if isinstance(node, ast.Call)
        for word in node.keywords
        if word.arg in ("filevers", "prodvers")
    ]
    assert numbers == [four, four]
    assert f"StringStruct('ProductVersion', '{text}')" in made


KEPT = [
    "PySide6/Qt/lib/libQt6Widgets.so.6", "libQt6DBus.so.6", "PySide6/QtNetwork.abi3.so",
    "PySide6/Qt/plugins/platforms/libqxcb.so", "PySide6/Qt/plugins/platforms/libqoffscreen.so",
    "PySide6\\plugins\\platforms\\qwindows.dll", "PySide6\\Qt6Core.dll",
    "PySide6/Qt/plugins/iconengines/libqsvgicon.so", "libssl.so.3", "certifi/cacert.pem",
]  # fmt: skip
LEFT_OUT = [
    "PySide6/Qt/lib/libQt6Quick.so.6", "libQt6EglFSDeviceIntegration.so.6",
    "PySide6/Qt/plugins/platforms/libqvnc.so", "PySide6/Qt/plugins/tls/libqopensslbackend.so",
    "PySide6/Qt/plugins/platforminputcontexts/libqtvirtualkeyboardplugin.so",
    "PySide6/Qt/translations/qtbase_de.qm", "libfontconfig.so.1",
]  # fmt: skip


def test_what_the_program_never_loads_is_left_out() -> None:
    assert [name for name in KEPT if not trimming.is_kept(name)] == []
    assert [name for name in LEFT_OUT if trimming.is_kept(name)] == []


def test_libraries_of_the_system_come_along_only_where_they_are_loaded() -> None:
    loads = {"a/_ssl.so": {"libssl.so.3"}, "a/libqgtk3.so": {"libgtk-3.so.0"}}
    entries = [
        ("python3.11/lib-dynload/_ssl.so", "a/_ssl.so", "EXTENSION"),
        ("PySide6/Qt/plugins/platformthemes/libqgtk3.so", "a/libqgtk3.so", "BINARY"),
        ("libssl.so.3", "/usr/lib/libssl.so.3", "BINARY"),
        ("libgtk-3.so.0", "/usr/lib/libgtk-3.so.0", "BINARY"),
        ("libpython3.11.so.1.0", "/usr/lib/libpython3.11.so.1.0", "BINARY"),
        ("libshiboken6.abi3.so.6.11", "wheel", "BINARY"),
    ]
    kept = trimming.needed(entries, lambda file: loads.get(file, set()))
    assert [entry[0] for entry in entries if entry not in kept] == ["libgtk-3.so.0"]


def test_the_lowest_c_library_is_read_from_the_programs(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"\x7fELF GLIBC_2.4\0GLIBC_2.35\0GLIBC_PRIVATE\0")
    (tmp_path / "b").write_bytes(b"\x7fELF GLIBC_2.17\0")
    assert debian_package.newest_glibc([tmp_path / "a", tmp_path / "b"]) == "2.35"


def test_the_wheel_brings_its_icons_to_where_the_window_looks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    build = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["hatch"]["build"]
    wheel = build["targets"]["wheel"]
    assert wheel["packages"] == ["app"]
    for source, target in wheel["force-include"].items():
        shutil.copytree(ROOT / source, tmp_path / target)
    monkeypatch.setattr(resources, "__file__", str(tmp_path / "app" / "services" / "resources.py"))
    assert theme.icon_file("mark") == tmp_path / "app" / "resources" / "icons" / "mark.svg"
    assert tmp_path / "app" / "resources" / "locale" in resources.resource_places("locale")


def test_the_built_program_hands_on_the_environment_it_was_given(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def left(**given: str) -> dict[str, str]:
        monkeypatch.setattr(os, "environ", dict(given))
        runpy.run_path(str(ROOT / "packaging" / "plain_environment.py"))
        return dict(os.environ)

    ours = {"LD_LIBRARY_PATH": "/usr/lib/backhaul/_internal:/opt/x", "_PYI_ARCHIVE_FILE": "x"}
    assert left(**ours, LD_LIBRARY_PATH_ORIG="/opt/x", HOME="/home/x") == {
        "LD_LIBRARY_PATH": "/opt/x", "HOME": "/home/x"
    }  # fmt: skip
    assert left(**ours) == {}
