"""A file of products, row by row: what becomes an update, and why a row is none."""

import io
from decimal import Decimal

import pytest

from app.core.errors import UsageError
from app.core.products import ProductUpdate
from app.services.product_file import ProductFile
from app.services.product_layout import BadRow, GoodRow, ProductLayout

GUESS = ProductLayout({})


def read(text: str | bytes, layout: ProductLayout = GUESS) -> list[GoodRow | BadRow | None]:
    content = text.encode() if isinstance(text, str) else text
    return list(ProductFile(io.BytesIO(content), layout))


def products(text: str | bytes, layout: ProductLayout = GUESS) -> list[ProductUpdate]:
    return [row.product for row in read(text, layout) if isinstance(row, GoodRow)]


def faults(text: str, layout: ProductLayout = GUESS) -> list[tuple[int, str]]:
    return [(row.line, row.why.code) for row in read(text, layout) if isinstance(row, BadRow)]


def test_columns_are_found_by_their_names() -> None:
    text = "SKU;Name;Price;Weight;Qty;In Stock\nA-1;Cards;14,25;1,2;44;yes\n"
    assert products(text) == [
        ProductUpdate("A-1", "Cards", Decimal("14.25"), Decimal("1.2"), Decimal(44), True)
    ]


def test_columns_are_taken_as_a_person_says() -> None:
    layout = ProductLayout({"sku": "Item", "price": "Sell"}, weight_unit="kg")
    text = "Item,Cost,Sell,Price\nA-1,3.00,14.25,99\n"
    assert products(text, layout) == [ProductUpdate("A-1", price=Decimal("14.25"))]


def test_a_file_without_a_header_is_read_by_numbers() -> None:
    layout = ProductLayout({"sku": "1", "quantity": "3"})
    assert products("A-1,Cards,44\nB-2,Flyers,0\n", layout) == [
        ProductUpdate("A-1", quantity=Decimal(44)),
        ProductUpdate("B-2", quantity=Decimal(0)),
    ]


def test_weights_carry_their_unit_and_nothing_else_does() -> None:
    layout = ProductLayout({"sku": "sku", "weight": "weight", "price": "price"}, weight_unit="lb")
    heavy, light = products("sku,weight,price\nA,1.5,\nB,,2.00\n", layout)
    assert (heavy.weight, heavy.store_unit) == (Decimal("1.5"), "lb")
    assert (light.weight, light.store_unit) == (None, "")


def test_an_empty_cell_leaves_what_is_there_and_an_empty_row_is_no_update() -> None:
    rows = read("sku,price,qty\nA,,5\nB,,\n")
    assert rows == [GoodRow(2, ProductUpdate("A", quantity=Decimal(5))), None]


def test_rows_that_are_none_say_why_and_where() -> None:
    text = (
        "sku,price,qty,in stock\n"
        ",1.00,1,\n"
        "A,fifteen,1,\n"
        "B,-1.00,1,\n"
        "C,1.00,1,perhaps\n"
        "D,2.00,1,\n"
        "d,3.00,1,\n"
        "1.23E+12,1.00,1,\n"
        "E,4.00,-2,no\n"
    )
    assert faults(text) == [
        (2, "sku_empty"), (3, "product_number"), (4, "product_negative"), (5, "product_yes_no"),
        (7, "product_twice"), (8, "number_scientific"),
    ]  # fmt: skip
    assert [one.sku for one in products(text)] == ["D", "E"]


def test_a_number_that_could_be_two_is_not_guessed() -> None:
    text = 'sku,price\nA,"1,234"\n'
    assert faults(text) == [(2, "product_mark")]
    told = ProductLayout({}, decimal_mark=",")
    assert products(text, told) == [ProductUpdate("A", price=Decimal("1.234"))]


def test_the_other_numbers_of_the_file_say_which_mark_it_has() -> None:
    text = "sku;price\nA;1.234\nB;99,50\n"
    assert [one.price for one in products(text)] == [Decimal(1234), Decimal("99.50")]


def test_a_broken_quote_costs_one_row() -> None:
    text = 'sku,name\nA,"Cards\nB,Flyers\n' + "".join(f"C{i},x\n" for i in range(60))
    assert faults(text)[0] == (2, "row_quote")
    assert products(text)[0].sku == "B"


def test_other_encodings_are_read() -> None:
    assert products("sku\tname\r\nA\tTürschild\r\n".encode("utf-16"))[0].name == "Türschild"
    assert products("sku;name\nA;Türschild\n".encode("cp1252"))[0].name == "Türschild"


@pytest.mark.parametrize(
    ("text", "layout", "code"),
    [
        ("", GUESS, "file_empty"),
        ("colour,price\nred,1\n", GUESS, "file_unmapped"),
        ("sku,colour\nA,red\n", GUESS, "products_nothing_mapped"),
        ("sku,price\nA,1\n", ProductLayout({"sku": "Item", "price": "2"}), "file_column_missing"),
        ("sku,price\nA,1\n", ProductLayout({"sku": "9", "price": "2"}), "file_column_number"),
    ],
)  # fmt: skip
def test_a_file_of_which_nothing_can_be_read_is_refused(
    text: str, layout: ProductLayout, code: str
) -> None:
    with pytest.raises(UsageError, match=code):
        read(text, layout)
