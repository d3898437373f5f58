"""Colours, fonts and measures of the window, for light and dark, in one place."""

from dataclasses import asdict, dataclass
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette
from PySide6.QtWidgets import QApplication

from app.services.resources import resource_places
from app.ui.sheet import style_sheet

GRID = 4
PAGE_MARGIN = 20
TOP_BAR = 44
SIDE_BAR = 184
ROW = 52  # two lines
ROW_ONE_LINE = 34
BUTTON = 28
RADIUS = 6
PANEL_RADIUS = 8
ICON = 16
ROW_ACTION = 26  # square, `GRID` between two
TEXT_PX, SMALL_PX, TITLE_PX = 13, 12, 18
FADE_MS = 150


@dataclass(frozen=True, slots=True)
class Palette:
    """The colours of one scheme, as #RRGGBB; every text colour is readable on every ground."""

    window: str
    surface: str
    hover: str
    selection: str
    border: str
    text: str
    muted: str
    success: str
    success_chip: str
    warning: str
    warning_chip: str
    danger: str
    danger_chip: str
    accent: str
    accent_chip: str
    doubt: str
    doubt_chip: str
    lamp_green: str
    lamp_yellow: str
    lamp_red: str
    is_dark: bool = False


LIGHT = Palette(
    window="#F5F6F8", surface="#FFFFFF", hover="#EEF2F8", selection="#DCE7FB", border="#D5DAE1",
    text="#18212D", muted="#525E6C",
    success="#17713E", success_chip="#E2F4E9", warning="#835400", warning_chip="#FFF0D3",
    danger="#B9231B", danger_chip="#FDE8E6", accent="#1D5BD0", accent_chip="#E4EDFC",
    doubt="#67399E", doubt_chip="#F0E8FA",
    lamp_green="#1E9E55", lamp_yellow="#E0A100", lamp_red="#D92D20",
)  # fmt: skip
DARK = Palette(
    window="#12161C", surface="#1A2028", hover="#232B35", selection="#23385E", border="#333D4A",
    text="#E6EBF1", muted="#A5B0BD",
    success="#66D394", success_chip="#173222", warning="#F2BA55", warning_chip="#3A2D12",
    danger="#FF938A", danger_chip="#421F1D", accent="#82AEFF", accent_chip="#1C2F52",
    doubt="#C8A8F5", doubt_chip="#30224A",
    lamp_green="#4CC483", lamp_yellow="#F2BA55", lamp_red="#FF6F65", is_dark=True,
)  # fmt: skip

_FORCED, _DRESSING = "backhaul_scheme", "backhaul_dressing"


def palette() -> Palette:
    """The colours that hold now: those that were forced, else the desktop's scheme."""
    app = QApplication.instance()
    forced = app.property(_FORCED) if app is not None else None
    if forced is not None:
        return DARK if forced == "dark" else LIGHT
    hints = QApplication.styleHints()
    return DARK if hints.colorScheme() == Qt.ColorScheme.Dark else LIGHT


def colour(token: str) -> QColor:
    """The colour of a token that holds now."""
    return QColor(getattr(palette(), token))


def is_dressing() -> bool:
    """True while all widgets get other colours; a widget's own first style is not that."""
    app = QApplication.instance()
    return app is not None and bool(app.property(_DRESSING))


class Theme(QObject):
    """Dresses the application, again whenever the desktop changes between light and dark."""

    changed = Signal()

    def __init__(self, app: QApplication, forced: str = "") -> None:
        """`forced`: "light" or "dark"; empty follows the desktop."""
        super().__init__(app)
        self._app = app
        app.setStyle("Fusion")
        font = QFont(app.font())
        font.setPixelSize(TEXT_PX)
        app.setFont(font)
        app.styleHints().colorSchemeChanged.connect(self._dress_again)
        app.screenAdded.connect(self._dress_again)  # icons are drawn for the screens there are
        self.force(forced)

    def force(self, scheme: str) -> None:
        """Keep to "light" or "dark" whatever the desktop does; empty follows it again."""
        self._app.setProperty(_FORCED, scheme or None)
        self._dress()

    @Slot()
    def _dress_again(self) -> None:
        self._dress()

    def _dress(self) -> None:
        colours = palette()
        self._app.setProperty(_DRESSING, True)
        self._app.setPalette(_qt_palette(colours))
        self._app.setStyleSheet(style_sheet(asdict(colours), icon_file("chevron").as_posix()))
        self._app.setProperty(_DRESSING, False)
        self.changed.emit()


def text_font(*, strong: bool = False) -> QFont:
    """For text; strong for the name of a thing."""
    return _font(TEXT_PX, QFont.Weight.DemiBold if strong else QFont.Weight.Normal)


def small_font() -> QFont:
    """For second lines and table heads."""
    return _font(SMALL_PX, QFont.Weight.Normal)


def title_font() -> QFont:
    """For the page title."""
    return _font(TITLE_PX, QFont.Weight.DemiBold)


def fixed_font(size_px: int = SMALL_PX) -> QFont:
    """For tracking and order numbers."""
    font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
    font.setPixelSize(size_px)
    return font


def icon_file(name: str) -> Path:
    """Where an icon lies: in the source tree, or beside the installed package."""
    for path in resource_places(f"icons/{name}.svg"):
        if path.is_file():
            return path
    raise FileNotFoundError(f"there is no icon {name}.svg")


def _font(size_px: int, weight: QFont.Weight) -> QFont:
    font = QFont(QApplication.font())
    font.setPixelSize(size_px)
    font.setWeight(weight)
    return font


def _qt_palette(colours: Palette) -> QPalette:
    role, group = QPalette.ColorRole, QPalette.ColorGroup
    made = QPalette()
    for name, value in (
        (role.Window, colours.window),
        (role.WindowText, colours.text),
        (role.Base, colours.surface),
        (role.AlternateBase, colours.hover),
        (role.Text, colours.text),
        (role.Button, colours.surface),
        (role.ButtonText, colours.text),
        (role.Highlight, colours.selection),
        (role.HighlightedText, colours.text),
        (role.ToolTipBase, colours.surface),
        (role.ToolTipText, colours.text),
        (role.PlaceholderText, colours.muted),
        (role.Link, colours.accent),
        (role.Accent, colours.accent),
        (role.Mid, colours.border),
    ):
        made.setColor(name, QColor(value))
    for name in (role.WindowText, role.Text, role.ButtonText):
        made.setColor(group.Disabled, name, QColor(colours.muted))
    return made
