"""The detail pane: doubts about a number, and its link, opened by a click alone."""

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QLabel

from app.core.types import Shipment
from app.ui.queue.view import ManagerPage
from tests.ui.desk import ACTOR, Desk, until
from tests.ui.queue.hands import named

GOOD, BAD = "1Z999AA10123456784", "1Z23966E0397467800"


def opened(desk: Desk, tracking: str) -> ManagerPage:
    shipment = Shipment("316132", tracking)
    (entered,) = desk.program.write_back.enter(1, [shipment], actor=ACTOR)
    page = desk.page()
    page.show_job(entered.job_id)
    until(page.details.isVisible)
    return page


def said(page: ManagerPage) -> str:
    return " ".join(one.text() for one in page.details.findChildren(QLabel))


def test_a_parcel_is_followed_by_a_click(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[QUrl] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", asked.append)
    page = opened(desk, GOOD)
    assert asked == []
    named(page.details, "Follow at UPS").click()
    assert [url.toString() for url in asked] == [f"https://www.ups.com/track?tracknum={GOOD}"]
    assert "check digit" not in said(page)


def test_a_bad_check_digit_is_said(desk: Desk) -> None:
    page = opened(desk, BAD)
    assert f"The check digit of {BAD} does not match." in said(page)
