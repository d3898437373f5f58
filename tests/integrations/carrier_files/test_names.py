"""What the package hands out is found in its parts, one by one."""

import pytest

from app.integrations import carrier_files


@pytest.mark.parametrize("name", carrier_files.__all__)
def test_every_name_is_there(name: str) -> None:
    assert getattr(carrier_files, name) is not None


def test_other_names_are_not() -> None:
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = getattr(carrier_files, "nothing")  # noqa: B009 - the name is unknown to mypy too
