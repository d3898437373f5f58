"""The one style sheet. Widgets opt in by a dynamic property: kind (buttons) or role."""

from collections.abc import Mapping


def style_sheet(colours: Mapping[str, str | bool], chevron: str) -> str:
    """The sheet in these colours; `chevron`: the file of the arrow in a choice."""
    sheet = _SHEET
    for name, value in sorted(colours.items(), reverse=True):
        sheet = sheet.replace(f"@{name};", f"{value};").replace(f"@{name} ", f"{value} ")
    on_accent = colours["window"] if colours["is_dark"] else "#FFFFFF"
    return sheet.replace("@on_accent;", f"{on_accent};").replace("@chevron", chevron)


_SHEET = """
QToolTip { background: @surface; color: @text; border: 1px solid @border; padding: 4px; }
QLabel { background: transparent; }
QLabel[role="title"] { font-size: 18px; font-weight: 600; }
QLabel[role="name"] { font-weight: 600; }
QLabel[role="heading"] { font-size: 15px; font-weight: 600; }
QLabel[role="step"] {
    background: @accent_chip; color: @accent; border-radius: 12px; font-weight: 600;
}
QLabel[role="code"] {
    background: @hover; border-radius: 6px; padding: 5px 8px; font-family: monospace;
    font-size: 12px; selection-background-color: @selection; selection-color: @text;
}
QLabel[role="muted"] { color: @muted; }
QLabel[role="small"] { color: @muted; font-size: 12px; }
QLabel[role="danger"] { color: @danger; }
QLabel[role="success"] { color: @success; }
QLabel[role="doubt"] { color: @doubt; }
QLabel[role="warning"] { color: @warning; font-size: 12px; }
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
    background: @text; color: @surface; border: 1px solid @text;
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
QLineEdit[role="scan"] {
    min-height: 44px; border: 2px solid @border; border-radius: 8px; padding: 0 14px;
}
QLineEdit[role="scan"]:focus { border: 2px solid @accent; }
QLineEdit:focus, QComboBox:focus, QDateEdit:focus, QSpinBox:focus, QPlainTextEdit:focus {
    border: 1px solid @accent;
}
QComboBox QLineEdit, QComboBox QLineEdit:focus { border: none; min-height: 0; padding: 0; }
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
QComboBox[role="filter"], QDateEdit[role="filter"] {
    min-height: 24px; border-radius: 13px; padding-left: 12px;
}
QComboBox[kind="dropdown"] { padding-right: 2px; }
QComboBox[kind="dropdown"]::drop-down { border: none; width: 26px; }
QComboBox[kind="dropdown"]::down-arrow { image: none; }
QComboBox::drop-down, QDateEdit::drop-down { border: none; width: 24px; }
QComboBox::down-arrow, QDateEdit::down-arrow {
    image: url("@chevron"); width: 16px; height: 16px;
}
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
QFrame[role="line_box"] {
    background: transparent; border: 1px dashed @border; border-radius: 8px;
}
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
QFrame[role="accent_band"] { background: @accent_chip; border: none; }
QFrame[role="danger_band"] { background: @danger_chip; border: none; }
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
QFrame[role="upright"] { background: @border; border: none; }
QFrame[role="line"] { background: @border; border: none; max-height: 1px; min-height: 1px; }

QAbstractScrollArea { background: @surface; border: none; }
QAbstractScrollArea::corner { background: transparent; border: none; }
QPlainTextEdit[role="code"] { background: @window; border: 1px solid @border; }
QPlainTextEdit[role="code"]:focus { border: 1px solid @accent; }
QScrollArea[role="bare"], QScrollArea[role="bare"] > QWidget > QWidget { background: transparent; }
QTableView[role="preview"]::item { padding: 0 5px; }
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
