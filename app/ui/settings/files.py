"""Dialogs that ask for a file, and folders shown in the desktop's own program."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QWidget

_KINDS = ["Backups (*.db)", "All files (*)"]


def ask_new_file(
    parent: QWidget, title: str, suggested: Path, then: Callable[[Path], object]
) -> QFileDialog:
    """Where to write a backup; `then` is called unless the person thinks better of it."""
    dialog = _dialog(parent, title, suggested.parent, then)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setDefaultSuffix("db")
    dialog.setOption(QFileDialog.Option.DontConfirmOverwrite)  # a file that is there is refused
    dialog.selectFile(suggested.name)
    dialog.open()
    return dialog


def ask_file(
    parent: QWidget, title: str, folder: Path, then: Callable[[Path], object]
) -> QFileDialog:
    """Which backup to take."""
    dialog = _dialog(parent, title, folder, then)
    dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
    dialog.open()
    return dialog


def _dialog(
    parent: QWidget, title: str, folder: Path, then: Callable[[Path], object]
) -> QFileDialog:
    dialog = QFileDialog(parent.window(), title, str(folder))
    dialog.setObjectName("files")
    dialog.setNameFilters(_KINDS)
    dialog.finished.connect(dialog.deleteLater)
    dialog.fileSelected.connect(lambda name: then(Path(name)))
    return dialog


def open_folder(folder: Path) -> bool:
    """Show a folder in the desktop's own program; False where the desktop has none."""
    return QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))
