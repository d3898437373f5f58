"""From a record of any source to its row in the row ledger, with the job it is to make."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.core.errors import UsageError
from app.core.intake import ShipmentRecord, group_key
from app.core.quantities import plain
from app.core.tracking import checked_tracking, order_channel
from app.core.tracking_policy import is_return
from app.core.types import Shipment
from app.models.attention import ItemKind, NewItem
from app.models.intake import LedgerRow, Target
from app.services.intake_rows import order_ref
from app.services.write_back import to_job

COLLECT_S = 10.0


@dataclass(frozen=True, slots=True)
class IntakeSource:
    """Where records come from, and where they go. `key`: its name in the ledger, for good.

    `title`: its name for people. `prefix`, `suffix`: what is cut off order references.
    """

    key: str
    title: str
    connection_id: int
    collect_s: float = COLLECT_S
    prefix: str = ""
    suffix: str = ""


class RowMaker:
    """Makes the rows of one source. `codes`: carriers a person named, by their name."""

    def __init__(self, source: IntakeSource, target: Target, codes: Mapping[str, str]) -> None:
        self._source = source
        self._target = target
        self._codes = codes
        self._new_names: set[str] = set()

    def row(
        self,
        record: ShipmentRecord,
        *,
        file_id: int | None = None,
        line: int = 0,
        is_last: bool = False,
        is_note: bool = False,
    ) -> LedgerRow:
        """`is_last`: of all rows, so that its group may go on. `is_note`: it makes no job.

        Raises: UsageError when there is no order or no number that a label can have.
        """
        tracking = checked_tracking(record.tracking or record.tracking_raw)
        ref = order_ref(record.order_ref, self._source.prefix, self._source.suffix)
        ship_date = record.ship_date.isoformat() if record.ship_date else ""
        if record.is_void:
            return LedgerRow(
                tracking,
                order_channel(ref),
                ship_date,
                record.shipped_at,
                origin_file=file_id,
                origin_line=line or None,
            )
        if not ref:
            raise UsageError("order_empty")
        carrier = self._carrier(record)
        shipment = Shipment(
            ref, tracking, carrier, record.service, record.ship_date, record.lines, record.cost,
            record.source,
        )  # fmt: skip
        job = to_job(self._source.connection_id, shipment)._replace(
            origin_file=file_id, origin_line=line or None
        )
        cost = "" if record.cost is None else plain(record.cost)
        lines = ",".join(f"{one.item}={plain(one.quantity)}" for one in record.lines)
        has_job = not (is_note or is_return(record.tracking, record.service))
        return LedgerRow(
            tracking,
            job.channel,
            ship_date,
            record.shipped_at,
            (carrier, record.service, cost, lines),
            job if has_job else None,
            self._group(record, is_last=is_last),
            record.packages,
            None if has_job else file_id,  # else the job has it
            None if has_job else line or None,
        )

    def _group(self, record: ShipmentRecord, *, is_last: bool) -> str:
        """The group that further rows may still join; empty where none can."""
        if not self._target.collect_ms or record.packages == 1:
            return ""
        if record.shipment_id or record.master_tracking:
            return group_key(record)
        # Rows that follow one another: only the last of them can go on in what is appended.
        return group_key(record) if record.run and is_last else ""

    def _carrier(self, record: ShipmentRecord) -> str:
        if record.carrier != "other":
            return record.carrier
        return self._codes.get(record.carrier_raw.casefold(), record.carrier_raw)

    def unknown_carrier(self, record: ShipmentRecord) -> list[NewItem]:
        """What a person is asked when a carrier's name is seen for the first time."""
        name = record.carrier_raw.casefold()
        if not name or name in self._codes or name in self._new_names:
            return []
        self._new_names.add(name)
        params = {"name": record.carrier_raw, "order": record.order_ref}
        item = NewItem(ItemKind.CARRIER, name, "carrier_unknown", params, self._source.key)
        return [item]
