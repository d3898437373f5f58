"""Bytes of a file become lines of text in bounded memory."""

import codecs
import hashlib
import io
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

from app.core.errors import UsageError

CHUNK = 256 * 1024
MAX_LINE = 1024 * 1024
"""Bytes without a line break after which a file is no text."""

SAMPLE = 64 * 1024
"""How much of a file's beginning decides what it is."""

ENCODINGS = ("utf-8", "cp1252", "utf-16-le", "utf-16-be")
_NARROW = frozenset(ENCODINGS[:2])

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)

_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")  # new and old
_PDF = b"%PDF"


class Encoding(NamedTuple):
    """An encoding and why it was taken: "bom", "nul" (UTF-16 by its zeros), "utf8", "western".

    `bom` is the length of the mark at the beginning, in bytes.
    """

    name: str
    why: str
    bom: int = 0


class Line(NamedTuple):
    """One line with its line break, as text and as it stands in the file.

    `may_go_on`: the file ends behind it, and not in LF: more may follow, if only the LF of a CR.
    """

    text: str
    raw: bytes
    may_go_on: bool = False


def find_encoding(head: bytes, wanted: str = "") -> Encoding:
    """The encoding of a file by its beginning. A byte order mark goes before all else.

    Raises: UsageError when `wanted` is none of `ENCODINGS`.
    """
    if wanted and wanted not in ENCODINGS:
        raise UsageError("file_encoding", encoding=wanted, encodings=", ".join(ENCODINGS))
    for mark, name in _BOMS:
        if head.startswith(mark):
            return Encoding(name, "bom", len(mark))
    if wanted:
        return Encoding(wanted, "set")
    by_zeros = _utf_16_by_zeros(head)
    if by_zeros:
        return Encoding(by_zeros, "nul")
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        return Encoding("cp1252", "western")
    return Encoding("utf-8", "utf8")


def refuse_foreign(head: bytes, encoding: Encoding) -> None:
    """Raises: UsageError for an empty file, a workbook, a PDF, or anything else that is no text."""
    if not head.strip():
        raise UsageError("file_empty")
    if head.startswith(_WORKBOOKS):
        raise UsageError("file_workbook")
    if head.startswith(_PDF):
        raise UsageError("file_pdf")
    if b"\x00" in head and not encoding.name.startswith("utf-16"):
        raise UsageError("file_no_text")


def _utf_16_by_zeros(head: bytes) -> str:
    sample = head[:4096]
    half = len(sample) // 2
    if half < 2:
        return ""
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    if odd > half * 0.4 and even < half * 0.1:
        return "utf-16-le"
    return "utf-16-be" if even > half * 0.4 and odd < half * 0.1 else ""


def decode_line(raw: bytes, encoding: str) -> str:
    """One line as text; never fails.

    UTF-8 or Western is decided line by line: programs append to files that others began, and one
    byte must not turn every name of a file into nonsense. A byte nobody can read becomes U+FFFD.
    """
    if encoding not in _NARROW:
        return raw.decode(encoding, "replace")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("cp1252", "replace")


def iter_lines(stream: BinaryIO, encoding: str) -> Iterator[Line]:
    """The lines from where the stream stands, each with its line break (CR, LF or both).

    Raises: UsageError when a megabyte goes by without a line break.
    """
    split = _split_wide if encoding.startswith("utf-16") else _split_narrow
    rest = b""
    while chunk := stream.read(CHUNK):
        pieces = split(rest + chunk, encoding)
        rest = pieces.pop() if pieces else b""
        for raw in pieces:
            yield Line(decode_line(raw, encoding), raw)
        if len(rest) > MAX_LINE:
            raise UsageError("file_no_lines", limit=MAX_LINE // 1024)
    if rest:
        yield Line(decode_line(rest, encoding), rest, may_go_on=True)


def _split_narrow(data: bytes, encoding: str) -> list[bytes]:
    """Lines of `data`; the last one may go on in the next chunk."""
    return _with_tail(data.splitlines(keepends=True), b"\n")


def _split_wide(data: bytes, encoding: str) -> list[bytes]:
    whole = len(data) - len(data) % 2
    text = data[:whole].decode(encoding, "surrogatepass")
    pieces = [line.encode(encoding, "surrogatepass") for line in io.StringIO(text, newline="")]
    lines = _with_tail(pieces, "\n".encode(encoding))
    if whole < len(data):
        if not lines:
            lines = [b""]
        lines[-1] += data[whole:]
    return lines


def _with_tail(lines: list[bytes], newline: bytes) -> list[bytes]:
    # A line break may be cut in two: only LF is sure to be the end of one.
    if lines and lines[-1].endswith(newline):
        lines.append(b"")
    return lines


def prefix_hash(stream: BinaryIO, length: int) -> str:
    """A hash of the first `length` bytes; "" when the file is shorter. Moves the stream."""
    stream.seek(0)
    digest = hashlib.blake2b(digest_size=16)
    left = length
    while left > 0:
        chunk = stream.read(min(CHUNK, left))
        if not chunk:
            return ""
        digest.update(chunk)
        left -= len(chunk)
    return digest.hexdigest()


def begins_whole(stream: BinaryIO, wanted: str = "") -> bool:
    """True when the first line that says something is written to its end. Moves the stream.

    Raises: as `find_encoding` and `iter_lines`.
    """
    stream.seek(0)
    encoding = find_encoding(stream.read(SAMPLE), wanted)
    stream.seek(encoding.bom)
    lines = (line for line in iter_lines(stream, encoding.name) if line.text.strip())
    first = next(lines, None)
    return first is not None and not first.may_go_on
