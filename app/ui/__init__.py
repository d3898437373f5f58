"""The window, the tray icon and the notices.

PySide puts a hook into `import` that reads the source of every module imported from then on,
to see whether it switches "features" on; the lines stay in memory. Nothing here switches any
on, so Python's own import is put back: 15 MB and a fifth of the time to start.
"""

import builtins

_plain_import = builtins.__import__

import PySide6.QtCore  # noqa: E402, F401 - brings the hook

builtins.__import__ = _plain_import
