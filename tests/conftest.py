"""What all tests share: one test on every backend, and a clock that is set, not waited for."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator

import pytest
from hypothesis import settings

from tests.servers import need
from tutor.backends import Backend, Clock, open_backend

# A shell that starts us in the background has Ctrl-C ignored, and so would every program that the tests start.
signal.signal(signal.SIGINT, signal.default_int_handler)

# CI judges a change by the same examples each time; at home every run looks for new ones.
settings.register_profile("ci", derandomize=True)
if os.environ.get("CI"):
    settings.load_profile("ci")


@pytest.fixture(scope="session")
def _embedded() -> Iterator[Backend]:
    with open_backend("embedded") as backend:
        yield backend


@pytest.fixture(scope="session")
def _real() -> Iterator[Backend]:
    need("redis-server")
    with open_backend("redis-server") as backend:
        yield backend


@pytest.fixture(params=["embedded", "redis-server"])
def backend(request: pytest.FixtureRequest) -> Iterator[Backend]:
    """A started, empty server of each kind, shared by the session's tests and cleaned behind each."""
    server: Backend = request.getfixturevalue("_embedded" if request.param == "embedded" else "_real")
    yield server
    server.clean()


@pytest.fixture
def embedded(_embedded: Backend) -> Iterator[Backend]:
    """The embedded server alone, for what only it can do."""
    yield _embedded
    _embedded.clean()


@pytest.fixture
def clock(embedded: Backend) -> Clock:
    """The embedded server's clock, stopped at a known moment."""
    assert embedded.clock is not None
    embedded.clock.set(1_800_000_000_000)
    return embedded.clock
