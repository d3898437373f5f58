"""What the built folder leaves out: parts of Qt and of the desktop that the program never loads."""

from collections.abc import Callable, Iterable
from pathlib import PurePosixPath

Entry = tuple[str, str, str]
"""Name in the folder, file it comes from, kind: as PyInstaller lists them."""

Imports = Callable[[str], Iterable[str]]
"""The names of the libraries that a file loads, and that those load."""

EXCLUDED_MODULES = ["tkinter", "unittest", "pydoc_data", "lib2to3", "test", "curses", "readline"]

LEFT_OUT_HOOKS = {"pyi_rth_pyside6"}
"""It loads Qt for every command, and tells every program that is started from ours to take our
plugins. Qt of the wheels finds them by itself."""

_PLUGINS = {  # kind of Qt plugin: the ones that are kept; None: all of that kind
    "iconengines": {"qsvgicon"},
    "imageformats": {"qsvg", "qico"},
    "platforms": {"qxcb", "qwayland", "qoffscreen", "qwindows", "qcocoa"},
    "platforminputcontexts": {
        "composeplatforminputcontextplugin",
        "ibusplatforminputcontextplugin",
    },
    "platformthemes": None,
    "styles": None,
    "wayland-decoration-client": None,
    "wayland-graphics-integration-client": {"qt-plugin-wayland-egl"},
    "wayland-shell-integration": {"xdg-shell"},
    "xcbglintegrations": None,
}
_QT_LIBRARIES = {
    "Core", "DBus", "Gui", "Network", "OpenGL", "Svg", "WaylandClient", "Widgets",
    "WlShellIntegration", "XcbQpa",
}  # fmt: skip
THEME_OF_GTK = "libqgtk3.so"
"""Used where the desktop has GTK, and passed over by Qt where it has not."""

_OF_THE_DESKTOP = ("libfontconfig.", "libfreetype.")
"""They read the desktop's own settings, and must fit those."""


def needed(entries: Iterable[Entry], imports: Imports) -> list[Entry]:
    """The libraries and plugins that go into the folder.

    The system's libraries are taken only where something else in the folder loads them.
    """
    kept = [entry for entry in entries if is_kept(entry[0])]
    loaded = {
        name
        for entry in kept
        if not is_of_the_system(entry) and not entry[0].endswith(THEME_OF_GTK)
        for name in imports(entry[1])
    }
    return [entry for entry in kept if not is_of_the_system(entry) or entry[0] in loaded]


def is_kept(name: str) -> bool:
    """False for what the program never loads; `name` is the one in the folder."""
    path = PurePosixPath(name.replace("\\", "/"))
    if path.name.startswith(_OF_THE_DESKTOP):
        return False
    if path.parts[:1] == ("PySide6",) and "translations" in path.parts:
        return False  # every sentence of the program is its own
    if "plugins" in path.parts:
        kept = _PLUGINS.get(path.parent.name, set())
        return kept is None or path.stem.removeprefix("lib") in kept
    for start in ("libQt6", "Qt6"):
        if path.name.startswith(start):
            return path.name.removeprefix(start).partition(".")[0] in _QT_LIBRARIES
    return True


def is_of_the_system(entry: Entry) -> bool:
    """True for a library that lies beside Python's own: it comes from the system."""
    name, _, kind = entry
    path = PurePosixPath(name)
    is_library = kind == "BINARY" and path.name.startswith("lib") and ".so" in path.name
    is_from_wheel = any(part in path.name for part in ("pyside6", "shiboken6", "libpython"))
    return is_library and len(path.parts) == 1 and not is_from_wheel
