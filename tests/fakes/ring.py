"""A password store that behaves as told; its class goes by the name of an allowed one."""


class Ring:
    """`trouble`: what it raises instead of answering."""

    priority = 9

    def __init__(self) -> None:
        self.values: dict[str, str] = {}
        self.trouble: Exception | None = None
        self.asked = 0

    def get_password(self, service: str, username: str) -> str | None:
        self._ask()
        return self.values.get(username)

    def set_password(self, service: str, username: str, password: str) -> None:
        self._ask()
        self.values[username] = password

    def delete_password(self, service: str, username: str) -> None:
        self._ask()
        del self.values[username]

    def _ask(self) -> None:
        self.asked += 1
        if self.trouble is not None:
            raise self.trouble


Ring.__module__, Ring.__qualname__ = "keyring.backends.SecretService", "Keyring"
