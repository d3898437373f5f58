"""A carrier file that a person brings: read as it is, whole, into one connection."""

from collections.abc import Mapping
from pathlib import Path
from threading import Event
from typing import Any

from app.core.errors import UsageError
from app.services.intake import IntakeSource, Watch
from app.services.intake_files import CarrierFile, FileIntake, FileResult


def import_file(
    intake: FileIntake,
    path: Path,
    connection_id: int,
    layout: Mapping[str, Any],
    *,
    actor: str,
    watch: Watch = lambda done, total: None,
    stopping: Event | None = None,
) -> FileResult:
    """Enter every row that was not entered for this connection before.

    `stopping`: set, it ends after the commit under way; the rest is entered the next time.

    Raises: UsageError when nothing in the file can be read; StorageError.
    """
    # Nothing is waited for: the file holds all the parcels it ever will.
    source = IntakeSource(f"import:{connection_id}", "import", connection_id, collect_s=0.0)
    try:
        with path.open("rb") as stream:
            facts = path.stat()
            file = CarrierFile(str(path), facts.st_size, facts.st_mtime_ns)
            result = intake.take(
                source, file, stream, layout, None, actor=actor, watch=watch, stopping=stopping
            )
    except OSError as error:
        reason = error.strerror or str(error)
        raise UsageError("file_problem", path=str(path), reason=reason) from error
    if result.trouble is not None:
        raise result.trouble
    return result
