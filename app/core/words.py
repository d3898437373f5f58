"""The one catalogue in which a stored code and its parameters become sentences for people."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Who(StrEnum):
    """Who must act."""

    NOBODY = "Nobody: this goes on by itself"
    DESK = "You"
    ADMIN = "The administrator of that system"
    CONNECTOR = "Whoever looks after the connector"
    SUPPORT = "Backhaul support"


@dataclass(frozen=True, slots=True)
class Sentence:
    """`summary` is one line for the list; `hint` says what to do. Both are templates.

    `tell_after_s`: how long a row may wait for this before a person is told, in seconds.
    """

    summary: str
    hint: str = ""
    who: Who = Who.NOBODY
    tell_after_s: float = 4 * 3600.0


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence with its parameters filled in, in the reader's language."""

    summary: str
    hint: str
    who: str


class _Blank(dict[str, Any]):
    """Parameters for templates: one that is missing or empty reads as a question mark."""

    def __missing__(self, key: str) -> str:
        return "?"


class Catalogue:
    """Sentences of the program and of every integration, looked up by code."""

    def __init__(
        self,
        *parts: Mapping[str, Sentence],
        translate: Callable[[str], str] = lambda text: text,
    ) -> None:
        self._translate = translate
        self._sentences: dict[str, Sentence] = {}
        for part in (SENTENCES, *parts):
            self._sentences.update(part)

    def codes(self) -> list[str]:
        """Every code that has a sentence."""
        return sorted(self._sentences)

    def say(self, code: str, params: Mapping[str, Any] | None = None) -> Said:
        """The sentence for a code; an unknown one says so and names the code for support."""
        sentence = self._sentences.get(code)
        if sentence is None:
            sentence, params = _UNKNOWN, {"code": code}
        values = _Blank({k: "?" if v in (None, "") else v for k, v in (params or {}).items()})
        return Said(
            self._translate(sentence.summary).format_map(values),
            self._translate(sentence.hint).format_map(values),
            self._translate(sentence.who.value),
        )

    def tell_after_s(self, code: str) -> float:
        """How long a row may wait for this before a person is told."""
        return self._sentences.get(code, _UNKNOWN).tell_after_s

    def text(self, template: str, **params: Any) -> str:
        """A sentence that is no error: translated, then filled in."""
        return self._translate(template).format_map(_Blank(params))


_UNKNOWN = Sentence(
    "Something happened that this version has no words for ({code})",
    "Copy the details and send them to Backhaul support.",
    Who.SUPPORT,
)
_HALF_HOUR_S = 1800.0
_CHECK_NET = "Check that it is switched on and that this computer is on the network."

