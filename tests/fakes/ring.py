"""A password store that behaves as told; its class goes by the name of an allowed one."""

import threading


class Ring:
    """`trouble`: what it raises instead of answering; `keeps`: it deletes nothing."""

    priority = 9

    def __init__(self) -> None:
        self.values: dict[str, str] = {}
        self.trouble: Exception | None = None
        self.asked = 0
        self.keeps = False
        self._prompt: threading.Event | None = None

    def wait_for_prompt(self) -> threading.Event:
        """From now on it answers only when the event is set, as a person would."""
        self._prompt = threading.Event()
        return self._prompt

    def get_password(self, service: str, username: str) -> str | None:
        self._ask()
        return self.values.get(username)

    def set_password(self, service: str, username: str, password: str) -> None:
        self._ask()
        self.values[username] = password

    def delete_password(self, service: str, username: str) -> None:
        self._ask()
        if not self.keeps:
            del self.values[username]

    def _ask(self) -> None:
        self.asked += 1
        if self._prompt is not None:
            assert self._prompt.wait(20), "nobody answered the prompt"
        if self.trouble is not None:
            raise self.trouble


Ring.__module__, Ring.__qualname__ = "keyring.backends.SecretService", "Keyring"
