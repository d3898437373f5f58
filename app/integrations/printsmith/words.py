"""What happened at PrintSmith, who must act and what to do, in words for the shipping desk."""

from app.core.words import Sentence, Who

_NOTHING_TO_DO = (
    "Nothing can be done to the invoice any more. Copy the details if somebody needs the "
    "number, then remove this row."
)

SENTENCES: dict[str, Sentence] = {
    # waiting
    "ps_locked": Sentence(
        "Open at another desk ({held_by}) since {since}",
        "It is written as soon as the invoice is closed there.",
    ),
    "ps_revision_changed": Sentence(
        "Somebody is changing this invoice right now",
        "It is written as soon as the changes stop.",
    ),
    "ps_no_session": Sentence(
        "PrintSmith has no free user session",
        "It goes on by itself when somebody signs out. An administrator can end sessions that "
        "nobody uses: System Monitor > User Sessions.",
        Who.ADMIN,
        tell_after_s=1800.0,
    ),
    "ps_few_sessions": Sentence(
        "Only {free} PrintSmith user sessions are free; {wanted} are left for people",
        "It goes on by itself when somebody signs out. An administrator can end sessions that "
        "nobody uses: System Monitor > User Sessions.",
        Who.ADMIN,
        tell_after_s=1800.0,
    ),
    # tried again
    "ps_not_stored": Sentence(
        "PrintSmith accepted the number but did not store it",
        "It is tried again. If it stays like this, have the connector looked at.",
        Who.CONNECTOR,
    ),
    "ps_drift": Sentence(
        "The connector's answer is not as agreed: {problem}",
        "Have the connector checked: backhaul connection test --contract",
        Who.CONNECTOR,
    ),
    "ps_unknown_answer": Sentence(
        "The connector gave an answer nobody agreed on ({status}): {message}",
        "Have the connector checked: backhaul connection test --contract",
        Who.CONNECTOR,
    ),
    # over for this invoice
    "ps_picked_up": Sentence(
        "Picked up: PrintSmith no longer allows changes", _NOTHING_TO_DO, Who.DESK
    ),
    "ps_voided": Sentence("Voided: PrintSmith no longer allows changes", _NOTHING_TO_DO, Who.DESK),
    "ps_deleted": Sentence(
        "Deleted: PrintSmith no longer allows changes", _NOTHING_TO_DO, Who.DESK
    ),
    # a person can correct it
    "ps_invoice_not_found": Sentence(
        "PrintSmith has no invoice {order}",
        "Check the number on the job ticket; correct it with Edit and retry.",
        Who.DESK,
    ),
    "ps_estimate": Sentence(
        "{order} is an estimate, not an invoice",
        "Make an invoice of it in PrintSmith, then press Retry; or correct the number.",
        Who.DESK,
    ),
    "ps_no_invoice": Sentence(
        "{order} is no invoice but: {kind}",
        "Check the number on the job ticket; correct it with Edit and retry.",
        Who.DESK,
    ),
    "ps_wrong_invoice": Sentence(
        "Asked for invoice {order}, the connector answered with {found}; nothing was written",
        "Check the number. If it is right, have the connector mended.",
        Who.CONNECTOR,
    ),
    "ps_no_tracking": Sentence(
        "There is no tracking number to write",
        "Enter the number of the label with Edit and retry.",
        Who.DESK,
    ),
    "ps_notes_too_long": Sentence(
        "The notes of the charge would be too long ({length} characters)",
        "Shorten the notes in PrintSmith and press Retry, or put this there yourself: {text}",
        Who.DESK,
    ),
    "ps_refused": Sentence(
        "The connector refused it: {message}", "Correct it with Edit and retry.", Who.DESK
    ),
    # the connection is stopped
    "ps_charge_missing": Sentence(
        "The invoice has no charge named “{charge}”",
        "Check the charge definition in PrintSmith: the name must be exactly “{charge}”, "
        "capitals count. If it was renamed, name it back or change “Name of the tracking "
        "charge” in the settings of this connection.",
        Who.ADMIN,
    ),
    "ps_field_fixed": Sentence(
        "The {field} of the charge “{charge}” cannot be changed",
        "In the charge definition in PrintSmith, show the notes and make notes and price editable.",
        Who.ADMIN,
    ),
    "ps_no_permission": Sentence(
        "The PrintSmith user of the connector lacks a right",
        "Give that user both: to open and save invoices, and in its security group "
        "ADMIN / SYSTEM MONITOR, so that Record Lock is not greyed out.",
        Who.ADMIN,
    ),
    "ps_no_bridge": Sentence(
        "No connector answers at this address of {host}",
        "Check base_url and the three paths in the connection's settings.",
        Who.CONNECTOR,
    ),
}

CAVEATS = (
    "Nobody has tried this with a real PrintSmith Vision yet; it was built from published help "
    "texts and tried with the practice server.",
    "PrintSmith's own interface is not public and no call is known that changes an invoice. "
    "A connector is needed: a small program in your shop that speaks Backhaul's bridge contract. "
    "A sample to start from is included.",
    "Check your connector before real work: backhaul connection test --contract, with an invoice "
    "you can throw away.",
    "PrintSmith may ask for a licence of its own for such programs; ask your PrintSmith dealer.",
    "The longest text that fits in the notes of a charge is not known; 255 characters are assumed.",
    "Keep two user sessions free in PrintSmith; the connector uses one while it works.",
)
