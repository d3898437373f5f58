"""Signing in as a person: a token for some hours, kept in memory, fetched anew when it ran out.

Source: Magento contract, sections 2.2 and 2.3.
"""

import hashlib
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

from app.core.errors import OutcomeUnknown, RemoteUnavailable, TransientError
from app.integrations.magento.refusals import (
    password_refused,
    raise_for_answer,
    raise_sign_in,
    refusal_of,
)
from app.integrations.magento.settings import Settings

if TYPE_CHECKING:
    from app.integrations.http import HttpClient


class TokenMemory:
    """The token of a person, in memory only; shared by all adapters of a connection."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._owner = self._token = ""

    def token(self, owner: str, fetch: Callable[[], str]) -> str:
        """The token of that owner; whoever comes while one is fetched gets the same."""
        with self._lock:
            if not self._token or self._owner != owner:
                self._owner, self._token = owner, ""
                self._token = fetch()
            return self._token

    def forget(self, token: str) -> None:
        """That one is over; another that was fetched meanwhile stays."""
        with self._lock:
            if self._token == token:
                self._token = ""


class Person:
    """One person at one store. Used by one thread at a time."""

    def __init__(
        self,
        http: "HttpClient",
        settings: Settings,
        password: str,
        memory: TokenMemory,
        learn: Callable[[str], None],
    ) -> None:
        """`learn` is told each new token, which is a secret."""
        self._http = http
        self._settings = settings
        self._password = password
        self._memory = memory
        self._learn = learn
        self._token = ""
        self._is_new = False
        # A token goes to the store that gave it, for the person it was given to.
        whose = "\n".join((settings.base_url, settings.admin_user, password))
        self._owner = hashlib.sha256(whose.encode()).hexdigest()

    def token(self) -> str:
        """The token for the next call.

        Raises: CredentialsRejected; as any call that reads.
        """
        self._is_new = False
        self._token = self._memory.token(self._owner, self._fetch)
        return self._token

    def renew(self) -> bool:
        """After a refusal: False when the token was fetched for that very call, so that another
        would fare no better."""
        if self._is_new:
            return False
        self._memory.forget(self._token)
        return True

    def _fetch(self) -> str:
        """Never repeated: six wrong passwords lock the account for half an hour."""
        body = {"username": self._settings.admin_user, "password": self._password}
        path = f"/{self._settings.api_path}/V1/integration/admin/token"
        try:
            answer = self._http.write("POST", path, json=body)
        except OutcomeUnknown as error:  # a lost token is no lost shipment
            host = str(error.params.get("host", ""))
            raise RemoteUnavailable("cut_off", host=host) from error
        raise_sign_in(answer, refusal_of(answer))
        if answer.status == 401:
            raise password_refused(answer)
        raise_for_answer(answer)
        try:
            token = answer.json()
        except ValueError:
            token = None
        if not isinstance(token, str) or not token:
            # What came may hold a token all the same: it is not shown.
            raise TransientError("mg_drift", problem="the token is no text")
        self._learn(token)
        self._is_new = True
        return token
