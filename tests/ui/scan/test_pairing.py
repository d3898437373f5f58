"""From scan to scan: what is noticed, what is put right, what is asked once."""

import pytest

from app.bootstrap import catalogue
from app.ui.scan.pairing import TWICE_S, Pair, Pairing, Sign, Step
from tests.core.test_scanning import BAD_UPS, GOOD_UPS, USPS

OTHER_UPS = "1Z12345E1512345676"


class Hand:
    """Scans one line after another, a second apart."""

    def __init__(self, carrier: str = "") -> None:
        self.pairing = Pairing(catalogue().say, carrier=carrier)
        self._now = 0.0

    def scan(self, *texts: str, after_s: float = 1.0) -> Step:
        """The answer to the last of them."""
        step = Step(Sign.READY)
        for text in texts:
            self._now += after_s
            step = self.pairing.take(text, self._now)
        return step


@pytest.fixture
def hand() -> Hand:
    return Hand()


def test_invoice_and_label_make_a_pair(hand: Hand) -> None:
    assert hand.scan("316132").sign is Sign.READY
    assert hand.scan(GOOD_UPS).pair == Pair("316132", GOOD_UPS, "UPS")
    assert hand.pairing.order == ""


def test_a_label_first_is_said_and_pairs_with_nothing(hand: Hand) -> None:
    step = hand.scan(GOOD_UPS)
    assert (step.sign, step.title) == (Sign.WRONG, "That looks like a UPS tracking number")
    assert step.hint == "Scan the invoice first."
    assert hand.scan(GOOD_UPS).sign is Sign.WRONG
    assert hand.scan("316132", OTHER_UPS).pair == Pair("316132", OTHER_UPS, "UPS")


def test_an_invoice_that_may_be_a_label_is_taken_when_scanned_again(hand: Hand) -> None:
    step = hand.scan("986578788855")
    assert step.sign is Sign.WRONG
    assert step.hint.endswith("If it is the invoice, scan it again.")
    assert hand.scan("986578788855").sign is Sign.READY
    assert hand.pairing.order == "986578788855"


def test_the_same_invoice_twice_keeps_waiting_for_its_label(hand: Hand) -> None:
    step = hand.scan("316132", "#316132")
    assert (step.sign, step.title) == (Sign.WRONG, "That is invoice 316132 again")
    assert hand.scan(GOOD_UPS).pair == Pair("316132", GOOD_UPS, "UPS")


def test_another_invoice_takes_the_place_of_one_without_a_label(hand: Hand) -> None:
    step = hand.scan("316132", "316133")
    assert (step.sign, step.left) == (Sign.WRONG, "316132")
    assert step.title == "No label was scanned for 316132"
    assert hand.scan(GOOD_UPS).pair == Pair("316133", GOOD_UPS, "UPS")


def test_the_last_label_again_is_not_the_next_invoice(hand: Hand) -> None:
    step = hand.scan("316132", GOOD_UPS, GOOD_UPS)
    assert (step.sign, step.title) == (
        Sign.WRONG, "That label was entered just now for 316132",
    )  # fmt: skip


@pytest.mark.parametrize("answer", ["", BAD_UPS])
def test_a_bad_check_digit_is_asked_once(hand: Hand, answer: str) -> None:
    step = hand.scan("316132", BAD_UPS)
    assert (step.sign, step.pair) == (Sign.ASK, None)
    assert "check digit" in step.title
    assert hand.scan(answer).pair == Pair("316132", BAD_UPS, "")


def test_a_better_label_takes_the_place_of_the_asked_one(hand: Hand) -> None:
    assert hand.scan("316132", BAD_UPS, GOOD_UPS).pair == Pair("316132", GOOD_UPS, "UPS")
    assert hand.scan("").pair is None


@pytest.mark.parametrize("echo", ["", BAD_UPS])
def test_a_second_line_end_answers_no_question(hand: Hand, echo: str) -> None:
    hand.scan("316132", BAD_UPS)
    assert hand.scan(echo, after_s=TWICE_S / 10).pair is None
    assert hand.scan("", after_s=TWICE_S * 2).pair == Pair("316132", BAD_UPS, "")


def test_an_empty_line_alone_does_nothing(hand: Hand) -> None:
    assert hand.scan("", " ", "316132", "").sign is Sign.READY
    assert hand.pairing.order == "316132"


def test_one_label_for_two_orders_is_asked(hand: Hand) -> None:
    step = hand.scan("316132", GOOD_UPS, "316133", GOOD_UPS)
    assert (step.sign, step.title) == (Sign.ASK, f"{GOOD_UPS} was entered for 316132 already")
    assert hand.scan("").pair == Pair("316133", GOOD_UPS, "UPS")


def test_what_was_taken_back_may_be_scanned_again(hand: Hand) -> None:
    pair = hand.scan("316132", GOOD_UPS).pair
    assert pair is not None
    hand.pairing.forget(pair)
    assert hand.scan("316133", GOOD_UPS).pair == Pair("316133", GOOD_UPS, "UPS")


def test_a_fixed_carrier_holds_for_every_label() -> None:
    hand = Hand("lasership")
    assert hand.scan("316132", "LX12345678").pair == Pair("316132", "LX12345678", "LaserShip")
    assert hand.scan("316133", GOOD_UPS).title == (
        f"{GOOD_UPS} looks like one of UPS, not of LaserShip"
    )


def test_a_postal_barcode_gives_the_number_on_the_label(hand: Hand) -> None:
    pair = hand.scan("316132", "]C142090210" + USPS).pair
    assert pair is not None
    assert pair.number == USPS


def test_what_can_be_no_number_leaves_the_invoice_waiting(hand: Hand) -> None:
    step = hand.scan("316132", "1Z/99")
    assert (step.sign, step.hint) == (Sign.WRONG, "Scan or type it again.")
    assert hand.scan("[)>01").title == "That is the square code"
    assert hand.pairing.order == "316132"


def test_starting_over_forgets_the_invoice(hand: Hand) -> None:
    hand.scan("316132", BAD_UPS)
    assert hand.pairing.start_over() == "316132"
    assert hand.scan("316133", GOOD_UPS).pair == Pair("316133", GOOD_UPS, "UPS")
