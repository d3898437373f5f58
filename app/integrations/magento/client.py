"""Calls to one store: signed, or with a person's token that is renewed once."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from app.core.clock import Clock
from app.core.errors import BackhaulError, OutcomeUnknown
from app.integrations.http import Answer
from app.integrations.magento.person import Person
from app.integrations.magento.refusals import (
    NONCE_USED,
    keys_refused,
    password_refused,
    permission_missing,
    raise_for_answer,
    raise_sign_in,
    refusal_of,
    resource_of,
)
from app.integrations.magento.settings import Settings
from app.integrations.magento.signing import Keys, sign

if TYPE_CHECKING:
    from app.integrations.http import HttpClient

Params = Mapping[str, str | int]

PROBE = "store/storeConfigs"
"""What any sign-in may read: it tells a bad one from a missing right."""


class StoreClient:
    """One method per kind of call; answers are good ones, refusals are raised as ours.

    `who`: the keys of an integration, or a person. Source: Magento contract, sections 1 to 3.
    """

    def __init__(
        self, http: "HttpClient", settings: Settings, clock: Clock, who: Keys | Person
    ) -> None:
        self._http = http
        self._settings = settings
        self._clock = clock
        self._who = who

    def read(self, path: str, request_id: str, params: Params | None = None) -> Answer:
        """A GET below `V1/`.

        Raises: any error of the tree but OutcomeUnknown.
        """
        answer = self._called("GET", path, request_id, params or {}, None)
        raise_for_answer(answer)
        return answer

    def write(
        self, method: str, path: str, request_id: str, body: Mapping[str, Any], order: str = ""
    ) -> Answer:
        """A call that changes something. A 400 is the caller's to read. What refuses the sign-in
        has done nothing, so a call may go again after that, and only then.

        Raises: any error of the tree.
        """
        answer = self._called(method, path, request_id, {}, body)
        if answer.status != 400:
            raise_for_answer(answer, order=order, write=True)
        return answer

    def version(self, request_id: str) -> str:
        """Like "Magento/2.4 (Community)"; empty where the store does not tell."""
        answer = self._http.read("GET", "/magento_version", headers={"X-Request-Id": request_id})
        is_told = answer.status == 200 and answer.text.startswith("Magento/")
        return answer.text.strip()[:60] if is_told else ""

    def close(self) -> None:
        """Give up the kept connection."""
        self._http.close()

    def _called(
        self,
        method: str,
        path: str,
        request_id: str,
        params: Params,
        body: Mapping[str, Any] | None,
    ) -> Answer:
        """One call, signed in; what it was answered otherwise is not judged here."""
        answer = self._sent(method, path, request_id, params, body)
        if answer.status == 401 and self._may_again(answer, write=body is not None):
            answer = self._sent(method, path, request_id, params, body)
        if answer.status in (400, 401):
            self._judge_sign_in(answer, path, request_id)
        return answer

    def _sent(
        self,
        method: str,
        path: str,
        request_id: str,
        params: Params,
        body: Mapping[str, Any] | None,
    ) -> Answer:
        full = f"/{self._settings.api_path}/V1/{path}"
        headers = {"X-Request-Id": request_id, "Authorization": self._header(method, full, params)}
        if body is None:
            return self._http.read(method, full, params=params, headers=headers)
        return self._http.write(method, full, json=dict(body), headers=headers)

    def _header(self, method: str, full: str, params: Params) -> str:
        if isinstance(self._who, Person):
            return f"Bearer {self._who.token()}"
        url = self._settings.base_url + full
        return sign(self._who, method, url, params, now_s=self._clock.now_ms() // 1000)

    def _may_again(self, answer: Answer, *, write: bool) -> bool:
        """True when the same call may pass now: with a new nonce, or a new token of the person.

        Raises: OutcomeUnknown when something in between sent our write twice, as it seems: no
        nonce is ever used twice by us, so the store met that very call before.
        """
        if isinstance(self._who, Person):
            return self._who.renew()
        if not refusal_of(answer).has(NONCE_USED):
            return False
        if write:
            raise OutcomeUnknown("answer_lost", host=answer.host, excerpt=answer.excerpt())
        return True

    def _judge_sign_in(self, answer: Answer, path: str, request_id: str) -> None:
        """A 401 with the same words stands for four things: what can be known is said.

        Raises: CredentialsRejected, PermissionMissing, SetupChanged, BugError; nothing for a
        400 that is about something else.
        """
        refusal = refusal_of(answer)
        raise_sign_in(answer, refusal)
        if answer.status != 401:
            return
        resource = resource_of(refusal)
        if isinstance(self._who, Person):
            if not resource:
                raise password_refused(answer)
            raise permission_missing(answer, resource, is_person=True)
        if path == PROBE or not resource or not self._is_let_in(request_id):
            raise keys_refused(answer, refusal)
        raise permission_missing(answer, resource, is_person=False)

    def _is_let_in(self, request_id: str) -> bool:
        try:
            return self._sent("GET", PROBE, request_id, {}, None).status == 200
        except BackhaulError:
            return True  # cannot be told now: the right it named is the better guess to show


def equal(**columns: str | int) -> dict[str, str | int]:
    """Parameters of a list: each column equals its value."""
    return conditions(*((column, "eq", value) for column, value in columns.items()))


def conditions(*wanted: tuple[str, str, str | int]) -> dict[str, str | int]:
    """Parameters of a list on which all of these hold: column, condition, value."""
    found: dict[str, str | int] = {}
    for group, (column, condition, value) in enumerate(wanted):
        start = f"searchCriteria[filterGroups][{group}][filters][0]"
        found |= {
            f"{start}[field]": column,
            f"{start}[value]": value,
            f"{start}[conditionType]": condition,
        }
    return found


def sorted_by(*columns: str) -> dict[str, str | int]:
    """Parameters of a list: in the order of these columns, smallest first."""
    found: dict[str, str | int] = {}
    for place, column in enumerate(columns):
        start = f"searchCriteria[sortOrders][{place}]"
        found |= {f"{start}[field]": column, f"{start}[direction]": "ASC"}
    return found
