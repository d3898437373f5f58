"""Runs first in the built program: the environment is again what the program was given.

PyInstaller's starter puts the program's folder in front of LD_LIBRARY_PATH and starts itself anew.
The loader of this process has read that by now; a file manager or browser that is started from
here must not load our libraries.
"""

import os

for _name in [one for one in os.environ if one.startswith("_PYI_")]:
    del os.environ[_name]
_given = os.environ.pop("LD_LIBRARY_PATH_ORIG", None)
os.environ.pop("LD_LIBRARY_PATH", None)
if _given is not None:
    os.environ["LD_LIBRARY_PATH"] = _given
