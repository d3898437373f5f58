"""A scripted server and a client for it, given up when the test is over."""

from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from app.core.clock import SystemClock
from app.integrations.http import HttpClient, HttpFactory
from tests.integrations.servers import Connect, Serve, serving


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


@pytest.fixture
def serve(stack: ExitStack) -> Serve:
    return lambda *scripts: stack.enter_context(serving(*scripts))


@pytest.fixture
def connect(stack: ExitStack) -> Connect:
    def make(url: str, **options: Any) -> HttpClient:
        ways = {
            name: options.pop(name) for name in ("proxies", "resolve", "clock") if name in options
        }
        factory = HttpFactory(**{"clock": SystemClock(), "proxies": lambda url: None, **ways})
        client = factory.client(url, **{"timeout_s": 10.0, **options})
        stack.callback(client.close)
        return client

    return make
