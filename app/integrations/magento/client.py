"""Calls to one store: signed, or with a person's token that is renewed once."""

import threading
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from app.core.clock import Clock
from app.core.errors import BackhaulError
from app.integrations.http import Answer
from app.integrations.magento.refusals import (
    NO_RIGHT,
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


class TokenMemory:
    """The token of a person, in memory only; shared by all adapters of a connection."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.token = ""


class StoreClient:
    """One method per kind of call; answers are good ones, refusals are raised as ours.

    Source: Magento contract, sections 1 to 3.
    """

    def __init__(
        self,
        http: "HttpClient",
        settings: Settings,
        clock: Clock,
        keys: Keys | None,
        password: str,
        memory: TokenMemory,
    ) -> None:
        self._http = http
        self._settings = settings
        self._clock = clock
        self._keys = keys
        self._password = password
        self._memory = memory
        self._is_fresh = False  # this client fetched the token: a second one would fare no better

    def read(self, path: str, request_id: str, params: Params | None = None) -> Answer:
        """A GET below `V1/`.

        Raises: any error of the tree but OutcomeUnknown.
        """
        return self._called("GET", path, request_id, params or {}, None)

    def write(
        self, method: str, path: str, request_id: str, body: Mapping[str, Any], order: str = ""
    ) -> Answer:
        """A call that changes something. A 400 is the caller's to read. What refuses the sign-in
        has done nothing, so a call may go again after that, and only then.

        Raises: any error of the tree.
        """
        return self._called(method, path, request_id, {}, body, order, judge=False)

    def version(self, request_id: str) -> str:
        """Like "Magento/2.4 (Community)"; empty where the store does not tell."""
        answer = self._http.read("GET", "/magento_version", headers={"X-Request-Id": request_id})
        is_told = answer.status == 200 and answer.text.startswith("Magento/")
        return answer.text.strip()[:60] if is_told else ""

    def close(self) -> None:
        self._http.close()

    def _called(
        self,
        method: str,
        path: str,
        request_id: str,
        params: Params,
        body: Mapping[str, Any] | None,
        order: str = "",
        *,
        judge: bool = True,
    ) -> Answer:
        """One call; with `judge` off a 400 is the caller's to read."""
        answer = self._sent(method, path, request_id, params, body)
        for _ in range(2):
            refusal = refusal_of(answer) if answer.status in (400, 401) else None
            if refusal is None or not self._may_again(answer, refusal.has(NONCE_USED)):
                break
            answer = self._sent(method, path, request_id, params, body)
        if answer.status in (400, 401):
            self._judge_sign_in(answer, path, request_id)
        if judge or answer.status != 400:
            raise_for_answer(answer, order=order, write=body is not None)
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
        if self._keys is None:
            return f"Bearer {self._person_token()}"
        url = self._settings.base_url + full
        return sign(self._keys, method, url, params, now_s=self._clock.now_ms() // 1000)

    def _may_again(self, answer: Answer, nonce_used: bool) -> bool:
        """True when the same call may pass now: a new nonce, or a new token of the person."""
        if nonce_used:
            return True
        if answer.status != 401 or self._keys is not None:
            return False
        with self._memory.lock:
            was_fresh, self._memory.token = self._is_fresh, ""
        return not was_fresh

    def _person_token(self) -> str:
        with self._memory.lock:
            if not self._memory.token:
                self._memory.token = self._sign_in()
                self._is_fresh = True
            return self._memory.token

    def _sign_in(self) -> str:
        """Never repeated: six wrong passwords lock the account for half an hour.

        Raises: CredentialsRejected; as any call.
        """
        body = {"username": self._settings.admin_user, "password": self._password}
        path = f"/{self._settings.api_path}/V1/integration/admin/token"
        answer = self._http.write("POST", path, json=body)
        refusal = refusal_of(answer)
        if answer.status == 401:
            raise password_refused(answer)
        raise_sign_in(answer, refusal)
        raise_for_answer(answer)
        token = answer.json()
        if not isinstance(token, str) or not token:
            raise password_refused(answer)
        return token

    def _judge_sign_in(self, answer: Answer, path: str, request_id: str) -> None:
        """A 401 with the same words stands for four things: what can be known is said.

        Raises: CredentialsRejected, PermissionMissing, SetupChanged; nothing for a 400 that is
        about something else.
        """
        refusal = refusal_of(answer)
        raise_sign_in(answer, refusal)
        if answer.status != 401:
            return
        resource = resource_of(refusal) if refusal.has(NO_RIGHT) else ""
        if self._keys is None:
            raise (permission_missing(answer, resource) if resource else password_refused(answer))
        if path == PROBE or not resource or not self._is_let_in(request_id):
            raise keys_refused(answer)
        raise permission_missing(answer, resource)

    def _is_let_in(self, request_id: str) -> bool:
        try:
            return self._sent("GET", PROBE, request_id, {}, None).status == 200
        except BackhaulError:
            return True  # cannot be told now: the right it named is the better guess to show


PROBE = "store/storeConfigs"
"""What any sign-in may read: it tells a bad one from a missing right."""


def segment(text: str) -> str:
    """One part of a path."""
    return quote(text, safe="")


def filters(**columns: str | int) -> dict[str, str | int]:
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
