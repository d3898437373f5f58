"""A sample connector: serves Backhaul's bridge contract v1 on this computer, from a JSON file.

It exists to be copied. The contract is described in docs/printsmith-bridge.openapi.json.
To connect a real system, replace the methods of `Shop` and keep everything else.
"""

import argparse
import contextlib
import hmac
import json
import logging
import os
import re
import threading
import time
from collections.abc import Iterator
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import unquote

Json = dict[str, Any]
TOKEN_VARIABLE = "CONNECTOR_TOKEN"  # noqa: S105 - the name of a variable, not a secret
BODY_MAX = 64 * 1024  # bytes; Backhaul sends less than two thousand
EXTRA_HEADER = {401: ("WWW-Authenticate", "Bearer"), 503: ("Retry-After", "60")}
log = logging.getLogger("connector")

CHARGE = {"name": "ShipLeap Tracking", "notes": "", "price": "0.00",
          "notes_editable": True, "price_editable": True}  # fmt: skip
INVOICE = {"kind": "invoice", "state": "pending", "revision": "17", "locked_by": None,
           "locked_since": None, "title": "Business cards", "charges": [CHARGE]}  # fmt: skip
SAMPLE = {"user": "shipper", "can_save_invoice": True, "can_see_locks": True,
          "sessions_free": 5, "notes_max": 255, "invoices": {
              "316132": INVOICE, "316133": INVOICE | {"state": "picked_up"},
              "316134": INVOICE | {"kind": "estimate"}}}  # fmt: skip


class BridgeError(Exception):
    """A refusal in the words of the contract, which says what Backhaul does on each code."""

    def __init__(self, status: int, code: str, message: str, **detail: str | None) -> None:
        super().__init__(message)
        self.status = status
        self.body: Json = {"code": code, "message": message, "detail": detail}


