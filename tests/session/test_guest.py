"""On somebody's server: lessons work in an empty database, and nothing of the host's is touched."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from tests.servers import need
from tutor.backends import Backend, open_backend
from tutor.catalog import Catalog
from tutor.errors import GuestRefusal
from tutor.lesson import Course
from tutor.session import Progress, Session, check_answer
from tutor.wire import Bulk, Integer


@pytest.fixture
def host() -> Iterator[Backend]:
    """A server with data in its database 0."""
    need("redis-server")
    with open_backend("redis-server") as server:
        server.observe().call("MSET", "theirs", "1", "visits:home", "99")
        yield server


def guest(host: Backend, database: int | None) -> Backend:
    url = replace(host.address, database=None).url
    return open_backend(url if database is None else f"{url}?db={database}")


def test_a_lesson_is_taken_beside_the_hosts_data(host: Backend, course: Course, catalog: Catalog) -> None:
    with guest(host, None) as backend, Progress.open(None) as progress:
        session = Session(course, backend, progress, seed=7, catalog=catalog)
        session.start("first")
        values = session.begin("first.count").values
        words = f"SET visits:{values['page']} {values['n']}".encode().split()
        session.wait(session.submit("A", words), 5)
        said = session.check().feedback
        assert said is not None
        assert said.why == f"SET replaces the {values['before']} that were there."
        session.reset()
        session.close()
        backend.clean()
        observer = host.observe()
        assert observer.call("MGET", "theirs", "visits:home") == type(observer.call("MGET", "x"))(
            (Bulk(b"1"), Bulk(b"99"))
        )
        assert observer.call("DBSIZE") == Integer(2)
        assert b"db1:" not in _keyspace(host), "and nothing is left anywhere else"
        assert b"db15:" not in _keyspace(host)


def test_a_client_that_was_there_before_moves_to_the_lessons_database(
    host: Backend, course: Course, catalog: Catalog
) -> None:
    with guest(host, None) as backend, Progress.open(None) as progress:
        session = Session(course, backend, progress, seed=7, catalog=catalog)
        session.wait(session.submit("A", [b"PING"]), 5)
        session.start("first")
        session.wait(session.submit("A", [b"SET", b"mine", b"1"]), 5)
        assert host.observe().call("EXISTS", "mine") == Integer(0)
        assert b"db1:keys=1" in _keyspace(host)
        session.close()
    assert b"db1:" not in _keyspace(host), "leaving takes along what was made"


def test_a_database_with_data_is_refused(host: Backend, course: Course, catalog: Catalog) -> None:
    with guest(host, 0) as backend, Progress.open(None) as progress:
        session = Session(course, backend, progress, catalog=catalog)
        with pytest.raises(GuestRefusal, match="2 keys"):
            session.start("first")
        with pytest.raises(GuestRefusal):
            session.begin("first.count")
        with pytest.raises(GuestRefusal):
            check_answer(course, "first.count", "PING", backend, 1, catalog=catalog)
        session.close()
    assert host.observe().call("DBSIZE") == Integer(2)


def _keyspace(host: Backend) -> bytes:
    reply = host.observe().call("INFO", "keyspace")
    assert isinstance(reply, Bulk)
    return reply.data
