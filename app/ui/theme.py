"""Colours, fonts and measures of the window, for light and dark, in one place."""

from dataclasses import asdict, dataclass

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette
from PySide6.QtWidgets import QApplication

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

_FORCED = "backhaul_scheme"


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
        app.styleHints().colorSchemeChanged.connect(self._scheme_changed)
        self.force(forced)

    def force(self, scheme: str) -> None:
        """Keep to "light" or "dark" whatever the desktop does; empty follows it again."""
        self._app.setProperty(_FORCED, scheme or None)
        self._dress()

    @Slot()
    def _scheme_changed(self) -> None:
        self._dress()

    def _dress(self) -> None:
        colours = palette()
        self._app.setPalette(_qt_palette(colours))
        self._app.setStyleSheet(style_sheet(colours))
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


def style_sheet(colours: Palette) -> str:
    """The one style sheet. Widgets opt in by a dynamic property: kind (buttons) or role."""
    sheet = _SHEET
    for name, value in sorted(asdict(colours).items(), reverse=True):
        sheet = sheet.replace(f"@{name};", f"{value};").replace(f"@{name} ", f"{value} ")
    on_accent = colours.window if colours.is_dark else "#FFFFFF"
    return sheet.replace("@on_accent;", f"{on_accent};")


_SHEET = """
QToolTip { background: @surface; color: @text; border: 1px solid @border; padding: 4px; }
QLabel { background: transparent; }
QLabel[role="title"] { font-size: 18px; font-weight: 600; }
QLabel[role="name"] { font-weight: 600; }
QLabel[role="muted"] { color: @muted; }
QLabel[role="small"] { color: @muted; font-size: 12px; }
QLabel[role="danger"] { color: @danger; }
QLabel[role="link"] { color: @accent; }

QPushButton {
    min-height: 26px; max-height: 26px; padding: 0 12px; border-radius: 6px;
    border: 1px solid @border; background: @surface; color: @text;
}
QPushButton:hover { background: @hover; }
QPushButton:pressed { background: @selection; }
QPushButton:disabled { color: @muted; background: @window; }
QPushButton:focus { border: 1px solid @accent; }
QPushButton:checked { background: @selection; }
QPushButton[kind="primary"] {
    background: @accent; border: 1px solid @accent; color: @on_accent; font-weight: 600;
}
QPushButton[kind="primary"]:focus { border: 2px solid @text; padding: 0 11px; }
QPushButton[kind="primary"]:disabled {
    background: @border; border: 1px solid @border; color: @muted;
}
QPushButton[kind="danger"] { color: @danger; }
QPushButton[kind="danger"]:hover { background: @danger_chip; }
QPushButton[kind="link"] {
    border: 1px solid transparent; background: transparent; color: @accent; padding: 0 4px;
}
QPushButton[kind="link"]:hover { text-decoration: underline; }
QPushButton[kind="link"]:focus { border: 1px solid @accent; }
QPushButton[kind="inline"] {
    min-height: 16px; max-height: 16px; padding: 0 2px; margin-left: -3px;
    border: 1px solid transparent; border-radius: 4px; background: transparent; color: @accent;
    text-align: left;
}
QPushButton[kind="inline"]:hover { text-decoration: underline; }
QPushButton[kind="inline"]:focus { border: 1px solid @accent; }
QPushButton[kind="chip"] { border-radius: 13px; min-height: 24px; max-height: 24px; color: @muted; }
QPushButton[kind="chip"]:checked {
    background: @text; color: @surface; border: 1px solid @text; font-weight: 600;
}
QPushButton[kind="chip"]:focus { border: 1px solid @accent; }
QPushButton[kind="chip"]:checked:focus { border: 2px solid @accent; padding: 0 11px; }

QToolButton {
    border: 1px solid transparent; border-radius: 6px; background: transparent; padding: 0;
}
QToolButton:hover { background: @hover; }
QToolButton:focus { border: 1px solid @accent; }
QToolButton::menu-indicator { image: none; }
QToolButton[kind="row"] { background: @surface; border: 1px solid @border; }
QToolButton[kind="row"]:hover { background: @hover; }
QToolButton[kind="row"]:focus { border: 1px solid @accent; }
QToolButton[kind="row_danger"] { background: @danger_chip; border: 1px solid @danger_chip; }
QToolButton[kind="row_danger"]:hover { border: 1px solid @danger; }
QToolButton[kind="row_danger"]:focus { border: 1px solid @danger; }

QLineEdit, QComboBox, QDateEdit, QSpinBox, QPlainTextEdit {
    min-height: 26px; padding: 0 8px; border-radius: 6px; border: 1px solid @border;
    background: @surface; color: @text; selection-background-color: @selection;
    selection-color: @text;
}
QPlainTextEdit { padding: 6px 8px; }
QLineEdit:focus, QComboBox:focus, QDateEdit:focus, QSpinBox:focus, QPlainTextEdit:focus {
    border: 1px solid @accent;
}
QLineEdit[bad="true"], QComboBox[bad="true"] { border: 1px solid @danger; }
QCheckBox::indicator {
    width: 14px; height: 14px; border: 1px solid @muted; border-radius: 4px; background: @surface;
}
QCheckBox::indicator:checked { border: 1px solid @accent; background: @accent; }
QRadioButton::indicator {
    width: 14px; height: 14px; border: 1px solid @muted; border-radius: 8px; background: @surface;
}
QRadioButton::indicator:checked { width: 6px; height: 6px; border: 5px solid @accent; }
QCheckBox::indicator:focus, QRadioButton::indicator:focus { border-color: @accent; }
QCheckBox:focus, QRadioButton:focus { color: @accent; }
QComboBox[kind="dropdown"] { padding-right: 26px; }
QComboBox[kind="dropdown"]::drop-down { border: none; width: 26px; }
QComboBox[kind="dropdown"]::down-arrow { image: none; }
QComboBox QAbstractItemView { background: @surface; border: 1px solid @border; }

QMenu { background: @surface; border: 1px solid @border; padding: 4px; }
QMenu::item { padding: 6px 24px 6px 12px; border-radius: 4px; }
QMenu::item:selected { background: @selection; color: @text; }
QMenu::item:disabled { color: @muted; }
QMenu::separator { height: 1px; background: @border; margin: 4px; }
QMenu::icon { padding-left: 8px; }

QFrame[role="top"] { background: @surface; border: none; border-bottom: 1px solid @border; }
QFrame[role="side"] { background: @surface; border: none; border-right: 1px solid @border; }
QFrame[role="panel"] { background: @surface; border: 1px solid @border; border-radius: 8px; }
QFrame[role="practice_panel"] {
    background: @surface; border: 1px solid @doubt; border-radius: 8px;
}
QLabel[role="practice_chip"] {
    background: @doubt_chip; color: @doubt; border-radius: 9px;
    padding: 0 9px; min-height: 18px; max-height: 18px; font-size: 12px;
}
QFrame[role="danger_box"] { background: @danger_chip; border: none; border-radius: 6px; }
QFrame[role="warning_box"] { background: @warning_chip; border: none; border-radius: 6px; }
QFrame[role="accent_box"] { background: @accent_chip; border: none; border-radius: 6px; }
QFrame[role="success_box"] { background: @success_chip; border: none; border-radius: 6px; }
QFrame[role="doubt_box"] { background: @doubt_chip; border: none; border-radius: 6px; }
QFrame[role="muted_box"] { background: @hover; border: none; border-radius: 6px; }
QFrame[role="danger_box"] QLabel { color: @danger; }
QFrame[role="warning_box"] QLabel { color: @warning; }
QFrame[role="accent_box"] QLabel { color: @accent; }
QFrame[role="success_box"] QLabel { color: @success; }
QFrame[role="doubt_box"] QLabel { color: @doubt; }
QFrame[role="toast"] { background: @text; border-radius: 8px; }
QFrame[role="toast"] QLabel { color: @surface; }
QFrame[role="toast"] QPushButton {
    background: transparent; border: 1px solid transparent; color: @surface; font-weight: 600;
    text-decoration: underline; padding: 0 6px;
}
QFrame[role="toast"] QPushButton:hover { border: 1px solid @muted; }
QFrame[role="toast"] QPushButton:focus { border: 1px solid @surface; }
QFrame[role="line"] { background: @border; border: none; max-height: 1px; min-height: 1px; }

QAbstractScrollArea { background: @surface; border: none; }
QScrollArea[role="bare"], QScrollArea[role="bare"] > QWidget > QWidget { background: transparent; }
QTableView { selection-background-color: @selection; selection-color: @text; outline: 0; }
QScrollBar:vertical { background: transparent; width: 12px; margin: 2px; }
QScrollBar:horizontal { background: transparent; height: 12px; margin: 2px; }
QScrollBar::handle { background: @border; border-radius: 4px; }
QScrollBar::handle:vertical { min-height: 32px; }
QScrollBar::handle:horizontal { min-width: 32px; }
QScrollBar::handle:hover { background: @muted; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QProgressBar {
    border: none; border-radius: 3px; background: @border; max-height: 6px; min-height: 6px;
    color: transparent;
}
QProgressBar::chunk { background: @accent; border-radius: 3px; }
"""
