"""Where a row of the queue came from, and what is known of numbers the queue has no row for."""

from app.core.clock import clock_time
from app.core.tracking import normalise_tracking
from app.core.tracking_policy import is_return
from app.models.attention import Attention
from app.models.folders import Folders
from app.models.intake import Ledger, Sighting
from app.models.received import Received
from app.services.attention import where
from app.services.letterbox import TITLE
from app.services.wording import Wordsmith

_MOST = 4  # sentences about one number
_SHORTEST = 5  # characters: shorter ones stand in every row


class Origins:
    """Reads only."""

    def __init__(
        self,
        ledger: Ledger,
        received: Received,
        folders: Folders,
        attention: Attention,
        wordsmith: Wordsmith,
    ) -> None:
        self._ledger = ledger
        self._received = received
        self._folders = folders
        self._attention = attention
        self._wordsmith = wordsmith

    def of(self, job_id: int) -> str:
        """ "WorldShip: export.csv, row 12", or "Local intake: record A-77" with the other
        program's own key; empty for a row that a person entered."""
        found = self._ledger.origin(job_id)
        if found is not None:
            source, file, line = found
            return where(self._folders.names().get(source, ""), file, line)
        receipt = self._received.of_job(job_id)
        if receipt is None:
            return ""
        record = self._wordsmith.text("record {key}", key=receipt.source_key)
        return where(self._wordsmith.text(TITLE), record, None)

    def known(self, text: str) -> tuple[str, ...]:
        """What files told about a number without a row in the queue, a sentence each.

        Void labels whose label never came, return labels, rows that were only noted, rejected
        rows. Empty: it was never seen.
        """
        names = self._folders.names()
        found = [self._sighting(one, names.get(one.source, "")) for one in self._ledger.seen(text)]
        return (*found, *self._rejected(text, names))[:_MOST]

    def _sighting(self, one: Sighting, folder: str) -> str:
        if one.is_void:
            text = "Void label {number}{order}{place}"
        elif is_return(one.tracking, one.service):
            text = "Return label {number}{order}{place}. Returns are not written back"
        else:
            text = "Label {number}{order}{place}. It was there before its folder was watched"
        return self._wordsmith.text(
            text,
            number=one.tracking,
            order=f" for order {one.channel}" if one.channel else "",
            place=_read_at(where(folder, one.file, one.line), one.at),
        )

    def _rejected(self, text: str, names: dict[str, str]) -> list[str]:
        number = normalise_tracking(text)
        if len(number) < _SHORTEST:
            return []
        found = []
        for item in self._attention.naming(number, _MOST):
            place = _read_at(
                where(names.get(item.source, ""), item.file, item.line), item.created_at
            )
            why = self._wordsmith.say(item.code, item.params).summary
            found.append(f"A row with it was not entered{place}: {why}")
        return found


def _read_at(place: str, at: int) -> str:
    return f", read from {place}, {clock_time(at)}" if place else f", read {clock_time(at)}"
