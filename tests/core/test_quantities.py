"""Numbers as people write them."""

from decimal import Decimal

import pytest

from app.core.quantities import plain


@pytest.mark.parametrize(
    ("number", "text"),
    [("2", "2"), ("2.00", "2"), ("1.50", "1.5"), ("2E+2", "200"), ("1234567", "1234567"),
     ("0.0001", "0.0001"), ("0.00", "0")],
)  # fmt: skip
def test_no_exponent_and_no_needless_zeros(number: str, text: str) -> None:
    assert plain(Decimal(number)) == text
