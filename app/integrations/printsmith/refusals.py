"""What a refusal of the connector means: the error table of the bridge contract."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from app.core.clock import from_ms
from app.core.errors import (
    BackhaulError,
    NotFound,
    PermissionMissing,
    RecordClosed,
    RecordLocked,
    Rejected,
    RemoteUnavailable,
    SetupChanged,
    Throttled,
    TransientError,
)
from app.integrations.http import Answer, raise_for_status, retry_after_s
from app.integrations.printsmith.mapping import short_time, too_long

_GENERAL = frozenset({*range(100, 400), 401, 404, 407, 408, 425, 429, 502, 503, 504})
"""Statuses that mean the same at every system: `http.py` knows what."""

_SINCE = re.compile(r"\bsince (\d{1,2}:\d{2}(?: ?[AaPp][Mm])?)")


class RevisionChanged(RecordLocked):
    """The invoice changed between our read and our write: read, merge and write again."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked of the connector, for the words of its refusal."""

    invoice: str = ""
    charge: str = ""
    text: str = ""  # the notes that were sent
    write: bool = False


def raise_for_answer(answer: Answer, asked: Asked) -> None:
    """Turn a refusal into the error whose class says what happens now.

    Raises: per the table below; without a known code by the HTTP status; an unknown status
    is a TransientError.
    Source: bridge contract v1, section 5.
    """
    if 200 <= answer.status < 300:
        return
    known = _BY_CODE.get(code_of(answer)) if answer.status != 401 else None
    error = known(answer, asked) if known else _by_status(answer, asked)
    if error is None and answer.status in _GENERAL:
        raise_for_status(answer, write=asked.write, order=asked.invoice)
    raise error or _unknown(answer)


def code_of(answer: Answer) -> str:
    """The contract's code in an error body; empty when there is none."""
    code = _body_of(answer).get("code")
    return code if isinstance(code, str) else ""


def _locked(answer: Answer, asked: Asked) -> BackhaulError:
    in_message = _SINCE.search(_message(answer))
    since = _detail(answer, "locked_since") or _detail(answer, "since")
    since = since or (in_message.group(1) if in_message else "")
    now = from_ms(answer.at_ms).astimezone()
    return RecordLocked(
        "ps_locked",
        held_by=_detail(answer, "locked_by"),
        since=short_time(since, now),
        excerpt=answer.excerpt(),
    )


def _changed(answer: Answer, asked: Asked) -> BackhaulError:
    return RevisionChanged("ps_revision_changed", held_by="", since="", excerpt=answer.excerpt())


def _closed(answer: Answer, asked: Asked) -> BackhaulError:
    return RecordClosed(f"ps_{code_of(answer)}", order=asked.invoice, excerpt=answer.excerpt())


def _estimate(answer: Answer, asked: Asked) -> BackhaulError:
    return Rejected("ps_estimate", field="invoice", order=asked.invoice, excerpt=answer.excerpt())


def _no_invoice(answer: Answer, asked: Asked) -> BackhaulError:
    return NotFound("ps_invoice_not_found", order=asked.invoice, excerpt=answer.excerpt())


def _no_charge(answer: Answer, asked: Asked) -> BackhaulError:
    return SetupChanged("ps_charge_missing", charge=asked.charge, excerpt=answer.excerpt())


def _fixed(answer: Answer, asked: Asked) -> BackhaulError:
    field = _detail(answer, "field")
    return SetupChanged(
        "ps_field_fixed", charge=asked.charge, field=field, excerpt=answer.excerpt()
    )


def _too_long(answer: Answer, asked: Asked) -> BackhaulError:
    return too_long(asked.text, answer.excerpt())


def _no_permission(answer: Answer, asked: Asked) -> BackhaulError:
    return PermissionMissing("ps_no_permission", excerpt=answer.excerpt())


def _no_session(answer: Answer, asked: Asked) -> BackhaulError:
    wait_s = retry_after_s(answer, answer.at_ms)
    return Throttled("ps_no_session", retry_after_s=wait_s, excerpt=answer.excerpt())


_BY_CODE: dict[str, Callable[[Answer, Asked], BackhaulError]] = {
    "locked": _locked,
    "revision_changed": _changed,
    "picked_up": _closed,
    "voided": _closed,
    "deleted": _closed,
    "is_estimate": _estimate,
    "invoice_not_found": _no_invoice,
    "charge_not_defined": _no_charge,
    "field_not_editable": _fixed,
    "notes_too_long": _too_long,
    "no_permission": _no_permission,
    "no_free_session": _no_session,
}


def _by_status(answer: Answer, asked: Asked) -> BackhaulError | None:
    """None: as at every system, or unknown."""
    status, excerpt = answer.status, answer.excerpt()
    if status == 403:
        return _no_permission(answer, asked)
    if status == 404 and (asked.write or not asked.invoice):  # it was read a moment ago
        return SetupChanged("ps_no_bridge", host=answer.host, excerpt=excerpt)
    if status == 410:
        return RecordClosed("ps_deleted", order=asked.invoice, excerpt=excerpt)
    if status == 423:
        return _locked(answer, asked)
    if status in (400, 422):
        message = _message(answer) or excerpt
        return Rejected("ps_refused", field="", message=message, excerpt=excerpt)
    if status >= 500 and status not in _GENERAL:
        return _server_error(answer)
    return None


def _server_error(answer: Answer) -> BackhaulError:
    """Without a body nothing was answered: it counts as not reachable, no attempt is spent."""
    error, code = (TransientError, "server_error") if answer.body.strip() else (
        RemoteUnavailable, "service_unavailable"
    )  # fmt: skip
    return error(
        code,
        retry_after_s=retry_after_s(answer, answer.at_ms),
        host=answer.host,
        status=answer.status,
        excerpt=answer.excerpt(),
    )


def _unknown(answer: Answer) -> TransientError:
    return TransientError(
        "ps_unknown_answer",
        status=answer.status,
        message=_message(answer),
        excerpt=answer.excerpt(),
    )


def _body_of(answer: Answer) -> dict[str, Any]:
    try:
        body = answer.json()
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}


def _detail(answer: Answer, name: str) -> str:
    detail = _body_of(answer).get("detail")
    value = detail.get(name) if isinstance(detail, dict) else None
    return answer.clean(value.strip())[:100] if isinstance(value, str) else ""


def _message(answer: Answer) -> str:
    message = _body_of(answer).get("message")
    return answer.clean(message.strip())[:200] if isinstance(message, str) else ""
