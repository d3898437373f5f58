"""`POST /intake`: records of parcels from another program; `GET /intake/<id>`: where one stands."""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from app.core.clock import from_ms
from app.core.errors import SecretUnavailable, UsageError
from app.endpoint.auth import Bearer
from app.endpoint.calls import Call, Refusal, Reply, Say
from app.endpoint.records import read_json, records_of, to_entry
from app.services.letterbox import Answer, Entry, Fate, Follow, Letterbox
from app.services.local_intake import LocalIntake

PATH = "/intake"
_LONGEST_ID = 15
_STATUS = {
    Fate.TAKEN: HTTPStatus.ACCEPTED,
    Fate.KNOWN: HTTPStatus.OK,
    Fate.CONFLICT: HTTPStatus.CONFLICT,
    Fate.REFUSED: HTTPStatus.UNPROCESSABLE_ENTITY,
}


class IntakeDoor:
    """Answers the calls of `/intake`, and counts them."""

    def __init__(self, local: LocalIntake, letterbox: Letterbox, bearer: Bearer, say: Say) -> None:
        self._local = local
        self._letterbox = letterbox
        self._bearer = bearer
        self._say = say

    def answer(self, call: Call) -> Reply:
        """Raises: Refusal, StorageError."""
        has_key = False
        status = HTTPStatus.BAD_REQUEST
        try:
            self._check_key(call)
            has_key = True
            reply = self._answer(call)
            status = HTTPStatus(reply.status)
        finally:
            self._local.count(has_key=has_key, is_refused=status >= HTTPStatus.BAD_REQUEST)
        return reply

    def _check_key(self, call: Call) -> None:
        try:
            self._bearer.check(call)
        except (SecretUnavailable, UsageError) as error:
            why = self._say(error.code, error.params).summary
            raise Refusal(HTTPStatus.SERVICE_UNAVAILABLE, "call_later", why=why) from error

    def _answer(self, call: Call) -> Reply:
        allowed = "POST" if call.path == PATH else "GET"
        if call.method != allowed:
            refusal = Refusal(
                HTTPStatus.METHOD_NOT_ALLOWED,
                "call_method",
                method=call.method[:20],
                allowed=allowed,
            )
            raise refusal.with_header("Allow", allowed)
        return self._take(call) if call.path == PATH else self._follow(call)

    def _take(self, call: Call) -> Reply:
        kind = call.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind != "application/json":
            raise Refusal(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "call_type")
        try:
            content = read_json(call.body)
            records = records_of(content)
        except UsageError as error:
            raise Refusal(HTTPStatus.BAD_REQUEST, error.code, **error.params) from error
        results = self._results(records)
        if isinstance(content, dict):
            return Reply(results[0]["status"], results[0])
        return Reply(_worst([result["status"] for result in results]), {"results": results})

    def _results(self, records: Sequence[Any]) -> list[dict[str, Any]]:
        entries: dict[int, Entry] = {}
        answers: dict[int, Answer] = {}
        for place, fields in enumerate(records):
            try:
                entries[place] = to_entry(fields)
            except UsageError as error:
                answers[place] = Answer(Fate.REFUSED, code=error.code, params=error.params)
        taken = self._letterbox.take(list(entries.values())) if entries else []
        answers |= dict(zip(entries, taken, strict=True))
        return [self._result(answers[place], records[place]) for place in range(len(records))]

    def _result(self, answer: Answer, fields: Any) -> dict[str, Any]:
        found: dict[str, Any] = {"status": int(_STATUS[answer.fate]), "result": answer.fate.value}
        key = fields.get("source_key") if isinstance(fields, dict) else None
        if isinstance(key, str):
            found["source_key"] = key.strip()
        if answer.receipt_id:
            found["id"] = answer.receipt_id
        if answer.code:
            said = self._say(answer.code, answer.params)
            found |= {"error": answer.code, "text": said.summary, "hint": said.hint}
            if "field" in answer.params:
                found["field"] = answer.params["field"]
        return found

    def _follow(self, call: Call) -> Reply:
        number = call.path.removeprefix(f"{PATH}/")
        if not (number.isascii() and number.isdigit() and len(number) <= _LONGEST_ID):
            raise Refusal(HTTPStatus.NOT_FOUND, "record_unknown", record=number[:40])
        try:
            found = self._letterbox.follow(int(number))
        except UsageError as error:
            raise Refusal(HTTPStatus.NOT_FOUND, error.code, **error.params) from error
        return Reply(HTTPStatus.OK, _object(found))


def _object(found: Follow) -> dict[str, Any]:
    """Where a record stands, for programs; keys are only ever added."""
    receipt, row = found.receipt, found.row
    return {
        "id": receipt.id,
        "source_key": receipt.source_key,
        "order": receipt.order_ref,
        "tracking": receipt.tracking,
        "connection": found.connection,
        "received_at": from_ms(receipt.at).isoformat(timespec="seconds"),
        "row": receipt.job_id,
        "state": row.job.state.value if row else receipt.what,
        "phase": row.wording.phase.value if row else "done",
        "text": found.text,
        "hint": found.hint,
    }


def _worst(statuses: Sequence[int]) -> int:
    """What a batch is answered: the first thing that is wrong in it, so that nobody misses it."""
    order = (
        HTTPStatus.UNPROCESSABLE_ENTITY, HTTPStatus.CONFLICT, HTTPStatus.ACCEPTED, HTTPStatus.OK,
    )  # fmt: skip
    return next(int(status) for status in order if status in statuses)
