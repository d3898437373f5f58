"""Refusals as a Magento store words them: a template and what stands in its places."""

from collections.abc import Mapping, Sequence
from typing import Any

from app.practice.messages import Reply

NO_ENTITY = "The entity that was requested doesn't exist. Verify the entity and try again."
NO_ROUTE = "Request does not match any route."
NO_RIGHT = "The consumer isn't authorized to access %resources."


class RefusedError(Exception):
    """A refusal; `parameters` fill `%name` (a mapping) or `%1 %2` (a sequence)."""

    def __init__(
        self,
        status: int,
        message: str,
        parameters: Mapping[str, Any] | Sequence[Any] | None = None,
        errors: Sequence[Mapping[str, Any]] = (),
    ) -> None:
        super().__init__(message)
        self._status = status
        self._body: dict[str, Any] = {"message": message}
        if parameters is not None:
            self._body["parameters"] = parameters
        if errors:
            self._body["errors"] = list(errors)

    def reply(self) -> Reply:
        return Reply(self._status, self._body)


def no_entity() -> RefusedError:
    """An id that nothing has."""
    return RefusedError(404, NO_ENTITY)


def required(field: str) -> RefusedError:
    """A body without what it must have."""
    text = '"%fieldName" is required. Enter and try again.'
    return RefusedError(400, text, {"fieldName": field})


def internal(report: str = "webapi-5f3a1c2b9d0e4") -> RefusedError:
    """Any exception of PHP."""
    text = "Internal Error. Details are available in Magento log file. Report ID: " + report
    return RefusedError(500, text)


def document(kind: str, lines: Sequence[str]) -> RefusedError:
    """The checks of a shipment or an invoice that did not hold, a line each."""
    return RefusedError(400, "\n".join((f"{kind} Document Validation Error(s):", *lines)))


def whole_number(text: str) -> int:
    """An id in a path.

    Raises: RefusedError for one that is no number.
    """
    if not text.isdecimal():
        kind = 'The "%value" value\'s type is invalid. The "%type" type was expected. '
        values = {"value": text, "type": "int"}
        raise RefusedError(400, f"{kind}Verify and try again.", values)
    return int(text)
