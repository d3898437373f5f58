"""Paints the header of a group: chevron, icon, cause, and behind it connection, count, who;
below them what to do."""

from collections.abc import Mapping
from dataclasses import dataclass

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter

from app.services.queue_lines import CauseGroup
from app.ui import icons, theme
from app.ui.queue.looks import look_of_phase
from app.ui.queue.words import head_note

CHEVRON_ROOM = 40
"""Pixels at the left that fold the group when they are clicked."""

_LEFT, _ICON_LEFT, _TEXT_LEFT = 14, 38, 62
_UPPER, _MIDDLE, _LOWER = 21, 31, 39  # baselines; in the middle without a second line
_GAP, _END = 12, 14


@dataclass(frozen=True, slots=True)
class HeadLook:
    """How a header is to be painted. `room`: pixels at its end that buttons take."""

    box: QRect  # of the whole row
    is_open: bool
    ground: str
    room: int = 0


def paint_head(
    painter: QPainter,
    group: CauseGroup,
    look: HeadLook,
    colours: Mapping[str, QColor],
    fonts: Mapping[str, QFont],
) -> None:
    """The whole header; whoever calls clips it to the cell."""
    box = look.box
    painter.fillRect(box, colours[look.ground])
    painter.fillRect(box.x(), box.bottom(), box.width(), 1, colours["border"])
    ratio = painter.device().devicePixelRatioF()
    top = box.y() + (box.height() - theme.ICON) // 2
    chevron = "chevron_down" if look.is_open else "chevron_right"
    painter.drawPixmap(box.x() + _LEFT, top, icons.pixmap(chevron, "muted", theme.ICON, ratio))
    name, token = look_of_phase(group.phase)
    painter.drawPixmap(box.x() + _ICON_LEFT, top, icons.pixmap(name, token, theme.ICON, ratio))
    first, end = box.x() + _TEXT_LEFT, box.right() - look.room - _END
    left = first
    strong, text = QFontMetrics(fonts["strong"]), QFontMetrics(fonts["text"])
    note = head_note(group)
    # The count is never cut before the sentence: who compares groups looks there.
    room = max(end - left - text.horizontalAdvance(note) - _GAP, (end - left) // 2)
    shown = strong.elidedText(group.title, Qt.TextElideMode.ElideRight, room)
    painter.setFont(fonts["strong"])
    painter.setPen(colours["text"])
    baseline = box.y() + (_UPPER if group.hint else _MIDDLE)
    painter.drawText(left, baseline, shown)
    left += strong.horizontalAdvance(shown) + _GAP
    painter.setFont(fonts["text"])
    painter.setPen(colours["muted"])
    shown = text.elidedText(note, Qt.TextElideMode.ElideRight, max(0, end - left))
    painter.drawText(left, baseline, shown)
    hint = text.elidedText(group.hint, Qt.TextElideMode.ElideRight, end - first)
    painter.drawText(first, box.y() + _LOWER, hint)
