"""Options for all tests."""

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--battery", action="store_true", help="run the long batteries too")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("--battery"):
        return
    for item in items:
        if item.get_closest_marker("battery"):
            item.add_marker(pytest.mark.skip(reason="a long battery: add --battery"))
