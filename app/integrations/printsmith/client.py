"""The three calls of the bridge contract, and what their answers hold."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import quote

import msgspec

from app.core.errors import OutcomeUnknown, TransientError
from app.integrations.http import Answer, json_or_raise
from app.integrations.printsmith.settings import Settings

if TYPE_CHECKING:
    from app.integrations.http import HttpClient, HttpFactory


class Probe(msgspec.Struct, frozen=True):
    """How the connector is, and what its PrintSmith user may do."""

    product: str
    version: str
    user: str
    can_save_invoice: bool
    can_see_locks: bool
    sessions_free: int | None = None  # None: the connector cannot tell


class Charge(msgspec.Struct, frozen=True):
    """One charge of an invoice; its notes take the tracking numbers."""

    name: str
    notes: str | None
    notes_editable: bool
    price_editable: bool
    price: str | None = None

    @property
    def text(self) -> str:
        return self.notes or ""


class Invoice(msgspec.Struct, frozen=True):
    """The part of an invoice that a write-back needs; the rest is not looked at."""

    invoice: str
    kind: str
    state: str
    revision: str
    charges: list[Charge]
    locked_by: str | None = None
    locked_since: str | None = None
    picked_up_at: str | None = None


class BridgeClient:
    """One method per call. The bridge keeps no log-in between calls: the connector logs in to
    PrintSmith and out again within each call, so no user session can leak from here (B8).

    Source: bridge contract v1, section 4.
    """

    def __init__(self, http: "HttpClient", settings: Settings, token: str) -> None:
        self._http = http
        self._settings = settings
        self._token = token

    def probe(self, request_id: str) -> Answer:
        """How is the connector? Changes nothing."""
        return self._read(self._settings.probe_path, request_id)

    def read(self, invoice: str, request_id: str) -> Answer:
        """The invoice document."""
        return self._read(self._settings.read_path, request_id, invoice=invoice)

    def write(
        self, invoice: str, charge: str, body: Mapping[str, str | None], request_id: str
    ) -> Answer:
        """Put notes, and the price unless it is None, on one charge of the invoice."""
        path = self._path(self._settings.write_path, invoice=invoice, charge=charge)
        headers = {"X-Request-Id": request_id}
        return self._http.write("PUT", path, json=dict(body), headers=headers)

    def close(self) -> None:
        self._http.close()

    def _read(self, template: str, request_id: str, **parts: str) -> Answer:
        headers = {"X-Request-Id": request_id, "Cache-Control": "no-cache"}
        return self._http.read("GET", self._path(template, **parts), headers=headers)

    def _path(self, template: str, **parts: str) -> str:
        for name, value in {**parts, "token": self._token}.items():
            template = template.replace(f"{{{name}}}", _segment(value))
        return template


def open_client(
    http: "HttpFactory", settings: Settings, token: str, clean: Callable[[str], str]
) -> BridgeClient:
    """A client that carries the token where the settings say; `clean` hides secrets."""
    in_header = settings.token_in == "header"  # noqa: S105 - a place, not a secret
    client = http.client(
        settings.base_url,
        headers={"Authorization": f"Bearer {token}"} if in_header else {},
        timeout_s=settings.timeout_s,
        ca_file=settings.ca_file,
        clean=clean,
        is_refusal=lambda answer: answer.status == 503 and b'"no_free_session"' in answer.body,
    )
    return BridgeClient(client, settings, token)


D = TypeVar("D", Probe, Invoice, Charge)


def decode(answer: Answer, document: type[D], *, write: bool = False) -> D:
    """The document an answer holds. Keys that are not in the contract are ignored.

    Raises: TransientError, after a write OutcomeUnknown, that names the field that is not
    as the contract says.
    """
    json_or_raise(answer, write=write)
    try:
        return msgspec.json.decode(answer.body, type=document)
    except msgspec.DecodeError as error:
        kind = OutcomeUnknown if write else TransientError
        problem = str(error).replace("`$.", "`").replace("`", "")
        raise kind("ps_drift", problem=problem, excerpt=answer.excerpt()) from error


def _segment(value: str) -> str:
    """One part of a path; "." and ".." would otherwise lead to another path."""
    quoted = quote(value, safe="")
    return quoted if quoted.strip(".") else quoted.replace(".", "%2E")
