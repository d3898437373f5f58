"""The error tree: the class of an error decides what happens to the job and the connection.

BackhaulError
├── TransientError            answered "not now": spends an attempt, comes again
│   ├── RecordLocked          held at the remote (open elsewhere): waits, spends nothing
│   ├── Throttled             rate limit, no free session: waits, spends nothing
│   ├── RemoteUnavailable     not reachable: waits; three in a row stop the connection
│   └── OutcomeUnknown        sent, answer lost: the job is in doubt and read back
├── PermanentError            another try cannot help: failed now
│   ├── Rejected · NotFound · RecordClosed · Conflict · NotSupported
├── ConnectionBlocked         the whole connection stops until a person acts
│   ├── CredentialsRejected · SecretUnavailable · PermissionMissing · SetupChanged
├── StorageError              our own data file cannot be read or written
├── UsageError                what a person asked for cannot be done; says why
└── BugError                  our fault
"""

from collections.abc import Mapping

Param = str | int | float | bool | None


class BackhaulError(Exception):
    """An error stored as a code and parameters; `core.words` makes the sentence at the edge.

    `excerpt` is up to 200 characters of what the remote answered, secrets removed.
    """

    def __init__(self, code: str, *, excerpt: str = "", **params: Param) -> None:
        super().__init__(code)
        self.code = code
        self.params: Mapping[str, Param] = params
        self.excerpt = excerpt[:200]

    def __str__(self) -> str:
        details = ", ".join(f"{name}={value!r}" for name, value in self.params.items())
        return f"{self.code}({details})"


class TransientError(BackhaulError):
    """Answered, not done, may go through later. Spends one of the five attempts."""

    def __init__(
        self, code: str, *, retry_after_s: float | None = None, excerpt: str = "", **params: Param
    ) -> None:
        super().__init__(code, excerpt=excerpt, **params)
        self.retry_after_s = retry_after_s


class RecordLocked(TransientError):
    """The remote record cannot take it now. Parameters: `held_by`, `since` (both may be empty)."""


class Throttled(TransientError):
    """A limit of the remote. `operation` names what must wait; empty: the whole connection."""

    def __init__(
        self,
        code: str,
        *,
        retry_after_s: float | None = None,
        operation: str = "",
        excerpt: str = "",
        **params: Param,
    ) -> None:
        super().__init__(code, retry_after_s=retry_after_s, excerpt=excerpt, **params)
        self.operation = operation


class RemoteUnavailable(TransientError):
    """No connection, name, TLS, 503 or a maintenance page; nothing was done there."""


class OutcomeUnknown(TransientError):
    """Sent, but nobody knows whether it arrived: look before anything else."""


class PermanentError(BackhaulError):
    """Another try cannot help."""


class Rejected(PermanentError):
    """The remote refused a field. Parameter: `field`."""


class NotFound(PermanentError):
    """The remote has no such record."""


class RecordClosed(PermanentError):
    """The record takes no changes any more (picked up, voided, deleted)."""


class Conflict(PermanentError):
    """The remote holds a number that no job of ours wrote."""


class NotSupported(PermanentError):
    """The remote, or our contract with it, cannot do this at all."""


class ConnectionBlocked(BackhaulError):
    """Only a person can make this connection work again; its jobs keep their place."""

    looks_again = False
    """True: a read-only look every 15 minutes may find the cause gone."""


class CredentialsRejected(ConnectionBlocked):
    """The remote does not accept our sign-in."""


class SecretUnavailable(ConnectionBlocked):
    """The keyring does not give the secret."""


class PermissionMissing(ConnectionBlocked):
    """Signed in, but a right is missing."""

    looks_again = True


class SetupChanged(ConnectionBlocked):
    """Something at the remote was renamed, removed or moved."""

    looks_again = True


class StorageError(BackhaulError):
    """The data file is busy, full, read-only or damaged; nothing was changed."""


class UsageError(BackhaulError):
    """The request cannot be carried out as given."""


class BugError(BackhaulError):
    """A fault of the program; the full trace is in the log."""
