"""Files that appear whole or not at all."""

from collections.abc import Callable, Iterable
from pathlib import Path


def write_whole(target: Path, parts: Iterable[str], keep: Callable[[], bool]) -> bool:
    """Write the parts (UTF-8) beside the target, then put them in its place in one step.

    `keep`, asked once all are written: False: the target stays as it was. True: it was replaced.
    Raises: OSError; the target is untouched then.
    """
    half = target.with_name(f"{target.name}.part")
    try:
        with half.open("w", encoding="utf-8", newline="") as file:
            file.writelines(parts)
        if not keep():
            return False
        half.replace(target)
        return True
    finally:
        half.unlink(missing_ok=True)