class Shop:
    """REPLACE THE METHODS OF THIS CLASS with calls into the real system; nothing else.

    `probe`, `read` and `write` answer the three calls of the contract. Here a JSON file plays the
    real system, read anew for each call, so that people may edit it meanwhile. It is no database:
    an edit saved in the very moment of a write can be lost.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._one_at_a_time = threading.Lock()
        if not path.exists():
            self._save(SAMPLE)

    def probe(self) -> Json:
        """Say who we are logged in as and what that user may do; must work with no session free."""
        data = json.loads(self._path.read_text(encoding="utf-8"))
        keys = ("user", "can_save_invoice", "can_see_locks", "sessions_free")
        return {"product": "printsmith-vision", "version": "sample"} | {k: data[k] for k in keys}

    def read(self, number: str) -> Json:
        """Return the invoice document. Raises: BridgeError."""
        with self._session(number) as (_, invoice):
            return {"invoice": number} | invoice

    def write(self, number: str, charge_name: str, change: Json) -> Json:
        """Put notes and price on the charge, all or nothing, and return it as it is now stored.

        What only a person can mend is refused first. Raises: BridgeError.
        """
        with self._session(number) as (data, invoice):
            if not (data["can_save_invoice"] and data["can_see_locks"]):
                raise BridgeError(403, "no_permission", "May not save invoices or not see locks")
            charge = find_writable_charge(invoice, charge_name, change)
            if who := invoice.get("locked_by"):
                detail = {"locked_by": who, "locked_since": invoice.get("locked_since")}
                raise BridgeError(423, "locked", f"Open by {who}", **detail)
            if change["if_revision"] != invoice["revision"]:
                raise BridgeError(409, "revision_changed", f"Now at {invoice['revision']}")
            merge = change["notes_mode"] == "merge"
            notes = merge_notes(charge["notes"], change["notes"]) if merge else change["notes"]
            if len(notes) > data["notes_max"]:
                raise BridgeError(422, "notes_too_long", f"More than {data['notes_max']} signs")
            price = charge["price"] if change["price"] is None else change["price"]
            if (notes, price) != (charge["notes"], charge["price"]):
                charge.update(notes=notes, price=price)
                invoice["revision"] = str(int(invoice["revision"]) + 1)
                self._save(data)
            return charge

    def set_lock(self, number: str, who: str) -> None:
        """Play another desk that opens the invoice, or closes it if `who` is empty."""
        with self._session(number) as (data, invoice):
            since = datetime.now().astimezone().isoformat(timespec="seconds")
            invoice.update(locked_by=who or None, locked_since=since if who else None)
            self._save(data)

    @contextlib.contextmanager
    def _session(self, number: str) -> Iterator[tuple[Json, Json]]:
        """Log in, find the invoice, log out: also after an error, or sessions run out."""
        with self._one_at_a_time:
            data = json.loads(self._path.read_text(encoding="utf-8"))
            if data["sessions_free"] == 0:  # null: unknown
                raise BridgeError(503, "no_free_session", "All user sessions are taken")
            try:  # the real log-in belongs before this line
                if number not in data["invoices"]:
                    raise BridgeError(404, "invoice_not_found", f"No invoice {number}")
                yield data, data["invoices"][number]
            finally:
                log.debug("logged out")  # the real log-out belongs here

    def _save(self, data: Json) -> None:
        draft = self._path.with_name(self._path.name + ".new")
        draft.write_text(json.dumps(data, indent=2), encoding="utf-8")
        draft.replace(self._path)  # in one step: nobody ever reads half a file


def find_writable_charge(invoice: Json, name: str, change: Json) -> Json:
    """Return the charge of exactly this name, or refuse what no waiting can mend."""
    if invoice["kind"] != "invoice":
        raise BridgeError(422, "is_estimate", "This number belongs to an estimate")
    if (state := invoice["state"]) in ("picked_up", "voided", "deleted"):
        raise BridgeError(409, state, "The invoice takes no more changes")
    charge: Json | None = next((c for c in invoice["charges"] if c["name"] == name), None)
    if charge is None:
        raise BridgeError(404, "charge_not_defined", f'No charge is named exactly "{name}"')
    for field in ("notes", "price"):
        if change[field] is not None and not charge[f"{field}_editable"]:
            raise BridgeError(422, "field_not_editable", f"{field} is fixed", field=field)
    return charge


def merge_notes(old: str, new: str) -> str:
    """Add the lines of `new` that `old` does not hold, as a line or a word; drop nothing."""
    held = {*old.splitlines(), *re.sub("[-.]", "", old.upper()).split()}
    added = [n for n in new.splitlines() if not {n, re.sub("[-.]", "", n.upper())} & held]
    return "\n".join([*old.splitlines(), *added])


def parse_change(raw: bytes) -> Json:
    """Return the write body, checked. Raises: BridgeError."""
    try:
        change: Json = json.loads(raw)
        price = "0.00" if change["price"] is None else change["price"]
        good = isinstance(change["notes"], str) and change["notes_mode"] in ("merge", "replace")
        good = good and isinstance(change["if_revision"], str) and change["if_revision"] != ""
        good = good and re.fullmatch(r"[0-9]+\.[0-9]{2}", price) is not None
    except (ValueError, TypeError, KeyError):
        good = False
    if not good:
        raise BridgeError(400, "bad_request", "The body is not what the contract says")
    return change


class Connector(ThreadingHTTPServer):
    """Listens on loopback only; to be reached from elsewhere it needs a TLS proxy in front."""

    def __init__(self, port: int, shop: Shop, token: str) -> None:
        super().__init__(("127.0.0.1", port), Handler)
        self.shop, self.token = shop, token


class Handler(BaseHTTPRequestHandler):
    """Translates HTTP to `Shop` and back; HTTP/1.0, so each call has its own connection."""

    server: Connector
    timeout = 30
    label = "refused"

    def do_GET(self) -> None:
        started = time.monotonic()
        try:
            status, body = 200, self._run()
        except BridgeError as error:
            status, body = error.status, error.body
        except Exception:  # the log gets the trace, the caller a plain sentence
            log.exception("%s broke", self.label)
            status, body = 500, {"code": "internal_error", "message": "See the connector's log"}
        answer, took_ms = body.get("code", "ok"), (time.monotonic() - started) * 1000
        request = self.headers.get("X-Request-Id", "-")[:36]
        log.info("%s: %d %s, %.0f ms, request %r", self.label, status, answer, took_ms, request)
        raw = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(raw)))
        if status in EXTRA_HEADER:
            self.send_header(*EXTRA_HEADER[status])
        self.end_headers()
        self.wfile.write(raw)

    do_PUT = do_POST = do_PATCH = do_DELETE = do_GET

    def _run(self) -> Json:
        length = self.headers.get("Content-Length", "")
        raw = self.rfile.read(min(int(length), BODY_MAX) if length.isdecimal() else 0)
        parts = self._authorised_path()
        self.label = f"{self.command} {'/'.join(parts).replace(self.server.token, '***')!r}"
        match self.command, *parts:
            case "GET", "health":
                return self.server.shop.probe()
            case "GET", "invoices", number:
                return self.server.shop.read(number)
            case "PUT", "invoices", number, "charges", charge:
                return self.server.shop.write(number, charge, parse_change(raw))
        raise BridgeError(404, "not_found", "The contract has no such call")

    def _authorised_path(self) -> list[str]:
        """Return the parts of the path without the token, which may be the first of them."""
        parts = [unquote(part) for part in self.path.partition("?")[0].lstrip("/").split("/")]
        header, token = self.headers.get("Authorization", "").encode(), self.server.token.encode()
        if hmac.compare_digest(parts[0].encode(), token):
            return parts[1:]
        if not hmac.compare_digest(header, b"Bearer " + token):
            raise BridgeError(401, "unauthorized", "The token is missing or wrong")
        return parts

    def log_message(self, *_: object) -> None:
        """Keep the base class silent: its lines hold the path, and so perhaps the token."""


def main() -> None:
    parser = argparse.ArgumentParser(description="Sample connector for Backhaul")
    parser.add_argument("--port", type=int, default=8321)
    parser.add_argument("--shop", type=Path, default=Path("shop.json"), help="made if missing")
    parser.add_argument("--token-file", type=Path, help=f"or set {TOKEN_VARIABLE}")
    parser.add_argument("--lock", nargs=2, metavar=("INVOICE", "WHO"), help='WHO "" closes it')
    chosen = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    try:
        shop = Shop(chosen.shop)
        if chosen.lock:
            shop.set_lock(*chosen.lock)
            return
        file = chosen.token_file
        token = file.read_text(encoding="utf-8") if file else os.environ.get(TOKEN_VARIABLE, "")
    except (OSError, BridgeError) as error:
        parser.error(str(error))
    if not (token := token.strip()):
        parser.error(f"no token: give --token-file or set {TOKEN_VARIABLE}")
    with Connector(chosen.port, shop, token) as server, contextlib.suppress(KeyboardInterrupt):
        log.info("serving http://127.0.0.1:%d (Ctrl-C stops)", server.server_port)
        server.serve_forever()


if __name__ == "__main__":
    main()
