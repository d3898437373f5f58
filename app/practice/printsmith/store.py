"""What a practice PrintSmith holds: invoices, rights, sessions; on disk when asked for."""

from pathlib import Path

from app.practice.shelf import Document, Shelf

CHARGE = "ShipLeap Tracking"
SESSIONS = 5


class Store(Shelf):
    """The values of one shop."""

    def __init__(self, file: Path | None) -> None:
        super().__init__(file, _empty_shop())

    def add(self, number: str, fields: Document) -> None:
        """A new invoice with the defined charge; `fields` overlay the usual document."""
        with self.lock:
            document = {**_new_invoice(number), "charges": [self.new_charge()], **fields}
            self.values["invoices"][number] = document
            self.save()

    def new_charge(self) -> Document:
        """The defined charge as it is on an invoice before anything is written to it."""
        return {
            "name": self.values["charge"],
            "notes": "",
            "price": "0.00",
            "notes_editable": self.values["notes_editable"],
            "price_editable": self.values["price_editable"],
        }

    def find(self, number: str) -> Document | None:
        """The invoice, if there is one."""
        found: Document | None = self.values["invoices"].get(number)
        return found

    def invoice(self, number: object) -> Document:
        """The invoice.

        Raises: ValueError.
        """
        found = self.find(str(number))
        if found is None:
            raise ValueError(f"there is no invoice {number} here")
        return found

    def charges(self) -> list[Document]:
        """Every charge of every invoice."""
        return [charge for each in self.values["invoices"].values() for charge in each["charges"]]

    def change(self, number: object, **fields: object) -> None:
        """Give an invoice other values, as by saving it.

        Raises: ValueError.
        """
        with self.lock:
            document = self.invoice(number)
            document.update(fields)
            raise_revision(document)
            self.save()


def find_charge(document: Document, name: str) -> Document | None:
    """The charge of exactly this name."""
    return next((charge for charge in document["charges"] if charge["name"] == name), None)


def raise_revision(document: Document) -> None:
    """Somebody saved it."""
    document["revision"] = str(int(document["revision"]) + 1)


def _empty_shop() -> Document:
    return {
        "invoices": {},
        "writes": [],
        "charge": CHARGE,
        "notes_editable": True,
        "price_editable": True,
        "can_save_invoice": True,
        "can_see_locks": True,
        "sessions": SESSIONS,
        "latency_s": 0.0,
    }


def _new_invoice(number: str) -> Document:
    return {
        "invoice": number,
        "kind": "invoice",
        "state": "pending",
        "revision": "1",
        "locked_by": None,
        "locked_since": None,
        "picked_up_at": None,
        "title": "Business cards",
        "account": {"number": "1042", "name": "Acme"},
        "web_reference": None,
        "ship_to": None,
    }
