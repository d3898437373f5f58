"""What is said about the lights of a connection."""

from collections.abc import Mapping

from app.core.words import Sentence, Who

_NO_STATUS = "Error reading API status"
_ASK = "Press Refresh to ask it now."

SENTENCES: dict[str, Sentence] = {
    "health_normal": Sentence("Normal: calls answered in the last 10 minutes: {calls}"),
    "health_blocked": Sentence(
        "Stopped since {since}", "Its card under CONNECTIONS says what to do.", Who.DESK
    ),
    "health_unreachable": Sentence(
        "Not reachable since {since}; Backhaul tries again by itself",
        "If this stays, look whether that system is running.",
        Who.ADMIN,
    ),
    "health_down": Sentence(
        "Unavailable since {since}: {failed} {way} failed one after another",
        "If this stays, tell whoever looks after that system.",
        Who.ADMIN,
    ),
    "health_extreme": Sentence(
        "{failed} of {calls} {way} failed in the last 10 minutes",
        "If this stays, tell whoever looks after that system.",
        Who.ADMIN,
    ),
    "health_errors": Sentence("{failed} of {calls} {way} failed in the last 10 minutes"),
    "health_errors_hour": Sentence("{failed} of {calls} {way} failed in the last hour"),
    "health_last_failed": Sentence("The last call failed, at {since}"),
    "health_slow": Sentence(
        "{slow} of {calls} calls took {seconds} s or longer in the last 10 minutes"
    ),
    "health_held": Sentence("It asked for a pause until {until}"),
    # unknown
    "health_network": Sentence(
        f"{_NO_STATUS}: it could not be reached over the network, at {{since}}",
        "Check that this computer is on the network.",
        Who.DESK,
    ),
    "health_silent": Sentence(f"{_NO_STATUS}: no run in the last 10 minutes", _ASK, Who.DESK),
    "health_sign_in": Sentence(
        f"{_NO_STATUS}: the last test did not get through, at {{at}}",
        "Press Refresh to see why.",
        Who.DESK,
    ),
    "health_refusals": Sentence(
        "It answers, but refused all that was asked in the last 10 minutes: {refused}",
        "Look at its rows under MANAGER.",
        Who.DESK,
    ),
    "health_paused": Sentence("Paused by a person; nothing is asked"),
    "health_unread": Sentence("Nothing reads its orders", "Add a sync task to read them."),
    "health_idle": Sentence("Nothing to send since {since}"),
    "health_idle_signed_in": Sentence("Nothing to send since {since}, sign-in works"),
    "health_idle_never": Sentence("Nothing was sent yet"),
    "health_idle_never_signed_in": Sentence("Nothing was sent yet, sign-in works"),
}

SHORT: Mapping[str, str] = {
    "health_normal": "Normal",
    "health_blocked": "Stopped",
    "health_unreachable": "Not reachable",
    "health_down": "Unavailable",
    "health_extreme": "Mostly errors",
    "health_errors": "Raised errors",
    "health_errors_hour": "Raised errors",
    "health_last_failed": "Last call failed",
    "health_slow": "Slow",
    "health_held": "Waiting",
    "health_network": "Unknown",
    "health_silent": "Unknown",
    "health_sign_in": "Unknown",
    "health_refusals": "Refusals only",
    "health_paused": "Paused",
    "health_unread": "Not read",
    "health_idle": "Idle",
    "health_idle_signed_in": "Idle, ready",
    "health_idle_never": "Idle",
    "health_idle_never_signed_in": "Idle, ready",
}
"""One or two words for each, beside a lamp."""

WAYS: Mapping[str, str] = {"read": "reads", "write": "writes"}
"""What calls of one way are called, where only those are counted."""