SENTENCES: dict[str, Sentence] = {
    # on its way
    "": Sentence("Waiting for its turn", tell_after_s=math.inf),
    "order_wait": Sentence(
        "The order is not there yet",
        "It is looked for again until it arrives or time is up.",
        tell_after_s=math.inf,
    ),
    "collecting": Sentence(
        "More parcels may follow",
        "They are sent together, as soon as no further one has come for {wait}. "
        "Here so far: {here}.",
        tell_after_s=math.inf,
    ),
    "collecting_rest": Sentence(
        "More parcels are expected",
        "{here} of {packages} are here. They are sent together when all are, or when no further "
        "one has come for {wait}.",
        tell_after_s=math.inf,
    ),
    "voided": Sentence("The label was voided before its number was sent"),
    "not_arrived": Sentence("It did not arrive the first time; it will be sent again"),
    "restored": Sentence("Put back into the queue"),
    "was_there": Sentence("It was there already; nothing was sent"),
    "done_by_hand": Sentence("Done by hand"),
    "restored_look": Sentence("Brought back from a backup; looking whether it arrived meanwhile"),
    "crash_look": Sentence(
        "The program stopped while this was being sent", "It looks first whether it arrived."
    ),
    # could not be reached
    "dns": Sentence("{host} was not found on the network", _CHECK_NET),
    "refused": Sentence("{host} does not answer", _CHECK_NET),
    "connect_timeout": Sentence("{host} does not answer in time", _CHECK_NET),
    "timeout": Sentence("{host} took longer than {seconds} s to answer", _CHECK_NET),
    "cut_off": Sentence("{host} ended the conversation before it answered", _CHECK_NET),
    "service_unavailable": Sentence("{host} says it is not available now"),
    "maintenance": Sentence("{host} is under maintenance"),
    "too_large": Sentence(
        "{host} sent an answer that is far too large",
        "Ask whoever looks after that system; such an answer is not read.",
        Who.CONNECTOR,
    ),
    "tls": Sentence(
        "No safe connection to {host}: {reason}",
        "Have its certificate renewed, or name its certificate authority in the "
        "connection's settings. It is not read without.",
        Who.ADMIN,
    ),
    "proxy": Sentence(
        "The network's proxy {proxy} does not let this program out",
        "Ask whoever looks after the network to allow {host}.",
        Who.ADMIN,
    ),
    # answered, not now
    "server_error": Sentence("{host} failed while it worked on this (error {status})"),
    "rate_limited": Sentence(
        "{host} asks for a pause: too many requests", tell_after_s=_HALF_HOUR_S
    ),
    "unreadable": Sentence("{host} gave an answer that cannot be read"),
    "not_the_api": Sentence(
        "{host} answered with a web page instead of data",
        "Check the address in the connection's settings; a login page may be in between.",
        Who.CONNECTOR,
    ),
    # answer lost
    "answer_lost": Sentence("The answer got lost; looking whether it arrived"),
    "read_back_failed": Sentence("Written; now looking whether it is really there"),
    "lost_five": Sentence(
        "Sent five times, and five times it was not there afterwards",
        "Ask whoever looks after that system why it does not keep it, then press Retry.",
        Who.CONNECTOR,
    ),
    "person_decides": Sentence(
        "Sent, but nobody can tell whether it arrived",
        "Look there. Then choose Done by hand if it is there, or Retry to send it again.",
        Who.DESK,
    ),
    # refused for good
    "rejected": Sentence(
        "{host} refused it: {message}", "Correct it with Edit and retry.", Who.DESK
    ),
    "not_found": Sentence(
        "{host} does not know order {order}", "Check the number; correct it and retry.", Who.DESK
    ),
    "not_supported": Sentence("{host} cannot do this", "Do it there by hand.", Who.DESK),
    # the connection is stopped
    "credentials_rejected": Sentence(
        "{host} does not accept the sign-in",
        "Enter a valid token or password for this connection.",
        Who.DESK,
    ),
    "permission_missing": Sentence(
        "{host} says this user may not do that",
        "Give that user the right, or connect with another user.",
        Who.ADMIN,
    ),
    "moved": Sentence(
        "{host} sends us to another address ({target})",
        "Check the address in the connection's settings. Nothing is sent there by itself.",
        Who.CONNECTOR,
    ),
    "address_refused": Sentence(
        "{host} leads to {address}, an address of the network itself; nothing is sent there",
        "Check the address in the connection's settings, and what the name service says.",
        Who.ADMIN,
    ),
    "secret_missing": Sentence(
        "The {label} of this connection is not stored on this computer",
        "Enter it: backhaul connection edit {connection} --secrets",
        Who.DESK,
    ),
    "keyring_locked": Sentence(
        "The password store of this computer is locked",
        "Unlock it (sign in to the desktop again), then resume the connection.",
        Who.DESK,
    ),
    "keyring_none": Sentence(
        "This computer has no password store that Backhaul can use",
        "Set {variable} in the environment of the program, or sign in to a desktop with one.",
        Who.ADMIN,
    ),
    "keyring_plaintext": Sentence(
        "The only password store here ({backend}) keeps passwords readable on disk",
        "It is not used. Remove it, or set {variable} in the environment of the program.",
        Who.ADMIN,
    ),
    "keyring_slow": Sentence(
        "The password store of this computer does not answer",
        "See whether it waits for you in a window of its own. If the connection stays stopped "
        "then, resume it.",
        Who.DESK,
    ),
    "keyring_kept": Sentence(
        "The password store said it deleted the {label}, but still has it",
        "Delete it there by hand.",
        Who.DESK,
    ),
    "keyring_denied": Sentence(
        "The password store of this computer refused to answer",
        "Allow Backhaul to read it, then resume the connection.",
        Who.DESK,
    ),
    # our own data file
    "store_busy": Sentence(
        "Another program keeps the data file locked",
        "Wait until the backup or virus scan is through; Backhaul goes on by itself.",
    ),
    "store_full": Sentence(
        "The disk with the data file is full",
        "Free some space. Nothing is sent until then, nothing is lost.",
        Who.DESK,
    ),
    "store_readonly": Sentence(
        "The data file cannot be written ({path})",
        "Give yourself the right to write to that folder, or choose another with --data-dir.",
        Who.DESK,
    ),
    "store_folder": Sentence(
        "The data folder cannot be used ({path}): {reason}",
        "Choose another folder with --data-dir.",
        Who.DESK,
    ),
    "store_damaged": Sentence(
        "The data file was damaged and has been set aside as {aside}",
        "Bring back the newest backup with: backhaul restore {backup}",
        Who.DESK,
    ),
    "store_broken": Sentence(
        "A part of the data file is damaged or missing ({path})",
        "Nothing is sent from it. Bring back the newest backup with: backhaul restore FILE",
        Who.DESK,
    ),
    "store_newer": Sentence(
        "The data file was written by a newer Backhaul (format {found}, this one knows {known})",
        "Install that version again. A backup from before the change is {backup}.",
        Who.DESK,
    ),
    "store_foreign": Sentence(
        "{path} is not a Backhaul data file",
        "Choose another folder with --data-dir, or move that file away.",
        Who.DESK,
    ),
    "store_error": Sentence(
        "The data file cannot be used: {reason}",
        "Check the disk. Nothing is sent until then, nothing is lost.",
        Who.DESK,
    ),
    # what a person asked for
    "tracking_empty": Sentence("There is no tracking number", "Enter the number of the label."),
    "tracking_too_long": Sentence(
        "A tracking number has at most {limit} characters; this one has {length}",
        "Scan or type it again.",
    ),
    "tracking_characters": Sentence(
        "“{tracking}” holds characters that no tracking number has", "Scan or type it again."
    ),
    "tracking_check_digit": Sentence(
        "The check digit of {tracking} does not match", "It is sent as it is. Look at the label."
    ),
    "tracking_placeholder": Sentence(
        "“{tracking}” looks like a stand-in, not like a number", "Look at the label."
    ),
    "tracking_carrier_differs": Sentence(
        "The number looks like one of {owner}, the shipment names {carrier}",
        "{carrier} is sent. Correct it if the label says otherwise.",
    ),
    "paste_columns": Sentence(
        "An order and a tracking number are needed, with a tab between them",
        "Copy both columns.",
    ),
    "order_empty": Sentence("There is no order number", "Enter it as it stands on the order."),
    "bad_value": Sentence("{field}: “{value}” cannot be used", "{mend}"),
    "job_missing": Sentence("There is no row {job}", "List the rows with: backhaul queue list"),
    "job_ambiguous": Sentence(
        "{count} rows fit “{job}”", "Use the row's number: backhaul queue list"
    ),
    "job_busy": Sentence("It is already being sent", "Wait for the answer, then try again."),
    "job_undecided": Sentence(
        "Nobody knows yet whether it arrived",
        "Look there first. Then choose Done by hand if it is there, or Retry to send it again.",
        Who.DESK,
    ),
    "job_over": Sentence("It is done already", "There is nothing left to do with it."),
    "job_removed": Sentence("It was removed", "Put it back first."),
    "job_parked": Sentence("It is parked already", "Press Retry to let it go on."),
    "job_waits": Sentence("It waits to be sent; that cannot be changed this way"),
    "job_not_removed": Sentence("This row was not removed"),
    "job_key_taken": Sentence(
        "The same shipment is in the queue again as row {other}", "Remove one of the two first."
    ),
    "bin_over": Sentence("It was removed more than 30 days ago"),
    "group_missing": Sentence(
        "There is no group {group}", "List the groups with: backhaul queue groups"
    ),
    "connection_missing": Sentence(
        "There is no connection “{name}”", "List them with: backhaul connection list"
    ),
    "connection_needed": Sentence(
        "Say which connection it is for", "Add --connection NAME. There are: {names}"
    ),
    "connection_none": Sentence(
        "No system is connected yet", "Connect one: backhaul connection add"
    ),
    "connection_name_taken": Sentence("There is already a connection “{name}”"),
    "connection_busy": Sentence(
        "{count} rows still wait for this connection",
        "Add --discard-rows to remove them too, or let them go through first.",
    ),
    "kind_missing": Sentence("“{kind}” is no system Backhaul knows", "There are: {kinds}"),
    "setting_missing": Sentence("“{name}” is no setting of {kind}", "There are: {names}"),
    "setting_needed": Sentence("The setting “{name}” is missing", "Add --set {name}=…"),
    "setting_bad": Sentence("{name}: “{value}” cannot be used", "{mend}"),
    "engine_elsewhere": Sentence(
        "Backhaul is already running for this data folder (process {pid})"
    ),
    "practice_missing": Sentence(
        "No practice server is running here", "Start one with: backhaul practice"
    ),
    "practice_refused": Sentence("The practice server did not take that: {message}"),
    "demo_foreign": Sentence(
        "{path} holds something else than a demonstration; it is left alone",
        "Choose an empty folder with --data-dir.",
    ),
    "file_problem": Sentence("{path}: {reason}", "Check the file, then try again."),
    # moving to another computer
    "retired": Sentence(
        "This computer was retired: Backhaul sends nothing from here any more",
        "Go on at the new computer. To take this one back into use: backhaul retire --undo",
        Who.DESK,
    ),
    # our fault
    "program_error": Sentence(
        "Backhaul made a mistake here",
        "Copy the details and send them to Backhaul support. Retry once it is mended.",
        Who.SUPPORT,
    ),
    "crashed_twice": Sentence(
        "The program ended twice while it worked on this row",
        "Look whether the number is there. Then press Retry, or Done by hand.",
        Who.DESK,
    ),
    "payload_newer": Sentence(
        "This row was written by a newer Backhaul", "Install that version again.", Who.DESK
    ),
    "payload_damaged": Sentence(
        "The stored data of this row cannot be read",
        "Enter the shipment again and remove this row.",
        Who.DESK,
    ),
}
