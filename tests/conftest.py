"""Keep unit tests away from the network."""

import pytest
from pytest_socket import disable_socket, enable_socket


def pytest_runtest_setup(item: pytest.Item) -> None:
    if "unit" in item.path.relative_to(item.config.rootpath).parts:
        disable_socket()


def pytest_runtest_teardown(item: pytest.Item) -> None:
    enable_socket()
