"""WorldShip's answers in XML: only what is harmless and whole is read."""

import io

import pytest

from app.core.errors import UsageError
from app.core.intake import RejectedRow, ShipmentRecord
from app.integrations.carrier_files import Layout, is_whole, is_xml, read_answer
from tests.integrations.carrier_files.files import FOLDER


def read(content: str, encoding: str = "utf-8") -> list[ShipmentRecord | RejectedRow]:
    stream = io.BytesIO(content.encode(encoding))
    return list(read_answer(stream, Layout(), "folder:x", "C:/out/SO-17.out"))


def shipment(inner: str) -> str:
    return f"<OpenShipments><OpenShipment>{inner}</OpenShipment></OpenShipments>"


def number(text: str) -> str:
    return f"<ProcessMessage><TrackingNumbers>{text}</TrackingNumbers></ProcessMessage>"


def test_elements_are_found_wherever_they_stand_and_whatever_their_namespace() -> None:
    plain = read(shipment("<TrackingNumber>1ZA1B2C30345678903</TrackingNumber>"))
    deep = read(
        '<OpenShipments xmlns="u:x"><OpenShipment xmlns:y="u:y"><a><b>'
        "<y:TrackingNumber> 1z a1b2c3 03 45678903 </y:TrackingNumber></b></a></OpenShipment>"
        "</OpenShipments>"
    )
    for (record,) in (plain, deep):
        assert isinstance(record, ShipmentRecord)
        assert (record.order_ref, record.tracking) == ("SO-17", "1ZA1B2C30345678903")
        assert record.master_tracking == ""


def test_a_damaged_number_is_rejected_and_its_neighbour_is_not() -> None:
    inner = "<TrackingNumber>9.4E+21</TrackingNumber><TrackingNumber>1ZA1B2C30345678903"
    bad, good = read(shipment(number(inner + "</TrackingNumber>")))
    assert isinstance(bad, RejectedRow)
    assert bad.code == "number_scientific"
    assert isinstance(good, ShipmentRecord)


def test_several_shipments_in_one_answer() -> None:
    one = "<OpenShipment><TrackingNumber>1ZA1B2C30345678903</TrackingNumber></OpenShipment>"
    two = "<OpenShipment ProcessStatus='Failed'><Error>No such city</Error></OpenShipment>"
    first, second = read(f"<OpenShipments>{one}{two}</OpenShipments>")
    assert isinstance(first, ShipmentRecord)
    assert isinstance(second, RejectedRow)
    assert (second.line_no, second.params["message"]) == (2, "No such city")


def test_western_letters_as_declared() -> None:
    content = '<?xml version="1.0" encoding="windows-1252"?>' + shipment(
        "<Name>M\u00fcller</Name><TrackingNumber>1ZA1B2C30345678903</TrackingNumber>"
    )
    assert len(read(content, "cp1252")) == 1


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("<!DOCTYPE a>" + shipment(""), "xml_refused"),
        ('<!DOCTYPE a [<!ENTITY b "c">]>' + shipment("&b;"), "xml_refused"),
        ('<!DOCTYPE a SYSTEM "file:///etc/passwd">' + shipment(""), "xml_refused"),
        (shipment("")[:-5], "xml_unreadable"),
        ("no xml", "xml_unreadable"),
        ("", "xml_unreadable"),
        ('<?xml version="1.0" encoding="x-unknown"?>' + shipment(""), "xml_unreadable"),
        ("<a>" * 60 + "</a>" * 60, "xml_too_deep"),
        (shipment("<a>" + "x" * 11_000_000 + "</a>"), "xml_too_large"),
        ("<Orders/>", "xml_foreign"),
    ],
)
def test_anything_else_is_one_reason_for_the_whole_file(content: str, code: str) -> None:
    with pytest.raises(UsageError, match=code):
        read(content)


@pytest.mark.parametrize(
    ("name", "whole"),
    [("317100.out", True), ("half.out", False), ("doctype.out", True), ("feed.out", True)],
)
def test_only_half_a_document_is_waited_for(name: str, whole: bool) -> None:
    with (FOLDER / name).open("rb") as stream:
        assert is_whole(stream) is whole


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (b"<?xml", True),
        (b"\xef\xbb\xbf\r\n<a/>", True),
        (b"\xff\xfe<\x00a\x00", True),
        (b"a,b\r\n<c>", False),
        (b"", False),
    ],
)
def test_xml_is_known_by_its_first_sign(head: bytes, expected: bool) -> None:
    assert is_xml(head) is expected
