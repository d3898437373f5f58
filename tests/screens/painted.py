"""What a widget really writes on the screen: its paint event, played to a device that listens."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from PySide6.QtCore import QPoint, QPointF, QRectF, QSize
from PySide6.QtGui import (
    QFontMetricsF,
    QPaintDevice,
    QPaintEngine,
    QPaintEngineState,
    QPainter,
    QRegion,
    QTextItem,
    QTransform,
)
from PySide6.QtWidgets import QWidget

_DPI = 96
_NO_INK = " \u200b"
_Metric = QPaintDevice.PaintDeviceMetric


@dataclass(frozen=True, slots=True)
class Written:
    """One piece of text. `ink`: where its letters are; `room`: what may be seen of them.

    Both in logical pixels of the widget.
    """

    text: str
    ink: QRectF
    room: QRectF

    def is_cut(self, slack: float, *, ignore_height: bool = False) -> bool:
        """True when letters lie outside of the room by more than `slack` pixels."""
        ink, room = self.ink, self.room
        if ink.left() < room.left() - slack or ink.right() > room.right() + slack:
            return True
        if ignore_height:
            return False
        return ink.top() < room.top() - slack or ink.bottom() > room.bottom() + slack


class _Engine(QPaintEngine):
    """Keeps the text, drops everything else."""

    def __init__(self, whole: QRectF, ratio: float) -> None:
        super().__init__(QPaintEngine.PaintEngineFeature.AllFeatures)
        self.written: list[Written] = []
        self._whole = whole
        self._back = QTransform.fromScale(1 / ratio, 1 / ratio)

    def begin(self, _: QPaintDevice) -> bool:
        self.setActive(True)
        return True

    def end(self) -> bool:
        self.setActive(False)
        return True

    def type(self) -> QPaintEngine.Type:
        return QPaintEngine.Type.User

    def updateState(self, _: QPaintEngineState) -> None:
        pass

    def drawTextItem(  # type: ignore[override]  # points come here as floats
        self, place: QPointF, item: QTextItem
    ) -> None:
        painter = self.painter()
        room = self._whole
        moved = painter.combinedTransform() * self._back
        if painter.hasClipping():
            room = room.intersected(moved.mapRect(painter.clipBoundingRect()))
        ink = QFontMetricsF(item.font()).tightBoundingRect(item.text())
        self.written.append(Written(item.text(), moved.mapRect(ink.translated(place)), room))

    def _nothing(self, *_: object, **__: object) -> None:
        """Shapes and pictures are of no interest here."""

    drawPixmap = drawImage = drawTiledPixmap = _nothing
    drawPath = drawPolygon = drawEllipse = _nothing
    drawRects = drawLines = drawPoints = _nothing


class _Listener(QPaintDevice):
    """As large as the widget, with the pixel ratio of its screen."""

    def __init__(self, size: QSize, ratio: float) -> None:
        super().__init__()
        self.engine = _Engine(QRectF(QPointF(0, 0), size), ratio)
        self._metrics = {
            _Metric.PdmWidth: round(size.width() * ratio),
            _Metric.PdmHeight: round(size.height() * ratio),
            _Metric.PdmWidthMM: round(size.width() * 25.4 / _DPI),
            _Metric.PdmHeightMM: round(size.height() * 25.4 / _DPI),
            _Metric.PdmNumColors: 2**31 - 1,
            _Metric.PdmDepth: 32,
            _Metric.PdmDpiX: _DPI,
            _Metric.PdmDpiY: _DPI,
            _Metric.PdmPhysicalDpiX: _DPI,
            _Metric.PdmPhysicalDpiY: _DPI,
            _Metric.PdmDevicePixelRatio: round(ratio),
            _Metric.PdmDevicePixelRatioScaled: round(ratio * QPaintDevice.devicePixelRatioFScale()),
        }

    def paintEngine(self) -> QPaintEngine:
        return self.engine

    def metric(self, which: QPaintDevice.PaintDeviceMetric) -> int:
        return self._metrics.get(which, 1)


def written_by(widget: QWidget) -> list[Written]:
    """Every text that the widget itself writes (not its children), in the order of painting."""
    listener = _Listener(widget.size(), widget.devicePixelRatioF())
    painter = QPainter(listener)
    widget.render(painter, QPoint(0, 0), QRegion(), QWidget.RenderFlag(0))
    painter.end()
    return listener.engine.written


def together(written: Iterable[Written]) -> list[Written]:
    """What is written in parts, the same text at the same place cell by cell, as one.

    Without what has no letters: the mark of a place where a line may be broken.
    """
    found: dict[tuple[str, int, int], Written] = {}
    for one in written:
        if not one.text.strip(_NO_INK):
            continue
        key = one.text, round(one.ink.left()), round(one.ink.top())
        before = found.get(key)
        room = one.room if before is None else one.room.united(before.room)
        found[key] = replace(one, room=room)
    return list(found.values())
