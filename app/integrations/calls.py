"""Tells how every call to a remote ended: the one place where each of them passes."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http import HTTPStatus
from typing import NamedTuple

from app.core.errors import BackhaulError, RemoteUnavailable
from app.core.health import Api, Result, Way
from app.core.types import Params
from app.integrations.http_answer import Answer, raise_for_status

_ASKED_IN_VAIN = {
    HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.PROXY_AUTHENTICATION_REQUIRED,
    HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_EARLY,
}  # fmt: skip
_NEVER_THERE = frozenset({"dns", "proxy", "connect_timeout"})
_JSON_STARTS = b'{["-0123456789tfn'
"""What a JSON document may begin with."""


_NOTHING: Params = {}


class Heard(NamedTuple):
    """One call: for which API, how it ended and how long it took. `code`, `params`: the sentence
    of what was wrong; empty where nothing was. (A frozen dataclass would cost twice as much.)"""

    api: Api
    way: Way
    result: Result
    took_ms: float
    code: str = ""
    params: Params = _NOTHING


class Calls:
    """What the calls of one adapter are for, and who hears how they ended.

    `api` None: nobody does, as for calls that fail on purpose. Used by one thread at a time.
    """

    def __init__(
        self, api: Api | None = None, tell: Callable[[Heard], None] = lambda heard: None
    ) -> None:
        self._api = api
        self._tell = tell

    @contextmanager
    def of(self, api: Api | None) -> Iterator[None]:
        """Calls inside the block are for this API; None: for none. One whose adapter does not
        say is for what the adapter was opened for."""
        before, self._api = self._api, api if self._api is not None else None
        try:
            yield
        finally:
            self._api = before

    def apart(self, api: Api) -> "Calls":
        """For another adapter of the same connection; where nobody hears these, nobody will."""
        return Calls(api if self._api is not None else None, self._tell)

    def answered(
        self, answer: Answer, took_ms: float, *, write: bool, is_refusal: bool = False
    ) -> None:
        """The remote said something. `is_refusal`: it is about one record or a limit, whatever
        the status."""
        if self._api is not None:
            result, code, params = judge(answer, write=write, is_refusal=is_refusal)
            self._told(result, took_ms, write, code, params)

    def failed(self, error: BackhaulError, took_ms: float, *, write: bool) -> None:
        """No answer that could be read."""
        if self._api is not None:
            result = Result.NETWORK if never_got_there(error) else Result.FAILED
            self._told(result, took_ms, write, error.code, error.params)

    def _told(self, result: Result, took_ms: float, write: bool, code: str, params: Params) -> None:
        assert self._api is not None
        way = Way.WRITE if write else Way.READ
        self._tell(Heard(self._api, way, result, took_ms, code, params))


_GOOD = (Result.OK, "", _NOTHING)


def judge(answer: Answer, *, write: bool, is_refusal: bool = False) -> tuple[Result, str, Params]:
    """How a call ended as far as the API is concerned, and the sentence of what was wrong."""
    status = answer.status
    if 200 <= status < 300:
        code = _not_data(answer, write=write)
        return (Result.FAILED, code, {"host": answer.host}) if code else _GOOD
    if is_refusal or (400 <= status < 500 and status not in _ASKED_IN_VAIN):
        return Result.REFUSED, "", _NOTHING
    try:
        raise_for_status(answer, write=False)
    except BackhaulError as error:
        return Result.FAILED, error.code, error.params
    return Result.FAILED, "unreadable", {"host": answer.host}


def _not_data(answer: Answer, *, write: bool) -> str:
    """What is wrong with the body of a good answer; empty: nothing. Whether it holds what was
    agreed is for the adapter, and about that record alone."""
    kind = answer.headers.get("content-type", "")
    if answer.status == HTTPStatus.NO_CONTENT:
        return ""
    if kind == "application/json" or "json" in kind.lower():
        start = answer.body[:64].lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
        return "" if start and start in _JSON_STARTS else "unreadable"
    if answer.is_html:
        return "not_the_api"
    is_empty = answer.status == HTTPStatus.OK and not answer.body and not write
    return "unreadable" if is_empty else ""


def never_got_there(error: BackhaulError) -> bool:
    """True when it may be our own network: a machine that refuses was at least reached."""
    if not isinstance(error, RemoteUnavailable):
        return False
    if error.code == "refused":
        return not isinstance(error.__cause__, ConnectionRefusedError)
    return error.code in _NEVER_THERE
