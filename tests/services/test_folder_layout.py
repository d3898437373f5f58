"""Roles of columns: chosen one by one, stored as a layout, shown again."""

from app.services.folder_layout import columns_of, roles_of, with_role

HEADER = ("Ref", "Label", "Ref", "")


def test_columns_come_back_as_the_roles_they_were_made_of() -> None:
    roles = ["order", "tracking", "reference", "void"]
    columns = columns_of(roles, HEADER)
    assert columns == {"tracking": "Label", "void": 4, "references": [1, 3]}
    assert roles_of({"columns": columns}, HEADER, 4) == roles


def test_a_role_goes_from_one_column_to_the_other() -> None:
    assert with_role(["tracking", "", "void"], 1, "tracking") == ["", "tracking", "void"]
    assert with_role(["order", "", ""], 2, "order") == ["reference", "", "order"]
    assert with_role(["reference", ""], 1, "reference") == ["reference", "reference"]


def test_a_column_that_is_not_there_leaves_the_others() -> None:
    layout = {"columns": {"tracking": "Gone", "void": 2, "references": ["Ref"]}}
    assert roles_of(layout, ("Ref", "Flag"), 2) == ["order", "void"]


def test_references_without_an_order_are_not_stored_as_one() -> None:
    assert columns_of(["reference", "tracking"], ("A", "B")) == {"tracking": "B"}
