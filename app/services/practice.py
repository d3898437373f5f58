"""Practice mode: finds the practice servers of a data folder and gives them commands."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from app.core.errors import BackhaulError, UsageError
from app.integrations.http import HttpFactory

FILE_NAME = "practice.json"
KEY_HEADER = "X-Practice-Key"


class Practice:
    """The practice servers that run (or last ran) for a data folder."""

    def __init__(self, folder: Path, http: HttpFactory) -> None:
        self._file = folder / FILE_NAME
        self._http = http

    def publish(self, urls: Mapping[str, str], key: str) -> None:
        """Note where the servers are, for other processes on this computer."""
        part = self._file.with_suffix(".part")
        part.write_text(json.dumps({"urls": dict(urls), "key": key}), encoding="utf-8")
        part.chmod(0o600)
        part.replace(self._file)

    def url(self, system: str) -> str:
        """Address of one practice server; empty when none was ever started here."""
        return str(self._load().get("urls", {}).get(system, ""))

    def port(self, system: str) -> int:
        """The port it had last, so that a restart takes the same; 0 for any."""
        _, _, port = self.url(system).rpartition(":")
        return int(port) if port.isdigit() else 0

    def act(self, system: str, name: str, **options: Any) -> None:
        """Change something at the practice server, as a person there would.

        Raises: UsageError practice_missing, practice_refused.
        """
        self._send(system, "act", {"act": name, **options})

    def fault(self, system: str, kind: str, **options: Any) -> None:
        """Make the next requests fail in a certain way.

        Raises: UsageError practice_missing, practice_refused.
        """
        self._send(system, "fault", {"kind": kind, **options})

    def clear(self, system: str) -> None:
        """Let everything work again.

        Raises: UsageError practice_missing.
        """
        self._send(system, "clear", {})

    def back_to_normal(self, system: str) -> None:
        """End every fault, and undo what people there did to rights and records.

        Raises: UsageError practice_missing.
        """
        self.clear(system)
        self.act(system, "normal")

    def state(self, system: str) -> dict[str, Any]:
        """What the practice server holds.

        Raises: UsageError practice_missing.
        """
        return self._call(system, "GET", "state", None)

    def _send(self, system: str, what: str, body: Mapping[str, Any]) -> None:
        self._call(system, "POST", what, body)

    def _call(
        self, system: str, method: str, what: str, body: Mapping[str, Any] | None
    ) -> dict[str, Any]:
        url = self.url(system)
        if not url:
            raise UsageError("practice_missing")
        key = {KEY_HEADER: str(self._load().get("key", ""))}
        client = self._http.client(url, headers=key, timeout_s=5.0)
        try:
            path = f"/_practice/{what}"
            answer = (
                client.read(method, path)
                if body is None
                else client.write(method, path, json=dict(body))
            )
        except BackhaulError as error:
            raise UsageError("practice_missing") from error
        finally:
            client.close()
        found = answer.json()
        if answer.status != 200:
            raise UsageError("practice_refused", message=str(found.get("message", "")))
        return dict(found)

    def _load(self) -> dict[str, Any]:
        try:
            return dict(json.loads(self._file.read_text(encoding="utf-8")))
        except (OSError, ValueError):
            return {}
