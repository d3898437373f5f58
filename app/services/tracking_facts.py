"""What a row's tracking number tells by itself: its carrier, doubts about it, its link."""

from collections.abc import Callable
from typing import NamedTuple

from app.core.carriers import OTHER, display_name, find_carrier
from app.core.errors import BugError
from app.core.job_types import shipment_of
from app.core.tracking_policy import judge
from app.core.types import Job
from app.services.wording import Wordsmith

Link = Callable[[str, str], str]
"""Code of a carrier and number → where the parcel is followed; empty: nobody knows."""


class TrackingFacts(NamedTuple):
    """`carrier`: as the row names it, else as its number gives it away; may be empty.

    `doubts`: sentences. `link`: an address, empty where there is none; `follow_at`: whose it is.
    """

    carrier: str = ""
    doubts: tuple[str, ...] = ()
    link: str = ""
    follow_at: str = ""


def facts_of(job: Job, wordsmith: Wordsmith, link: Link) -> TrackingFacts:
    """All of it for one row; nothing of a row without a shipment."""
    try:
        shipment = shipment_of(job)
    except BugError:
        return TrackingFacts()
    if shipment is None:
        return TrackingFacts()
    named = shipment.carrier
    code = find_carrier(named)
    found = judge(job.tracking, code)
    owner = code if code and code != OTHER else found.fills
    params = {
        "tracking": job.tracking,
        "owner": display_name(found.disagrees),
        "carrier": display_name(code, named),
    }
    said = [wordsmith.say(badge, params) for badge in found.badges]
    address = "" if found.is_placeholder or not owner else link(owner, job.tracking)
    return TrackingFacts(
        display_name(owner, named) if owner else named,
        tuple(f"{one.summary}. {one.hint}".rstrip(". ") + "." for one in said),
        address,
        display_name(owner) if address else "",
    )
