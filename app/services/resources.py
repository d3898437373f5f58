"""Where what is not code lies: in the source tree, or beside the installed package."""

from pathlib import Path


def resource_places(name: str) -> tuple[Path, ...]:
    """Where a folder or file of `resources` may lie, likeliest first."""
    here = Path(__file__)
    return tuple(place / "resources" / name for place in (here.parents[2], here.parents[1]))
