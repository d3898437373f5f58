"""What is said about the local intake: to the person at this computer, and to other programs."""

from app.core.words import Sentence, Who

_OTHER_PORT = (
    "Close that program, or choose another port, for example {free}, here and in the programs "
    "that send to Backhaul."
)

SENTENCES: dict[str, Sentence] = {
    # to the person
    "local_intake_idle": Sentence(
        "Backhaul is not running, so no program is answered",
        "Open its window, or start it with: backhaul run",
    ),
    "local_intake_port": Sentence(
        "{port} is no port that can be used", "Choose one from {lowest} to {highest}."
    ),
    "local_intake_taken": Sentence("Port {port} is used by another program", _OTHER_PORT, Who.DESK),
    "local_intake_taken_by": Sentence(
        "Port {port} is used by another program ({by})", _OTHER_PORT, Who.DESK
    ),
    "local_intake_fault": Sentence(
        "Backhaul cannot listen at port {port}: {reason}",
        "It tries again by itself. If this stays, choose another port.",
        Who.DESK,
    ),
    "local_intake_no_key": Sentence(
        "There is no key yet",
        "Make one under SETTINGS, or with: backhaul local-intake new-key",
        Who.DESK,
    ),
    "local_intake_weak_key": Sentence(
        "The key in {variable} is too short to be safe",
        "Put one of at least {shortest} random characters there, and start Backhaul again.",
        Who.ADMIN,
    ),
    "local_intake_key_set": Sentence(
        "The key is taken from {variable} in the environment of the program",
        "Change it there, then start Backhaul again.",
        Who.ADMIN,
    ),
    # to the other program
    "local_intake_off": Sentence(
        "The local intake of Backhaul is switched off",
        "Switch it on under SETTINGS, or with: backhaul local-intake on",
    ),
    "call_host": Sentence("This address is not answered", "Call {address} from this computer."),
    "call_origin": Sentence("Web pages are not answered", "Call from a program, without Origin."),
    "call_path": Sentence("There is nothing at this address", "Post records to /intake."),
    "call_method": Sentence("{method} is not answered here", "Use {allowed}."),
    "call_key": Sentence(
        "The key is missing or wrong", "Send it in this header: Authorization: Bearer KEY"
    ),
    "call_too_often": Sentence(
        "Too many calls with a wrong key", "Wait {wait_s} seconds, and check the key."
    ),
    "call_type": Sentence(
        "The content is not marked as JSON", "Send Content-Type: application/json"
    ),
    "call_broken": Sentence("The call could not be read as HTTP"),
    "call_too_large": Sentence(
        "The content is too large", "Send at most {limit} bytes; divide large batches."
    ),
    "call_fault": Sentence(
        "Backhaul made a mistake with this call; nothing was taken in",
        "The log file has the details under {id}.",
    ),
    "call_later": Sentence(
        "Nothing can be taken in now: {why}", "Send the same record again in a minute."
    ),
    "record_no_json": Sentence("The content is no JSON: {reason}", "Send an object, or an array."),
    "record_count": Sentence(
        "{count} records in one call", "Send at least one and at most {limit}."
    ),
    "record_field": Sentence("{field}: {value} cannot be used", "{mend}"),
    "record_field_missing": Sentence("{field} is missing", "{mend}"),
    "record_field_unknown": Sentence("There is no field {field}", "There are: {fields}"),
    "record_conflict": Sentence(
        "The key {source_key} was sent before with other content; that record stays as it is",
        "To correct it or take it back, send a record with a key of its own.",
    ),
    "record_unknown": Sentence("There is no record {record}", "Use the id from the answer."),
    "record_voided": Sentence("Taken in as void; there was no label to take back yet"),
    "record_return": Sentence("Taken in as a return label; it is not written to the order"),
}
