"""What became of the rows of a file, in words."""

from collections.abc import Mapping

COUNTS = (
    ("entered", "entered"),
    ("repeated", "read before"),
    ("known", "in the queue already"),
    ("updated", "changed"),
    ("voided", "void"),
    ("returns", "return labels"),
    ("older", "too old"),
)
"""What becomes of rows, and how it is said; rejected ones come on top."""


def counts_text(counts: Mapping[str, int]) -> str:
    """ "412 entered, 3 read before, 2 rejected"; empty when there was no row."""
    said = [*COUNTS, ("rejected", "rejected")]
    return ", ".join(f"{counts[name]:,} {words}" for name, words in said if counts.get(name))
