"""What is said about watch folders and attention items."""

from app.core.words import Sentence, Who

SENTENCES: dict[str, Sentence] = {
    # watch folders and carrier files
    "folder_missing": Sentence(
        "There is no watch folder “{name}”", "List them with: backhaul folder list"
    ),
    "folder_name_taken": Sentence("There is already a watch folder “{name}”"),
    "folder_path_taken": Sentence("“{name}” watches that folder already ({path})"),
    "folder_not_there": Sentence(
        "{path} is no folder that can be read: {reason}",
        "Check the path. A folder that is away for now is added with --anyway.",
    ),
    "folder_unreachable": Sentence(
        "{path} cannot be read: {reason}",
        "Check that the drive or share is there and that you may read it. "
        "It is looked for again by itself, and nothing is lost.",
        Who.DESK,
    ),
    "folder_hangs": Sentence(
        "{path} does not answer",
        "The share hangs. Check the network and the computer it lies on.",
        Who.DESK,
    ),
    "folder_fault": Sentence(
        "Backhaul made a mistake while it looked into {path}",
        "It looks again by itself, and nothing is lost. If this stays, send Backhaul support "
        "the log file.",
        Who.SUPPORT,
    ),
    "folder_connection_gone": Sentence(
        "The connection of this folder was removed",
        "Choose another one: backhaul folder edit {name} --connection NAME",
        Who.DESK,
    ),
    # attention items
    "attention_missing": Sentence(
        "There is no attention item {item}", "List them with: backhaul attention list"
    ),
    "attention_no_carrier": Sentence("Item {item} is not about a carrier name"),
    "carrier_code_unknown": Sentence(
        "“{carrier}” is no carrier Backhaul knows", "There are: {codes}"
    ),
    "link_not_https": Sentence(
        "A tracking link must begin with https://", "Copy it from the carrier's own page."
    ),
    "link_no_place": Sentence(
        "A tracking link needs {place} once, and has it {count} times",
        "Put {place} where the tracking number stands.",
    ),
    "link_unreadable": Sentence(
        "That is no web address", "It looks like https://carrier.example/track?number={place}"
    ),
    "void_written": Sentence(
        "Tracking number {tracking} is on order {order}, but its label was voided",
        "Take the number off there, or write the one of the new label over it.",
        Who.DESK,
    ),
    "void_undecided": Sentence(
        "The label of {tracking} was voided, and nobody knows whether order {order} has the number",
        "Look there. Take the number off if it is there, then remove the row.",
        Who.DESK,
    ),
    "carrier_unknown": Sentence(
        "“{name}” is no carrier Backhaul knows (first seen on order {order})",
        "Say which one it is: backhaul attention resolve {item} --carrier CODE. "
        "Until then the name is sent as it is.",
        Who.DESK,
    ),
    "file_slow": Sentence(
        "{file} is still being written by another program",
        "It is read when it is finished. If nothing writes it any more, save it again.",
        Who.DESK,
    ),
    "file_stays_empty": Sentence(
        "{file} is empty",
        "It is read when something is in it. Remove it if nothing will be.",
        Who.DESK,
    ),
    "file_left_behind": Sentence(
        "{file} was read, but cannot be moved away: {reason}",
        "Close it in other programs, or allow Backhaul to write to that folder.",
        Who.DESK,
    ),
}
