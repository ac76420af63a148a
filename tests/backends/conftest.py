"""A live server: a real one that stands for somebody's, reached by its URL."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.servers import need
from tutor.backends import Address, Connection, open_backend


@pytest.fixture(scope="session")
def _somebodys_server() -> Iterator[str]:
    need("redis-server")
    with open_backend("redis-server") as lab:
        yield lab.address.url


@pytest.fixture
def live(_somebodys_server: str) -> Iterator[str]:
    """The URL of an empty live server."""
    yield _somebodys_server
    owner = Connection(Address.parse(_somebodys_server))
    owner.call_many([("FLUSHALL",), ("CONFIG", "RESETSTAT")])
    owner.close()


@pytest.fixture
def owner(live: str) -> Iterator[Connection]:
    """The owner of the live server, who has work of his own there."""
    connection = Connection(Address.parse(live))
    yield connection
    connection.close()
